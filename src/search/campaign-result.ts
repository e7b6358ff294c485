/** What a campaign says in the end: claims with their verdicts and bounds, witnesses, evidence, and everything that was seen. */
import type { FaultPlan } from '../faults/index.js'
import { GUARANTEES, type Guarantee, type Moment, type PreconditionName } from '../guarantees/index.js'
import type { DeliveryPromise } from '../history/index.js'
import type { CampaignOutcome, CellOutcome } from './campaign.js'
import type { Counterexample } from './counterexample.js'
import type { DriverName } from './drivers/driver-name.js'
import type { Failure } from './failure-file.js'
import { addEvidence } from './merge-tallies.js'
import { planInWords } from './plan-in-words.js'
import type { RepeatedRuns } from './repeated-runs.js'
import type { NotDeterministic } from './repeated-steps.js'
import { formatToken } from './replay-token.js'
import { emptyEvidence, WITNESSES, type EvidenceTally, type PointTally, type Seen, type SeenAnomaly } from './run-tally.js'
import { MODES, type Mode, type WitnessName } from './scenario.js'

/** `incomplete`: ended early, a witness is missing, or a promised claim has no answer. */
export type CampaignVerdict = 'holds' | 'violated' | 'incomplete'

/** A guarantee at a point, over all counted runs. */
export interface ClaimResult {
  readonly guarantee: Guarantee
  readonly at: string
  readonly sink?: string
  /** False when nobody promised it and it is the strongest that the runs leave standing. */
  readonly promised: boolean
  readonly verdict: 'holds' | 'violated' | 'undecided'
  /** Runs within the preconditions. */
  readonly runs: number
  /** Runs that break a precondition and do not count. */
  readonly beyond: number
  /** Counted runs that violate it. */
  readonly violations: number
  /** With 95 % confidence fewer runs than this part violate it (rule of three); only where it holds. */
  readonly upperBound?: number
  /** Why it is undecided. */
  readonly missing?: string
}

/** What the counted runs leave standing at one point, whatever was promised. */
export interface PointResult {
  readonly at: string
  readonly sink?: string
  readonly runs: number
  readonly strongest: Guarantee
  /** Why it may be less. */
  readonly missing?: string
}

/** A fact that was to be reached, or was. */
export interface WitnessResult {
  readonly name: WitnessName
  /** Without it a green result means nothing. */
  readonly required: boolean
  readonly count: number
  /** Empty when it was never reached. */
  readonly firstSeed: string
  /** Names the first run that reached it; absent when none did. */
  readonly token?: string
}

/** A kind of anomaly with the token of the first run that shows it. */
export interface AnomalyResult extends SeenAnomaly {
  readonly scenario: string
  readonly mode: Mode
  readonly token: string
}

/** Evidence with the parts of the counted runs that have it. */
export interface EvidenceResult extends EvidenceTally {
  readonly countedRuns: number
  readonly fractions: Readonly<Record<'faultAfterCheckpoint' | 'fullRecovery' | Moment, number>>
}

/** How often something was seen, and the first run that shows it. */
export interface FirstSeen {
  readonly runs: number
  readonly firstSeed: string
  readonly token: string
}

/** A precondition that runs broke. */
export interface BrokenResult extends FirstSeen {
  readonly name: PreconditionName
  readonly message: string
}

/** One scenario in one mode. */
export interface CellResult {
  readonly name: string
  readonly mode: Mode
  readonly verdict: CampaignVerdict
  readonly runs: number
  readonly counted: number
  readonly events: number
  /** A number for all traces of the runs: the same runs give the same one, in every process and on every machine. */
  readonly traces: string
  readonly claims: readonly ClaimResult[]
  readonly points: readonly PointResult[]
  readonly witnesses: readonly WitnessResult[]
  readonly evidence: EvidenceResult
  /** Runs by the last status of the job. */
  readonly statuses: Readonly<Record<string, FirstSeen>>
  /** Preconditions that runs broke. */
  readonly preconditionsBroken: readonly BrokenResult[]
  readonly anomalies: readonly AnomalyResult[]
  /** Faults of the campaign's plan that landed in no run, in words; absent where there are none, and where runs ended in an error. */
  readonly unlanded?: readonly string[]
}

/** A violation, told in full unless there are too many kinds of them. */
export interface ViolationResult extends AnomalyResult {
  readonly counterexample?: Counterexample
  /** The same seed gave another run: millrace or the scenario is not deterministic. */
  readonly nondeterministic: boolean
  /** The run as it can be stored; only where there is a counterexample. */
  readonly failure?: Failure
  /** Where it is stored. Without `failure` it was stored by an earlier campaign. */
  readonly stored?: string
}

/** A step that is not determined by the state before it: no verdict on the cell is worth anything. */
export interface NotDeterministicResult extends NotDeterministic {
  readonly scenario: string
  readonly mode: Mode
  readonly seed: string
  readonly token: string
}

/** An error that ended a run. */
export interface DefectResult {
  /** The job's code threw it, or broke a rule; absent: a defect of millrace. */
  readonly ofJob?: true
  readonly scenario: string
  readonly mode: Mode
  readonly seed: string
  readonly token: string
  readonly message: string
  readonly runs: number
}

/** All of it. */
export interface CampaignResult {
  readonly verdict: CampaignVerdict
  readonly seed: string
  readonly driver: DriverName
  readonly seconds: number
  readonly runs: number
  readonly events: number
  readonly interrupted: boolean
  /** Whether runs that were repeated by another process ended the same; absent where none were to be. */
  readonly repeated?: RepeatedRuns
  /** Cells whose user code does not do the same each time, as the repeated steps of their first runs show; absent when there are none. */
  readonly notDeterministic?: readonly NotDeterministicResult[]
  readonly cells: readonly CellResult[]
  /** Evidence over all scenarios, by mode. */
  readonly modes: readonly { readonly mode: Mode; readonly runs: number; readonly evidence: EvidenceResult }[]
  readonly violations: readonly ViolationResult[]
  readonly defects: readonly DefectResult[]
}

/** Faults of the plan that landed in none of the runs; nothing is known of runs that ended in an error, nor where there were none. */
function unlandedOf({ tally: { planLanded, defects } }: CellOutcome, plan: FaultPlan): FaultPlan {
  if (planLanded === undefined || Object.keys(defects).length > 0) return []
  return plan.filter((_, place) => planLanded[place] === 0)
}

/** The result of a campaign whose violations have been looked into. */
export function campaignResult(outcome: CampaignOutcome, violations: readonly ViolationResult[]): CampaignResult {
  const cells = outcome.cells.map((cell) => cellResult(cell, outcome.plan))
  const defects = outcome.cells.flatMap(defectsOf)
  const notDeterministic = outcome.cells.flatMap(notDeterministicIn)
  const complete = !outcome.interrupted && defects.length === 0 && cells.length > 0
  return {
    // A failure that was stored earlier may still fail although none of the seeds of this campaign does.
    verdict: worst([
      complete ? 'holds' : 'incomplete',
      violations.length > 0 ? 'violated' : 'holds',
      ...cells.map(({ verdict }) => verdict),
    ]),
    seed: outcome.seed,
    driver: outcome.driver,
    seconds: outcome.seconds,
    runs: sum(cells.map(({ runs }) => runs)),
    events: sum(cells.map(({ events }) => events)),
    interrupted: outcome.interrupted,
    ...(outcome.repeated && { repeated: outcome.repeated }),
    ...(notDeterministic.length > 0 && { notDeterministic }),
    cells,
    modes: MODES.filter((mode) => cells.some((cell) => cell.mode === mode)).map((mode) => evidenceOfMode(mode, cells)),
    violations,
    defects,
  }
}

/** All anomalies of a cell, with tokens. */
export function anomaliesOf({ cell, tally }: CellOutcome): AnomalyResult[] {
  const { scenario, mode } = cell
  return Object.values(tally.anomalies).map((seen) => ({
    ...seen,
    scenario: scenario.name,
    mode,
    token: formatToken({ scenario: scenario.name, mode, seed: seen.seed, ...seen.changes }),
  }))
}

function cellResult(outcome: CellOutcome, plan: FaultPlan = []): CellResult {
  const { cell, tally } = outcome
  const { scenario, mode } = cell
  const anomalies = anomaliesOf(outcome)
  const excuse = excuseOf(tally.broken)
  const claims = claimResults(scenario.claims(mode), tally.points, excuse)
  const witnesses = witnessResults(scenario.witnesses(mode), outcome)
  const violated = anomalies.some(({ standing }) => standing === 'violation')
  // A promise without an answer, or nothing at all to be said: no green without evidence.
  const open = claims.some(({ promised, verdict }) => promised && verdict === 'undecided') || claims.every(isUndecided)
  const unseen = witnesses.some(({ required, count }) => required && count === 0)
  const unlanded = unlandedOf(outcome, plan)
  const incomplete = open || unseen || tally.runs === 0 || tally.notDeterministic !== undefined
  return {
    name: scenario.name,
    mode,
    verdict: violated ? 'violated' : incomplete ? 'incomplete' : 'holds',
    runs: tally.runs,
    counted: tally.counted,
    events: tally.events,
    traces: hex(tally.traces.high) + hex(tally.traces.low),
    claims,
    points: tally.points.map((point) => pointResult(point, excuse)),
    witnesses,
    evidence: evidenceResult(tally.evidence, tally.counted),
    statuses: Object.fromEntries(Object.entries(tally.statuses).map(([status, seen]) => [status, firstSeen(cell, seen)])),
    preconditionsBroken: brokenResults(outcome),
    anomalies,
    ...(unlanded.length > 0 && { unlanded: planInWords(unlanded) }),
  }
}

function hex(half: number): string {
  return half.toString(16).padStart(8, '0')
}

/** Whether a claim has no answer. */
export function isUndecided({ verdict }: ClaimResult): boolean {
  return verdict === 'undecided'
}

function firstSeen({ scenario, mode }: CellOutcome['cell'], { runs, seed, changes }: Seen): FirstSeen {
  return { runs, firstSeed: seed, token: formatToken({ scenario: scenario.name, mode, seed, ...changes }) }
}

function brokenResults({ cell, tally: { broken } }: CellOutcome): BrokenResult[] {
  return PRECONDITIONS.flatMap((name) => {
    const seen = broken[name]
    return seen === undefined ? [] : [{ name, message: seen.message, ...firstSeen(cell, seen) }]
  })
}

/** Why no run counts, where none does. */
function excuseOf(broken: CellOutcome['tally']['broken']): string {
  const names = PRECONDITIONS.filter((name) => broken[name] !== undefined)
  return names.length === 0 ? 'no runs' : `every run breaks a precondition (${names.join(', ')})`
}

/** The preconditions in the order of reports. */
const PRECONDITIONS: readonly PreconditionName[] = [
  'restart-budget-exceeded',
  'finished-before-its-barriers',
  'job-manager-lost-without-ha',
  'transaction-timed-out',
  'timed-out-while-writing',
  'opened-behind-its-successor',
  'held-up-by-given-up-attempt',
  'restored-passed-over-checkpoint',
  'rescaled-while-ending',
  'restore-refused',
  'restored-old-snapshot',
  'started-without-state',
]

/** Each promise at each point it speaks of; and at points without a promise, the strongest guarantee that is left. */
function claimResults(promises: readonly DeliveryPromise[], points: readonly PointTally[], excuse: string): ClaimResult[] {
  const nowhere = promises
    .filter(({ at }) => !points.some((point) => point.at === at))
    .map(({ guarantee, at }): ClaimResult => ({ ...NO_RUNS, guarantee, at, missing: `nothing was judged at ${at}` }))
  const judged = points.flatMap((point) => {
    const promised = promises.filter(({ at }) => at === point.at).map(({ guarantee }) => claimResult(point, guarantee, true, excuse))
    return promised.length > 0 ? promised : [claimResult(point, strongestLeft(point), false, excuse)]
  })
  return [...judged, ...nowhere]
}

const NO_RUNS = { promised: true, verdict: 'undecided', runs: 0, beyond: 0, violations: 0 } as const

/** The strongest guarantee that no counted run refutes; nothing is left to say without such runs. */
function strongestLeft({ refuted, runs }: PointTally): Guarantee {
  if (runs === 0) return 'none'
  return GUARANTEES.find((guarantee) => refuted[guarantee] === undefined) ?? 'none'
}

function claimResult(point: PointTally, guarantee: Guarantee, promised: boolean, excuse: string): ClaimResult {
  const { at, sink, runs, beyond, undecided, unidentified = 0, refuted, missing } = point
  const violations = refuted[guarantee] ?? 0
  const open = runs === 0 || unidentified > 0 || (undecided > 0 && guarantee !== 'at-most-once' && guarantee !== 'none')
  const verdict = violations > 0 ? 'violated' : open ? 'undecided' : 'holds'
  return {
    guarantee,
    at,
    ...(sink !== undefined && { sink }),
    promised,
    verdict,
    runs,
    beyond,
    violations,
    ...(verdict === 'holds' && { upperBound: rounded(Math.min(1, 3 / runs)) }),
    ...(verdict === 'undecided' && { missing: missing ?? excuse }),
  }
}

function pointResult(point: PointTally, excuse: string): PointResult {
  const { at, sink, runs, undecided, missing } = point
  const open = runs === 0 ? excuse : undecided > 0 ? missing : undefined
  return {
    at,
    ...(sink !== undefined && { sink }),
    runs,
    strongest: strongestLeft(point),
    ...(open !== undefined && { missing: open }),
  }
}

function witnessResults(required: readonly WitnessName[], { cell, tally }: CellOutcome): WitnessResult[] {
  const seen = tally.witnesses
  return WITNESSES.filter((name) => required.includes(name) || seen[name] !== undefined).map((name) => {
    const first = seen[name] && firstSeen(cell, seen[name])
    const { runs = 0, firstSeed = '', token } = first ?? {}
    return { name, required: required.includes(name), count: runs, firstSeed, ...(token !== undefined && { token }) }
  })
}

function evidenceResult(evidence: EvidenceTally, countedRuns: number): EvidenceResult {
  const part = (runs: number): number => (countedRuns === 0 ? 0 : rounded(runs / countedRuns))
  const { strikeRuns } = evidence
  return {
    ...evidence,
    faults: Object.fromEntries(Object.entries(evidence.faults).sort(([a], [b]) => (a < b ? -1 : 1))),
    countedRuns,
    fractions: {
      faultAfterCheckpoint: part(evidence.faultAfterCheckpoint),
      fullRecovery: part(evidence.fullRecovery),
      'trigger-to-last-ack': part(strikeRuns['trigger-to-last-ack']),
      'last-ack-to-store': part(strikeRuns['last-ack-to-store']),
      'store-to-last-notification': part(strikeRuns['store-to-last-notification']),
      'during-recovery': part(strikeRuns['during-recovery']),
    },
  }
}

function evidenceOfMode(mode: Mode, cells: readonly CellResult[]): CampaignResult['modes'][number] {
  const all = emptyEvidence()
  const ofMode = cells.filter((cell) => cell.mode === mode)
  for (const { evidence } of ofMode) addEvidence(all, evidence)
  const counted = sum(ofMode.map((cell) => cell.counted))
  return { mode, runs: sum(ofMode.map(({ runs }) => runs)), evidence: evidenceResult(all, counted) }
}

function defectsOf({ cell: { scenario, mode }, tally }: CellOutcome): DefectResult[] {
  return Object.entries(tally.defects).map(([message, { seed, runs, changes, ofJob }]) => ({
    scenario: scenario.name,
    mode,
    seed,
    token: formatToken({ scenario: scenario.name, mode, seed, ...changes }),
    message,
    runs,
    ...(ofJob && { ofJob }),
  }))
}

function notDeterministicIn({ cell, tally }: CellOutcome): NotDeterministicResult[] {
  if (tally.notDeterministic === undefined) return []
  const { seed, changes, run: _, ...found } = tally.notDeterministic
  const [scenario, mode] = [cell.scenario.name, cell.mode]
  return [{ scenario, mode, seed, token: formatToken({ scenario, mode, seed, ...changes }), ...found }]
}

/** The verdict that outweighs the others. */
export function worst(verdicts: readonly CampaignVerdict[]): CampaignVerdict {
  return (['violated', 'incomplete'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'holds'
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** Four significant digits are more than a few thousand runs can support. */
function rounded(part: number): number {
  return Number(part.toPrecision(4))
}
