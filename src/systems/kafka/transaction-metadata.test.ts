import { describe, expect, it } from 'vitest'
import type { Instant } from '../../world/index.js'
import { KafkaBench } from '../../../test/systems/kafka-bench.js'
import { addPartitions, endError, isEnding, markerWritten, takeOver, type TransactionMetadata } from './transaction-metadata.js'

const where = { vertex: 'Sink', subtask: 0, attempt: 0 }

const since = 0 as unknown as Instant

/** A transaction that was never begun. */
function empty(): TransactionMetadata {
  return {
    transactionalId: 't',
    generation: 0,
    epoch: 0,
    state: 'Empty',
    partitions: [],
    since,
    timeoutUs: 1,
    writer: where,
  }
}

describe('a transaction', () => {
  it('is complete with the marker of its last partition, and not before', () => {
    const bench = new KafkaBench(2)
    const partitions = [bench.partition(0), bench.partition(1)]
    const transaction = empty()
    expect(addPartitions(transaction, partitions, where, since)).toBe(true)
    transaction.state = 'PrepareCommit'
    markerWritten(transaction, bench.partition(1))
    expect([transaction.state, isEnding(transaction.state)]).toEqual(['PrepareCommit', true])
    markerWritten(transaction, bench.partition(0))
    expect([transaction.state, isEnding(transaction.state)]).toEqual(['CompleteCommit', false])
  })

  it('has each partition once, in an order that does not tell which was added first', () => {
    const bench = new KafkaBench(3)
    const [first, second, third] = [0, 1, 2].map((index) => bench.partition(index))
    if (first === undefined || second === undefined || third === undefined) throw new RangeError('there are three partitions')
    const transaction = empty()
    for (const added of [
      [third, first],
      [second, third],
    ])
      addPartitions(transaction, added, where, since)
    expect(transaction.partitions).toEqual([first, second, third])
  })

  it.each([
    ['Ongoing', 'NONE', 'NONE'],
    ['Empty', 'INVALID_TXN_STATE', 'INVALID_TXN_STATE'],
    ['PrepareCommit', 'CONCURRENT_TRANSACTIONS', 'INVALID_TXN_STATE'],
    ['PrepareAbort', 'INVALID_TXN_STATE', 'CONCURRENT_TRANSACTIONS'],
    ['CompleteCommit', 'NONE', 'INVALID_TXN_STATE'],
    ['CompleteAbort', 'INVALID_TXN_STATE', 'NONE'],
  ] as const)('that is %s answers a commit with %s and an abort with %s', (state, commit, abort) => {
    expect([endError(state, true), endError(state, false)]).toEqual([commit, abort])
  })

  it('has the timeout of the producer that took it over', () => {
    const transaction = empty()
    takeOver(transaction, 7)
    expect(transaction).toMatchObject({ epoch: 1, timeoutUs: 7 })
  })
})
