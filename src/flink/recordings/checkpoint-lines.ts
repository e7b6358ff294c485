import type { RecordedLine } from './recorded-line.js'
import type { LineMapping, RecordingInProgress, SavepointFlags } from './recording-in-progress.js'

/** Lines about checkpoints and savepoints: the coordinator's, the operators' snapshots and restores, notifications. */
export const CHECKPOINT_LINES: Readonly<Record<string, LineMapping>> = {
  log_cp_trigger: triggered,
  log_cp_complete: completed,
  snapshot,
  init: initialised,
  notify_complete: (recording, line) => notified(recording, line, 'complete'),
  notify_abort: (recording, line) => notified(recording, line, 'abort'),
  coord_complete: (recording, line) => coordinatorNotified(recording, line, 'complete'),
  coord_abort: (recording, line) => coordinatorNotified(recording, line, 'abort'),
  stop_with_savepoint: (recording, line) => recording.add(line, { kind: 'savepoint', action: 'stop' }),
  trigger_savepoint: (recording, line) => recording.add(line, { kind: 'savepoint', action: 'triggered' }),
  savepoint_done: savepointDone,
}

function triggered(recording: RecordingInProgress, line: RecordedLine): void {
  const checkpoint = line.integer('cp')
  const flags = savepointFlags(line.optionalText('type') ?? '')
  if (flags !== undefined) recording.job.savepoints.set(checkpoint, flags)
  recording.add(line, { kind: 'checkpoint-triggered', checkpoint, ...flags })
}

/** `SavepointType{name='Suspend Savepoint', postCheckpointAction=SUSPEND, …}` stops the job; with NONE it does not. */
function savepointFlags(type: string): SavepointFlags | undefined {
  if (!type.startsWith('SavepointType')) return undefined
  return /postCheckpointAction=(?:SUSPEND|TERMINATE)/.test(type) ? { savepoint: true, synchronous: true } : { savepoint: true }
}

function completed(recording: RecordingInProgress, line: RecordedLine): void {
  const checkpoint = line.integer('cp')
  const flags = recording.job.savepoints.get(checkpoint)
  if (flags !== undefined) recording.job.lastSavepoint = checkpoint
  recording.add(line, { kind: 'checkpoint-completed', checkpoint, ...flags })
}

function snapshot(recording: RecordingInProgress, line: RecordedLine): void {
  const where = recording.where(line)
  const checkpoint = line.integer('cp')
  if (!line.has('state')) {
    recording.add(line, { kind: 'snapshot-taken', ...where, checkpoint })
    return
  }
  const state = line.numbers('state')
  const content = recording.sourceOf.has(where.vertex) ? { offsets: state } : { counts: state }
  recording.add(line, { kind: 'snapshot-taken', ...where, checkpoint, content })
}

function initialised(recording: RecordingInProgress, line: RecordedLine): void {
  const checkpoint = line.optionalInteger('restoredCp')
  const parallelism = recording.parallelisms.get(line)
  recording.add(line, {
    kind: 'restore',
    ...recording.where(line),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(line.has('state') ? { content: { counts: line.numbers('state') } } : {}),
    ...(parallelism === undefined ? {} : { parallelism }),
  })
}

function notified(recording: RecordingInProgress, line: RecordedLine, outcome: 'complete' | 'abort'): void {
  recording.add(line, { kind: 'checkpoint-notified', ...recording.where(line), checkpoint: line.integer('cp'), outcome })
}

function coordinatorNotified(recording: RecordingInProgress, line: RecordedLine, outcome: 'complete' | 'abort'): void {
  const vertex = recording.sourceOf.ofNotification(line)
  recording.add(line, { kind: 'checkpoint-notified', vertex, subtask: -1, attempt: 0, checkpoint: line.integer('cp'), outcome })
}

function savepointDone(recording: RecordingInProgress, line: RecordedLine): void {
  const path = line.optionalText('path')
  const checkpoint = recording.job.lastSavepoint
  recording.add(line, {
    kind: 'savepoint',
    action: 'done',
    ...(path === undefined ? {} : { path }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  })
}
