import type { HistoryFact } from '../../history/index.js'
import type { SmallOracle } from './small-oracle.js'
import { putSorted, valueAt, type SortedEntries } from './sorted-entries.js'

/** Which attempt began a transaction, where an older one may still be heard of; and whether it was. */
export interface OpenedBehind {
  readonly begun: SortedEntries<number>
  broken: boolean
}

/**
 * No oracle but a precondition, and never a verdict: whether an older attempt, whose request came late, initialised the transactional id
 * of a newer one. That aborts what is open or pre-committed under it, nothing tells the two attempts apart, and the committer takes it
 * for a transaction that is known to be gone (Flink: `KafkaCommitter`, ProducerFencedException). What is lost by it, no engine can help.
 */
export const openedBehind: SmallOracle<OpenedBehind> = {
  init: () => ({ begun: [], broken: false }),
  step(state, fact) {
    if (state.broken) return
    if (fact.kind === 'transaction-begun' && fact.attempt > 0) putSorted(state.begun, fact.transaction, fact.attempt)
    else if (fact.kind === 'abort' && isByOlder(state, fact)) {
      state.broken = true
      state.begun.length = 0
    }
  },
  verdict: () => undefined,
}

function isByOlder({ begun }: OpenedBehind, { transaction, why, attempt }: Extract<HistoryFact, { kind: 'abort' }>): boolean {
  return why === 'lingering' && attempt < (valueAt(begun, transaction) ?? 0)
}
