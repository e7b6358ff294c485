import { describe, expect, it } from 'vitest'
import { actorRef } from '../../world/index.js'
import { append, appendMarker, logOf, opensTransaction, read, readableEnd, type PartitionLog } from './partition-log.js'
import type { Produce } from './partition-messages.js'
import { kafkaPartition } from './partition.js'

const RECORD = { id: 1, value: 1, timestamp: 0 }

/** One record of a producer. */
function batchOf(epoch: number, sequence: number, transactionalId = 't'): Produce {
  const caller = { ref: actorRef(kafkaPartition, 0), tag: 0 } as never
  const where = { vertex: 'Sink', subtask: 0, attempt: 0 }
  return { kind: 'produce', caller, where, producer: 'p', epoch, transactionalId, sequence, records: [RECORD] }
}

/** As a leader appends it. */
function produce(log: PartitionLog, epoch: number, sequence: number): string {
  return append(log, batchOf(epoch, sequence))
}

describe('the log of a partition', () => {
  it('takes nothing of a producer whose epoch a marker has ended', () => {
    const log = logOf([])
    expect(produce(log, 0, 0)).toBe('NONE')
    appendMarker(log, 't', 'p', 1, false)
    expect(produce(log, 0, 1)).toBe('INVALID_PRODUCER_EPOCH')
    expect(produce(log, 1, 0)).toBe('NONE')
  })

  it('acknowledges the repetition of the last batch without appending it again, of a first record as well', () => {
    const log = logOf([])
    for (const sequence of [0, 1]) {
      for (let times = 0; times < 2; times++) expect(produce(log, 0, sequence)).toBe('NONE')
      expect(log.end).toBe(sequence + 1)
    }
    expect(produce(log, 0, 0)).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
  })

  it('has its first batch open a transaction, and no other one before the marker', () => {
    const log = logOf([])
    for (const sequence of [0, 1]) {
      expect(opensTransaction(log, batchOf(0, sequence))).toBe(true)
      produce(log, 0, sequence)
      expect(opensTransaction(log, batchOf(0, sequence + 1))).toBe(false)
      appendMarker(log, 't', 'p', 0, true)
    }
  })

  it('ends no transaction by a late marker of an older epoch', () => {
    const log = logOf([])
    produce(log, 1, 0)
    appendMarker(log, 't', 'p', 0, true)
    expect(readableEnd(log, 'read_committed')).toBe(0)
    appendMarker(log, 't', 'p', 1, true)
    expect(readableEnd(log, 'read_committed')).toBe(2)
  })

  it('ends nothing by a marker that comes twice, or where nothing was written', () => {
    const log = logOf([])
    appendMarker(log, 't', 'p', 0, true)
    expect(log.end).toBe(0)
    produce(log, 0, 0)
    for (const commit of [true, false]) appendMarker(log, 't', 'p', 0, commit)
    expect(log.end).toBe(2)
    expect(read(log, 0, 'read_committed', 9).records).toEqual([RECORD])
  })

  it('shows to read_committed what a producer has committed before it aborts, and behind', () => {
    const log = logOf([])
    const ends = [true, false, true]
    ends.forEach((commit, sequence) => {
      produce(log, 0, sequence)
      appendMarker(log, 't', 'p', 0, commit)
    })
    expect(log.batches.map(({ marker }) => marker)).toEqual(['none', 'COMMIT', 'none', 'ABORT', 'none', 'COMMIT'])
    expect(read(log, 0, 'read_committed', 9)).toMatchObject({ offsets: [0, 4], next: 6 })
    expect(read(log, 0, 'read_uncommitted', 9)).toMatchObject({ offsets: [0, 2, 4], next: 6 })
  })
})
