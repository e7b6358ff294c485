import { describe, expect, it } from 'vitest'
import type { Instant } from '../../world/index.js'
import { KafkaBench } from '../../../test/systems/kafka-bench.js'
import { addPartitions, isEnding, markerWritten, type TransactionMetadata } from './transaction-metadata.js'

const where = { vertex: 'Sink', subtask: 0, attempt: 0 }

describe('a transaction', () => {
  it('is complete with the marker of its last partition, and not before', () => {
    const bench = new KafkaBench(2)
    const partitions = [bench.partition(0), bench.partition(1)]
    const since = 0 as unknown as Instant
    const transaction: TransactionMetadata = {
      transactionalId: 't',
      generation: 0,
      epoch: 0,
      state: 'Empty',
      partitions: [],
      since,
      timeoutUs: 1,
      writer: where,
    }
    expect(addPartitions(transaction, partitions, where, since)).toBe(true)
    transaction.state = 'PrepareCommit'
    markerWritten(transaction, bench.partition(1))
    expect([transaction.state, isEnding(transaction.state)]).toEqual(['PrepareCommit', true])
    markerWritten(transaction, bench.partition(0))
    expect([transaction.state, isEnding(transaction.state)]).toEqual(['CompleteCommit', false])
  })
})
