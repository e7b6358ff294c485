/** A run that shows an anomaly, told so that a reader can follow it. */
import type { Guarantee } from '../guarantees/index.js'
import type { HistoryEvent, RecordId } from '../history/index.js'
import type { Experiment, ExperimentResult } from './experiment.js'
import type { Explanation } from './explanation.js'
import { prioritiesInWords } from './drivers/priorities.js'
import { planInWords } from './plan-in-words.js'
import { RecordNames } from './record-names.js'
import { recordsOf, reductionInWords } from './reduction-in-words.js'
import type { Mode } from './scenario.js'
import type { Sighting } from './sighting.js'
import { tellingEvents } from './telling-events.js'

/** What one observation point still guarantees after a run. */
export interface GuaranteeLeft {
  readonly at: string
  readonly sink?: string
  readonly strongest: Guarantee
  /** Why it may be less. */
  readonly missing?: string
}

/** The story of one sighting. */
export interface Counterexample extends Pick<Sighting, 'standing' | 'guarantee' | 'at' | 'sink' | 'anomaly' | 'rule'> {
  readonly scenario: string
  readonly mode: Mode
  readonly seed: string
  readonly message: string
  /** Names of the first records it concerns. */
  readonly records: readonly string[]
  /** Records, keys or times that it concerns in all. */
  readonly concerned: number
  /** What led to it, in the order of the run: the causes that an explanation has proven, or else the events that tell most of it. */
  readonly events: readonly HistoryEvent[]
  /** Why it came about; absent where nobody looked into it. */
  readonly explanation?: Explanation
  /** Names of the records that the events mention, by identity. */
  readonly names: ReadonlyMap<RecordId, string>
  /** One sentence for each fault of the plan. */
  readonly plan: readonly string[]
  /** Who is late in the run, in a sentence; absent: latencies were drawn one by one. */
  readonly priorities?: string
  /** Faults of the plan before it was made smaller. */
  readonly faultsBefore: number
  /** Records of the job, and those that are left in it. */
  readonly jobRecords: { readonly all: number; readonly left: number }
  /** What else of the job was made smaller, a sentence each. */
  readonly reduction: readonly string[]
  /** What the run still guarantees. */
  readonly left: readonly GuaranteeLeft[]
  /** Preconditions that the run breaks, in sentences. */
  readonly beyond: readonly string[]
  readonly token: string
  readonly traceHash: string
  readonly steps: number
}

/** What tells of a run: the run itself with its whole history, and how it is found again. */
export interface ToldRun {
  readonly experiment: Experiment
  /** Ran with `keepHistory`. */
  readonly result: ExperimentResult
  readonly token: string
  readonly faultsBefore: number
}

/** Records that a counterexample names. */
const MOST_RECORDS = 5

/** Tells how a sighting came about, with the causes that an explanation has found where there is one. */
export function counterexampleOf(run: ToldRun, sighting: Sighting, explanation?: Explanation): Counterexample {
  const { experiment, result, token, faultsBefore } = run
  const { scenario, mode, seed, plan, priorities, reduction = {} } = experiment
  const { finding, ...kind } = sighting
  const names = new RecordNames(result.history)
  const because = explanation?.because ?? []
  const events = because.length > 0 ? because : tellingEvents(result.history, finding)
  const mentioned = events.flatMap((event) => ('id' in event ? [event.id] : []))
  return {
    ...kind,
    scenario: scenario.name,
    mode,
    seed,
    message: finding.message,
    records: finding.records.slice(0, MOST_RECORDS).map((id) => names.of(id)),
    concerned: finding.count ?? Math.max(1, finding.records.length),
    events,
    ...(explanation !== undefined && { explanation }),
    names: new Map(mentioned.map((id) => [id, names.of(id)])),
    plan: planInWords(plan),
    ...(priorities && { priorities: prioritiesInWords(priorities) }),
    faultsBefore,
    jobRecords: recordsOf(result.setUp),
    reduction: reductionInWords(reduction),
    left: guaranteesLeft(result),
    beyond: (result.verdict?.preconditionsBroken ?? []).map(({ message }) => message),
    token,
    traceHash: result.traceHash,
    steps: result.steps,
  }
}

/** What a run still guarantees at each point. */
export function guaranteesLeft({ verdict }: ExperimentResult): GuaranteeLeft[] {
  return (verdict?.points ?? []).map(({ at, sink, strongest, missing }) => ({
    at,
    ...(sink !== undefined && { sink }),
    strongest,
    ...(missing !== undefined && { missing }),
  }))
}
