import type { CommitResult, HistoryFact } from '../../history/index.js'
import type { RecordedLine } from './recorded-line.js'
import type { LineMapping, RecordingInProgress } from './recording-in-progress.js'
import { emitted } from './source-lines.js'

/** Lines about records after the source: operators, sinks, transactions, and what the outside sees at the end. */
export const SINK_LINES: Readonly<Record<string, LineMapping>> = {
  process: processed,
  end_input: endOfInput,
  sink_end: endOfInput,
  sink_write: (recording, line) => {
    recording.add(line, { kind: 'sink-write', ...recording.where(line), id: line.text('id'), ...keyCountTransaction(recording, line) })
  },
  sink_flush: flushed,
  txn_begin: (recording, line) => recording.add(line, { kind: 'transaction-begun', ...inTransaction(recording, line) }),
  precommit: (recording, line) => recording.add(line, { kind: 'pre-commit', ...inTransaction(recording, line), ...recordsOf(line) }),
  commit_req: requested,
  commit: committed,
  recover_commit: (recording, line) => {
    requested(recording, line)
    committed(recording, line)
  },
  abort: aborted,
  close: closed,
  out: (recording, line) => visible(recording, line, 0),
  out_committed: (recording, line) => visible(recording, line, 0),
  out_uncommitted: (recording, line) => visible(recording, line, 1),
}

const COMMIT_RESULTS: Readonly<Record<string, CommitResult>> = {
  applied: 'applied',
  already: 'already',
  aborted: 'aborted',
  unknown: 'unknown',
  'failed-unknown': 'unknown',
  'failed-known': 'failed-known',
  retry: 'retry',
}

function processed(recording: RecordingInProgress, line: RecordedLine): void {
  const { chainedSource } = recording.shape
  if (line.has('count')) {
    recording.add(line, {
      kind: 'state-apply',
      ...recording.where(line),
      id: line.text('id'),
      key: line.text('key'),
      count: line.integer('count'),
    })
    return
  }
  // In one chain the operator is called by the source itself: what it takes in is what the source handed on.
  if (chainedSource?.operator === line.text('op')) emitted(recording, line, chainedSource.source)
  recording.add(line, { kind: 'process', ...recording.where(line), id: line.text('id') })
}

function endOfInput(recording: RecordingInProgress, line: RecordedLine): void {
  const content = line.has('state') ? { content: { counts: line.numbers('state') } } : {}
  recording.add(line, { kind: 'end-of-input', ...recording.where(line), ...content })
}

function flushed(recording: RecordingInProgress, line: RecordedLine): void {
  const why = line.text('why')
  if (why !== 'full' && why !== 'checkpoint' && why !== 'end') throw line.wrong('why', 'full, checkpoint or end')
  const ids = line.has('ids') ? { ids: line.texts('ids') } : {}
  recording.add(line, { kind: 'sink-flush', ...recording.where(line), why, records: line.integer('n'), ...ids })
}

function requested(recording: RecordingInProgress, line: RecordedLine): void {
  const retries = line.optionalInteger('retries')
  recording.add(line, { kind: 'commit-requested', ...inTransaction(recording, line), ...(retries === undefined ? {} : { retries }) })
}

function committed(recording: RecordingInProgress, line: RecordedLine): void {
  const result = COMMIT_RESULTS[line.text('result')]
  if (result === undefined) throw line.wrong('result', Object.keys(COMMIT_RESULTS).join(', '))
  const place = inTransaction(recording, line)
  if (result === 'applied' || result === 'already') recording.committed.add(place.transaction)
  recording.add(line, { kind: 'commit', ...place, result: result === 'applied' ? success(recording, place) : result })
}

/**
 * Kafka's producer only says that a commit succeeded, also where an earlier attempt had committed the transaction: one epoch of a
 * producer takes effect once. The store of the other sinks tells the difference itself.
 */
function success(recording: RecordingInProgress, { transaction, attempt }: { transaction: string; attempt: number }): CommitResult {
  if (recording.shape.sinkKind !== 'kafka') return 'applied'
  const by = `${recording.job.number}/${attempt}`
  const first = recording.committedIn.get(transaction)
  if (first === undefined) recording.committedIn.set(transaction, by)
  return first === undefined || first === by ? 'applied' : 'already'
}

/**
 * An abort that the outside refused (the transaction was committed, or is not known there) changed nothing. What has ended already may have
 * been aborted unseen, unless it is known to have been committed.
 */
function aborted(recording: RecordingInProgress, line: RecordedLine): void {
  const result = line.optionalText('result') ?? 'aborted'
  if (result !== 'aborted' && result !== 'applied' && result !== 'already') return
  const place = inTransaction(recording, line)
  if (result === 'already' && recording.committed.has(place.transaction)) return
  const why = line.optionalText('why')
  const known = why === 'lingering' || why === 'recover' ? why : 'abort'
  recording.add(line, { kind: 'abort', ...place, why: known })
}

function closed(recording: RecordingInProgress, line: RecordedLine): void {
  if (recording.turns.isFollowed(line)) return
  const where = recording.where(line)
  if (line.flag('crash')) {
    // The producer is closed as a killed process would leave it: nothing is flushed, nothing aborted.
    recording.add(line, { kind: 'fault', fault: 'process-crash', point: 'close', target: `${where.vertex} subtask ${where.subtask}` })
    return
  }
  const transaction = line.has('txn') ? { transaction: recording.transactions.of(line) } : {}
  recording.add(line, { kind: 'closed', ...where, ...transaction })
}

function visible(recording: RecordingInProgress, line: RecordedLine, reader: 0 | 1): void {
  const { sink, observed } = recording.shape
  const at = observed[reader] ?? 'external-store'
  const fact: Extract<HistoryFact, { kind: 'visible' }> = {
    kind: 'visible',
    vertex: sink,
    at,
    id: line.text('id'),
    ...keyCountTransaction(recording, line),
  }
  const partition = line.optionalText('part')
  const offset = line.optionalInteger('offset')
  if (partition === undefined && offset === undefined) recording.add(line, fact)
  else recording.add(line, { ...fact, ...(partition === undefined ? {} : { partition }), ...(offset === undefined ? {} : { offset }) })
}

/** Fields that only some lines have; there are many such lines, and absent fields stay absent. */
function keyCountTransaction(recording: RecordingInProgress, line: RecordedLine): KeyCountTransaction {
  const fields: KeyCountTransaction = {}
  const key = line.optionalText('key')
  const count = line.optionalInteger('count')
  if (key !== undefined) fields.key = key
  if (count !== undefined) fields.count = count
  const transaction = recording.transactions.ofWrite(line)
  if (transaction !== undefined) fields.transaction = transaction
  return fields
}

interface KeyCountTransaction {
  key?: string
  count?: number
  transaction?: string
}

function inTransaction(recording: RecordingInProgress, line: RecordedLine) {
  return { ...recording.where(line), transaction: recording.transactions.of(line) }
}

function recordsOf(line: RecordedLine): { records?: number } {
  return line.has('n') ? { records: line.integer('n') } : {}
}
