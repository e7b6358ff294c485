import type { AnyOperator } from '../actor-types.js'
import type { JobConfiguration } from '../configuration.js'
import type { KeptRecords } from '../operators/narrowed-source.js'
import type { Key, Value } from '../record.js'

/** How an edge distributes records over the consumer's subtasks (Flink: `StreamPartitioner`). */
export type ShipStrategy = 'FORWARD' | 'RESCALE' | 'HASH' | 'REBALANCE' | 'BROADCAST' | 'SHUFFLE' | 'GLOBAL'

/** The key of a record, as a pure function of its value. */
export type KeySelector = (value: Value) => Key

/** An edge between two vertices: one result partition of the producer, one input gate of the consumer. */
export interface JobEdge {
  readonly id: number
  readonly from: number
  readonly to: number
  readonly ship: ShipStrategy
  /** Which input of the consumer's head operator it feeds, from 0. */
  readonly input: number
  /** With HASH. */
  readonly keyOf?: KeySelector
}

/** Where a chained operator's output goes. `tag` is set for a side output. */
export type ChainOutput =
  | { readonly to: 'operator'; readonly operator: number; readonly tag?: string }
  | { readonly to: 'edge'; readonly edge: number; readonly tag?: string }

/** What an operator is for. A two-phase sink is a `sink` (its writer) and a `committer`. */
export type OperatorRole = 'source' | 'operator' | 'sink' | 'committer'

/** An operator within the chain that one task runs. Index 0 is the head. */
export interface ChainedOperator {
  /** Ordinal over the whole job: part of the identities it makes. */
  readonly ordinal: number
  readonly name: string
  /** Flink's operator id: state of a checkpoint is mapped by it. */
  readonly uid: string
  readonly role: OperatorRole
  /** It keeps state that absorbs records (`state-apply` in the history). */
  readonly stateful: boolean
  /** Its code may put nothing out of what its state has absorbed. */
  readonly selective?: true
  /** False: a replay of the same records may make other ones (see `SingleOutputStreamOperator.nondeterministic`). */
  readonly deterministic?: false
  readonly code: AnyOperator
  /** Key selectors by input, for operators on a keyed stream. */
  readonly keyOf: readonly KeySelector[]
  readonly outputs: readonly ChainOutput[]
  /** Splits of a source, in order; ordinals of splits count over all sources of the job from `firstSplit`. */
  readonly splits?: readonly string[]
  /** Where a source begins to read a split when no state says otherwise; absent: at 0. */
  readonly startOffset?: (split: string) => number
  /** Of a source: it never ends. */
  readonly unbounded?: boolean
  /** Of a source: no checkpoint has its positions. */
  readonly withoutPositions?: boolean
  /** Of a source: its code, for a part of its records. */
  readonly narrowed?: (kept: readonly KeptRecords[]) => AnyOperator
}

/** A vertex: a chain of operators that runs as `parallelism` tasks. */
export interface JobVertex {
  readonly id: number
  readonly name: string
  readonly parallelism: number
  readonly operators: readonly ChainedOperator[]
  /** Edges into the head, in the order of the gate's channels. */
  readonly inputs: readonly JobEdge[]
  readonly outputs: readonly JobEdge[]
  /** Time one element keeps the task busy, µs. */
  readonly workUs: number
}

/** A job as it is deployed (Flink: `JobGraph`); vertices in topological order, `id` = index. */
export interface JobGraph {
  readonly name: string
  readonly vertices: readonly JobVertex[]
  readonly edges: readonly JobEdge[]
  readonly configuration: JobConfiguration
  /** Serialised size of a record, bytes. */
  readonly recordBytes: number
}

/** Whether every consumer subtask reads every producer subtask (Flink: ALL_TO_ALL against POINTWISE). */
export function isAllToAll(ship: ShipStrategy): boolean {
  return ship !== 'FORWARD' && ship !== 'RESCALE'
}

/** Producer subtasks that a consumer subtask reads over an edge, in the order of its channels. */
export function producersOf(edge: JobEdge, producers: number, consumers: number, consumer: number): readonly number[] {
  return upTo(producers, (producer) => feeds(edge, producers, consumers, producer, consumer))
}

/** Consumer subtasks that a producer subtask feeds over an edge, in the order of its subpartitions. */
export function consumersOf(edge: JobEdge, producers: number, consumers: number, producer: number): readonly number[] {
  return upTo(consumers, (consumer) => feeds(edge, producers, consumers, producer, consumer))
}

function upTo(end: number, which: (subtask: number) => boolean): readonly number[] {
  const found: number[] = []
  for (let subtask = 0; subtask < end; subtask++) if (which(subtask)) found.push(subtask)
  return found
}

/** Whether a producer subtask feeds a consumer subtask over an edge. */
export function feeds(edge: JobEdge, producers: number, consumers: number, producer: number, consumer: number): boolean {
  if (isAllToAll(edge.ship)) return true
  // Pointwise: ranges of the larger side are dealt to the smaller one (Flink: `VertexInputInfoComputationUtils`).
  const firstOf = (index: number): number => Math.floor((index * producers) / consumers)
  if (producers >= consumers) return firstOf(consumer) <= producer && producer < firstOf(consumer + 1)
  return Math.floor((consumer * producers) / consumers) === producer
}
