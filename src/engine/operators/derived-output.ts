import { refusePromise } from '../../world/index.js'
import type { OperatorContext } from '../operator.js'
import { derivedIdentity, type StreamRecord, type Value } from '../record.js'
import type { OutputTag } from './output-tag.js'

/** Takes what a user function makes (Flink: `Collector`). */
export interface Collector<R extends Value> {
  /** Emits a value; without a timestamp (µs) it gets that of what is being handled. */
  collect(value: R, timestamp?: number): void
}

/** A collector that reaches side outputs, too (Flink: `ProcessFunction.Context.output`). */
export interface SideCollector<R extends Value> extends Collector<R> {
  output<S extends Value>(tag: OutputTag<S>, value: S, timestamp?: number): void
}

/**
 * Emits what one call of an operator makes of one cause. Each output gets an identity of its own: that of the cause, the operator
 * and the index within the call, so that a replay makes the same.
 */
export class DerivedOutput implements SideCollector<Value> {
  private index = 0

  /** `cause` is the identity outputs are derived from; `causes` the records that made them, where it is not `cause` itself. */
  constructor(
    protected readonly operator: OperatorContext,
    private readonly ordinal: number,
    protected readonly cause: number,
    readonly timestamp: number,
    private readonly causes?: readonly number[],
  ) {}

  /** Whether anything was emitted. */
  get used(): boolean {
    return this.index > 0
  }

  get watermark(): number {
    return this.operator.watermark
  }

  processingTime(): number {
    return this.operator.processingTime()
  }

  collect(value: Value, timestamp = this.timestamp): void {
    this.operator.emit(this.derive(value, timestamp, undefined))
  }

  output(tag: OutputTag<Value>, value: Value, timestamp = this.timestamp): void {
    this.operator.emitToSide(tag.id, this.derive(value, timestamp, tag.id))
  }

  private derive(value: Value, timestamp: number, tag: string | undefined): StreamRecord {
    // What is made by a function that returns its result, as `map` does, comes here, too.
    refusePromise(value, this.operator.vertex)
    const id = derivedIdentity(this.cause, this.ordinal, this.index++)
    if (this.operator.record !== undefined) this.recordEmit(id, this.operator.destinations(tag))
    return { id, value, timestamp }
  }

  private recordEmit(id: number, to: readonly string[] | undefined): void {
    const { vertex, subtask, attempt } = this.operator
    const causes = this.causes ?? [this.cause]
    const kind = 'emit'
    if (to === undefined) this.operator.record?.({ kind, id, causes, vertex, subtask, attempt, seq: 0, t: 0 })
    else this.operator.record?.({ kind, id, causes, to, vertex, subtask, attempt, seq: 0, t: 0 })
  }
}
