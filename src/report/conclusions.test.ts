import { describe, expect, it } from 'vitest'
import { result } from '../../test/report/hand-made-results.js'
import { conclusionLines, conclusionsOf, type Conclusion } from './conclusions.js'
import { exampleOf, type QuestionedSetting } from './imported-report.js'

const best: Conclusion = {
  of: 'Sink',
  at: 'log',
  guarantee: 'exactly-once',
  words: 'exactly-once',
  condition: '',
  runs: 9,
  ofRuns: 9,
  beyond: [],
}
const timeout = { precondition: 'transaction-timed-out', runs: 4, words: 'loss', replay: 'mr1.x' } as const

describe('conclusions', () => {
  it('tell what counted runs leave, and what happens beyond', () => {
    expect(conclusionsOf([{ name: 'two-phase', condition: 'it rains', conditionOfState: '' }], result)[1]).toEqual({
      of: 'Sink',
      at: 'external-store',
      guarantee: 'at-least-once',
      words: 'duplicates',
      condition: 'it rains',
      runs: 190,
      ofRuns: 200,
      beyond: [{ precondition: 'transaction-timed-out', runs: 10, words: 'loss', replay: 'mr1.two-phase.aligned.1-4' }],
    })
  })

  it('of state come from all possibilities that differ in their sinks alone', () => {
    const [cell] = result.cells
    if (cell === undefined) throw new RangeError('the result has a cell')
    const points = cell.points.map((point) => ({ ...point, runs: 10, strongest: 'exactly-once' }) as const)
    const [first, second] = [{ ...cell, name: 'a', points }, cell]
    const possibilities = [
      { name: 'a', condition: '', conditionOfState: '' },
      { name: cell.name, condition: 'it is ALO', conditionOfState: '' },
    ]
    const both = conclusionsOf(possibilities, { ...result, cells: [first, second] })
    const alone = conclusionsOf(possibilities.slice(1), { ...result, cells: [second] })
    const stateOf = (conclusions: readonly Conclusion[]) => conclusions.filter(({ at }) => at === 'state')
    expect(stateOf(both)).toHaveLength(1)
    expect(stateOf(both)[0]).toMatchObject({ condition: '', guarantee: stateOf(alone)[0]?.guarantee, words: stateOf(alone)[0]?.words })
    expect(stateOf(both)[0]?.runs).toBe(10 + (stateOf(alone)[0]?.runs ?? NaN))
    expect(both.filter(({ at }) => at !== 'state').map(({ condition }) => condition)).toEqual(['', 'it is ALO'])
  })

  it('are never better than what the possibility may be like', () => {
    const [cell] = result.cells
    if (cell === undefined) throw new RangeError('the result has a cell')
    const flawless = {
      ...cell,
      name: 'b',
      anomalies: [],
      points: cell.points.map((point) => ({ ...point, strongest: 'exactly-once' }) as const),
    }
    const possibilities = [
      { name: cell.name, condition: 'x', conditionOfState: 'x' },
      { name: 'b', condition: 'x; odd', conditionOfState: 'x; odd' },
    ]
    const wordsOf = (mayBeLike: string) => {
      const [like, odd] = possibilities
      if (like === undefined || odd === undefined) throw new RangeError('there are two')
      const all = conclusionsOf([like, { ...odd, mayBeLike: ['unknown', mayBeLike] }], { ...result, cells: [cell, flawless] })
      return all
        .filter(({ at }) => at === 'external-store')
        .map(({ condition, words, guarantee, runs }) => [condition, words, guarantee, runs])
    }
    const [shown, odd] = wordsOf('x')
    expect(shown).toEqual(['x', 'duplicates', 'at-least-once', 190])
    expect(odd).toEqual(['x; odd', 'duplicates', 'at-least-once', 190])
    expect(wordsOf('y')[1]).toEqual(['x; odd', 'exactly-once', 'exactly-once', 190])
  })

  it('of a sink are taken from what it may be like, whatever system stands for it there, and not from what careless readers see', () => {
    const [cell] = result.cells
    if (cell === undefined) throw new RangeError('the result has a cell')
    const read = ['read_committed', 'read_uncommitted'] as const
    const points = read.map((at) => ({ at, sink: 'Sink', runs: 25, strongest: 'exactly-once' }) as const)
    const kafka = { ...cell, name: 'b', anomalies: [], points }
    const possibilities = [
      { name: cell.name, condition: 'x', conditionOfState: '' },
      { name: 'b', condition: 'x; late', conditionOfState: '', mayBeLike: ['x'] },
    ]
    const late = conclusionsOf(possibilities, { ...result, cells: [cell, kafka] }).filter(({ condition }) => condition === 'x; late')
    expect(late.map(({ at, words, runs }) => [at, words, runs])).toEqual([
      ['read_committed', 'duplicates', 25],
      ['read_uncommitted', 'exactly-once', 25],
    ])
  })

  it('are taken from no other possibility where there is no answer', () => {
    const [cell] = result.cells
    if (cell === undefined) throw new RangeError('the result has a cell')
    const silent = {
      ...cell,
      name: 'b',
      anomalies: [],
      points: cell.points.map((point) => ({ ...point, runs: 0, strongest: 'none' }) as const),
    }
    const possibilities = [
      { name: cell.name, condition: 'x', conditionOfState: 'x' },
      { name: 'b', condition: 'x; odd', conditionOfState: 'x; odd', mayBeLike: ['x'] },
    ]
    const odd = conclusionsOf(possibilities, { ...result, cells: [cell, silent] }).filter(({ condition }) => condition === 'x; odd')
    expect(odd.map(({ words, guarantee }) => [words, guarantee])).toEqual(odd.map(() => ['no answer', 'none']))
    expect(odd.length).toBeGreaterThan(0)
  })

  it('tell of loss and duplicates beyond preconditions where records are lost or repeated anyway, and of nothing else', () => {
    const then = (words: string, base: string) => conclusionLines([{ ...best, words: base, beyond: [{ ...timeout, words }] }])[1]
    expect(then('phantom', 'loss')).toBe('  loss')
    expect(then('phantom', 'exactly-once')).toBe('  exactly-once, until a transaction times out before it is committed: then phantom')
    expect(then('loss', 'duplicates')).toBe('  duplicates, until a transaction times out before it is committed: then loss')
  })

  it('say of the state nothing that only concerns output', () => {
    const [state, output] = conclusionsOf([{ name: 'two-phase', condition: '', conditionOfState: '' }], result)
    expect([state?.at, state?.beyond]).toEqual(['state', []])
    expect(output?.beyond.map(({ precondition }) => precondition)).toEqual(['transaction-timed-out'])
  })

  it('say under which conditions what holds', () => {
    const lines = conclusionLines([
      best,
      { ...best, guarantee: 'at-least-once', words: 'duplicates', condition: 'it is ALO' },
      { ...best, condition: 'it times out', beyond: [timeout] },
    ])
    expect(lines).toEqual([
      'Sink',
      '  exactly-once: as best guessed',
      '  otherwise the first of these that applies',
      '    duplicates: if it is ALO',
      '    exactly-once, until a transaction times out before it is committed: then loss: if it times out',
    ])
  })

  it('leave out conditions that change nothing, alone or together with others', () => {
    const duplicates = { ...best, words: 'duplicates', condition: 'a' }
    const lines = conclusionLines([best, duplicates, { ...best, condition: 'b' }, { ...duplicates, condition: 'a; b' }])
    expect(lines).toEqual(['Sink', '  exactly-once: as best guessed', '  duplicates: if a'])
  })

  it('keep combinations that come to something else', () => {
    const lines = conclusionLines([
      best,
      { ...best, condition: 'a' },
      { ...best, condition: 'b' },
      { ...best, words: 'loss', condition: 'a; b' },
    ])
    expect(lines).toEqual(['Sink', '  exactly-once: as best guessed', '  loss: if a and b'])
  })

  it('say once what is so whatever else is assumed, and name no precondition where records are lost anyway', () => {
    const lost = { ...best, words: 'loss', condition: 'it does not replay' }
    const lines = conclusionLines([
      best,
      { ...best, words: 'duplicates', condition: 'it is ALO' },
      lost,
      { ...lost, condition: 'it does not replay; it is ALO' },
      { ...lost, condition: 'it does not replay; it times out', beyond: [timeout] },
      { ...best, words: 'duplicates', condition: 'it times out', beyond: [timeout] },
    ])
    expect(lines.slice(2)).toEqual([
      '  otherwise the first of these that applies',
      '    loss: if it does not replay',
      '    duplicates: if it is ALO',
      '    duplicates, until a transaction times out before it is committed: then loss: if it times out',
    ])
  })

  it('say so where every possibility comes to the same, and guess nothing of a place that only some of them have', () => {
    const uncommitted = { ...best, at: 'read_uncommitted', words: 'phantom' }
    expect(conclusionLines([best, uncommitted, { ...best, condition: 'a' }])).toEqual([
      'Sink',
      '  exactly-once: in every possibility',
      'Sink, read uncommitted',
      '  phantom: as best guessed',
    ])
  })

  it('keep careful readers and others apart', () => {
    expect(conclusionLines([best, { ...best, at: 'read_uncommitted', words: 'phantom' }])).toEqual([
      'Sink',
      '  exactly-once',
      'Sink, read uncommitted',
      '  phantom',
    ])
  })

  it('have no answer where no run counts', () => {
    const ended = { precondition: 'restart-budget-exceeded', runs: 9, words: '', replay: 'mr1.x' } as const
    expect(conclusionLines([{ ...best, words: 'no answer', runs: 0, beyond: [ended] }])[1]).toBe(
      '  no guarantee survives: in every run the restarts are used up and the job ends',
    )
  })
})

describe('the seed that shows a questionable setting', () => {
  const setting: QuestionedSetting = { key: 'k', value: 'v', origin: 'o', reason: 'r', remedy: 'm', shows: 'lost' }
  it.each([
    ['lost', '1-4'],
    ['duplicated', '1-17'],
    ['job ends', '1-8'],
    ['aborted-checkpoint', '1-2'],
    ['failed-by-checkpoints', undefined],
    ['wrong state', undefined],
    ['nothing', undefined],
  ])('%s: %s', (shows, seed) => {
    expect(exampleOf({ ...setting, shows }, result)?.seed).toBe(seed)
  })
})
