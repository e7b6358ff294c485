import type { RecordId } from '../history/index.js'
import type { ObservedOutput } from './outputs.js'
import { isGivenUp, type Publications } from './publications.js'
import type { RunFacts } from './run-facts.js'
import type { Transaction } from './transactions.js'

/** A transaction that nobody ends before it times out, and what it keeps from readers of committed data until then. */
export interface HeldUp {
  readonly transaction: Transaction
  /** `seq` of where it and the first record behind it were seen by who reads everything. */
  readonly evidence: readonly number[]
  /** Committed records behind it in its partitions that readers of committed data have not seen anywhere. */
  readonly records: number
}

/**
 * Kafka shows readers of committed data a partition up to its first open transaction (the last stable offset). A writer looks for what its
 * predecessors left open when it opens; one that a given up attempt begins or pre-commits later stays open until `transaction.timeout.ms`
 * has passed, usually far behind the end of the history.
 */
export function heldUpReaders({ transactions, outputs }: RunFacts, publications: Publications): HeldUp[] {
  const open = transactions.all.filter((each) => each.committed === 0 && each.aborted === 0 && isGivenUp(publications, each))
  if (open.length === 0) return []
  const committedNames = new Set(transactions.all.flatMap(({ name, committed }) => (committed > 0 ? [name] : [])))
  return open.flatMap((transaction) => {
    const pointOf = (at: string): ObservedOutput | undefined =>
      outputs.points.find((point) => point.at === at && point.sink === transaction.vertex)
    const [all, committed] = [pointOf('read_uncommitted'), pointOf('read_committed')]
    if (all === undefined || committed === undefined) return []
    const shown = new Set(committed.ids)
    const hidden = behind(all, transaction.name).filter(
      (at) => committedNames.has(all.transactions[at] ?? '') && !shown.has(all.ids[at] ?? -1),
    )
    const [first] = hidden
    if (first === undefined) return []
    const evidence = [all.seqs[all.transactions.indexOf(transaction.name)] ?? 0, all.seqs[first] ?? 0]
    return [{ transaction, evidence, records: hidden.length }]
  })
}

/**
 * Records that whoever reads everything saw behind an open transaction of their partition, in a job that has ended and not finished: Flink
 * leaves what it had pre-committed to the next job, or to its timeout, and until then readers of committed data come no further.
 */
export function behindWhatIsLeftOpen({ job, transactions, outputs }: RunFacts, sink: string): ReadonlySet<RecordId> {
  const all = outputs.points.find((point) => point.at === 'read_uncommitted' && point.sink === sink)
  if (all === undefined || job.status === 'FINISHED') return new Set()
  const open = transactions.all.filter(({ vertex, committed, aborted }) => vertex === sink && committed === 0 && aborted === 0)
  return new Set(open.flatMap(({ name }) => behind(all, name).map((at) => all.ids[at] ?? -1)))
}

/** Places of what was seen behind a transaction, in any of its partitions. */
function behind({ transactions, partitions }: ObservedOutput, name: string): number[] {
  const reached = new Set<string>()
  return transactions.flatMap((other, at) => {
    const partition = partitions[at] ?? ''
    if (other === name) reached.add(partition)
    return other !== name && reached.has(partition) ? [at] : []
  })
}
