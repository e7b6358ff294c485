import type { RecordedLine } from './recorded-line.js'

/**
 * Where completions belong in the order. Flink logs a completed checkpoint a little after it stored it, so that the line may come
 * after the first consequences of the completion (a notification, a commit). The coordinator's own times tell when it happened:
 * trigger plus duration. A completion is therefore put before its first consequence, provided that this consequence is not earlier
 * than that time and not earlier than the checkpoint's last snapshot. A consequence that is earlier stays where it is, for the rules to
 * find.
 *
 * @returns for the index of the line that logs a completion the index of the line before which it happened, where the two differ
 */
export function completionPlaces(lines: readonly RecordedLine[]): Map<number, number> {
  const places = new Map<number, number>()
  let job = newJob()
  lines.forEach((line, index) => {
    if (line.ev === 'job_submit') job = newJob()
    else if (line.ev === 'log_cp_complete') placeCompletion(job, line, index, places)
    else follow(job, line, index)
  })
  return places
}

/** What is known of one job's checkpoints. */
interface JobCheckpoints {
  readonly triggeredMs: Map<number, number>
  readonly lastSnapshot: Map<number, number>
  readonly completed: Set<number>
  /** Indices of lines that only a completion can cause, with the checkpoint; a commit names the one its transaction belongs to. */
  readonly consequences: { readonly checkpoint: number; readonly index: number; readonly ms: number }[]
  /** Transactions that are pre-committed and in no snapshot yet, per subtask; and the checkpoint of the others. */
  readonly preCommitted: Map<string, string[]>
  readonly checkpointOf: Map<string, number>
}

function newJob(): JobCheckpoints {
  return {
    triggeredMs: new Map(),
    lastSnapshot: new Map(),
    completed: new Set(),
    consequences: [],
    preCommitted: new Map(),
    checkpointOf: new Map(),
  }
}

function follow(job: JobCheckpoints, line: RecordedLine, index: number): void {
  switch (line.ev) {
    case 'log_cp_trigger':
      if (line.has('triggerTs')) job.triggeredMs.set(line.integer('cp'), line.integer('triggerTs'))
      return
    case 'snapshot':
      job.lastSnapshot.set(line.integer('cp'), index)
      if (line.optionalText('op') === 'Sink') assignTransactions(job, line)
      return
    case 'precommit': {
      const subtask = line.text('sub')
      job.preCommitted.set(subtask, [...(job.preCommitted.get(subtask) ?? []), line.text('txn')])
      return
    }
    case 'notify_complete':
    case 'coord_complete':
      addConsequence(job, line.integer('cp'), line, index)
      return
    case 'commit_req': {
      const checkpoint = job.checkpointOf.get(line.text('txn'))
      if (checkpoint !== undefined) addConsequence(job, checkpoint, line, index)
      return
    }
    default:
  }
}

function assignTransactions(job: JobCheckpoints, line: RecordedLine): void {
  const subtask = line.text('sub')
  for (const transaction of job.preCommitted.get(subtask) ?? []) job.checkpointOf.set(transaction, line.integer('cp'))
  job.preCommitted.delete(subtask)
}

function addConsequence(job: JobCheckpoints, checkpoint: number, line: RecordedLine, index: number): void {
  if (!job.completed.has(checkpoint)) job.consequences.push({ checkpoint, index, ms: line.ms })
}

function placeCompletion(job: JobCheckpoints, line: RecordedLine, index: number, places: Map<number, number>): void {
  const checkpoint = line.integer('cp')
  job.completed.add(checkpoint)
  const triggeredMs = job.triggeredMs.get(checkpoint)
  const durationMs = line.optionalInteger('durationMs')
  if (triggeredMs === undefined || durationMs === undefined) return
  const completedMs = triggeredMs + durationMs
  const after = job.lastSnapshot.get(checkpoint) ?? -1
  const first = job.consequences.find((each) => each.checkpoint === checkpoint && each.index > after && each.ms >= completedMs)
  if (first !== undefined) places.set(index, first.index)
}
