/**
 * How an exactly-once writer comes to its transactions: first everything that earlier attempts may have left is aborted, then an
 * id of its own is initialised (Flink: `TransactionAbortStrategyImpl.PROBING`, `TransactionNamingStrategyImpl.INCREMENTING`).
 * Both are InitProducerId requests, one at a time. This file is the sequence of ids they ask for.
 */

/** Where the writer is in that sequence. */
export interface TransactionStart {
  /** Prefixes whose transactions are to be aborted: one's own, and those in the restored state. */
  readonly prefixes: readonly string[]
  /** Ids of checkpoints up to this one are never touched: their transactions are committed. */
  readonly restored: number
  readonly parallelism: number
  /** Null when the probing is over. */
  probe: Probe | null
  /** The checkpoint whose transaction the writer writes into, or whose id is being initialised. */
  checkpoint: number
  /** The checkpoint whose transaction it wants: ids between are initialised and stay empty, so that probing finds no gap. */
  wanted: number
}

/** The id that is probed. */
interface Probe {
  readonly prefix: number
  readonly subtask: number
  readonly checkpoint: number
}

/** The sequence of a writer that was restored from a checkpoint (0 for none). */
export function startOf(prefixes: readonly string[], restored: number, subtask: number, parallelism: number): TransactionStart {
  const probe = { prefix: 0, subtask, checkpoint: restored + 1 }
  return { prefixes, restored, parallelism, probe, checkpoint: restored, wanted: restored + 1 }
}

/** Flink: `TransactionalIdFactory`. */
export function transactionalIdOf(prefix: string, subtask: number, checkpoint: number): string {
  return `${prefix}-${String(subtask)}-${String(checkpoint)}`
}

/** The id to be asked for next, or undefined when the wanted one is there. */
export function nextTransactionalId(start: TransactionStart, prefix: string, subtask: number): string | undefined {
  const { probe, prefixes, checkpoint, wanted } = start
  if (probe !== null) return transactionalIdOf(prefixes[probe.prefix] ?? prefix, probe.subtask, probe.checkpoint)
  return checkpoint < wanted ? transactionalIdOf(prefix, subtask, checkpoint + 1) : undefined
}

/**
 * The id was given out at this epoch. Probing walks checkpoint by checkpoint until an id was never used (epoch 0), then goes on
 * with the subtasks whose work this one took over after a rescale, until nothing was found there.
 */
export function initialised(start: TransactionStart, epoch: number, subtask: number): void {
  const { probe } = start
  if (probe === null) start.checkpoint++
  else start.probe = nextProbe(start, probe, epoch, subtask)
}

function nextProbe({ restored, parallelism, prefixes }: TransactionStart, probe: Probe, epoch: number, subtask: number): Probe | null {
  const first = restored + 1
  if (epoch > 0) return { ...probe, checkpoint: probe.checkpoint + 1 }
  if (probe.checkpoint > first) return { ...probe, subtask: probe.subtask + parallelism, checkpoint: first }
  return probe.prefix + 1 < prefixes.length ? { prefix: probe.prefix + 1, subtask, checkpoint: first } : null
}
