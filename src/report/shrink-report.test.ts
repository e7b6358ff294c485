import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { counterexample, quietReplay } from '../../test/report/hand-made-results.js'
import { kindOf, type Counterexample } from '../search/index.js'
import { plain } from './paint.js'
import { shrinkDocument, shrinkText, type ShrinkReport } from './shrink-report.js'

/** The anomaly that remained; it tells of a plan of one fault. */
const remained: Counterexample = { ...counterexample, faultsBefore: 1 }

const report: ShrinkReport = {
  replay: {
    ...quietReplay,
    ...{ token: 'mr1.small', scenario: 'slice', verdict: { ...quietReplay.verdict, verdict: 'violated' } },
    ...{ plan: [], left: [], counterexamples: [remained] },
  },
  shrunk: {
    experiment: { scenario: sliceScenario, mode: 'aligned', seed: '1-17', plan: [] },
    ...{ before: { faults: 3, records: 1200 }, after: { faults: 1, records: 2 }, runs: 1041, complete: true },
  },
  kind: kindOf(remained),
  interrupted: false,
  command: 'npx millrace replay mr1.small',
}

const withReplay = (more: Partial<ShrinkReport['replay']>): ShrinkReport => ({ ...report, replay: { ...report.replay, ...more } })
const withShrunk = (more: Partial<ShrinkReport['shrunk']>): ShrinkReport => ({ ...report, shrunk: { ...report.shrunk, ...more } })

describe('the text of a run that was shrunk', () => {
  it('is the block of what remained, and how far it went', () => {
    const text = shrinkText(report)
    expect(text[0]).toBe('FAIL  exactly-once at external-store of Sink     scenario two-phase   mode aligned   seed 1-17')
    expect(text.slice(-3)).toEqual([
      '  replay    npx millrace replay mr1.small',
      '',
      '3 faults, 1,200 records -> 1 fault, 2 records in 1,041 runs: nothing can be spared any more',
    ])
  })

  it('ends with whether the smallest run was another one when it was run again', () => {
    expect(shrinkText(withReplay({ traceHashAgain: 'bbbb' })).at(-1)).toBe('NOT DETERMINISTIC: trace hash aaaa, bbbb when run again')
  })

  it('names the sink in its document, where there is one', () => {
    expect(shrinkDocument(report)).toMatchObject({ at: 'external-store', sink: 'Sink' })
    const { sink: _, ...ofState } = remained
    const document = shrinkDocument({ ...withReplay({ counterexamples: [ofState] }), kind: kindOf(ofState) })
    expect([document.at, document.sink]).toEqual(['external-store', undefined])
  })

  it('counts in the block the faults of the run as it was given', () => {
    expect(shrinkText(report)).toContain('  minimised 3 faults -> 1')
  })

  it('says in the block where the run is stored', () => {
    expect(shrinkText({ ...report, stored: 'failures/x.json' })).toContain('  stored    failures/x.json (run first next time)')
    expect(shrinkText(report).join('\n')).not.toContain('stored')
  })

  it('says that more runs might have made it smaller', () => {
    expect(shrinkText(withShrunk({ complete: false })).at(-1)).toMatch(
      / in 1,041 runs: the budget is used up, it may become smaller \(--runs\)$/,
    )
  })

  it('says that it ended early, which has nothing to do with the budget', () => {
    const line = /: ended early, it may become smaller$/
    expect(shrinkText({ ...withShrunk({ complete: false }), interrupted: true }).at(-1)).toMatch(line)
  })

  it('counts one run as one', () => {
    expect(shrinkText(withShrunk({ runs: 1 })).at(-1)).toContain(' in 1 run: ')
  })

  it('has no block where the run shows it no more', () => {
    expect(shrinkText(withReplay({ counterexamples: [] }))).toEqual(['', shrinkText(report).at(-1)])
  })

  it('is painted only when asked for', () => {
    expect(shrinkText(report, { ...plain, bad: (text) => `red ${text}` })[0]).toMatch(/^red FAIL/)
  })
})

describe('what remained', () => {
  const unlike: Partial<Counterexample>[] = [
    { standing: 'beyond' },
    { guarantee: 'at-least-once' },
    { at: 'log' },
    { sink: 'Other' },
    { anomaly: 'lost' },
    { rule: `${remained.rule}-too` },
  ]

  it('is the sighting of the kind that had to remain, whatever else the run shows', () => {
    const others = unlike.map((other) => ({ ...remained, ...other, message: 'something else' }))
    const text = shrinkText(withReplay({ counterexamples: [...others, remained] }))
    expect(text).toContain(`  duplicated (output-at-most-once): ${remained.message}`)
    expect(text.join('\n')).not.toContain('something else')
  })

  it('may be one of the whole job, which has no sink', () => {
    const { sink: _, ...whole } = remained
    const job: Counterexample = { ...whole, guarantee: 'progress', at: 'job', anomaly: 'stuck', rule: 'progress' }
    const text = shrinkText({ ...withReplay({ counterexamples: [job] }), kind: kindOf(job) })
    expect(text[0]).toMatch(/^FAIL {2}progress {5}scenario/)
  })
})

describe('the document of a run that was shrunk', () => {
  it('has the verdict on the smaller run, its names, and how far it went', () => {
    expect(shrinkDocument({ ...report, stored: 'failures/x.json' })).toMatchObject({
      ...{ schema: 1, verdict: 'violated', scenario: 'slice', mode: 'aligned', seed: '1-17' },
      ...{ before: { faults: 3, records: 1200 }, after: { faults: 1, records: 2 }, runs: 1041, complete: true, interrupted: false },
      ...{ replay: 'mr1.small', command: 'npx millrace replay mr1.small', stored: 'failures/x.json' },
      ...{ deterministic: true, traceHash: 'aaaa' },
    })
  })

  it('has what remained, and why, with the faults of the run as it was given', () => {
    expect(shrinkDocument(report)).toMatchObject({
      ...{ standing: 'violation', guarantee: 'exactly-once', at: 'external-store', anomaly: 'duplicated', rule: 'output-at-most-once' },
      ...{ message: remained.message, records: ['part-0:41 (key 7)'], faultsBefore: 3 },
    })
  })

  it('has the same of a run that was interrupted, and says so', () => {
    expect(shrinkDocument({ ...report, interrupted: true })).toEqual({ ...shrinkDocument(report), interrupted: true })
  })

  it('has neither where the run shows it no more', () => {
    const document = shrinkDocument(withReplay({ counterexamples: [] }))
    expect(['standing', 'because', 'faultsBefore'].filter((name) => name in document)).toEqual([])
    expect(document.runs).toBe(1041)
  })

  it('has no file where nothing was stored', () => {
    expect(shrinkDocument(report)).not.toHaveProperty('stored')
  })

  it('says when the smaller run ends otherwise the second time', () => {
    const { deterministic, traceHash } = shrinkDocument(withReplay({ traceHashAgain: 'bbbb' }))
    expect({ deterministic, traceHash }).toEqual({ deterministic: false, traceHash: 'aaaa' })
  })
})
