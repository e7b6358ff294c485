import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { CellRunner } from './cell.js'
import { explainViolations } from './explain-violations.js'
import { runExperiment } from './experiment.js'
import { failureText, parseFailure, type Failure } from './failure-file.js'
import { replayFailure, retryFailure } from './retry-failure.js'

const cell = { scenario: sliceScenario, mode: 'aligned' } as const
const experiment = { ...cell, seed: 'stored-1', plan: [{ kind: 'exception', point: 'task.record', nth: 30 }] } as const
const { choices, traceHash } = runExperiment(experiment, { keepChoices: true })
const failure: Failure = {
  token: `mr1.${sliceScenario.name}.aligned.stored-1`,
  scenario: sliceScenario.name,
  mode: 'aligned',
  seed: 'stored-1',
  plan: experiment.plan,
  overrides: [],
  choices,
  traceHash,
  verdict: { guarantee: 'exactly-once', at: 'external-store', anomaly: 'duplicated', rule: 'output-at-most-once', message: 'twice' },
  job: { plan: 'plan.json', set: ['a=b'] },
}

describe('a stored failure', () => {
  it('is read as it was written', () => {
    expect(choices.length).toBeGreaterThan(100)
    expect(parseFailure(failureText(failure), 'f.json')).toEqual(failure)
  })

  it('is the same run again, with its own plan whatever the seed draws', () => {
    const replay = replayFailure(cell, failure)
    expect(replay.traceHash).toBe(traceHash)
    expect(replay.drift).toBeUndefined()
    expect(replay.plan).toHaveLength(1)
  })

  it('names the first choice that differs, and for whom it is', () => {
    const changed = choices.map((choice, index) => (index === 40 ? { ...choice, value: choice.value + 1 } : choice))
    const { drift } = replayFailure(cell, { ...failure, choices: changed, traceHash: 'another' })
    expect(drift?.choice).toMatchObject({ index: 40, expected: changed[40], found: choices[40] })
    expect(drift?.choice?.label).toMatch(/^(delay of a message \S+ -> \S+|\S+ of \S+)$/)
    const longer = { ...failure, choices: [...choices, { stream: 'choose/1/more', ordinal: 0, of: 2, value: 1 }], traceHash: 'another' }
    expect(replayFailure(cell, longer).drift?.choice).toMatchObject({ index: choices.length, expected: { stream: 'choose/1/more' } })
    const same = replayFailure(cell, { ...failure, traceHash: 'another' })
    expect(same.drift).toEqual({ recordedTraceHash: 'another' })
  })

  it('is no error where the job that it is of has changed', () => {
    const gone = Buffer.from(JSON.stringify({ reduction: { without: ['Gone'] } })).toString('base64url')
    const { violation, unfit } = retryFailure(cell, { ...failure, token: `${failure.token}.${gone}` })
    expect(violation).toBeUndefined()
    expect(unfit).toMatch(/Gone/)
  })

  it('fails again only in its own way', () => {
    expect(retryFailure(cell, failure)).toMatchObject({ violation: undefined, drift: undefined })
    const overclaiming = { ...sliceScenario, claims: () => [{ guarantee: 'exactly-once', at: 'external-store' }] as const }
    const outcome = { cell: { scenario: overclaiming, mode: 'off' }, runs: 20 } as const
    const tally = new CellRunner([outcome.cell]).run({ cell: 0, from: 0, count: outcome.runs }, 'again')
    const [violation] = explainViolations({
      seed: 'again',
      driver: 'swarm',
      cells: [{ cell: outcome.cell, tally }],
      interrupted: false,
      seconds: 0,
    })
    const stored = violation?.failure
    if (stored === undefined) throw new Error('no run fails')
    expect(retryFailure(outcome.cell, parseFailure(failureText(stored), 'f.json'))).toMatchObject({
      violation: { anomaly: 'duplicated', rule: stored.verdict.rule, traceHash: stored.traceHash, nondeterministic: false },
      drift: undefined,
    })
    const otherwise = { ...stored, verdict: { ...stored.verdict, rule: 'another' } }
    expect(retryFailure(outcome.cell, otherwise).violation).toBeUndefined()
  })

  it.each([
    ['nothing', '', 'not JSON, or cut short'],
    ['half of it', failureText(failure).slice(0, 400), 'not JSON, or cut short'],
    ['other JSON', '[]', 'not a stored failure'],
    ['a newer one', failureText(failure).replace('"schema": 1', '"schema": 2'), 'a failure of schema 2'],
    ['a fault that does not exist', failureText(failure).replace('"exception"', '"earthquake"'), 'f.json $.plan.0'],
    ['an anomaly that does not exist', failureText(failure).replace('"duplicated"', '"tripled"'), 'f.json $.verdict.anomaly'],
  ])('is refused when it is %s', (_, text, said) => {
    expect(() => parseFailure(text, 'f.json')).toThrow(said)
  })
})
