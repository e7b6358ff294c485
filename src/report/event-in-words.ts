import type { HistoryEvent, RecordId, Where } from '../history/index.js'

/** One event of a history as a sentence. `nameOf` gives the name of a record. */
export function eventInWords(event: HistoryEvent, nameOf: (id: RecordId) => string): string {
  return (
    ('id' in event ? recordInWords(event, nameOf(event.id)) : undefined) ??
    timerInWords(event) ??
    checkpointInWords(event) ??
    jobInWords(event) ??
    outsideInWords(event)
  )
}

function recordInWords(event: HistoryEvent, record: string): string | undefined {
  switch (event.kind) {
    case 'source-emit':
      return `${task(event)} reads ${record}`
    case 'emit':
      return `${task(event)} emits ${record}`
    case 'state-apply':
      return `${task(event)} absorbs ${record} under key ${event.key}${event.again === true ? ', although its state holds it already' : ''}`
    case 'process':
      return `${task(event)} hands ${record} on`
    case 'record-ended':
      return `${record} ends at ${task(event)}: ${event.why}`
    case 'sink-write':
      return `${task(event)} writes ${record}${event.transaction === undefined ? '' : ` into ${event.transaction}`}`
    case 'visible':
      return `${record} is visible at ${event.at} of ${event.vertex}${event.transaction === undefined ? '' : `, from ${event.transaction}`}`
    default:
      return undefined
  }
}

function timerInWords(event: HistoryEvent): string | undefined {
  if (event.kind !== 'timer') return undefined
  const by = event.watermark === undefined ? '' : `, by watermark ${event.watermark}`
  return `the timer of ${task(event)} for ${event.at} µs under key ${event.key} is ${event.action}${by}`
}

function checkpointInWords(event: HistoryEvent): string | undefined {
  const checkpoint = 'checkpoint' in event && event.checkpoint !== undefined ? `checkpoint ${event.checkpoint}` : 'no checkpoint'
  switch (event.kind) {
    case 'checkpoint-triggered':
      return `the coordinator triggers ${checkpoint}`
    case 'snapshot-taken':
      return `${task(event)} takes its snapshot of ${checkpoint}`
    case 'snapshot-durable':
      return `the snapshot of ${task(event)} for ${checkpoint} is durable`
    case 'checkpoint-acknowledged':
      return `${task(event)} acknowledges ${checkpoint}`
    case 'checkpoint-declined':
      return `${task(event)} declines ${checkpoint}: ${event.reason}`
    case 'acknowledgement-accepted':
      return `the coordinator accepts the acknowledgement of ${checkpoint} by ${task(event)}`
    case 'checkpoint-completed':
      return `${checkpoint} completes`
    case 'checkpoint-aborted':
      return `${checkpoint} is aborted: ${event.reason}`
    case 'checkpoint-notified':
      return `${task(event)} is told that ${checkpoint} is ${event.outcome === 'complete' ? 'complete' : 'aborted'}`
    case 'pre-commit':
      return `${task(event)} pre-commits ${event.transaction} for ${checkpoint}`
    case 'restore-chosen':
      return `recovery restores ${event.path ?? checkpoint}`
    case 'restore':
      return `${task(event)} is restored from ${checkpoint}`
    case 'savepoint':
      return `savepoint ${event.path ?? ''} ${event.action}`
    default:
      return undefined
  }
}

function outsideInWords(event: HistoryEvent): string {
  switch (event.kind) {
    case 'sink-flush':
      return `${task(event)} flushes ${event.records} records (${event.why})`
    case 'transaction-begun':
      return `${task(event)} begins ${event.transaction}`
    case 'commit-requested':
      return `${task(event)} asks to commit ${event.transaction}`
    case 'commit':
      return `commit of ${event.transaction}: ${event.result}`
    case 'abort':
      return `${event.transaction} is aborted (${event.why})`
    case 'file-put':
      return `${event.path} is written${event.late === true ? ', late' : ''}`
    case 'file-deleted':
      return `${event.path} is deleted`
    case 'split-assigned':
    case 'split-returned':
      return `split ${event.split} is ${event.kind === 'split-assigned' ? 'assigned to' : 'returned by'} ${event.vertex} ${event.subtask + 1}`
    case 'split-added':
      return `${task(event)} reads ${event.split} from offset ${event.offset}`
    default:
      return event.kind
  }
}

function jobInWords(event: HistoryEvent): string | undefined {
  switch (event.kind) {
    case 'failure':
      return `${task(event)} fails: ${event.cause}`
    case 'restart':
      return `the job restarts, restart number ${event.restarts}`
    case 'fault':
      return `FAULT ${event.fault} at ${event.point}, hits ${event.target}${event.fault === 'host-loss' ? ', and what it had sent is lost' : ''}`
    case 'process-crashed':
      return `${event.process} is dead`
    case 'process-started':
      return `${event.process} starts`
    case 'job-status':
      return `the job is ${event.status}`
    case 'task-status':
      return `${task(event)} is ${event.status}`
    case 'closed':
      return `${task(event)} closes`
    case 'end-of-input':
      return `${task(event)} has seen all its input`
    default:
      return undefined
  }
}

/** Flink's way to name a subtask, with the attempt where it is not the first. */
function task({ vertex, subtask, attempt }: Where): string {
  if (subtask < 0) return vertex === '' ? 'the job' : `the coordinator of ${vertex}`
  return `${vertex} ${subtask + 1}${attempt > 0 ? ` (attempt ${attempt})` : ''}`
}
