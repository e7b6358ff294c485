/**
 * The windows of one key that are open and may still grow together (Flink: `MergingWindowSet`, `TimeWindow.mergeWindows`). A window that
 * has grown keeps its contents where its first part has put them: in the namespace of its *state window*, told by that one's start.
 */
import type { Value } from '../record.js'
import { listOf } from './members.js'
import type { TimeWindow } from './window-assigner.js'

/** A window that is open, and the namespace of its contents. */
export interface OpenWindow extends TimeWindow {
  readonly state: number
}

/** What came of one more window. */
export interface Merge {
  /** All that are open now, by start. */
  readonly windows: readonly OpenWindow[]
  /** The one that the new window is in now. */
  readonly result: OpenWindow
  /** Those that are gone because they are part of it, by start. */
  readonly merged: readonly OpenWindow[]
}

/** Adds a window to those that are open. Windows that touch are merged, too. */
export function addWindow(open: readonly OpenWindow[], added: TimeWindow): Merge {
  const touched = open.filter((window) => window.start <= added.end && window.end >= added.start)
  const start = Math.min(added.start, ...touched.map((window) => window.start))
  const end = Math.max(added.end, ...touched.map((window) => window.end))
  // Flink takes any of their state windows; ours is always the first, so that a replay takes the same.
  const result = { start, end, state: touched[0]?.state ?? added.start }
  const others = open.filter((window) => !touched.includes(window))
  const windows = [...others, result].sort((a, b) => a.start - b.start)
  // One that holds the new window as it is has not changed.
  return { windows, result, merged: touched.filter((window) => window.start !== start || window.end !== end) }
}

/** The set as keyed state holds it. */
export function windowsToValue(windows: readonly OpenWindow[]): Value {
  return windows.map(({ start, end, state }) => [start, end, state])
}

/** The set as it was put there. */
export function windowsOf(value: Value | undefined): readonly OpenWindow[] {
  return listOf(value).map((entry) => {
    const [start, end, state] = listOf(entry)
    return { start: Number(start), end: Number(end), state: Number(state) }
  })
}
