/**
 * Session windows on a keyed stream (Flink: `WindowOperator` with a `MergingWindowAssigner` and `EventTimeTrigger`, no allowed lateness).
 * Each record opens a window of its own, which grows together with those that it touches: contents and identities absorbed move into
 * one namespace, and the timers of the parts give way to that of the whole. A record is late only when the window it has become part of is.
 *
 * Records at exactly the gap's distance touch. Whether they meet depends on whether the first has fired before the second is there, in
 * Flink as here.
 */
import { refusePromise } from '../../world/index.js'
import type { KeyedStateAccess, OperatorContext, StreamOperator } from '../operator.js'
import { timerIdentity, type StreamRecord } from '../record.js'
import { DerivedOutput } from './derived-output.js'
import { requireKeyed } from './keyed-process.js'
import { addWindow, windowsOf, windowsToValue, type OpenWindow } from './merging-window-set.js'
import { NO_LIST_STATE } from './operator-state.js'
import { deleteTimer, registerTimer } from './timers.js'
import type { MergingWindowAssigner } from './window-assigner.js'
import type { WindowContents } from './window-functions.js'
import { addToContents, CONTENTS, endLate, endUnused } from './window-operator.js'

/** Namespace of a key's open windows: no window begins there. */
const MERGING_WINDOW_SET = Number.MIN_SAFE_INTEGER
/** Name of the keyed state in it (Flink's own name of it). */
const WINDOWS = 'merging-window-set'

/** Collects records in sessions; `ordinal` is the operator's place in the job. */
export function sessionWindowOperator(
  assigner: MergingWindowAssigner,
  contents: WindowContents,
  ordinal: number,
): StreamOperator<null, never> {
  return {
    open: () => null,
    process(_state, record, _input, context, access) {
      const keyed = requireKeyed(access, context)
      const { windows, result, merged } = addWindow(openWindows(keyed), assigner.assign(record.timestamp))
      if (result.end - 1 <= context.watermark) return endLate(record, result.end - 1, context)
      for (const window of merged) mergeInto(result, window, contents, keyed, context)
      const again = !keyed.absorb(record.id, result.state)
      addToContents(contents, record.value, keyed, result.state, context)
      registerTimer(keyed, context, result.end - 1, result.start)
      setOpenWindows(keyed, windows)
      recordApply(record, keyed, again, context)
    },
    timer(_state, timestamp, start, context, keyed) {
      const windows = openWindows(keyed)
      const fired = windows.find((window) => window.start === start && window.end - 1 === timestamp)
      const result = fired && keyed.own(CONTENTS, fired.state)
      if (fired === undefined || result === undefined) return
      const causes = context.record && keyed.absorbed(fired.state)
      const cause = timerIdentity(keyed.key, fired.end, 0)
      const window = { start: fired.start, end: fired.end }
      const out = new DerivedOutput(context, ordinal, cause, timestamp, causes)
      refusePromise(contents.fire(keyed.key, window, result, out), context.vertex)
      if (!out.used) endUnused(causes, context)
      keyed.clear(fired.state)
      setOpenWindows(
        keyed,
        windows.filter((other) => other !== fired),
      )
    },
    snapshot: () => NO_LIST_STATE,
  }
}

function openWindows(keyed: KeyedStateAccess): readonly OpenWindow[] {
  return windowsOf(keyed.get(WINDOWS, MERGING_WINDOW_SET))
}

function setOpenWindows(keyed: KeyedStateAccess, windows: readonly OpenWindow[]): void {
  if (windows.length === 0) keyed.clear(MERGING_WINDOW_SET)
  else keyed.put(WINDOWS, windowsToValue(windows), MERGING_WINDOW_SET)
}

/** A window has become part of another: its timer goes, and what it holds goes over, unless that is where the whole's contents are. */
function mergeInto(whole: OpenWindow, part: OpenWindow, contents: WindowContents, keyed: KeyedStateAccess, context: OperatorContext): void {
  deleteTimer(keyed, context, part.end - 1, part.start)
  if (part.state === whole.state) return
  const [kept, moved] = [keyed.own(CONTENTS, whole.state), keyed.own(CONTENTS, part.state)]
  if (moved !== undefined) {
    const together = kept === undefined ? moved : refusePromise(contents.merge(kept, moved), context.vertex)
    keyed.put(CONTENTS, together, whole.state)
  }
  for (const id of keyed.absorbed(part.state)) keyed.absorb(id, whole.state)
  keyed.clear(part.state)
}

/** Windows that merge have no name that stays: a record is in one of its key's, and is told by the key alone. */
function recordApply({ id }: StreamRecord, keyed: KeyedStateAccess, again: boolean, context: OperatorContext): void {
  const { vertex, subtask, attempt } = context
  context.record?.({ kind: 'state-apply', id, key: String(keyed.key), ...(again && { again }), vertex, subtask, attempt })
}
