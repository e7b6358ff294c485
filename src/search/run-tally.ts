/**
 * What a range of runs of one cell came to: plain data that travels between workers, and whose sums do not depend on how the range was cut.
 */
import {
  GUARANTEES,
  refutes,
  type AnomalyName,
  type Guarantee,
  type JudgeVerdict,
  type Moment,
  type PreconditionName,
} from '../guarantees/index.js'
import type { DeliveryPromise } from '../history/index.js'
import { mix } from '../world/index.js'
import type { RunChanges } from './drivers/driver-name.js'
import type { ExperimentResult } from './experiment.js'
import type { NotDeterministic } from './repeated-steps.js'
import type { WitnessName } from './scenario.js'
import { isBeyond, kindOf, sightingsOf, type Sighting, type Standing } from './sighting.js'

/** The first run of a kind: enough to run it again. */
export interface FirstRun {
  readonly seed: string
  /** Number of the run within its cell, from 0. */
  readonly run: number
  /** What it has besides its seed. */
  readonly changes?: RunChanges
}

/** How often something was seen, and where first. */
export interface Seen extends FirstRun {
  runs: number
}

/** One kind of anomaly over many runs. */
export interface SeenAnomaly extends Seen {
  readonly standing: Standing
  readonly guarantee: Guarantee | 'protocol' | 'progress'
  readonly at: string
  readonly sink?: string
  readonly anomaly: AnomalyName
  readonly rule: string
  /** What the first run says of it. */
  readonly message: string
  /** Preconditions that the first run breaks. */
  readonly beyond: readonly PreconditionName[]
  readonly traceHash: string
}

/** An error that ended runs. */
export interface SeenDefect extends Seen {
  /** It is the job's; absent: a defect of millrace. */
  readonly ofJob?: true
}

/** A precondition that runs break. */
export interface BrokenTally extends Seen {
  /** What the first run says of it. */
  readonly message: string
}

/** What was judged at one observation point. */
export interface PointTally {
  readonly at: string
  readonly sink?: string
  /** Runs within the preconditions; only these count. */
  runs: number
  /** Runs that break a precondition of what is claimed here. */
  beyond: number
  /** Runs in which something is missing for a verdict on loss. */
  undecided: number
  /** Counted runs that refute a guarantee, promised or not. */
  readonly refuted: Partial<Record<Guarantee, number>>
  /** Runs in which records could not be told by their identities: then nothing is decided, about duplicates neither. */
  unidentified?: number
  /** What was missing first. */
  missing?: string
}

/** Sums of the evidence that runs gave. */
export interface EvidenceTally {
  checkpointsCompleted: number
  checkpointsAborted: number
  recoveries: number
  recordsReplayed: number
  /** Completed checkpoints that a new job restored in a branch of its own, in a share of the runs. */
  checkpointsRestored?: number
  /** Those of them that were restored at another parallelism, and those that the new job refused, as Flink does. */
  checkpointsRescaled?: number
  restoresRefused?: number
  /** Faults that hit a live target, by kind. */
  readonly faults: Record<string, number>
  /** Faults by the moment of the protocol in which they struck. */
  readonly strikes: Record<Moment, number>
  /** Counted runs with at least one fault in the moment. */
  readonly strikeRuns: Record<Moment, number>
  /** Counted runs with a fault on a live target after the first completed checkpoint. */
  faultAfterCheckpoint: number
  /** Counted runs with such a fault, a recovery that replayed a record, and a checkpoint completed after it. */
  fullRecovery: number
}

/** Runs whose fault landed in a cell of the fault matrix, and the number of the first of them. */
export interface LandedTally {
  readonly runs: number
  readonly first: number
}

/** The tally of one cell, or of a part of its runs. */
export interface RunTally {
  runs: number
  /** Runs that break no precondition. */
  counted: number
  /** Steps of the world. */
  events: number
  /** Sums over the trace hashes of the runs, each mixed with the number of its run: equal sums, equal runs. */
  readonly traces: { high: number; low: number }
  /** Runs by the job's last status. */
  readonly statuses: Record<string, Seen>
  readonly points: PointTally[]
  readonly anomalies: Record<string, SeenAnomaly>
  /** Preconditions that runs break, by name. */
  readonly broken: Partial<Record<PreconditionName, BrokenTally>>
  readonly witnesses: Partial<Record<WitnessName, Seen>>
  readonly evidence: EvidenceTally
  /** Runs by the cells of the fault matrix in which their faults landed; see `landingKey`. */
  readonly landed: Record<string, LandedTally>
  /** Where all runs have the same plan: those in which each of its faults landed, by its place. */
  planLanded?: readonly number[]
  /** Runs that ended in an error, by what it says. */
  readonly defects: Record<string, SeenDefect>
  /** The first step that did not come out the same each time, in the runs whose steps were repeated. */
  notDeterministic?: FirstRun & NotDeterministic
}

/** The tally of no runs. */
export function emptyTally(): RunTally {
  return {
    runs: 0,
    counted: 0,
    events: 0,
    traces: { high: 0, low: 0 },
    statuses: {},
    points: [],
    anomalies: {},
    broken: {},
    witnesses: {},
    evidence: emptyEvidence(),
    landed: {},
    defects: {},
  }
}

/** Evidence of no runs. */
export function emptyEvidence(): EvidenceTally {
  const none = { 'trigger-to-last-ack': 0, 'last-ack-to-store': 0, 'store-to-last-notification': 0, 'during-recovery': 0 }
  return {
    checkpointsCompleted: 0,
    checkpointsAborted: 0,
    recoveries: 0,
    recordsReplayed: 0,
    faults: {},
    strikes: { ...none },
    strikeRuns: { ...none },
    faultAfterCheckpoint: 0,
    fullRecovery: 0,
  }
}

/** The tally of one run. */
export function tallyOf(first: FirstRun, result: ExperimentResult, promises: readonly DeliveryPromise[]): RunTally {
  const { verdict, status, steps, traceHash } = result
  const tally = emptyTally()
  tally.runs = 1
  tally.events = steps
  Object.assign(tally.traces, traceSums(first.run, traceHash))
  tally.statuses[status] = { ...first, runs: 1 }
  if (result.notDeterministic !== undefined) tally.notDeterministic = { ...first, ...result.notDeterministic }
  for (const key of result.landings) tally.landed[key] = { runs: 1, first: first.run }
  if (verdict === undefined) return tally
  const sightings = sightingsOf(verdict, promises)
  const counted = verdict.preconditionsBroken.length === 0
  tally.counted = counted ? 1 : 0
  tally.points.push(...verdict.points.map((point) => pointTally(verdict, point)))
  for (const { name, message } of verdict.preconditionsBroken) tally.broken[name] ??= { ...first, runs: 1, message }
  const beyond = [...new Set(verdict.preconditionsBroken.map(({ name }) => name))]
  for (const sighting of sightings) {
    const { finding, ...kind } = sighting
    tally.anomalies[kindOf(sighting)] = { ...kind, ...first, runs: 1, message: finding.message, beyond, traceHash }
  }
  for (const name of witnessesOf(result, verdict, sightings)) tally.witnesses[name] = { ...first, runs: 1 }
  addEvidence(tally.evidence, verdict, counted)
  if (result.branches.length > 0) addBranches(tally.evidence, result.branches)
  return tally
}

/** Of each fault of a run's plan, whether it landed: 1, or 0. */
export function planLandedIn({ experiment, unlanded }: ExperimentResult): readonly number[] {
  return experiment.plan.map((fault) => (unlanded.includes(fault) ? 0 : 1))
}

function addBranches(evidence: EvidenceTally, branches: ExperimentResult['branches']): void {
  evidence.checkpointsRestored = branches.length
  evidence.checkpointsRescaled = branches.filter(({ header }) => header.branch?.parallelism !== undefined).length
  evidence.restoresRefused = branches.filter(({ refused }) => refused).length
}

/** The tally of a run that ended in an error, of millrace itself or of the job. */
export function tallyOfDefect(first: FirstRun, message: string, ofJob = false): RunTally {
  return { ...emptyTally(), runs: 1, defects: { [message]: { ...first, runs: 1, ...(ofJob && { ofJob }) } } }
}

function traceSums(run: number, traceHash: string): RunTally['traces'] {
  const half = (from: number): number => mix(run + 1, Number.parseInt(traceHash.slice(from, from + 8), 16) | 0) >>> 0
  return { high: half(0), low: half(8) }
}

function pointTally(verdict: JudgeVerdict, { at, sink, missing, unidentified, findings }: JudgeVerdict['points'][number]): PointTally {
  const beyond = isBeyond(verdict, at, sink)
  const undecided = missing !== undefined && !beyond
  const refuted = beyond ? [] : GUARANTEES.filter((guarantee) => findings.some(({ anomaly }) => refutes(anomaly, guarantee)))
  return {
    at,
    ...(sink !== undefined && { sink }),
    runs: beyond ? 0 : 1,
    beyond: beyond ? 1 : 0,
    undecided: undecided ? 1 : 0,
    refuted: Object.fromEntries(refuted.map((guarantee) => [guarantee, 1])),
    ...(undecided && { missing }),
    ...(undecided && unidentified === true && { unidentified: 1 }),
  }
}

function witnessesOf(result: ExperimentResult, verdict: JudgeVerdict, sightings: readonly Sighting[]): WitnessName[] {
  const shows = (anomaly: AnomalyName, state: boolean): boolean =>
    sightings.some((sighting) => sighting.anomaly === anomaly && sighting.at !== 'job' && (sighting.at === 'state') === state)
  const reached: Readonly<Record<WitnessName, boolean>> = {
    'duplicated-state': shows('duplicated', true),
    'lost-state': shows('lost', true),
    'duplicated-output': shows('duplicated', false),
    'lost-output': shows('lost', false),
    'phantom-output': shows('phantom', false),
    recovered: verdict.evidence.recoveries > 0,
    'repeated-commit': result.repeatedCommits > 0,
    'aborted-checkpoint': verdict.evidence.checkpointsAborted > 0,
    'failed-by-checkpoints': result.failedByCheckpoints,
    'beyond-preconditions': verdict.preconditionsBroken.length > 0,
  }
  return WITNESSES.filter((name) => reached[name])
}

/** All witnesses that a scenario may ask for. */
export const WITNESSES: readonly WitnessName[] = [
  'duplicated-state',
  'lost-state',
  'duplicated-output',
  'lost-output',
  'phantom-output',
  'recovered',
  'repeated-commit',
  'aborted-checkpoint',
  'failed-by-checkpoints',
  'beyond-preconditions',
]

/** Moments in the order in which a checkpoint passes them. */
export const MOMENTS: readonly Moment[] = ['trigger-to-last-ack', 'last-ack-to-store', 'store-to-last-notification', 'during-recovery']

function addEvidence(sum: EvidenceTally, { evidence }: JudgeVerdict, counted: boolean): void {
  sum.checkpointsCompleted = evidence.checkpointsCompleted
  sum.checkpointsAborted = evidence.checkpointsAborted
  sum.recoveries = evidence.recoveries
  sum.recordsReplayed = evidence.recordsReplayed
  Object.assign(sum.faults, evidence.faults)
  Object.assign(sum.strikes, evidence.strikes)
  if (!counted) return
  for (const moment of MOMENTS) sum.strikeRuns[moment] = evidence.strikes[moment] > 0 ? 1 : 0
  sum.faultAfterCheckpoint = evidence.faultAfterCheckpoint ? 1 : 0
  sum.fullRecovery = evidence.fullRecovery ? 1 : 0
}
