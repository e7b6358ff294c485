/**
 * User functions over the state of a key and over broadcast state (Flink: `KeyedBroadcastProcessFunction`,
 * `CoBroadcastWithKeyedOperator`). Broadcast elements have no key: they see and change broadcast state only.
 */
import { refusePromise } from '../../world/index.js'
import type { KeyedStateAccess, OperatorContext, StreamOperator } from '../operator.js'
import type { Value } from '../record.js'
import {
  BroadcastMap,
  openBroadcastState,
  snapshotBroadcastState,
  type MapStateDescriptor,
  type OperatorBroadcastState,
  type ReadOnlyBroadcastState,
} from '../state/broadcast-state.js'
import { GivenObjects } from '../state/given-objects.js'
import { processBroadcastElement, type BroadcastContext } from './broadcast-process.js'
import { KeyedCall, recordApply, requireKeyed, type KeyedProcessContext } from './keyed-process.js'
import { noteFiring } from './timer-firings.js'

/** What a function may do with an element that has a key, and with a timer (Flink: `ReadOnlyContext`, `OnTimerContext`). */
export interface KeyedReadOnlyContext<R extends Value> extends KeyedProcessContext<R> {
  getBroadcastState(descriptor: MapStateDescriptor): ReadOnlyBroadcastState
}

/** Pure code over the state of the current key and broadcast state. */
export interface KeyedBroadcastProcessFunction<T extends Value, B extends Value, R extends Value> {
  /** State `count` is the number of records absorbed under the key. */
  readonly countsRecords?: boolean
  processElement(value: T, context: KeyedReadOnlyContext<R>): void
  processBroadcastElement(value: B, context: BroadcastContext<R>): void
  onTimer?(timestamp: number, context: KeyedReadOnlyContext<R>): void
}

/** Runs a function; `names` are those of the broadcast state, `ordinal` is the operator's place in the job. */
export function keyedBroadcastProcessOperator(
  fn: KeyedBroadcastProcessFunction<Value, Value, Value>,
  names: readonly string[],
  ordinal: number,
): StreamOperator<OperatorBroadcastState, never> {
  return {
    open: (context, restored) => openBroadcastState(names, restored, context),
    process(state, record, input, context, access) {
      if (input === 1) return processBroadcastElement(fn, state, record, context, ordinal)
      const keyed = requireKeyed(access, context)
      const again = !keyed.absorb(record.id)
      const call = new KeyedBroadcastCall(state, context, keyed, ordinal, record.id, record.timestamp)
      refusePromise(fn.processElement(record.value, call), context.vertex)
      recordApply(record, keyed, again, fn.countsRecords === true, context)
    },
    timer(state, timestamp, _namespace, context, keyed, firing) {
      const causes = context.record && keyed.absorbed()
      const cause = noteFiring(keyed, timestamp, firing)
      const call = new KeyedBroadcastCall(state, context, keyed, ordinal, cause, timestamp, causes)
      refusePromise(fn.onTimer?.(timestamp, call), context.vertex)
    },
    snapshot: snapshotBroadcastState,
  }
}

class KeyedBroadcastCall extends KeyedCall implements KeyedReadOnlyContext<Value> {
  private readonly given = new GivenObjects()

  constructor(
    private readonly broadcast: OperatorBroadcastState,
    private readonly context: OperatorContext,
    keyed: KeyedStateAccess,
    ordinal: number,
    cause: number,
    timestamp: number,
    causes?: readonly number[],
  ) {
    super(context, keyed, ordinal, cause, timestamp, causes)
  }

  getBroadcastState({ name }: MapStateDescriptor): ReadOnlyBroadcastState {
    return new BroadcastMap(this.broadcast, name, this.given, this.context.vertex)
  }
}
