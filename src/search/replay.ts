import type { JudgeVerdict } from '../guarantees/index.js'
import { sortedJson, type HistoryEvent, type HistoryHeader, type JobStatus } from '../history/index.js'
import { experimentOf, type Cell } from './cell.js'
import { firstDifferentChoice, type Choice, type ChoiceDifference } from './choice-log.js'
import { counterexampleOf, guaranteesLeft, type Counterexample, type GuaranteeLeft } from './counterexample.js'
import { runExperiment, type Experiment, type ExperimentResult } from './experiment.js'
import { prioritiesInWords } from './drivers/priorities.js'
import { withoutPriorities } from './drivers/without-priorities.js'
import { planInWords } from './plan-in-words.js'
import type { NotDeterministic } from './repeated-steps.js'
import { formatToken, type RunName } from './replay-token.js'
import { samePlan, shrinkRun } from './shrinking/shrink.js'
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
  /** Of a third run, whose steps were repeated: the first that did not come out the same each time. */
  readonly notDeterministic?: NotDeterministic
  /** Where two such runs part. */
  readonly parting?: Parting
  /** How it differs from what was recorded; absent without a record, and when it is the same run. */
  readonly drift?: { readonly recordedTraceHash: string; readonly choice?: NamedDifference }
  readonly steps: number
  readonly endUs: number
  readonly plan: readonly string[]
  /** Who is late, in a sentence; absent: latencies were drawn one by one. */
  readonly priorities?: string
  readonly left: readonly GuaranteeLeft[]
  /** One for each anomaly, violations first. */
  readonly counterexamples: readonly Counterexample[]
  readonly header: HistoryHeader
  readonly history: readonly HistoryEvent[]
  readonly choices: readonly Choice[]
}

/** Where two runs part. */
export interface Parting {
  /** The first choice that differs; absent when all choices are the same. */
  readonly choice?: NamedDifference
  /** The first event that differs; one side is missing where a history is shorter. Both are missing when only unrecorded steps differ. */
  readonly one?: HistoryEvent
  readonly other?: HistoryEvent
}

/** A choice that differs, and what its stream stands for. */
export interface NamedDifference extends ChoiceDifference {
  readonly label: string
}

/** What a run has been before, as a failure that was stored tells it. */
export interface RecordedRun {
  readonly traceHash: string
  readonly choices: readonly Choice[]
}

/**
 * Runs what a token names twice, and tells what it shows. With `shrink`, makes its plan smaller first. A third run repeats its steps,
 * unless `repeatSteps` is false: see `RepeatedSteps`.
 */
export function replayRun(
  cell: Cell,
  name: Omit<RunName, 'scenario' | 'mode'>,
  options: { readonly shrink?: boolean; readonly recorded?: RecordedRun; readonly repeatSteps?: boolean } = {},
): Replay {
  const asked = experimentOf(cell, name)
  const experiment = options.shrink === true ? shrunk(asked) : asked
  const result = runExperiment(experiment, { keepHistory: true, keepChoices: true })
  const again = runExperiment(experiment, { keepHistory: true, keepChoices: true })
  const parting = result.traceHash === again.traceHash ? undefined : partingOf(result, again)
  const repeatSteps = options.repeatSteps !== false
  const { notDeterministic } = repeatSteps ? runExperiment(experiment, { unjudged: true, repeatSteps }) : result
  const drift = driftOf(result, options.recorded)
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
    ...(notDeterministic !== undefined && { notDeterministic }),
    ...(parting !== undefined && { parting }),
    ...(drift !== undefined && { drift }),
    steps: result.steps,
    endUs: result.endUs,
    plan: planInWords(experiment.plan),
    ...(experiment.priorities && { priorities: prioritiesInWords(experiment.priorities) }),
    left: guaranteesLeft(result),
    counterexamples: sightings.map((sighting) => counterexampleOf(run, sighting)),
    header: result.header,
    history: result.history,
    choices: result.choices,
  }
}

/** The token of an experiment; it carries the plan only where the name did, or where it is not that of the seed any more. */
export function tokenOf({ scenario, mode }: Cell, experiment: Experiment, name: Omit<RunName, 'scenario' | 'mode'>): string {
  const { seed, plan } = name
  const { overrides, priorities, restores, reduction } = experiment
  const unchanged = plan === undefined && samePlan(experiment.plan, experimentOf({ scenario, mode }, { seed }).plan)
  return formatToken({
    scenario: scenario.name,
    mode,
    seed,
    ...(!unchanged && { plan: experiment.plan }),
    ...(overrides !== undefined && { overrides }),
    ...(priorities !== undefined && { priorities }),
    ...(restores === true && { restores }),
    ...(reduction !== undefined && { reduction }),
  })
}

/** With the smallest plan that shows the worst of what the run shows. */
function shrunk(experiment: Experiment): Experiment {
  const { verdict } = runExperiment(experiment)
  if (verdict === undefined) return experiment
  const [worst] = mostSevereFirst(sightingsOf(verdict, experiment.scenario.claims(experiment.mode)))
  return worst === undefined ? experiment : shrinkRun(withoutPriorities(experiment, kindOf(worst)), kindOf(worst)).experiment
}

/** Where two runs of the same experiment part: the first choice, and the first event. */
function partingOf(one: ExperimentResult, other: ExperimentResult): Parting {
  const length = Math.max(one.history.length, other.history.length)
  const differs = (at: number): boolean => sortedJson(one.history[at] ?? null) !== sortedJson(other.history[at] ?? null)
  const at = Array.from({ length }, (_, i) => i).find(differs)
  const [a, b] = at === undefined ? [] : [one.history[at], other.history[at]]
  const choice = named(firstDifferentChoice(one.choices, other.choices), one.actors)
  return { ...(choice && { choice }), ...(a !== undefined && { one: a }), ...(b !== undefined && { other: b }) }
}

/** Where a run parts from what it has been before. */
function driftOf({ traceHash, choices, actors }: ExperimentResult, recorded: RecordedRun | undefined): Replay['drift'] {
  if (recorded === undefined || recorded.traceHash === traceHash) return undefined
  const choice = named(firstDifferentChoice(recorded.choices, choices), actors)
  return { recordedTraceHash: recorded.traceHash, ...(choice && { choice }) }
}

function named(difference: ChoiceDifference | undefined, actors: readonly string[]): NamedDifference | undefined {
  if (difference === undefined) return undefined
  const stream = (difference.expected ?? difference.found)?.stream ?? ''
  return { ...difference, label: streamInWords(stream, actors) }
}

/** `checkpoint-initial-delay of JobManager`, `delay of a message JobManager -> TaskExecutor-0`. */
export function streamInWords(stream: string, actors: readonly string[]): string {
  const name = (actor: string | undefined): string => actors[Number(actor)] ?? `actor ${actor ?? ''}`
  const [kind, first, ...others] = stream.split('/')
  if (kind === 'choose') return `${others.join('/')} of ${name(first)}`
  return kind === 'link' ? `delay of a message ${name(first)} -> ${name(others[0])}` : stream
}

const SEVERITY = ['violation', 'beyond', 'allowed']

/** Violations, then what is beyond the preconditions, then what nobody forbids. */
export function mostSevereFirst(sightings: readonly Sighting[]): Sighting[] {
  return sightings.toSorted((a, b) => SEVERITY.indexOf(a.standing) - SEVERITY.indexOf(b.standing))
}
