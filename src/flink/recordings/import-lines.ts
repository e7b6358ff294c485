import { HistoryFormatError } from '../../history/index.js'
import { CHECKPOINT_LINES } from './checkpoint-lines.js'
import { completionPlaces } from './completion-place.js'
import { JOB_LINES } from './job-lines.js'
import type { RecordedLine } from './recorded-line.js'
import { type LineMapping, RecordingInProgress } from './recording-in-progress.js'
import type { RecordingShape } from './recording-shape.js'
import { SINK_LINES } from './sink-lines.js'
import { SOURCE_LINES } from './source-lines.js'

/**
 * The table from a recording's lines to the events of a history.
 *
 * | ev | kind |
 * | --- | --- |
 * | job_submit | job-status CREATED (opens a job: attempts count from 0 again, checkpoint ids may overlap) |
 * | job_state, job_end | job-status (job_end only when the status was not told before); RESTARTING to RUNNING also restart |
 * | task_state | task-status, under the name of the task |
 * | enum_assign, enum_addback | split-assigned, split-returned, one for each split |
 * | reader_add, reader_start | restore with offsets (what a reader got before it started), otherwise split-added |
 * | reader_end, end_input, sink_end | end-of-input |
 * | emit | source-emit |
 * | process | with a count state-apply; without one process, and source-emit of the source chained before it |
 * | init | restore |
 * | snapshot | snapshot-taken |
 * | notify_complete, notify_abort, coord_complete, coord_abort | checkpoint-notified; the source's coordinator is subtask -1 |
 * | log_cp_trigger, log_cp_complete | checkpoint-triggered, checkpoint-completed (see completion-place.ts) |
 * | sink_write, sink_flush | sink-write, sink-flush |
 * | txn_begin, precommit, commit_req, commit, abort | transaction-begun, pre-commit, commit-requested, commit, abort |
 * | recover_commit | commit-requested and commit: the legacy sink asks and is answered in one line |
 * | fault, tm_kill | fault |
 * | tm_killed, tm_started | process-crashed, process-started |
 * | close | closed; as of a killed process (`crash`) a fault |
 * | stop_with_savepoint, trigger_savepoint, savepoint_done | savepoint |
 * | out, out_committed, out_uncommitted | visible |
 * | log | restore-chosen (after checkpoint-completed, if the store was not sure of it), checkpoint-aborted, checkpoint-declined (see log-lines.ts) |
 * | enum_create, enum_restore, coord_trigger, cancel, rig_error | nothing: no rule asks for them |
 *
 * What a recording lacks is absent. A type that is not in the table is passed over and named in the result.
 */
const MAPPINGS: ReadonlyMap<string, LineMapping> = new Map(
  [JOB_LINES, SOURCE_LINES, CHECKPOINT_LINES, SINK_LINES].flatMap((table) => Object.entries(table)),
)

const NOT_MAPPED: ReadonlySet<string> = new Set(['enum_create', 'enum_restore', 'coord_trigger', 'cancel', 'rig_error'])

/**
 * Makes events of a recording's lines.
 * @throws HistoryFormatError when a field is missing or of the wrong type, no line is of a known type, or a job has no end
 */
export function importLines(lines: readonly RecordedLine[], shape: RecordingShape): RecordingInProgress {
  refuseForeign(lines)
  refuseUnfinished(lines)
  const recording = new RecordingInProgress(shape, lines)
  const places = completionPlaces(lines)
  const moved = new Map<number, RecordedLine[]>()
  for (const [from, to] of places) moved.set(to, [...(moved.get(to) ?? []), ...lines.slice(from, from + 1)])
  lines.forEach((line, index) => {
    for (const completion of moved.get(index) ?? []) take(recording, completion)
    if (!places.has(index)) take(recording, line)
  })
  return recording
}

function take(recording: RecordingInProgress, line: RecordedLine): void {
  const mapping = MAPPINGS.get(line.ev)
  if (mapping !== undefined) mapping(recording, line)
  else if (!NOT_MAPPED.has(line.ev) && !recording.unknown.has(line.ev)) recording.unknown.set(line.ev, line.seq)
}

/** A file of other JSON lines that happen to have the same three fields is no recording. */
function refuseForeign(lines: readonly RecordedLine[]): void {
  if (lines.some((line) => MAPPINGS.has(line.ev) || NOT_MAPPED.has(line.ev))) return
  throw new HistoryFormatError(1, `no line is of a known type; the first is ${lines[0]?.ev ?? 'missing'}`, [...MAPPINGS.keys()].join(', '))
}

/** Every job that was submitted ends, also one that was cancelled or failed: without that line the rest of the file is missing. */
function refuseUnfinished(lines: readonly RecordedLine[]): void {
  const submitted = lines.findLast((line) => line.ev === 'job_submit')
  if (submitted === undefined) return
  if (lines.some((line) => line.line > submitted.line && line.ev === 'job_end')) return
  throw new HistoryFormatError(
    lines.length,
    `the file ends before the job submitted in line ${submitted.line} does`,
    'the whole file; this one was truncated',
  )
}
