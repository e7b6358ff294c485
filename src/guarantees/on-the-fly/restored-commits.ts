import type { HistoryFact } from '../../history/index.js'
import type { SmallOracle } from './small-oracle.js'
import { putSorted, removeSorted, valueAt, type SortedEntries } from './sorted-entries.js'

/** A committer and the writer of the same task that its committables come from, by the names of their operators. */
export interface CommitterOfWriter {
  readonly committer: string
  readonly writer: string
}

type Restore = Extract<HistoryFact, { kind: 'restore' }>

/** What a restored committer has not yet asked for, by subtask; nothing between steps, for it asks while it is restored. */
export interface RestoredCommits {
  readonly owed: SortedEntries<Owed>
  wrong: string | null
}

interface Owed {
  readonly attempt: number
  readonly transactions: readonly string[]
}

/**
 * A restored committer asks for what its checkpoint holds while it is restored, for the completion may have come just before the failure
 * (`CommitterOperator.initializeState`); the operators of a task are restored from the last to the first, so the writer comes behind it.
 * The small form of `restored-committables-first`, which looks at the first record that the writer writes anew.
 */
export function restoredCommits(pairs: readonly CommitterOfWriter[]): SmallOracle<RestoredCommits> {
  return {
    init: () => ({ owed: [], wrong: null }),
    step(state, fact) {
      if (state.wrong !== null) return
      if (fact.kind === 'commit-requested') ask(state, fact)
      else if (fact.kind === 'restore') {
        if (pairs.some(({ committer }) => committer === fact.vertex)) restoreCommitter(state, fact)
        const committer = pairs.find(({ writer }) => writer === fact.vertex)?.committer
        if (committer !== undefined) restoreWriter(state, committer, fact)
      }
    },
    verdict: ({ wrong }) => wrong ?? undefined,
  }
}

function restoreCommitter({ owed }: RestoredCommits, { vertex, subtask, attempt, content }: Restore): void {
  put(owed, nameOf(vertex, subtask), { attempt, transactions: [...(content?.committables ?? [])].sort() })
}

function ask(
  { owed }: RestoredCommits,
  { vertex, subtask, attempt, transaction }: Extract<HistoryFact, { kind: 'commit-requested' }>,
): void {
  const name = nameOf(vertex, subtask)
  const before = valueAt(owed, name)
  if (before?.attempt !== attempt) return
  put(owed, name, { attempt, transactions: before.transactions.filter((each) => each !== transaction) })
}

function restoreWriter(state: RestoredCommits, committer: string, { vertex, subtask, attempt }: Restore): void {
  const owed = valueAt(state.owed, nameOf(committer, subtask))
  if (owed?.attempt !== attempt) return
  const [first = ''] = owed.transactions
  state.wrong = `${committer} (${String(subtask)}) was restored with ${first} and has not committed it, and ${vertex} begins anew`
}

/** Who owes nothing leaves no trace. */
function put(owed: SortedEntries<Owed>, name: string, value: Owed): void {
  if (value.transactions.length > 0) putSorted(owed, name, value)
  else removeSorted(owed, name)
}

function nameOf(vertex: string, subtask: number): string {
  return `${vertex}/${String(subtask)}`
}
