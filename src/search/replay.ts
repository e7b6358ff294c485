import type { JudgeVerdict } from '../guarantees/index.js'
import { sortedJson, type HistoryEvent, type HistoryHeader, type JobStatus } from '../history/index.js'
import { experimentOf, type Cell } from './cell.js'
import { counterexampleOf, guaranteesLeft, type Counterexample, type GuaranteeLeft } from './counterexample.js'
import { runExperiment, type Experiment } from './experiment.js'
import { planInWords } from './plan-in-words.js'
import { formatToken, type RunName } from './replay-token.js'
import { samePlan, shrinkPlan } from './shrink.js'
import { kindOf, sightingsOf, type Sighting } from './sighting.js'

/** A run that was run again, twice. */
export interface Replay {
  /** The token of what was run: with a smaller plan when it was shrunk. */
  readonly token: string
  readonly scenario: string
  readonly mode: Cell['mode']
  readonly seed: string
  readonly verdict: JudgeVerdict
  readonly status: JobStatus
  readonly traceHash: string
  /** The hash of the second run: another one means that the run is not determined by its token. */
  readonly traceHashAgain: string
  /** Where the histories of two such runs part. */
  readonly parting?: Parting
  readonly steps: number
  readonly endUs: number
  readonly plan: readonly string[]
  readonly left: readonly GuaranteeLeft[]
  /** One for each anomaly, violations first. */
  readonly counterexamples: readonly Counterexample[]
  readonly header: HistoryHeader
  readonly history: readonly HistoryEvent[]
}

/** The first event in which two histories differ; one side is missing where a history is shorter. Both are missing when only unrecorded steps differ. */
export interface Parting {
  readonly one?: HistoryEvent
  readonly other?: HistoryEvent
}

/** Runs what a token names twice, and tells what it shows. With `shrink`, makes its plan smaller first. */
export function replayRun(cell: Cell, name: Omit<RunName, 'scenario' | 'mode'>, options: { readonly shrink?: boolean } = {}): Replay {
  const asked = experimentOf(cell, name)
  const experiment = options.shrink === true ? shrunk(asked) : asked
  const result = runExperiment(experiment, { keepHistory: true })
  const again = runExperiment(experiment, { keepHistory: true })
  const parting = result.traceHash === again.traceHash ? undefined : partingOf(result.history, again.history)
  const { verdict } = result
  if (verdict === undefined) throw new RangeError('a replayed run is judged')
  const token = tokenOf(cell, experiment, name)
  const run = { experiment, result, token, faultsBefore: asked.plan.length }
  const sightings = mostSevereFirst(sightingsOf(verdict, cell.scenario.claims(cell.mode)))
  return {
    token,
    scenario: cell.scenario.name,
    mode: cell.mode,
    seed: name.seed,
    verdict,
    status: result.status,
    traceHash: result.traceHash,
    traceHashAgain: again.traceHash,
    ...(parting !== undefined && { parting }),
    steps: result.steps,
    endUs: result.endUs,
    plan: planInWords(experiment.plan),
    left: guaranteesLeft(result),
    counterexamples: sightings.map((sighting) => counterexampleOf(run, sighting)),
    header: result.header,
    history: result.history,
  }
}

/** The token of an experiment; it carries the plan only where the name did, or where it is not that of the seed any more. */
export function tokenOf({ scenario, mode }: Cell, experiment: Experiment, name: Omit<RunName, 'scenario' | 'mode'>): string {
  const { seed, plan, overrides } = name
  const unchanged = plan === undefined && samePlan(experiment.plan, experimentOf({ scenario, mode }, { seed }).plan)
  return formatToken({
    scenario: scenario.name,
    mode,
    seed,
    ...(!unchanged && { plan: experiment.plan }),
    ...(overrides !== undefined && { overrides }),
  })
}

/** With the smallest plan that shows the worst of what the run shows. */
function shrunk(experiment: Experiment): Experiment {
  const { verdict } = runExperiment(experiment)
  if (verdict === undefined) return experiment
  const [worst] = mostSevereFirst(sightingsOf(verdict, experiment.scenario.claims(experiment.mode)))
  return worst === undefined ? experiment : shrinkPlan(experiment, kindOf(worst)).experiment
}

function partingOf(one: readonly HistoryEvent[], other: readonly HistoryEvent[]): Parting {
  const length = Math.max(one.length, other.length)
  const differs = (at: number): boolean => sortedJson(one[at] ?? null) !== sortedJson(other[at] ?? null)
  const at = Array.from({ length }, (_, i) => i).find(differs)
  const [a, b] = at === undefined ? [] : [one[at], other[at]]
  return { ...(a !== undefined && { one: a }), ...(b !== undefined && { other: b }) }
}

const SEVERITY = ['violation', 'beyond', 'allowed']

function mostSevereFirst(sightings: readonly Sighting[]): Sighting[] {
  return sightings.toSorted((a, b) => SEVERITY.indexOf(a.standing) - SEVERITY.indexOf(b.standing))
}
