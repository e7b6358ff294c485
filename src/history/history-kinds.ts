import type { HistoryFact, HistoryKind } from './event.js'

/** Every kind once; the compiler sees to it that none is missing. */
const KINDS: Readonly<Record<HistoryKind, true>> = {
  'source-emit': true,
  emit: true,
  'state-apply': true,
  process: true,
  timer: true,
  'record-ended': true,
  'sink-write': true,
  'sink-flush': true,
  'transaction-begun': true,
  'pre-commit': true,
  'commit-requested': true,
  commit: true,
  abort: true,
  visible: true,
  'checkpoint-triggered': true,
  'snapshot-taken': true,
  'snapshot-durable': true,
  'checkpoint-acknowledged': true,
  'checkpoint-declined': true,
  'acknowledgement-accepted': true,
  'checkpoint-completed': true,
  'checkpoint-aborted': true,
  'checkpoint-notified': true,
  savepoint: true,
  'file-put': true,
  'file-deleted': true,
  'split-assigned': true,
  'split-returned': true,
  'split-added': true,
  'restore-chosen': true,
  restore: true,
  failure: true,
  restart: true,
  fault: true,
  'process-crashed': true,
  'process-started': true,
  'job-status': true,
  'task-status': true,
  closed: true,
  'end-of-input': true,
}

const NAMES: ReadonlySet<string> = new Set(Object.keys(KINDS))

/** The names of all kinds of events. */
export const HISTORY_KINDS: readonly string[] = [...NAMES]

/** True when a fact is one that a history knows, by its kind; the compiler has seen the rest where it was made. */
export function isHistoryFact(fact: { readonly kind: string }): fact is HistoryFact {
  return NAMES.has(fact.kind)
}
