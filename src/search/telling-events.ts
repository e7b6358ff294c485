import type { Finding } from '../guarantees/index.js'
import type { HistoryEvent, RecordId } from '../history/index.js'

/** Events that one is willing to read. */
const MOST_EVENTS = 16

/**
 * The few events that tell how a finding came about: the faults, the way of the first record it concerns, the transactions this record
 * was in, what the finding itself names, and what was restored in between. In the order of the history.
 */
export function tellingEvents(history: readonly HistoryEvent[], finding: Finding): HistoryEvent[] {
  const [record] = finding.records
  const named = new Set(finding.evidence)
  const faults = history.filter(({ kind }) => kind === 'fault')
  const ofRecord = record === undefined ? [] : history.filter((event) => idOf(event) === record)
  const evidence = history.filter(({ seq }) => named.has(seq))
  const proof = record === undefined ? evidence : evidence.filter((event) => idOf(event) === record || idOf(event) === undefined)
  const transactions = transactionsOf([...ofRecord, ...proof])
  const steps = history.filter((event) => isStepOf(event, transactions))
  const checkpoints = new Set(steps.flatMap((event) => ('checkpoint' in event ? [event.checkpoint] : [])))
  const chosen = new Map<number, HistoryEvent>()
  const add = (events: readonly HistoryEvent[], most: number): void => {
    for (const event of firstAndLast(events, most)) if (chosen.size < MOST_EVENTS) chosen.set(event.seq, event)
  }
  add(faults, 4)
  add(proof, 4)
  add(ofRecord, 6)
  add(steps, 5)
  add(
    history.filter((event) => isRecovery(event, faults[0])),
    3,
  )
  add(
    history.filter((event) => event.kind === 'checkpoint-completed' && checkpoints.has(event.checkpoint)),
    2,
  )
  add(history.filter(isEnd), 1)
  return [...chosen.values()].sort((a, b) => a.seq - b.seq)
}

function idOf(event: HistoryEvent): RecordId | undefined {
  return 'id' in event ? event.id : undefined
}

function transactionsOf(events: readonly HistoryEvent[]): ReadonlySet<string> {
  return new Set(events.flatMap((event) => ('transaction' in event && event.transaction !== undefined ? [event.transaction] : [])))
}

function isStepOf(event: HistoryEvent, transactions: ReadonlySet<string>): boolean {
  switch (event.kind) {
    case 'pre-commit':
    case 'commit':
    case 'abort':
      return transactions.has(event.transaction)
    default:
      return false
  }
}

/** What was restored after the faults had begun; the start of the job is none. */
function isRecovery(event: HistoryEvent, firstFault: HistoryEvent | undefined): boolean {
  return event.kind === 'restore-chosen' && firstFault !== undefined && event.seq > firstFault.seq
}

function isEnd(event: HistoryEvent): boolean {
  return event.kind === 'job-status' && (event.status === 'FINISHED' || event.status === 'FAILED' || event.status === 'CANCELED')
}

function firstAndLast<T>(all: readonly T[], most: number): readonly T[] {
  const last = all.at(-1)
  return all.length <= most || last === undefined ? all : [...all.slice(0, most - 1), last]
}
