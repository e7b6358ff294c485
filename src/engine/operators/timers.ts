/** Event-time timers of keyed state, as operators register them and as the history tells of them (Flink: `InternalTimerService`). */
import type { HistoryFact } from '../../history/index.js'
import type { KeyedStateAccess, OperatorContext } from '../operator.js'
import type { Key } from '../record.js'

/** Registers a timer of the current key at `timestamp` µs; `firing`: see `KeyTimer`. */
export function registerTimer(
  keyed: KeyedStateAccess,
  context: OperatorContext,
  timestamp: number,
  namespace: number,
  firing?: number,
): void {
  if (keyed.registerTimer(timestamp, namespace, firing)) recordTimer('registered', keyed.key, timestamp, namespace, context)
}

/** Deletes a timer of the current key, if there is one. */
export function deleteTimer(keyed: KeyedStateAccess, context: OperatorContext, timestamp: number, namespace: number): void {
  if (keyed.deleteTimer(timestamp, namespace)) recordTimer('deleted', keyed.key, timestamp, namespace, context)
}

/** Tells what happened to a timer; when it fires, with the watermark of its operator. */
export function recordTimer(
  action: Extract<HistoryFact, { kind: 'timer' }>['action'],
  timerKey: Key,
  at: number,
  namespace: number,
  context: OperatorContext,
): void {
  if (context.record === undefined) return
  const { vertex, subtask, attempt, watermark } = context
  const key = String(timerKey)
  if (action === 'fired') context.record({ kind: 'timer', action, key, namespace, at, watermark, vertex, subtask, attempt })
  else context.record({ kind: 'timer', action, key, namespace, at, vertex, subtask, attempt })
}
