import { betweenCheckpointsUs, type ClusterSize, type JobConfiguration, type JobGraph } from '../engine/index.js'
import type { DeliveryPromise, SplitSize } from '../history/index.js'
import type { ProcessRef, World } from '../world/index.js'

/** The checkpointing modes a scenario runs in. */
export type Mode = 'aligned' | 'at-least-once' | 'off'
/** All modes, in the order of reports. */
export const MODES: readonly Mode[] = ['aligned', 'at-least-once', 'off']

/** A story: a job, what it claims in each mode, and which faults apply. */
export interface Scenario {
  readonly name: string
  /** One sentence for the table and `list`. */
  readonly about: string
  readonly modes: readonly Mode[]
  /** More goes wrong than it must survive; see `beyondBudget`. */
  readonly discipline?: 'beyond-budget'
  /** What is claimed in this mode, at `state` or an observation point; a claim must hold in every run within its preconditions. */
  claims(mode: Mode): readonly DeliveryPromise[]
  /** What a campaign must have seen at least once, or its green means nothing. */
  witnesses(mode: Mode): readonly WitnessName[]
  /** Builds the outside world and the job; nothing is started. */
  setUp(world: World, mode: Mode): JobSetUp
}

/** Facts that a campaign has to reach, by the names that reports use. */
export type WitnessName =
  | 'duplicated-state'
  | 'duplicated-output'
  | 'lost-output'
  | 'lost-state'
  | 'phantom-output'
  | 'recovered'
  | 'repeated-commit'
  | 'aborted-checkpoint'
  | 'failed-by-checkpoints'
  | 'beyond-preconditions'

/** What a scenario has put into the world. */
export interface JobSetUp {
  readonly graph: JobGraph
  readonly cluster: ClusterSize
  /** Processes of outside systems, by the order in which they start. Those that a fault may restart are `strikable`. */
  readonly outside: readonly { readonly process: ProcessRef; readonly strikable: boolean }[]
  /** Where the output of each sink (by operator name) is looked at. */
  readonly observed: ReadonlyMap<string, readonly string[]>
  readonly splits: readonly SplitSize[]
  /** Flink's keys as they are in force, for reports. */
  readonly configuration: Readonly<Record<string, string>>
  /** How long the outside world is watched after the job has ended, µs: until readers have seen everything. */
  readonly settleUs: number
  /** The job is stuck when it has not ended by then, µs. */
  readonly limitUs: number
}

/** At least so long something new may go wrong, µs, and for as many checkpoints: about ten, or twenty, fall into a run. */
const SAFETY_PHASE_US = 10_000_000
const SAFETY_PHASE_CHECKPOINTS = 36

/**
 * Until when something new may go wrong, µs: at least twice as long as a run takes, and early enough for the job to end within its limit.
 */
export function safetyPhaseUs({ graph, limitUs }: JobSetUp): number {
  const { checkpointing } = graph.configuration
  const wantedUs = checkpointing.enabled ? SAFETY_PHASE_CHECKPOINTS * betweenCheckpointsUs(checkpointing) : 0
  return Math.max(SAFETY_PHASE_US, Math.min(wantedUs, Math.floor(limitUs / 2)))
}

/** The mode as Flink's configuration says it. */
export function checkpointingMode(mode: Mode): Pick<JobConfiguration['checkpointing'], 'enabled' | 'mode'> {
  return { enabled: mode !== 'off', mode: mode === 'at-least-once' ? 'AT_LEAST_ONCE' : 'EXACTLY_ONCE' }
}
