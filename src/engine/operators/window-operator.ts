/**
 * Event-time windows on a keyed stream (Flink: `WindowOperator` with `EventTimeTrigger`, no allowed lateness). A window fires when
 * the watermark reaches its last µs, and is gone; what comes for it afterwards is late.
 *
 * The namespace of keyed state is the window's start. What makes a result is the key, the window and the operator, so that a replay
 * that fires the window again makes the same identity.
 */
import { refusePromise } from '../../world/index.js'
import type { KeyedStateAccess, OperatorContext, StreamOperator } from '../operator.js'
import { timerIdentity, type StreamRecord, type Value } from '../record.js'
import { DerivedOutput } from './derived-output.js'
import { requireKeyed } from './keyed-process.js'
import { NO_LIST_STATE } from './operator-state.js'
import { registerTimer } from './timers.js'
import type { TimeWindow, WindowAssigner } from './window-assigner.js'
import type { WindowContents } from './window-functions.js'

/** Name of the keyed state (Flink's own name of it). */
export const CONTENTS = 'window-contents'

/** Collects records in windows; `ordinal` is the operator's place in the job. */
export function windowOperator(assigner: WindowAssigner, contents: WindowContents, ordinal: number): StreamOperator<null, never> {
  return {
    open: () => null,
    process(_state, record, _input, context, access) {
      const keyed = requireKeyed(access, context)
      addToWindows(assigner, record, keyed, context, (start) => {
        addToContents(contents, record.value, keyed, start, context)
      })
    },
    timer(_state, timestamp, start, context, keyed) {
      const window = windowAt(assigner, start)
      const result = keyed.own(CONTENTS, start)
      if (result === undefined) return
      const causes = context.record && keyed.absorbed(start)
      const cause = timerIdentity(keyed.key, window.end, 0)
      const out = new DerivedOutput(context, ordinal, cause, timestamp, causes)
      refusePromise(contents.fire(keyed.key, window, result, out), context.vertex)
      if (!out.used) endUnused(causes, context, windowKey(keyed, start))
      keyed.clear(start)
    },
    snapshot: () => NO_LIST_STATE,
  }
}

/** A record has come when event time had reached the last µs of its last window; `-Infinity` where it has none. */
export function endLate({ id }: StreamRecord, until: number, { record, watermark, vertex, subtask, attempt }: OperatorContext): void {
  const times = Number.isFinite(until) ? { until, watermark } : {}
  record?.({ kind: 'record-ended', id, why: 'late', ...times, vertex, subtask, attempt })
}

/** A window has fired, and its function has made nothing of it. Its records may be in others: then what has ended goes by the `key`. */
export function endUnused(absorbed: readonly number[] | undefined, context: OperatorContext, key?: string): void {
  const { record, vertex, subtask, attempt } = context
  for (const id of absorbed ?? []) {
    record?.({ kind: 'record-ended', id, why: 'filtered', ...(key !== undefined && { key }), vertex, subtask, attempt })
  }
}

/** The window that begins at `start`, as the history names it. */
export function windowKey({ key }: KeyedStateAccess, start: number): string {
  return `${String(key)}@${String(start)}`
}

/** Adds a value to the contents of the window whose contents are in this namespace. */
export function addToContents(
  contents: WindowContents,
  value: Value,
  keyed: KeyedStateAccess,
  namespace: number,
  context: OperatorContext,
): void {
  const before = contents.inUserCode ? keyed.own(CONTENTS, namespace) : keyed.get(CONTENTS, namespace)
  keyed.put(CONTENTS, refusePromise(contents.add(before, value), context.vertex), namespace)
}

/** The window that begins at `start`. */
export function windowAt(assigner: WindowAssigner, start: number): TimeWindow {
  return { start, end: start + assigner.size }
}

/** Adds a record to each of its windows that is still open; one that has none is late and ends here. */
export function addToWindows(
  assigner: WindowAssigner,
  record: StreamRecord,
  keyed: KeyedStateAccess,
  context: OperatorContext,
  add: (start: number) => void,
): void {
  const { vertex, subtask, attempt } = context
  let late = true
  let until = -Infinity
  for (const start of assigner.assign(record.timestamp)) {
    const last = start + assigner.size - 1
    until = Math.max(until, last)
    if (last <= context.watermark) continue
    late = false
    const again = !keyed.absorb(record.id, start)
    add(start)
    registerTimer(keyed, context, last, start)
    const key = windowKey(keyed, start)
    context.record?.({ kind: 'state-apply', id: record.id, key, ...(again && { again }), vertex, subtask, attempt })
  }
  // A record between windows that leave gaps has none, and no time at which it would have been late.
  if (late) endLate(record, until, context)
}
