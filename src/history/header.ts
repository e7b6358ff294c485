/** The first line of a history: what was run, so that a history can be judged without anything else. */

/** Version of the event schema; a reader refuses newer ones. */
export const HISTORY_SCHEMA = 1

/** One operator of the job as the history names it. */
export interface OperatorShape {
  readonly name: string
  readonly role: 'source' | 'operator' | 'sink' | 'committer'
  readonly parallelism: number
  /** Names of the operators it reads from, once for each edge. */
  readonly inputs: readonly string[]
  /** Name of the task it runs in, where operators are chained and `task-status` names the chain; absent when it is its own name. */
  readonly task?: string
  /** True when it keeps state that absorbs records (`state-apply` events). */
  readonly stateful?: boolean
  /** True when its code decides what comes of what its state has absorbed: that may be nothing, and nothing says so. */
  readonly selective?: true
  /** False when a replay of the same records may make other ones: it looks at the clock, or its code says so. */
  readonly deterministic?: false
  /** Sources: no checkpoint has their positions; what a restored reader is given is up to the other side, such as a queue. */
  readonly withoutPositions?: true
  /** Sources: the same identity is that of several of its records, and nothing else tells them apart. */
  readonly sharedIdentities?: true
  /** Sinks: where output is looked at, and what the sink promises there by its configuration. */
  readonly observed?: readonly string[]
}

/** What was run: the job, its configuration, and what somebody promised of it. */
export interface HistoryHeader {
  readonly millrace: 'history'
  readonly schema: number
  readonly origin: 'simulated' | 'checked' | 'recorded'
  readonly scenario: string
  readonly operators: readonly OperatorShape[]
  /** Splits of the sources, where known. */
  readonly splits?: readonly SplitSize[]
  /** Effective configuration, Flink's keys verbatim. */
  readonly configuration: Readonly<Record<string, string>>
  /** `aligned` and `at-least-once` are the checkpointing modes; `off` is without checkpoints. */
  readonly mode: 'aligned' | 'unaligned' | 'at-least-once' | 'off'
  readonly seed?: string
  /** Number of events that follow, where the writer knew it: with it a reader notices a file that was cut at the end of a line. */
  readonly events?: number
  /** More went wrong than a correct system must survive: it only owes that it fails cleanly, and no wrong answer. */
  readonly discipline?: 'beyond-budget'
  /** How long the outside was watched behind the end of the job, µs; absent where nobody knows that all was quiet then. */
  readonly watchedUs?: number
  /** This history goes on from an event of another one: it is a branch of its family. */
  readonly branch?: BranchPoint
  /** What the origin's own summary says the job was asked to promise (recordings); free of interpretation. */
  readonly promises?: readonly DeliveryPromise[]
}

/** Where a branch leaves the history of its parent. */
export interface BranchPoint {
  /** What names the parent: its seed. */
  readonly parent: string
  /** `seq` of the parent's last event that belongs to the branch, too; the branch's own events count on from there. */
  readonly event: number
  /** The checkpoint that a new job restores in it. */
  readonly checkpoint: number
  /** The parallelism of the new job, by name of the task, where it is not that of the parent. */
  readonly parallelism?: Readonly<Record<string, number>>
}

/** A guarantee someone promised at an observation point (`state` for operator state). */
export interface DeliveryPromise {
  readonly guarantee: 'exactly-once' | 'at-least-once' | 'at-most-once' | 'none'
  readonly at: string
}

/** A split of a source. */
export interface SplitSize {
  readonly vertex: string
  readonly split: string
  /** How many records of it are read. */
  readonly records: number
  /** Its records have offsets below this; absent: below `records`, because none is left out. */
  readonly size?: number
}
