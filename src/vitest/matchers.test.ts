import { describe, expect, it } from 'vitest'
import { userCodeScenario } from '../../test/engine/user-code-scenario.js'
import { scenarioOf, type GeneratedJob, type GeneratedSink } from '../fast-check/index.js'
import type { FaultPlan } from '../faults/index.js'
import { runExperiment, type ExperimentResult, type Mode } from '../search/index.js'
import './index.js'

const settings: GeneratedJob['settings'] = {
  intervalMs: 20,
  timeoutMs: 300,
  minPauseMs: 0,
  maxConcurrent: 1,
  storage: 'filesystem',
  inlineThresholdBytes: 0,
  numRetained: 1,
  failover: 'region',
  restart: 'always',
  heartbeatTimeoutMs: 50_000,
  cancellationTimeoutMs: 1_000,
  segmentBytes: 4_000,
  buffersPerChannel: 1,
  bufferTimeoutMs: 5,
}

/** One source of twelve records, counted, into a sink. */
function run(sink: GeneratedSink, plan: FaultPlan, mode: Mode = 'aligned', restart: 'always' | 'never' = 'always'): ExperimentResult {
  const scenario = scenarioOf({
    sources: [{ splits: 1, perSplit: 12, burst: 1, intervalMs: 5 }],
    combine: 'union',
    keys: 1,
    stages: [{ kind: 'count', parallelism: 1, rebalance: false, chained: true, workUs: 100 }],
    sink,
    sinkParallelism: 1,
    settings: { ...settings, restart },
  })
  return runExperiment({ scenario, mode, seed: 'matchers', plan })
}

const crash: FaultPlan = [{ kind: 'crash', process: 'TaskManager-0', at: { timeUs: 55_000 }, downUs: 1_000 }]
const repeating = run('append', crash)
const exact = run('two-phase', crash)

/** What an assertion says when it fails. */
function complaint(assertion: () => void): string {
  try {
    assertion()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('the assertion did not fail')
}

describe('a delivery guarantee', () => {
  it('is expected where it holds, everywhere or at one place', () => {
    expect(exact).toBeExactlyOnce()
    expect(exact).toBeAtLeastOnce()
    expect(exact).toBeAtMostOnce()
    expect(repeating).toBeExactlyOnce({ at: 'state' })
    expect(repeating).toBeAtLeastOnce({ at: 'external-store' })
  })

  it('is not expected where it is broken', () => {
    expect(repeating).not.toBeExactlyOnce()
    expect(repeating).not.toBeAtMostOnce({ at: 'external-store' })
  })

  it('that is broken is told with the whole failure block', () => {
    expect(complaint(() => expect(repeating).toBeExactlyOnce())).toMatchInlineSnapshot(`
      "the run is not exactly-once

      FAIL  exactly-once at external-store of Sink: Writer     scenario generated   mode aligned   seed matchers
        duplicated (output-at-most-once): 1 record of Sink: Writer is visible more than once (external-store), 1 time too often in all
        records   Count's record of source-0-0:8 (key 0)

        because
          event 106   0.052620 s  Count 1 emits Count's record of source-0-0:8 (key 0)
          event 107   0.052620 s  Sink: Writer 1 writes Count's record of source-0-0:8 (key 0)
          event 109   0.052643 s  Count's record of source-0-0:8 (key 0) is visible at external-store of Sink: Writer
          event 114   0.055000 s  FAULT crash at time, hits TaskManager-0
          event 122   0.066129 s  recovery restores checkpoint 2
          event 136   0.076609 s  Count 1 (attempt 1) emits Count's record of source-0-0:8 (key 0)
          event 137   0.076609 s  Sink: Writer 1 (attempt 1) writes Count's record of source-0-0:8 (key 0)
          event 139   0.076804 s  Count's record of source-0-0:8 (key 0) is visible at external-store of Sink: Writer
          event 230   0.112733 s  the job is FINISHED

        plan      1. TaskManager-0 crashes at 55 ms, and starts again after 1 ms
        left      exactly-once at state
                  at-least-once at external-store of Sink: Writer
        replay    runExperiment({ scenario, mode: "aligned", seed: "matchers", plan: [{"kind":"crash","process":"TaskManager-0","at":{"timeUs":55000},"downUs":1000}] })"
    `)
  })

  it('that holds and should not is told with what the run shows', () => {
    expect(complaint(() => expect(exact).not.toBeExactlyOnce())).toMatchInlineSnapshot(`
      "the run is exactly-once, which was not expected

      scenario generated   mode aligned   seed matchers   job FINISHED
        faults    1 planned, landed: 1 crash
        evidence  4 checkpoints completed, 1 recoveries, 2 records replayed"
    `)
  })

  it('that the run does not show fails either way', () => {
    const failed = run('two-phase', crash, 'aligned', 'never')
    expect(failed.status).toBe('FAILED')
    expect(complaint(() => expect(failed).toBeExactlyOnce())).toMatchInlineSnapshot(`
      "the run does not show whether it is exactly-once: exactly-once at state: the job did not finish: what was still to come cannot be called lost

      scenario generated   mode aligned   seed matchers   job FAILED
        faults    1 planned, landed: 1 crash
        evidence  2 checkpoints completed, 0 recoveries, 0 records replayed"
    `)
    expect(complaint(() => expect(failed).not.toBeExactlyOnce())).toContain('the run does not show whether it is exactly-once')
    expect(complaint(() => expect(exact).toBeExactlyOnce({ at: 'nowhere' }))).toContain(
      "no observation point 'nowhere'; this job has state, external-store",
    )
  })
})

describe('protocol, cuts, progress and promises', () => {
  it('are kept by a sound run', () => {
    expect(exact).toKeepTheProtocol()
    expect(exact).toHaveConsistentCuts()
    expect(exact).toMakeProgress()
    expect(exact).toKeepItsPromises()
    expect(repeating).toKeepItsPromises()
  })

  it('are told when they are broken', () => {
    const { verdict } = exact
    if (verdict === undefined) throw new TypeError('the run was judged')
    const stuck = { anomaly: 'stuck', rule: 'progress', message: 'nothing went on', records: [], evidence: [1] } as const
    const cut = {
      anomaly: 'inconsistent-cut',
      rule: 'consistent-cut',
      message: 'one record is missing',
      records: [],
      evidence: [1],
    } as const
    const history = runExperiment(exact.experiment, { keepHistory: true }).history
    const broken: ExperimentResult = {
      ...exact,
      history,
      verdict: {
        ...verdict,
        verdict: 'violated',
        progress: { verdict: 'violated', findings: [stuck] },
        cut: { verdict: 'violated', findings: [cut] },
        protocol: [cut],
      },
    }
    expect(complaint(() => expect(broken).toMakeProgress())).toContain('stuck (progress): nothing went on')
    expect(complaint(() => expect(broken).toKeepTheProtocol())).toContain('inconsistent-cut (consistent-cut): one record is missing')
    expect(complaint(() => expect(broken).toHaveConsistentCuts())).toContain('one record is missing')
    expect(complaint(() => expect(broken).toKeepItsPromises())).toContain('nothing went on')
    expect(broken).not.toKeepItsPromises()
  })

  it('are not shown where a promise is about a place that there is not', () => {
    const { scenario } = exact.experiment
    const promising = { ...scenario, claims: () => [{ guarantee: 'exactly-once', at: 'external-stor' }] as const }
    const misspelt = runExperiment({ ...exact.experiment, scenario: promising })
    const told = "exactly-once at external-stor: no observation point 'external-stor'; this job has state, external-store"
    expect(complaint(() => expect(misspelt).toKeepItsPromises())).toContain(told)
    expect(complaint(() => expect(misspelt).not.toKeepItsPromises())).toContain(told)
  })

  it('without checkpoints there is no cut to be consistent', () => {
    expect(complaint(() => expect(run('append', [], 'off')).toHaveConsistentCuts())).toContain('does not show whether it is')
  })
})

describe('bad input', () => {
  it('is told', () => {
    expect(() => expect(3).toBeExactlyOnce()).toThrow('expect(…): a result of runExperiment is needed, this is number')
    expect(() => expect(null).toKeepTheProtocol()).toThrow('this is null')
    const unjudged = runExperiment(exact.experiment, { unjudged: true })
    expect(() => expect(unjudged).toBeExactlyOnce()).toThrow('the run was not judged: it was run with the option unjudged')
  })

  it('a run whose steps do not come out the same each time fails either way, and that is told', () => {
    const scenario = userCodeScenario('lots', { job: (words) => words.filter(() => Math.random() < 0.5) })
    const lots = runExperiment({ scenario, mode: 'aligned', seed: '1', plan: [] }, { repeatSteps: true })
    const told = complaint(() => expect(lots).toBeExactlyOnce())
    expect(told).toMatch(/^the run does not show whether it is exactly-once: it is NOT DETERMINISTIC\nstep \d+ at \d\.\d+ s, Source: Words/)
    expect(told).toContain("look for state kept outside of Flink's state")
    expect(complaint(() => expect(lots).not.toKeepItsPromises())).toContain('NOT DETERMINISTIC')
  })

  it('a run that is not the same when run again is told as that', () => {
    const other = { ...repeating, traceHash: '0' }
    expect(complaint(() => expect(other).toBeExactlyOnce())).toContain('NOT DETERMINISTIC')
  })
})
