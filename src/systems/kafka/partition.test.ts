import { describe, expect, it } from 'vitest'
import { KafkaBench, Producer } from '../../../test/systems/kafka-bench.js'
import type { FetchAnswer, ListOffsetsAnswer } from '../index.js'

/** A producer without transactions. */
function plain(bench: KafkaBench): Producer {
  const producer = new Producer(bench, '')
  producer.init()
  return producer
}

describe('partition', () => {
  it('appends what an idempotent producer repeats after an unknown answer once', () => {
    const bench = new KafkaBench()
    const producer = plain(bench)
    bench.script.set('kafka.produce', ['unknown-applied'])
    const first = producer.produce([1, 2], 0, 0)
    bench.run()
    const second = producer.produce([1, 2], 0, 0)
    bench.run()
    expect([first, second].map(({ answers }) => answers[0]?.error)).toEqual(['REQUEST_TIMED_OUT', 'NONE'])
    expect(bench.visible('read_uncommitted')).toEqual([1, 2])
    expect(bench.visible('read_committed')).toEqual([1, 2])
  })

  it('appends what a producer without an id repeats twice', () => {
    const bench = new KafkaBench()
    const producer = new Producer(bench, '')
    bench.script.set('kafka.produce', ['unknown-applied'])
    producer.produce([1], 0, 0)
    bench.run()
    producer.produce([1], 0, 0)
    bench.run()
    expect(bench.visible('read_uncommitted')).toEqual([1, 1])
  })

  it.each(['failed', 'unknown-lost'] as const)('does not append a produce that ends %s', (outcome) => {
    const bench = new KafkaBench()
    const producer = plain(bench)
    bench.script.set('kafka.produce', [outcome])
    const asked = producer.produce([1])
    bench.run()
    expect(asked.answers).toMatchObject([{ error: outcome === 'failed' ? 'NOT_LEADER_OR_FOLLOWER' : 'REQUEST_TIMED_OUT' }])
    expect(bench.visible('read_uncommitted')).toEqual([])
  })

  it('refuses a gap in the sequence', () => {
    const bench = new KafkaBench()
    const producer = plain(bench)
    const asked = producer.produce([1], 0, 3)
    bench.run()
    expect(asked.answers).toMatchObject([{ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }])
    expect(bench.visible('read_uncommitted')).toEqual([])
  })

  it('takes a batch into a transaction only if the coordinator knows it to be open here', () => {
    const bench = new KafkaBench(2)
    const producer = new Producer(bench, 'p-0-1')
    producer.init()
    const never = producer.produce([1], 0, 0)
    bench.run()
    producer.sequence = 0
    producer.write([2], 0)
    const elsewhere = producer.produce([3], 1, 0)
    bench.run()
    producer.end(false)
    bench.run()
    // The producer's own abort leaves the epoch as it is: only the verification keeps a late batch out.
    const late = producer.produce([4], 0, 1)
    bench.run()
    expect([never, elsewhere, late].map(({ answers }) => answers[0]?.error)).toEqual([
      'INVALID_TXN_STATE',
      'INVALID_TXN_STATE',
      'INVALID_TXN_STATE',
    ])
    expect(bench.visible('read_uncommitted')).toEqual([2])
  })

  it('keeps batches in order that come while the transaction is being verified', () => {
    const bench = new KafkaBench()
    const producer = new Producer(bench, 'p-0-1')
    producer.init()
    producer.add()
    bench.run(10_000)
    const asked = [producer.produce([1]), producer.produce([2, 3])]
    bench.run()
    expect(asked.map(({ answers }) => answers.map(({ error }) => error))).toEqual([['NONE'], ['NONE']])
    expect(bench.visible('read_uncommitted')).toEqual([1, 2, 3])
  })

  it('verifies batches of each epoch of a producer by themselves: a fenced one is refused, its successor is not held up', () => {
    const bench = new KafkaBench()
    const fenced = new Producer(bench, 'p-0-1')
    fenced.init()
    const successor = new Producer(bench, 'p-0-1')
    successor.init()
    successor.add()
    bench.run(10_000)
    const asked = [fenced.produce([1]), successor.produce([2])]
    bench.run()
    expect(asked.map(({ answers }) => answers.map(({ error }) => error))).toEqual([['INVALID_PRODUCER_EPOCH'], ['NONE']])
    expect(bench.visible('read_uncommitted')).toEqual([2])
  })

  it('writes no marker where a transaction has no records', () => {
    const bench = new KafkaBench(2)
    const producer = new Producer(bench, 'p-0-1')
    producer.init()
    producer.write([1], 0).end(true)
    bench.run()
    producer.add(0)
    bench.run()
    producer.end(false)
    bench.run()
    // The abort takes nothing back of what was committed before.
    expect(bench.fetch('read_committed', 0)).toMatchObject({ next: 2, offsets: [0] })
  })

  it('holds read_committed at the first record of any open transaction', () => {
    const bench = new KafkaBench()
    const open = new Producer(bench, 'p-0-1')
    open.init()
    open.write([1])
    const other = new Producer(bench, 'p-1-1')
    other.init()
    other.write([2]).end(true)
    plain(bench).produce([3])
    bench.run()
    expect(bench.visible('read_committed')).toEqual([])
    expect(bench.visible('read_uncommitted')).toEqual([1, 2, 3])
    expect(bench.fetch('read_committed')).toMatchObject({ error: 'NONE', next: 0, records: [] })
    open.end(true)
    bench.run()
    expect(bench.visible('read_committed')).toEqual([1, 2, 3])
  })

  it('passes markers and aborted records over, also at the end', () => {
    const bench = new KafkaBench()
    const aborted = new Producer(bench, 'p-0-1')
    aborted.init()
    aborted.write([1]).end(false)
    bench.run()
    expect(bench.fetch('read_committed')).toMatchObject({ next: 2, records: [], offsets: [] })
    expect(bench.fetch('read_uncommitted')).toMatchObject({ next: 2, offsets: [0] })
  })

  it('says where it ends: for read_committed at the first record of an open transaction', () => {
    const bench = new KafkaBench()
    plain(bench).produce([1])
    const open = new Producer(bench, 'p-0-1')
    open.init()
    open.write([2])
    bench.script.set('kafka.list-offsets', ['done', 'done', 'failed'])
    const levels = ['read_committed', 'read_uncommitted', 'read_uncommitted'] as const
    const asked = levels.map((isolation) =>
      bench
        .client('consumer')
        .ask<ListOffsetsAnswer, never>(bench.partition(0), (caller) => ({ kind: 'list-offsets', caller, isolation }) as never),
    )
    bench.run()
    expect(asked.map(({ answers }) => answers)).toMatchObject([
      [{ error: 'NONE', end: 1 }],
      [{ error: 'NONE', end: 2 }],
      [{ error: 'NOT_LEADER_OR_FOLLOWER' }],
    ])
  })

  it('says OFFSET_OUT_OF_RANGE beyond the end', () => {
    expect(new KafkaBench().fetch('read_uncommitted', 0, 5)?.error).toBe('OFFSET_OUT_OF_RANGE')
  })

  it('answers a fetch that waits when there is something, and forgets it when the broker restarts', () => {
    const bench = new KafkaBench()
    const consumer = bench.client('consumer')
    const ask = () =>
      consumer.ask<FetchAnswer, never>(
        bench.partition(0),
        (caller) =>
          ({ kind: 'fetch', caller, offset: 0, isolation: 'read_uncommitted', maxRecords: 1, wait: true, observer: false }) as never,
      )
    const lost = ask()
    bench.run()
    bench.world.crash(bench.process)
    bench.start()
    const kept = ask()
    bench.run()
    expect([lost.answers, kept.answers]).toEqual([[], []])
    plain(bench).produce([1, 2])
    bench.run()
    expect(lost.answers).toEqual([])
    expect(kept.answers).toMatchObject([{ next: 1, offsets: [0] }])
  })

  it('keeps log and producers over a restart, and independent readers go on where they were', () => {
    const bench = new KafkaBench()
    const producer = plain(bench)
    producer.produce([1], 0, 0)
    bench.run()
    bench.world.crash(bench.process)
    bench.run(1_000)
    bench.start()
    producer.produce([1], 0, 0)
    producer.produce([2], 0, 1)
    bench.run()
    expect(bench.visible('read_uncommitted')).toEqual([1, 2])
    expect(bench.visible('read_committed')).toEqual([1, 2])
  })
})
