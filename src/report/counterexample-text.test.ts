import { describe, expect, it } from 'vitest'
import { counterexample } from '../../test/report/hand-made-results.js'
import type { Certainty, Counterexample } from '../search/index.js'
import { counterexampleText, leftLines, planLines, type CounterexampleContext } from './counterexample-text.js'
import { plain } from './paint.js'

function textOf(more: Partial<Counterexample> = {}, context: Partial<CounterexampleContext> = {}): string[] {
  return counterexampleText({ ...counterexample, ...more }, { replay: 'npx millrace replay mr1.x', ...context })
}

/** The lines that are printed of another counterexample only. */
function newIn(more: Partial<Counterexample>): string[] {
  const usual = textOf()
  return textOf(more).filter((line) => !usual.includes(line))
}

describe('the heading of a counterexample', () => {
  const { sink: _, ...anywhere } = counterexample
  const headingOf = (example: Counterexample): string | undefined =>
    counterexampleText(example, { replay: '' })[0]?.replace(/ {5}scenario .*/, '')

  it('says what was violated, at which sink', () => {
    expect(headingOf(counterexample)).toBe('FAIL  exactly-once at external-store of Sink')
    expect(headingOf({ ...anywhere, at: 'state' })).toBe('FAIL  exactly-once at state')
  })

  it('says of the whole job only what was violated', () => {
    expect(headingOf({ ...anywhere, at: 'job', guarantee: 'progress' })).toBe('FAIL  progress')
  })

  it('says beyond the preconditions what is broken, or what was seen where nothing was promised', () => {
    expect(headingOf({ ...counterexample, standing: 'beyond' })).toBe('BEYOND  exactly-once at external-store of Sink')
    expect(headingOf({ ...counterexample, standing: 'beyond', guarantee: 'none' })).toBe('BEYOND  duplicated at external-store of Sink')
  })

  it('says what was seen although it is allowed', () => {
    expect(headingOf({ ...counterexample, standing: 'allowed', guarantee: 'none' })).toBe(
      'SEEN  duplicated at external-store of Sink, which nothing promised to prevent',
    )
  })

  it('is red only for a violation', () => {
    const loud = { ...plain, bad: (text: string) => `red ${text}`, unsure: (text: string) => `yellow ${text}` }
    const painted = (['violation', 'beyond', 'allowed'] as const).map(
      (standing) => textOf({ standing }, { paint: loud })[0]?.split('  ')[0],
    )
    expect(painted).toEqual(['red FAIL', 'yellow BEYOND', 'yellow SEEN'])
  })

  it('ends with the name of the run, and its place in the campaign where there is one', () => {
    const name = 'scenario two-phase   mode aligned   seed 1-17'
    expect(textOf()[0]).toMatch(new RegExp(`of Sink {5}${name}$`))
    expect(textOf({}, { run: 'run 18 of 200' })[0]).toMatch(new RegExp(`of Sink {5}${name} {3}run 18 of 200$`))
  })
})

describe('the block of a counterexample', () => {
  it('begins with the preconditions that the run breaks', () => {
    expect(textOf({ beyond: ['txn-3 timed out', 'an outage'] }).slice(1, 4)).toEqual([
      '  beyond its preconditions: txn-3 timed out',
      '  beyond its preconditions: an outage',
      `  duplicated (output-at-most-once): ${counterexample.message}`,
    ])
  })

  it('names records, and counts those that it does not name', () => {
    expect(newIn({ records: ['a', 'b'], concerned: 2 })).toEqual(['  records   a; b'])
    expect(newIn({ records: ['a', 'b'], concerned: 2002 })).toEqual(['  records   a; b, and 2,000 more'])
    expect(textOf({ records: [] }).slice(2, 4)).toEqual(['', '  because'])
  })

  it('says so when the history does not name what is wrong', () => {
    const text = textOf({ events: [] })
    expect(text.slice(text.indexOf('  because') + 1, text.indexOf('  because') + 3)).toEqual([
      '    nothing in the history names it: it is what never happened',
      '',
    ])
  })

  it('calls a record by its identity where it has no name', () => {
    expect(newIn({ names: new Map() })[0]).toBe('    event  160   0.412003 s  Sink 1 writes record 41 into txn-5')
  })

  it('makes room for the longest number of an event, and no more', () => {
    const [first] = counterexample.events
    expect(newIn({ events: first === undefined ? [] : [first] })).toEqual([
      '    event 160   0.412003 s  Sink 1 writes part-0:41 (key 7) into txn-5',
    ])
  })

  it('tells the plan, and who is late', () => {
    expect(newIn({ plan: ['A crashes'], priorities: 'C is late' }).slice(0, 2)).toEqual([
      '  plan      1. A crashes',
      '  priorities C is late',
    ])
  })

  it('tells how much smaller the plan and the job became, and what else of the job was left out', () => {
    const minimised = (more: Partial<Counterexample>) => textOf(more).filter((line) => line.startsWith('  minimised'))
    expect(minimised({ faultsBefore: 3 })).toEqual(['  minimised 3 faults -> 1'])
    expect(minimised({ faultsBefore: 1, jobRecords: { all: 200, left: 3 } })).toEqual(['  minimised 200 records -> 3'])
    expect(minimised({ faultsBefore: 3, jobRecords: { all: 200, left: 3 } })).toEqual(['  minimised 3 faults -> 1, 200 records -> 3'])
    expect(minimised({ faultsBefore: 1 })).toEqual([])
    expect(newIn({ reduction: ['one TaskManager', 'no window'] })).toEqual(['  job       one TaskManager', '            no window'])
  })

  it('ends with the command that replays it, and where it is stored', () => {
    expect(textOf().at(-1)).toBe('  replay    npx millrace replay mr1.x')
    expect(textOf({}, { stored: 'failures/x.json' }).at(-1)).toBe('  stored    failures/x.json (run first next time)')
  })

  it('shows faults in the colour of what is bad, and places of events dimly', () => {
    const loud = { ...plain, bad: (text: string) => `<${text}>`, dim: (text: string) => `(${text})` }
    expect(textOf({}, { paint: loud }).filter((line) => line.includes('event  16'))).toEqual([
      '    (event  160   0.412003 s)  Sink 1 writes part-0:41 (key 7) into txn-5',
      '    (event  166   0.420000 s)  <FAULT crash at checkpoint.store.added, hits TaskManager-0>',
    ])
  })
})

describe('the moment from which a violation is certain', () => {
  const certain: Certainty = {
    ...{ step: 90, timeUs: 421_000, words: 'timer of Sink', events: [166], before: 0.25, after: 1, probes: [] },
  }
  const explained = (more: Partial<Certainty>): Partial<Counterexample> => ({
    explanation: { because: [], certain: { ...certain, ...more }, seenUs: 0, tries: 9 },
  })

  it('is marked at the event that made it so', () => {
    expect(newIn(explained({}))).toEqual([
      '    event  166   0.420000 s  FAULT crash at checkpoint.store.added, hits TaskManager-0   <- certain from here (25 % before, 100 % after)',
    ])
  })

  it('has a line of its own where none of the events that are told is it', () => {
    const text = textOf(explained({ events: [167] }))
    expect(newIn(explained({ events: [167] }))).toEqual(['    certain from 0.421000 s on: timer of Sink (25 % before, 100 % after)'])
    expect(text[text.findIndex((line) => line.includes('certain from')) - 1]).toContain('event 1209')
  })

  it('may be the start', () => {
    expect(newIn(explained({ step: 0, events: [], after: 0.95 }))).toEqual([
      '    certain from the start: 95 % of its forks show it, whatever else happens',
    ])
  })

  it('is not spoken of where it was not found', () => {
    const explanation: Counterexample['explanation'] = { because: [], certain: undefined, seenUs: 0, tries: 9 }
    expect(textOf({ explanation })).toEqual(textOf())
  })
})

describe('a plan', () => {
  it('is numbered, and followed by who is late', () => {
    expect(planLines(['A crashes', 'B hangs'], 'C is late')).toEqual([
      '  plan      1. A crashes',
      '            2. B hangs',
      '  priorities C is late',
    ])
  })

  it('without faults says that there are none', () => {
    const none = '  plan      no fault: the seed alone does it, in the job as it is told here'
    expect(planLines([])).toEqual([none])
    expect(planLines([], 'C is late')).toEqual([none, '  priorities C is late'])
  })
})

describe('what is left of the guarantees', () => {
  it('has a line for each point, and says where it may be less', () => {
    expect(
      leftLines([
        { at: 'state', strongest: 'exactly-once' },
        { at: 'log', sink: 'Sink', strongest: 'none' },
        { at: 'files', sink: 'Sink', strongest: 'at-least-once', missing: 'the job has not ended' },
      ]),
    ).toEqual([
      '  left      exactly-once at state',
      '            nothing at log of Sink',
      '            at-least-once at files of Sink at most: the job has not ended',
    ])
  })
})
