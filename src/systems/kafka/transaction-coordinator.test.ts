import { describe, expect, it } from 'vitest'
import { KafkaBench, Producer } from '../../../test/systems/kafka-bench.js'

/** A producer with an open transaction of one record. */
function written(bench: KafkaBench, transactionalId: string, ids: readonly number[], timeoutUs?: number): Producer {
  const producer = new Producer(bench, transactionalId, timeoutUs)
  producer.init()
  return producer.write(ids)
}

describe('transaction coordinator', () => {
  it('makes records visible to read_committed by a commit, and to read_uncommitted at once', () => {
    const bench = new KafkaBench()
    const producer = written(bench, 'p-0-1', [1, 2])
    expect(bench.visible('read_uncommitted')).toEqual([1, 2])
    expect(bench.visible('read_committed')).toEqual([])
    const ended = producer.end(true)
    bench.run()
    expect(ended.answers).toMatchObject([{ error: 'NONE' }])
    expect(bench.visible('read_committed')).toEqual([1, 2])
    expect(bench.of('visible').at(-1)).toMatchObject({ transaction: 'p-0-1', partition: 'out-0', offset: 1, key: 'k2', count: 2 })
    expect(bench.of('transaction-begun')).toMatchObject([{ transaction: 'p-0-1', subtask: 0 }])
    expect(bench.of('commit')).toMatchObject([{ transaction: 'p-0-1', result: 'applied' }])
  })

  it('never shows aborted records to read_committed', () => {
    const bench = new KafkaBench()
    written(bench, 'p-0-1', [1]).end(false)
    bench.run()
    expect(bench.visible('read_committed')).toEqual([])
    expect(bench.visible('read_uncommitted')).toEqual([1])
    expect(bench.of('abort')).toMatchObject([{ transaction: 'p-0-1', why: 'close' }])
    // What comes behind the aborted records is not held back by them.
    written(bench, 'p-0-2', [2]).end(true)
    bench.run()
    expect(bench.visible('read_committed')).toEqual([2])
  })

  it('lets nobody take a transactional id over while the markers of its transaction are being written', () => {
    const bench = new KafkaBench()
    const producer = written(bench, 'p-0-1', [1])
    const successor = new Producer(bench, 'p-0-1')
    const ended = producer.end(true)
    // Its first try meets the transaction while it is ending.
    expect(successor.init()).toBe('NONE')
    expect(bench.calls.filter((call) => call === 'kafka.init-producer-id')).toHaveLength(3)
    expect(ended.answers).toMatchObject([{ error: 'NONE' }])
    expect(bench.visible('read_committed')).toEqual([1])
  })

  it('never times out what was decided: a commit that was answered is visible', () => {
    /** A transaction that times out with the first scan. */
    function open() {
      const bench = new KafkaBench()
      const producer = new Producer(bench, 'p-0-1', 1_000)
      producer.init()
      producer.add()
      producer.produce([1])
      return { bench, producer }
    }
    const { bench: left } = open()
    const began = left.now()
    while (left.of('abort').length === 0) left.run(50)
    const scan = left.now() - began
    const outcomes = new Set<string>()
    // The commit comes just before the scan, while its markers are written, and behind.
    for (let us = scan - 500; us < scan + 200; us += 50) {
      const { bench, producer } = open()
      bench.run(us)
      const ended = producer.end(true)
      bench.run()
      const [answer] = ended.answers
      expect([us, bench.visible('read_committed')]).toEqual([us, answer?.error === 'NONE' ? [1] : []])
      expect(bench.of('abort')).toHaveLength(answer?.error === 'NONE' ? 0 : 1)
      outcomes.add(answer?.error ?? '')
    }
    expect([...outcomes]).toEqual(['NONE', 'PRODUCER_FENCED'])
  })

  it('answers a repeated commit without an effect', () => {
    const bench = new KafkaBench()
    const producer = written(bench, 'p-0-1', [1])
    producer.end(true)
    bench.run()
    const again = producer.end(true)
    bench.run()
    expect(again.answers).toMatchObject([{ error: 'NONE' }])
    expect(bench.visible('read_committed')).toEqual([1])
    expect(bench.of('commit').map(({ result }) => result)).toEqual(['applied', 'already'])
    const abort = producer.end(false)
    bench.run()
    expect(abort.answers).toMatchObject([{ error: 'INVALID_TXN_STATE' }])
  })

  it('refuses to commit what was aborted, what never began, and what nobody knows', () => {
    const bench = new KafkaBench()
    const aborted = written(bench, 'p-0-1', [1])
    aborted.end(false)
    bench.run()
    const empty = new Producer(bench, 'p-0-2')
    empty.init()
    const unknown = new Producer(bench, 'p-0-3')
    const asked = [aborted, empty, unknown].map((producer) => producer.end(true))
    bench.run()
    const errors = asked.map(({ answers }) => answers[0]?.error)
    expect(errors).toEqual(['INVALID_TXN_STATE', 'INVALID_TXN_STATE', 'INVALID_PRODUCER_ID_MAPPING'])
    expect(bench.of('commit').map(({ result }) => result)).toEqual(['failed-known', 'failed-known', 'unknown'])
  })

  it('says CONCURRENT_TRANSACTIONS while markers are being written', () => {
    const bench = new KafkaBench()
    const producer = written(bench, 'p-0-1', [1])
    producer.end(true)
    const again = producer.end(true)
    bench.run()
    expect(again.answers).toMatchObject([{ error: 'CONCURRENT_TRANSACTIONS' }])
    expect(bench.visible('read_committed')).toEqual([1])
  })

  it('completes no transaction by the late word of a marker of an older epoch', () => {
    const bench = new KafkaBench()
    const old = new Producer(bench, 'p-0-1')
    old.init()
    const { producer, epoch } = old
    const successor = written(bench, 'p-0-1', [1])
    expect(successor.epoch).toBe(epoch + 1)
    successor.end(true)
    bench.run(150) // the decision is made, its marker is still on the way
    const partition = bench.partition(0)
    const late = { kind: 'marker-written', partition, transactionalId: 'p-0-1', producer, epoch }
    bench.client('broker').ask(bench.cluster.coordinator, () => late as never)
    const again = successor.end(true)
    bench.run()
    expect(again.answers).toMatchObject([{ error: 'CONCURRENT_TRANSACTIONS' }])
    expect(bench.visible('read_committed')).toEqual([1])
  })

  it('aborts and fences the open transaction when its id is taken over', () => {
    const bench = new KafkaBench()
    const old = written(bench, 'p-0-1', [1])
    const successor = new Producer(bench, 'p-0-1', undefined, 1)
    expect(successor.init()).toBe('NONE')
    expect(successor.epoch).toBe(2) // one for the fence, one of its own
    const late = [old.end(true), old.add()].map((asked) => asked)
    const zombie = old.produce([9])
    bench.run()
    expect(late.map(({ answers }) => answers[0]?.error)).toEqual(['PRODUCER_FENCED', 'PRODUCER_FENCED'])
    expect(zombie.answers).toMatchObject([{ error: 'INVALID_PRODUCER_EPOCH' }])
    expect(bench.of('abort')).toMatchObject([{ transaction: 'p-0-1', why: 'lingering', attempt: 1 }])
    successor.write([2]).end(true)
    bench.run()
    expect(bench.visible('read_committed')).toEqual([2])
    expect(bench.visible('read_uncommitted')).toEqual([1, 2])
  })

  it('begins no transaction for a producer that is fenced', () => {
    const bench = new KafkaBench()
    const old = new Producer(bench, 'p-0-1')
    old.init()
    new Producer(bench, 'p-0-1').init()
    const late = old.add()
    bench.run()
    expect(late.answers).toMatchObject([{ error: 'PRODUCER_FENCED' }])
    expect(bench.of('transaction-begun')).toEqual([])
  })

  it.each([true, false])('ends no transaction of a successor for a producer that is fenced (commit: %s)', (commit) => {
    const bench = new KafkaBench()
    const old = new Producer(bench, 'p-0-1')
    old.init()
    const successor = written(bench, 'p-0-1', [1])
    const late = old.end(commit)
    bench.run()
    expect(late.answers).toMatchObject([{ error: 'PRODUCER_FENCED' }])
    expect(bench.visible('read_committed')).toEqual([])
    successor.end(true)
    bench.run()
    expect(bench.visible('read_committed')).toEqual([1])
  })

  it('takes no batch into a transaction that is ending', () => {
    const bench = new KafkaBench(2)
    const producer = written(bench, 'p-0-1', [1])
    producer.add(1)
    bench.run()
    const ended = producer.end(true)
    const late = producer.produce([2], 1, 0)
    bench.run()
    expect([ended, late].map(({ answers }) => answers[0]?.error)).toEqual(['NONE', 'CONCURRENT_TRANSACTIONS'])
    expect(bench.visible('read_uncommitted')).toEqual([1])
  })

  it('kills a pre-committed transaction just the same: the broker knows of no pre-commit', () => {
    const bench = new KafkaBench()
    const preCommitted = written(bench, 'p-0-1', [1])
    const { producer, epoch } = preCommitted
    new Producer(bench, 'p-0-1').init()
    const commit = preCommitted.end(true)
    bench.run()
    expect(commit.answers).toMatchObject([{ error: 'PRODUCER_FENCED' }])
    expect([producer, epoch]).toEqual(['p-0-1#0', 0])
    expect(bench.visible('read_committed')).toEqual([])
  })

  it('begins a new producer id when the epochs are used up', () => {
    const bench = new KafkaBench()
    const producer = new Producer(bench, 'p-0-1')
    producer.init()
    const { state } = bench.world.inspect(bench.cluster.coordinator)
    const durable = state.durable as { transactions: { epoch: number }[] }
    durable.transactions[0]!.epoch = 32_766
    producer.init()
    expect([producer.producer, producer.epoch]).toEqual(['p-0-1#1', 0])
  })

  it("refuses a timeout above the broker's", () => {
    const bench = new KafkaBench()
    expect(new Producer(bench, 'p-0-1', 60_000_001).init()).toBe('INVALID_TRANSACTION_TIMEOUT')
  })

  it('gives no identity with an error, not even one that it knows', () => {
    const bench = new KafkaBench()
    new Producer(bench, 'p-0-1').init()
    const refused = new Producer(bench, 'p-0-1', 60_000_001)
    expect([refused.init(), refused.producer, refused.epoch]).toEqual(['INVALID_TRANSACTION_TIMEOUT', '', -1])
  })

  it('gives every producer without transactions an id of its own, and fences none of them', () => {
    const bench = new KafkaBench()
    const [first, second] = [new Producer(bench, ''), new Producer(bench, '')]
    for (const producer of [first, second]) expect([producer.init(), producer.epoch]).toEqual(['NONE', 0])
    const asked = [second.produce([2]), first.produce([1])]
    bench.run()
    expect(asked.map(({ answers }) => answers[0]?.error)).toEqual(['NONE', 'NONE'])
    expect(bench.visible('read_uncommitted')).toEqual([2, 1])
  })

  it('aborts a transaction that timed out, within one scan interval; the commit that comes later is fenced', () => {
    const bench = new KafkaBench()
    const producer = written(bench, 'p-0-1', [1], 5_000_000)
    bench.run(4_900_000)
    expect(bench.of('abort')).toEqual([])
    bench.run(1_100_000)
    expect(bench.of('abort')).toMatchObject([{ transaction: 'p-0-1', why: 'timeout' }])
    const commit = producer.end(true)
    bench.run()
    expect(commit.answers).toMatchObject([{ error: 'PRODUCER_FENCED' }])
    expect(bench.of('commit')).toMatchObject([{ result: 'failed-known' }])
    expect(bench.visible('read_committed')).toEqual([])
  })

  it('measures the timeout from the first record, not from InitProducerId', () => {
    const bench = new KafkaBench()
    const producer = new Producer(bench, 'p-0-1', 5_000_000)
    producer.init()
    bench.run(20_000_000)
    producer.write([1])
    bench.run(4_500_000)
    expect(bench.of('abort')).toEqual([])
    const commit = producer.end(true)
    bench.run()
    expect(commit.answers).toMatchObject([{ error: 'NONE' }])
  })

  it('keeps transactions over a restart, and ends what was decided before', () => {
    const bench = new KafkaBench()
    const open = written(bench, 'p-0-1', [1])
    const decided = written(bench, 'p-0-2', [2])
    decided.end(true)
    bench.run(150) // the decision is made, its marker is still on the way
    bench.world.crash(bench.process)
    bench.run()
    expect(bench.of('commit')).toMatchObject([{ transaction: 'p-0-2', result: 'applied' }])
    bench.start()
    bench.run()
    // Read behind the open transaction only once that has ended, too.
    expect(bench.visible('read_committed')).toEqual([])
    open.end(true)
    bench.run()
    expect(bench.visible('read_committed')).toEqual([1, 2])
  })

  it('times a transaction out after a restart as before it', () => {
    const bench = new KafkaBench()
    written(bench, 'p-0-1', [1], 5_000_000)
    bench.world.crash(bench.process)
    bench.run(3_000_000)
    bench.start()
    bench.run(4_000_000)
    expect(bench.of('abort')).toMatchObject([{ why: 'timeout' }])
  })

  it.each(['failed', 'unknown-lost', 'unknown-applied'] as const)('EndTxn that ends %s may simply be repeated', (outcome) => {
    const bench = new KafkaBench()
    const producer = written(bench, 'p-0-1', [1])
    bench.script.set('kafka.end-txn', [outcome])
    const first = producer.end(true)
    bench.run()
    expect(first.answers).toMatchObject([{ error: outcome === 'failed' ? 'COORDINATOR_NOT_AVAILABLE' : 'REQUEST_TIMED_OUT' }])
    expect(bench.visible('read_committed')).toEqual(outcome === 'unknown-applied' ? [1] : [])
    const second = producer.end(true)
    bench.run()
    expect(second.answers).toMatchObject([{ error: 'NONE' }])
    expect(bench.visible('read_committed')).toEqual([1])
  })
})
