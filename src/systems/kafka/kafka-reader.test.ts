import { expect, it } from 'vitest'
import { actorRef, type Reply } from '../../world/index.js'
import { KafkaBench, Producer } from '../../../test/systems/kafka-bench.js'
import { kafkaReader } from './kafka-reader.js'
import type { FetchAnswer } from './partition-messages.js'
import type { PartitionWaiting } from './partition.js'

it('an independent reader sees nothing twice in an answer that comes twice', () => {
  const bench = new KafkaBench()
  const producer = new Producer(bench, 'p-0-1')
  producer.init()
  producer.write([1, 2]).end(true)
  bench.run()
  expect(bench.visible('read_committed')).toEqual([1, 2])
  const answer = bench.fetch('read_committed')
  const reader = bench.world.actors.findIndex(({ name }) => name.includes('read_committed'))
  if (answer === undefined || reader < 0) throw new Error('nobody reads')
  const reply: Reply<FetchAnswer> = { kind: 'reply', tag: bench.partition(0), answer }
  bench.world.send(bench.partition(0), actorRef(kafkaReader, reader), reply, 0)
  bench.run()
  expect(bench.visible('read_committed')).toEqual([1, 2])
})

it('an independent reader waits at the broker for what comes next, and no fault is aimed at it', () => {
  const bench = new KafkaBench()
  new Producer(bench, '').produce([1])
  bench.run()
  expect(bench.visible('read_committed')).toEqual([1])
  const { fetches } = bench.world.inspect(bench.partition(0)).state.volatile as PartitionWaiting
  expect(fetches.map(({ offset }) => offset)).toEqual([1, 1])
  expect(bench.calls).toEqual(['kafka.produce'])
})
