/** A user function over keyed state with event-time timers (Flink: `KeyedProcessFunction`, `KeyedProcessOperator`). */
import { refusePromise, UserCodeError } from '../../world/index.js'
import type { KeyedStateAccess, OperatorContext, StreamOperator } from '../operator.js'
import type { Key, StreamRecord, Value } from '../record.js'
import { DerivedOutput } from './derived-output.js'
import { NO_LIST_STATE } from './operator-state.js'
import type { ProcessContext } from './process.js'
import { askForFiring, noteFiring } from './timer-firings.js'
import { deleteTimer, registerTimer } from './timers.js'

/** A state of this name is shown by snapshots and, where a function declares it, checked against the records it absorbed. */
export const COUNT_STATE = 'count'

/** What a keyed function may do within one call. */
export interface KeyedProcessContext<R extends Value> extends ProcessContext<R> {
  readonly key: Key
  /** An object may be changed in place, as long as the call lasts; what snapshots hold does not change with it. */
  get(state: string): Value | undefined
  put(state: string, value: Value): void
  /** Drops everything that is kept for the key, and what it absorbed. */
  clear(): void
  /**
   * Wakes `onTimer` when the watermark has reached `timestamp`, µs: once for a key and timestamp, unless it is registered again after it
   * has fired. A timer for a time that has passed fires with the next watermark, and one that `onTimer` registers at once.
   *
   * What comes of a later firing has an identity of its own: the n-th firing for a key and timestamp is told from the others by its number,
   * which checkpoints hold with who has asked for it, whatever of the key is cleared. What is processed again asks for the same firing
   * again.
   *
   * At the end of the input every time has come: a timer that always registers the next one must stop when the watermark is
   * `MAX_WATERMARK`.
   */
  registerEventTimeTimer(timestamp: number): void
  deleteEventTimeTimer(timestamp: number): void
}

/** Pure code over the state of the current key. */
export interface KeyedProcessFunction<T extends Value, R extends Value> {
  /** State `count` is the number of records absorbed under the key. */
  readonly countsRecords?: boolean
  processElement(value: T, context: KeyedProcessContext<R>): void
  onTimer?(timestamp: number, context: KeyedProcessContext<R>): void
}

/** Runs a keyed function; `ordinal` is the operator's place in the job. */
export function keyedProcessOperator(fn: KeyedProcessFunction<Value, Value>, ordinal: number): StreamOperator<null, never> {
  return {
    open: () => null,
    process(_state, record, _input, context, access) {
      const keyed = requireKeyed(access, context)
      const repeated = !keyed.absorb(record.id)
      const call = new KeyedCall(context, keyed, ordinal, record.id, record.timestamp)
      refusePromise(fn.processElement(record.value, call), context.vertex)
      recordApply(record, keyed, repeated, fn.countsRecords === true, context)
    },
    timer(_state, timestamp, _namespace, context, keyed, firing) {
      const causes = context.record && keyed.absorbed()
      const cause = noteFiring(keyed, timestamp, firing)
      const call = new KeyedCall(context, keyed, ordinal, cause, timestamp, causes)
      refusePromise(fn.onTimer?.(timestamp, call), context.vertex)
    },
    snapshot: () => NO_LIST_STATE,
  }
}

/** Keyed state, where the job graph guarantees it. */
export function requireKeyed(keyed: KeyedStateAccess | undefined, context: OperatorContext): KeyedStateAccess {
  if (keyed === undefined) throw new UserCodeError(`${context.vertex}: keyed state can only be used after a keyBy`)
  return keyed
}

/** Notes that a record went into keyed state; `again` when it had before. */
export function recordApply(
  record: StreamRecord,
  keyed: KeyedStateAccess,
  again: boolean,
  counts: boolean,
  context: OperatorContext,
): void {
  if (context.record === undefined) return
  const { vertex, subtask, attempt } = context
  const count = counts ? keyed.get(COUNT_STATE) : undefined
  const { id } = record
  const key = String(keyed.key)
  // Literals without spreads: this runs for every record.
  if (typeof count !== 'number') context.record({ kind: 'state-apply', id, key, ...(again && { again }), vertex, subtask, attempt })
  else if (again) context.record({ kind: 'state-apply', id, key, count, again, vertex, subtask, attempt, seq: 0, t: 0 })
  else context.record({ kind: 'state-apply', id, key, count, vertex, subtask, attempt, seq: 0, t: 0 })
}

/** One call of a keyed function. */
export class KeyedCall extends DerivedOutput implements KeyedProcessContext<Value> {
  constructor(
    operator: OperatorContext,
    private readonly keyed: KeyedStateAccess,
    ordinal: number,
    cause: number,
    timestamp: number,
    causes?: readonly number[],
  ) {
    super(operator, ordinal, cause, timestamp, causes)
  }

  get key(): Key {
    return this.keyed.key
  }

  get(state: string): Value | undefined {
    return this.keyed.own(state)
  }

  put(state: string, value: Value): void {
    this.keyed.put(state, value)
  }

  clear(): void {
    this.keyed.clear()
  }

  registerEventTimeTimer(timestamp: number): void {
    registerTimer(this.keyed, this.operator, timestamp, 0, askForFiring(this.keyed, timestamp, this.cause))
  }

  deleteEventTimeTimer(timestamp: number): void {
    deleteTimer(this.keyed, this.operator, timestamp, 0)
  }
}
