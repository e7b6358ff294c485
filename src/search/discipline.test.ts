/** What the discipline of plans does to runs: second failures, checkpoints that begin in a recovery, and times in which nothing strikes. */
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import { calm, crash, haste, pause, slow, turnOf, type FaultPlan } from '../faults/index.js'
import type { HistoryEvent } from '../history/index.js'
import { runExperiment, type ExperimentResult } from './experiment.js'
import { faultMenu, planOf } from './fault-menu.js'

const [scenario] = scenarios.filter(({ name }) => name === 'windowed-join')
if (scenario === undefined) throw new RangeError('the scenario is there')
const mode = 'aligned'
const menu = faultMenu(scenario, mode)
/** Of runs that aim at no cell of the matrix. */
const seeds = Array.from({ length: 60 }, (_, i) => `discipline-${String(2 * i)}`)

function run(plan: FaultPlan, seed = 'one'): ExperimentResult {
  if (scenario === undefined) throw new RangeError('the scenario is there')
  return runExperiment({ scenario, mode, seed, plan, restores: false }, { keepHistory: true, unjudged: true })
}

function timesOf(history: readonly HistoryEvent[], kind: HistoryEvent['kind']): number[] {
  return history.filter((event) => event.kind === kind).map(({ t }) => t)
}

/** µs between each restart and the first checkpoint that begins behind it. */
function waits({ history }: ExperimentResult): number[] {
  const triggered = timesOf(history, 'checkpoint-triggered')
  return timesOf(history, 'restart').flatMap((t) => (triggered.find((at) => at > t) ?? t) - t || [])
}

function hasSecondFailure({ landings }: ExperimentResult): boolean {
  return landings.some((key) => /^(?:crash|exception|hang) .* [12]$/.test(key))
}

describe('behind a failure', () => {
  it('a second one strikes before the job has recovered in most runs, and in few by chance', () => {
    const plans = seeds.map((seed) => planOf(seed, menu))
    const aimed = plans.filter((plan, i) => hasSecondFailure(run(plan, seeds[i]))).length
    const byChance = plans.filter((plan, i) => {
      const rest = plan.filter((fault) => turnOf(fault)?.depth !== 1)
      return hasSecondFailure(run(rest, seeds[i]))
    }).length
    expect(aimed).toBeGreaterThan(seeds.length / 2)
    expect(aimed).toBeGreaterThan(2 * byChance)
  })

  it('checkpoints begin much earlier where there is haste', () => {
    const failure = crash('TaskManager-0').atTime(400_000)
    const median = (plan: FaultPlan) =>
      seeds
        .slice(0, 20)
        .flatMap((seed) => waits(run(plan, seed)))
        .toSorted((a, b) => a - b)[10] ?? 0
    const [usual, hasty] = [median([failure]), median([failure, haste()])]
    expect(usual).toBeGreaterThan(25_000)
    expect(hasty).toBeLessThan(usual / 2)
  })

  it('they begin so again at each restart, also of the JobManager', () => {
    const plan = [crash('TaskManager-0').atTime(300_000), crash('JobManager').atTime(600_000), haste()]
    const found = seeds.slice(0, 10).flatMap((seed) => waits(run(plan, seed)))
    expect(found.length).toBeGreaterThanOrEqual(20)
    expect(Math.max(...found)).toBeLessThan(40_000)
  })
})

describe('in a stability window', () => {
  const all: FaultPlan = [
    crash('TaskManager-0').atTime(300_000),
    crash('JobManager').at('checkpoint.store.added', { nth: 2 }),
    pause('TaskManager-1', 20_000).atTime(250_000),
    slow('storage', { from: 200_000, until: 300_000, extraUs: 1000 }),
  ]

  it('nothing strikes, at a step or at a time, and what lasts does not begin', () => {
    const faults = (plan: FaultPlan) => run(plan).history.flatMap((event) => (event.kind === 'fault' ? [event.fault] : []))
    expect(faults(all).toSorted()).toEqual(['crash', 'crash', 'pause', 'slow'])
    expect(faults([...all, calm(400_000).atTime(0)])).toEqual([])
    expect(faults([...all, calm(1).atTime(0)]).toSorted()).toEqual(['crash', 'crash', 'pause', 'slow'])
  })

  it('that begins at a step, what came before has struck, and what comes behind it does', () => {
    const later = crash('TaskManager-0').atTime(900_000)
    const peace = calm(300_000).at('recovery.restore.chosen', { depth: 1 })
    const early = crash('TaskManager-1').atTime(200_000)
    const { history } = run([early, ...all.filter((fault) => turnOf(fault) === undefined), later, peace])
    const struck = history.filter(({ kind }) => kind === 'fault')
    const restored = timesOf(history, 'restore-chosen').find((t) => t > 200_000) ?? 0
    expect(struck.some(({ t }) => t === 200_000)).toBe(true)
    expect(struck.some(({ t }) => t === 900_000)).toBe(true)
    expect(struck.filter(({ t }) => t > restored && t < restored + 300_000)).toEqual([])
  })

  it('the protocol gets far: more checkpoints complete in a row than under the same faults without it', () => {
    const longest = (plan: FaultPlan, seed: string) => {
      let [row, best] = [0, 0]
      for (const { kind } of run(plan, seed).history) {
        if (kind === 'checkpoint-completed') best = Math.max(best, ++row)
        else if (kind === 'fault' || kind === 'checkpoint-aborted') row = 0
      }
      return best
    }
    const windows = seeds.map((seed) => [seed, planOf(seed, menu)] as const).filter(([, plan]) => plan.some(({ kind }) => kind === 'calm'))
    expect(windows.length).toBeGreaterThan(8)
    const sum = (rows: number[]) => rows.reduce((a, b) => a + b, 0)
    const calmly = sum(windows.map(([seed, plan]) => longest(plan, seed)))
    const otherwise = sum(
      windows.map(([seed, plan]) =>
        longest(
          plan.filter(({ kind }) => kind !== 'calm'),
          seed,
        ),
      ),
    )
    expect(calmly).toBeGreaterThan(otherwise)
  })
})
