import type { RecordedLine } from './recorded-line.js'

/**
 * Names of transactions. A transactional id of Kafka is used again and again: by a later job, or after a restore. One transaction is
 * one epoch of one producer, which the committable of a pre-commit tells; later lines speak of the newest one of their id.
 */
export class TransactionNames {
  private readonly newest = new Map<string, string>()

  /** The transaction that a line speaks of. */
  of(line: RecordedLine): string {
    const id = line.text('txn')
    const committable = line.optionalText('committable')
    if (committable === undefined) return this.newest.get(id) ?? id
    const producer = /producerId=(-?\d+)/.exec(committable)?.[1]
    const epoch = /epoch=(-?\d+)/.exec(committable)?.[1]
    const name = producer === undefined || epoch === undefined ? id : `${id}/${producer}:${epoch}`
    this.newest.set(id, name)
    return name
  }
}
