import { readerOf } from './readers-in-turn.js'
import { parallelismOf, type RecordedLine } from './recorded-line.js'
import type { LineMapping, RecordingInProgress } from './recording-in-progress.js'

/** Lines about the source: its coordinator, its readers, the records they hand on. */
export const SOURCE_LINES: Readonly<Record<string, LineMapping>> = {
  enum_assign: (recording, line) => splitsMoved(recording, line, 'split-assigned'),
  enum_addback: (recording, line) => splitsMoved(recording, line, 'split-returned'),
  reader_add: readerAdd,
  reader_start: readerStart,
  reader_end: readerEnd,
  emit: (recording, line) => emitted(recording, line, line.text('op')),
}

/** A record leaves the source `vertex`; its identity is `split:offset`. */
export function emitted(recording: RecordingInProgress, line: RecordedLine, vertex: string): void {
  const [split, offset] = line.position('id')
  const key = line.optionalText('key')
  recording.add(line, {
    kind: 'source-emit',
    ...recording.where(line),
    vertex,
    id: line.text('id'),
    split,
    offset,
    ...(key === undefined ? {} : { key }),
  })
}

/** Whose splits they are may be left open: then nothing is said of them. */
function splitsMoved(recording: RecordingInProgress, line: RecordedLine, kind: 'split-assigned' | 'split-returned'): void {
  for (const [split, offset] of line.splits('splits')) {
    const vertex = recording.sourceOf.ofSplit(line, split)
    if (vertex !== undefined) recording.add(line, { kind, vertex, subtask: line.integer('sub'), split, offset })
  }
}

/** A reader gets splits before it starts only from the state that it restores; afterwards they come from the coordinator. */
function readerAdd(recording: RecordingInProgress, line: RecordedLine): void {
  const reader = readerOf(line)
  const splits = line.splits('splits')
  const held = recording.beforeStart.get(reader)
  if (held === undefined && recording.beforeStart.has(reader)) {
    for (const [split, offset] of splits) recording.add(line, { kind: 'split-added', ...recording.where(line), split, offset })
    return
  }
  const all = [...(held?.splits ?? []), ...splits].sort(([a], [b]) => (a < b ? -1 : 1))
  recording.beforeStart.set(reader, { line: held?.line ?? line, splits: all })
}

/** A starting reader tells once more what it restored; told alike it is one event, told otherwise it is two. */
function readerStart(recording: RecordingInProgress, line: RecordedLine): void {
  const held = recording.beforeStart.get(readerOf(line))
  recording.beforeStart.set(readerOf(line), undefined)
  const splits = line.splits('splits')
  if (held !== undefined) restored(recording, held.line, held.splits, parallelismOf(line))
  if (held === undefined || JSON.stringify(held.splits) !== JSON.stringify(splits)) restored(recording, line, splits, parallelismOf(line))
}

/** One reader of a hybrid source ends and another one goes on: that is not the end of the input. */
function readerEnd(recording: RecordingInProgress, line: RecordedLine): void {
  if (!recording.turns.isFollowed(line)) recording.add(line, { kind: 'end-of-input', ...recording.where(line) })
}

function restored(
  recording: RecordingInProgress,
  line: RecordedLine,
  offsets: readonly (readonly [string, number])[],
  parallelism: { parallelism?: number },
): void {
  // A reader's line does not name the checkpoint; what a task restores can only be what the job master chose, with its first reader.
  const chosen = recording.turns.follows(line) ? undefined : recording.job.chosen
  recording.add(line, {
    kind: 'restore',
    ...recording.where(line),
    ...(chosen === undefined ? {} : { checkpoint: chosen }),
    content: { offsets },
    ...parallelism,
  })
}
