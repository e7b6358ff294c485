import type { HistoryFact } from '../../history/index.js'
import type { SmallOracle } from './small-oracle.js'
import { addSorted, checkpointKey, putSorted, valueAt, type SortedEntries } from './sorted-entries.js'

/** Transactions that snapshots hold, by checkpoint, until it is decided; then those that a completed checkpoint covers. */
export interface CoveredCommits {
  readonly held: SortedEntries<readonly string[]>
  readonly covered: string[]
  wrong: string | null
}

/** A transaction is committed only when the snapshot of a completed checkpoint holds it (invariant of two-phase commit). */
export const coveredCommits: SmallOracle<CoveredCommits> = {
  init: () => ({ held: [], covered: [], wrong: null }),
  step(state, fact) {
    if (state.wrong !== null) return
    if (fact.kind === 'snapshot-durable') hold(state, fact)
    else if (fact.kind === 'checkpoint-completed') cover(state, fact.checkpoint)
    else if (fact.kind === 'commit-requested' && !state.covered.includes(fact.transaction))
      state.wrong = `${fact.vertex} (${String(fact.subtask)}) commits ${fact.transaction}, which no completed checkpoint holds`
  },
  verdict: ({ wrong }) => wrong ?? undefined,
}

function hold(state: CoveredCommits, { checkpoint, content }: Extract<HistoryFact, { kind: 'snapshot-durable' }>): void {
  if (content?.committables === undefined || content.committables.length === 0) return
  const name = checkpointKey(checkpoint)
  const known = valueAt(state.held, name) ?? []
  putSorted(state.held, name, [...new Set([...known, ...content.committables])].sort())
}

function cover(state: CoveredCommits, checkpoint: number): void {
  const name = checkpointKey(checkpoint)
  for (const transaction of valueAt(state.held, name) ?? []) addSorted(state.covered, transaction)
  // Earlier ones will not complete any more.
  const later = state.held.filter(([other]) => other > name)
  state.held.splice(0, state.held.length, ...later)
}
