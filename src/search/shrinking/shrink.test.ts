import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../../test/engine/slice-scenario.js'
import type { FaultPlan } from '../../faults/index.js'
import { cellsOf, experimentOf } from '../cell.js'
import { runExperiment, type Experiment } from '../experiment.js'
import { faultMenu, planOf } from '../fault-menu.js'
import { failureText, parseFailure } from '../failure-file.js'
import { tokenOf } from '../replay.js'
import { parseToken } from '../replay-token.js'
import { retryFailure } from '../retry-failure.js'
import { shrunkFailure } from './shrunk-failure.js'
import { SHRINK_RUNS, shows, shrinking, shrinkRun, type ShrinkProgress } from './shrink.js'

/** Without checkpoints, a task that had finished and committed writes everything again when another one fails. */
const [cell] = cellsOf([{ ...sliceScenario, claims: () => [{ guarantee: 'exactly-once', at: 'external-store' }] }], ['off'])
const scenario = cell!.scenario
const menu = faultMenu(scenario, 'off')
const kind = 'violation|exactly-once|external-store|Sink|duplicated|output-at-most-once'

function drawn(seed: string, plan: FaultPlan = planOf(seed, menu)): Experiment {
  return { scenario, mode: 'off', seed, plan }
}

/** The first seed that duplicates, with a plan in which no fault can be spared, and which does so in the whole job as well. */
function needed(): Experiment {
  for (let i = 0; i < 100; i++) {
    const experiment = drawn(`shrink-${String(i)}`)
    if (!shows(runExperiment(experiment), experiment, kind)) continue
    const { plan } = shrinkRun(experiment, kind).experiment
    const whole = drawn(experiment.seed, plan)
    if (shows(runExperiment(whole), whole, kind)) return whole
  }
  throw new Error('none of 100 seeds duplicates anything')
}

describe('shrinking', () => {
  const { seed, plan } = needed()
  /** Faults that never come to pass, around the one that does. */
  const idle: FaultPlan = [
    { kind: 'exception', point: 'task.record', nth: 100_000 },
    { kind: 'rpc', rpc: 'acknowledge', nth: 100_000 },
    { kind: 'call', point: 'storage.put', nth: 100_000, outcome: 'failed' },
  ]
  const experiment = drawn(seed, [...idle, ...plan, ...idle])

  it('leaves out every fault that is not needed, and most records, and what is left shows the same', () => {
    expect(plan.length).toBeGreaterThan(0)
    const { experiment: small, before, after, runs, complete } = shrinkRun(experiment, kind)
    expect(before).toEqual({ faults: plan.length + 6, records: 180 })
    expect(after.faults).toBe(small.plan.length)
    expect(after.faults).toBeLessThanOrEqual(plan.length)
    expect(after.records).toBeLessThanOrEqual(3)
    expect(complete).toBe(true)
    expect(runs).toBeLessThan(SHRINK_RUNS)
    const result = runExperiment(small)
    expect(shows(result, small, kind)).toBe(true)
    // What is counted is written again all the same, counted or not.
    expect(small.reduction?.without).toEqual(['Count'])
    expect(result.header.operators.map(({ name }) => name)).not.toContain('Count')
    expect(result.setUp.splits.reduce((sum, { records }) => sum + records, 0)).toBe(after.records)
  })

  it('is told by its token and its file, which show the same when they are replayed', () => {
    const { experiment: small } = shrinkRun(experiment, kind)
    const name = parseToken(tokenOf(cell!, small, { seed }))
    expect(name.reduction).toEqual(small.reduction)
    const again = experimentOf(cell!, name)
    expect(runExperiment(again).traceHash).toBe(runExperiment(small).traceHash)
    const failure = shrunkFailure(cell!, name, { experiment: small, kind })!
    expect(parseFailure(failureText(failure), 'f.json').reduction?.without).toEqual(['Count'])
    expect(retryFailure(cell!, failure).violation).toBeDefined()
  })

  it('comes to the same end again, and within a budget to a part of it', () => {
    expect(shrinkRun(experiment, kind, 60)).toEqual(shrinkRun(experiment, kind, 60))
    const { runs, complete, after } = shrinkRun(experiment, kind, 12)
    expect({ runs, complete }).toEqual({ runs: 12, complete: false })
    expect(after.faults).toBeLessThan(plan.length + 6)
  })

  it('tells of each run, and of each that is smaller, which shows the anomaly', () => {
    const steps = shrinking(experiment, kind, 40)
    const told: ShrinkProgress[] = []
    for (let step = steps.next(); step.done !== true; step = steps.next()) told.push(step.value)
    expect(told.map(({ runs }) => runs)).toEqual(told.map((_, i) => i + 2))
    const smaller = told.flatMap((each) => (each.smaller === undefined ? [] : [each.smaller]))
    expect(smaller.length).toBeGreaterThan(1)
    for (const each of smaller) expect(shows(runExperiment(each), each, kind)).toBe(true)
  })

  it('leaves the run alone when another anomaly is meant', () => {
    const { experiment: same, complete } = shrinkRun(experiment, kind.replace('duplicated', 'lost'))
    expect(same).toEqual(experiment)
    expect(complete).toBe(true)
  })
})
