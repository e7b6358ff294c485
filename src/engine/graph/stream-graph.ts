/**
 * A job as it is written down: operators and the streams between them (Flink: `Transformation`, `StreamGraph`). The fluent API
 * builds one; `stream-graph-to-job-graph.ts` makes the job graph of it.
 */
import type { AnyOperator } from '../actor-types.js'
import type { JobConfiguration } from '../configuration.js'
import type { KeptRecords } from '../operators/narrowed-source.js'
import type { KeySelector, OperatorRole, ShipStrategy } from './job-graph.js'

/** What an operator learns about the job when it is built. */
export interface OperatorPlace {
  /** Ordinal of the operator over the whole job: part of the identities it makes. */
  readonly ordinal: number
  /** Ordinal of a source's first split over all sources of the job. */
  readonly firstSplit: number
  readonly configuration: JobConfiguration
  /** What a source reads of its splits; absent: all of it. */
  readonly kept?: readonly KeptRecords[]
}

/** Makes the operator at its place. */
export type OperatorFactory = (place: OperatorPlace) => AnyOperator

/** Whether an operator may run in one task with its neighbours (Flink: `ChainingStrategy`). */
export type ChainingStrategy = 'ALWAYS' | 'HEAD' | 'NEVER'

/** Where a stream comes from, and how it is distributed on the way. */
export interface StreamOrigin {
  readonly from: StreamNode
  /** The side output it is, if any. */
  readonly tag?: string
  /** Absent: forward where both sides have the same parallelism, else rebalance. */
  readonly ship?: ShipStrategy
  /** With HASH. */
  readonly keyOf?: KeySelector
}

/** A stream that an operator reads, at one of its inputs. */
export interface StreamInput extends StreamOrigin {
  readonly input: number
}

/** An operator of the job. What may be set later is mutable. */
export interface StreamNode {
  readonly id: number
  name: string
  uid: string | undefined
  parallelism: number
  chaining: ChainingStrategy
  deterministic: boolean
  /** Time one element keeps the task busy with this operator, µs. */
  workUs: number
  readonly role: OperatorRole
  /** It keeps state that absorbs records. */
  readonly stateful: boolean
  /** Its code may put nothing out of what its state has absorbed. */
  readonly selective?: true
  readonly make: OperatorFactory
  readonly inputs: readonly StreamInput[]
  /** Key selectors by input; empty unless the streams it reads are keyed. */
  readonly keyOf: readonly KeySelector[]
  /** Of a source. */
  readonly splits?: readonly string[]
  readonly startOffset?: (split: string) => number
  readonly unbounded?: boolean
  readonly withoutPositions?: boolean
  /** Of a sink that names its transactions by it. */
  readonly transactionalIdPrefix?: string
}

/** What differs from operator to operator. */
export interface NodeOptions {
  readonly name: string
  readonly make: OperatorFactory
  readonly inputs: readonly StreamInput[]
  readonly role?: OperatorRole
  readonly stateful?: boolean
  readonly selective?: true
  readonly keyOf?: readonly KeySelector[]
  readonly splits?: readonly string[]
  readonly startOffset?: (split: string) => number
  readonly unbounded?: boolean
  readonly withoutPositions?: boolean
  readonly transactionalIdPrefix?: string
  readonly parallelism?: number
}

/** The job; nodes are in the order of their making, which is a topological one. */
export class StreamGraph {
  readonly nodes: StreamNode[] = []
  parallelism = 1

  addNode({ role = 'operator', stateful = false, keyOf = [], parallelism = this.parallelism, ...rest }: NodeOptions): StreamNode {
    const node: StreamNode = {
      id: this.nodes.length,
      uid: undefined,
      chaining: 'ALWAYS',
      deterministic: true,
      workUs: 0,
      role,
      stateful,
      keyOf,
      parallelism,
      ...rest,
    }
    this.nodes.push(node)
    return node
  }
}
