import { expect, it } from 'vitest'
import { actorRef, type Reply } from '../../world/index.js'
import { KafkaBench, Producer } from '../../../test/systems/kafka-bench.js'
import { kafkaReader } from './kafka-reader.js'
import type { FetchAnswer } from './partition-messages.js'

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
