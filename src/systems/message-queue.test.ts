import { describe, expect, it } from 'vitest'
import { SystemsBench } from '../../test/systems/systems-bench.js'
import { messageQueue, type QueueAnswer } from './message-queue.js'

const recordOf = (id: number) => ({ id, value: id, timestamp: id })

/** A queue of five messages, asked for two at a time. */
function bench() {
  const systems = new SystemsBench()
  const queues = [{ name: 'q', records: [0, 1, 2, 3, 4].map(recordOf), acknowledged: 0 }]
  const server = systems.world.add(systems.process, messageQueue, 'server', { queues })
  systems.start()
  const client = systems.client('client')
  const ask = (request: object): QueueAnswer | undefined => {
    const asked = client.ask<QueueAnswer, never>(server, (caller) => ({ ...request, caller }) as never)
    systems.run(1_000)
    return asked.answers[0]
  }
  const receive = (after: number, queue = 'q') => ask({ kind: 'receive', queue, after, max: 2 })
  const acknowledge = (upTo: number) => ask({ kind: 'acknowledge', queue: 'q', upTo })
  return { systems, receive, acknowledge }
}

const delivered = (offset: number, ids: readonly number[], end: boolean) => ({
  type: 'delivered',
  queue: 'q',
  offset,
  records: ids.map(recordOf),
  end,
})
const ACKNOWLEDGED = { type: 'acknowledged', queue: 'q' }

describe('a message queue', () => {
  it('delivers in order, and says when nothing will follow', () => {
    const { receive } = bench()
    expect([receive(-1), receive(1), receive(3), receive(4)]).toEqual([
      delivered(0, [0, 1], false),
      delivered(2, [2, 3], false),
      delivered(4, [4], true),
      delivered(5, [], true),
    ])
  })

  it('delivers again what was not acknowledged, and never what was', () => {
    const { receive, acknowledge } = bench()
    receive(-1)
    receive(1)
    expect([acknowledge(3), receive(-1), acknowledge(1), receive(-1)]).toEqual([
      ACKNOWLEDGED,
      delivered(3, [3, 4], true),
      ACKNOWLEDGED,
      delivered(3, [3, 4], true),
    ])
  })

  it('has no other queues', () => {
    expect(bench().receive(-1, 'other')).toEqual({ type: 'refused', request: 'receive', queue: 'other' })
  })

  it('may take an acknowledgement although nobody hears of it, or not', () => {
    const { systems, receive, acknowledge } = bench()
    systems.script.set('queue.acknowledge', ['failed', 'unknown-lost', 'unknown-applied'])
    const timeout = { type: 'timeout', request: 'acknowledge', queue: 'q' }
    expect([acknowledge(2), receive(-1)]).toEqual([{ ...timeout, type: 'refused' }, delivered(0, [0, 1], false)])
    expect([acknowledge(2), receive(-1)]).toEqual([timeout, delivered(0, [0, 1], false)])
    expect([acknowledge(2), receive(-1)]).toEqual([timeout, delivered(2, [2, 3], false)])
  })

  it('keeps its messages and acknowledgements when it is started again', () => {
    const { systems, receive, acknowledge } = bench()
    acknowledge(1)
    systems.world.crash(systems.process)
    systems.world.start(systems.process)
    expect(receive(-1)).toEqual(delivered(1, [1, 2], false))
  })
})
