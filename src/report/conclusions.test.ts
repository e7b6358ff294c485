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
    expect(conclusionsOf([{ name: 'two-phase', condition: 'it rains' }], result)[1]).toEqual({
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

  it('say of the state nothing that only concerns output', () => {
    const [state, output] = conclusionsOf([{ name: 'two-phase', condition: '' }], result)
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
    ['wrong state', undefined],
    ['nothing', undefined],
  ])('%s: %s', (shows, seed) => {
    expect(exampleOf({ ...setting, shows }, result)?.seed).toBe(seed)
  })
})
