import type { RecordedLine } from './recorded-line.js'

/**
 * Names of transactions. A transactional id of Kafka is used again and again: by a later job, or after a restore. One transaction is
 * one epoch of one producer, which the committable of a pre-commit tells; later lines speak of the newest one of their id.
 */
export class TransactionNames {
  private readonly newest = new Map<string, string>()
  private readonly written: ReadonlyMap<RecordedLine, string>

  /** @param lines the whole recording: what a writer of Kafka writes into is told only by its next pre-commit */
  constructor(lines: readonly RecordedLine[]) {
    this.written = transactionsOfWrites(lines)
  }

  /** The transaction that a line speaks of; it must have a field `txn`. */
  of(line: RecordedLine): string {
    const id = line.text('txn')
    if (!line.has('committable')) return this.newest.get(id) ?? id
    const name = nameOf(line)
    this.newest.set(id, name)
    return name
  }

  /** The transaction that a record was written into; undefined when it is not known. */
  ofWrite(line: RecordedLine): string | undefined {
    return line.has('txn') ? this.of(line) : this.written.get(line)
  }
}

function nameOf(precommit: RecordedLine): string {
  const id = precommit.text('txn')
  const committable = precommit.optionalText('committable') ?? ''
  const producer = /producerId=(-?\d+)/.exec(committable)?.[1]
  const epoch = /epoch=(-?\d+)/.exec(committable)?.[1]
  return producer === undefined || epoch === undefined ? id : `${id}/${producer}:${epoch}`
}

/**
 * A write to Kafka names no transaction, but a writer has one at a time: everything since its last pre-commit is in the transaction
 * of the next (`KafkaWriter.prepareCommit`). What it wrote after the last one was never pre-committed and has no name.
 */
function transactionsOfWrites(lines: readonly RecordedLine[]): Map<RecordedLine, string> {
  const transactions = new Map<RecordedLine, string>()
  const open = new Map<string, RecordedLine[]>()
  for (const line of lines) {
    if (line.ev === 'job_submit') open.clear()
    else if (line.ev === 'sink_write' && !line.has('txn')) {
      const writer = writerOf(line)
      const writes = open.get(writer)
      if (writes === undefined) open.set(writer, [line])
      else writes.push(line)
    } else if (line.ev === 'precommit' && line.has('committable')) {
      const name = nameOf(line)
      for (const write of open.get(writerOf(line)) ?? []) transactions.set(write, name)
      open.delete(writerOf(line))
    }
  }
  return transactions
}

function writerOf(line: RecordedLine): string {
  return `${line.text('sub')}/${line.text('att')}`
}
