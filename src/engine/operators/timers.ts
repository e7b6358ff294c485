/** Event-time timers of keyed state, as operators register them and as the history tells of them (Flink: `InternalTimerService`). */
import type { HistoryFact } from '../../history/index.js'
import type { KeyedStateAccess, OperatorContext } from '../operator.js'
import { timerIdentity, type Key } from '../record.js'
import { listOf } from './members.js'

/**
 * Namespace of what is noted of a key's timers that have fired, under their times: a function's own state is in another, so that it cannot
 * clear it. Each has a name of its own there, so that one more costs no more the more there are.
 */
const FIRED = Number.MIN_SAFE_INTEGER

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

/** Registers a timer of the current key that may have fired before. */
export function registerTimerAgain(keyed: KeyedStateAccess, context: OperatorContext, timestamp: number): void {
  // The time, and how often: digests of state go by what is noted, not by its name.
  const [, firings] = listOf(keyed.get(String(timestamp), FIRED))
  registerTimer(keyed, context, timestamp, 0, typeof firings === 'number' ? firings : undefined)
}

/**
 * Notes that a timer of the current key fires, which may be registered again, and tells the identity of what it brings about.
 *
 * Whether it has fired before cannot be seen from the watermark: a restore begins that anew, and a replay meets it elsewhere. Nor can it be
 * told from the record that has registered it: another one may be the first in a replay. So firings are counted, and the count is state.
 */
export function noteFiring(keyed: KeyedStateAccess, timestamp: number, firing = 0): number {
  keyed.put(String(timestamp), [timestamp, firing + 1], FIRED)
  return timerIdentity(keyed.key, timestamp, firing)
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
