import type { Finding } from '../guarantees/index.js'
import type { HistoryEvent, RecordId } from '../history/index.js'
import { checkpointOf, placeOf } from './event-subject.js'

/** What a finding is about: whatever has to do with none of it is no candidate for its cause. */
interface Concern {
  readonly records: ReadonlySet<RecordId>
  readonly transactions: ReadonlySet<string>
  readonly checkpoints: ReadonlySet<number>
  /** `seq` of the events that prove it. */
  readonly proof: ReadonlySet<number>
  /** Where state was changed between them, as `vertex/subtask`, and between which `seq`. */
  readonly changed: { readonly at: ReadonlySet<string>; readonly from: number; readonly to: number }
  /** `seq` of the first fault: what was restored before was no recovery. */
  readonly firstFault: number
}

/** Records whose way is looked at: the first of those concerned, and as many of what it was made of. */
const MOST_RECORDS = 3

/**
 * The events of a history that have to do with a finding, in their order: faults and recoveries, and what happened to the first record that
 * it concerns, to the transactions and checkpoints of that record and of what proves the finding.
 */
export function concernedEvents(history: readonly HistoryEvent[], finding: Finding): HistoryEvent[] {
  const concern = concernOf(history, finding)
  return history.filter((event) => isConcerned(event, concern))
}

function concernOf(history: readonly HistoryEvent[], finding: Finding): Concern {
  const [record] = finding.records
  const records = new Set<RecordId>(record === undefined ? [] : [record])
  for (const event of history) {
    if (event.kind !== 'emit' || !records.has(event.id)) continue
    for (const cause of event.causes.slice(0, MOST_RECORDS)) records.add(cause)
  }
  const named = new Set(finding.evidence)
  const proofs = history.filter((event) => named.has(event.seq) && (record === undefined || !('id' in event) || event.id === record))
  const about = [...proofs, ...history.filter((event) => 'id' in event && records.has(event.id))]
  const transactions = new Set([...about, ...restoredWith(history, proofs)].flatMap(transactionsOf))
  const ofTransactions = history.filter((event) => 'transaction' in event && transactions.has(event.transaction ?? ''))
  const checkpoints = new Set([...proofs, ...ofTransactions].flatMap(checkpointOf))
  const restored = history.flatMap((event) => (event.kind === 'restore-chosen' ? checkpointOf(event) : []))
  for (const checkpoint of preCommittedFor(ofTransactions, history)) checkpoints.add(checkpoint)
  const snapshots = snapshotsOf(history, proofs)
  // What a recovery has read is part of what came of it.
  for (const checkpoint of restored) checkpoints.add(checkpoint)
  if (checkpoints.size === 0 && records.size === 0) for (const checkpoint of unfinished(history)) checkpoints.add(checkpoint)
  return {
    records,
    transactions,
    checkpoints,
    proof: new Set(proofs.map(({ seq }) => seq)),
    changed: { at: new Set(snapshots.map(placeOf)), from: snapshots[0]?.seq ?? 0, to: snapshots.at(-1)?.seq ?? 0 },
    firstFault: history.find(({ kind }) => kind === 'fault')?.seq ?? Infinity,
  }
}

/** What else the subtasks read whose restore is part of the proof: writer and committer of a sink are restored apart. */
function restoredWith(history: readonly HistoryEvent[], proofs: readonly HistoryEvent[]): HistoryEvent[] {
  const restores = proofs.filter((event) => event.kind === 'restore')
  return history.filter(
    (event) =>
      event.kind === 'restore' &&
      restores.some(({ subtask, attempt, checkpoint }) => {
        return event.subtask === subtask && event.attempt === attempt && event.checkpoint === checkpoint
      }),
  )
}

/** Transactions that an event names: its own, and those that were read from a checkpoint to be committed. */
function transactionsOf(event: HistoryEvent): readonly string[] {
  if ('transaction' in event && event.transaction !== undefined) return [event.transaction]
  return ('content' in event && event.content?.committables) || []
}

/** Checkpoints for which something was pre-committed, where the sink itself does not say: the one that is under way. */
function preCommittedFor(events: readonly HistoryEvent[], history: readonly HistoryEvent[]): number[] {
  return events.flatMap((event) => {
    if (event.kind !== 'pre-commit' || event.checkpoint !== undefined) return []
    const triggered = history.findLast(({ kind, seq }) => kind === 'checkpoint-triggered' && seq < event.seq)
    return triggered === undefined ? [] : checkpointOf(triggered)
  })
}

/** The snapshots that the proof speaks of, from the moment they were taken until they were durable. */
function snapshotsOf(history: readonly HistoryEvent[], proofs: readonly HistoryEvent[]): HistoryEvent[] {
  const isSnapshot = ({ kind }: HistoryEvent): boolean => kind === 'snapshot-taken' || kind === 'snapshot-durable'
  const nameOf = (event: HistoryEvent): string => `${placeOf(event)} ${checkpointOf(event).join()}`
  const named = new Set(proofs.filter(isSnapshot).map(nameOf))
  return history.filter((event) => isSnapshot(event) && named.has(nameOf(event)))
}

/** Where nothing is named: checkpoints that were aborted, and those that never ended. */
function unfinished(history: readonly HistoryEvent[]): number[] {
  const completed = new Set(history.flatMap((event) => (event.kind === 'checkpoint-completed' ? [event.checkpoint] : [])))
  const triggered = history.flatMap((event) => (event.kind === 'checkpoint-triggered' ? [event.checkpoint] : []))
  return triggered.filter((checkpoint) => !completed.has(checkpoint)).slice(0, MOST_RECORDS)
}

function isConcerned(event: HistoryEvent, concern: Concern): boolean {
  const { records, transactions, checkpoints, proof, changed, firstFault } = concern
  if (proof.has(event.seq)) return true
  switch (event.kind) {
    case 'fault':
    case 'failure':
      return true
    case 'restore-chosen':
      return event.seq > firstFault
    case 'source-emit':
    case 'emit':
    case 'sink-write':
    case 'visible':
      return records.has(event.id)
    case 'state-apply':
      return records.has(event.id) || (changed.at.has(placeOf(event)) && event.seq > changed.from && event.seq < changed.to)
    case 'pre-commit':
    case 'commit-requested':
    case 'commit':
    case 'abort':
      return transactions.has(event.transaction)
    case 'restore':
      return proof.size > 0 && event.checkpoint !== undefined && checkpoints.has(event.checkpoint)
    case 'checkpoint-triggered':
    case 'checkpoint-completed':
    case 'checkpoint-aborted':
    case 'checkpoint-declined':
    case 'checkpoint-notified':
    case 'snapshot-taken':
    case 'snapshot-durable':
    case 'checkpoint-acknowledged':
    case 'acknowledgement-accepted':
      return checkpoints.has(event.checkpoint)
    default:
      return false
  }
}
