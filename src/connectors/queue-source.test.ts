import { describe, expect, it } from 'vitest'
import {
  ALL,
  begin,
  brokenOpposites,
  countOf,
  offsets,
  piece,
  STREAMS,
  testConnections,
  serveQueue as serve,
} from '../../test/connectors/connection-conformance.js'
import { PER_SPLIT } from '../../test/connectors/source-conformance.js'

testConnections('QueueSource', serve, true)

describe('QueueSource', () => {
  it('has no position, and goes on after a crash behind what was acknowledged', () => {
    const { job } = begin(serve)
    job.read(3).takeCheckpoint()
    expect(job.positions()).toEqual([])
    // Waiting for the next record leaves time for the acknowledgement.
    job.read(PER_SPLIT).crash().finish()
    for (const queue of STREAMS) expect(offsets(job, queue)).toEqual(ALL)
  })

  it('gets again what a checkpoint covers and was not acknowledged', () => {
    const { job } = begin(serve)
    job.read(3).takeCheckpoint(false)
    job.read(2).crash().finish()
    expect(offsets(job, 'a')).toEqual([0, 1, 2, ...ALL])
  })

  it('stays at the end of a queue, wherever the acknowledgements have come', () => {
    const { job } = begin(serve)
    job.finish().takeCheckpoint(false)
    expect(job.positions()).toEqual(STREAMS.map((split) => ({ split, offset: PER_SPLIT })))
    job.crash().finish()
    for (const queue of STREAMS) expect(offsets(job, queue)).toEqual(ALL)
  })

  it('acknowledges what the newest of the completed checkpoints covers, and nothing behind it', () => {
    const { bench, job } = begin(serve)
    job.read(2).takeCheckpoint(false)
    job.read(1).takeCheckpoint(false)
    job.read(1)
    const acknowledged = () => bench.calls.filter((call) => call === 'queue.acknowledge').length
    job.complete(2)
    bench.run()
    expect(acknowledged()).toBe(1)
    job.complete(1)
    bench.run()
    expect(acknowledged()).toBe(1)
    job.crash().finish()
    expect(offsets(job, 'a')).toEqual([0, 1, 2, ...ALL.slice(3)])
  })

  it.each(['failed', 'unknown-lost', 'unknown-applied'] as const)('asks again and loses nothing when a delivery ends %s', (outcome) => {
    for (let nth = 0; nth < 6; nth++) {
      const { bench, job } = begin(serve)
      bench.script.set('queue.receive', [...ALL.slice(0, nth).map(() => 'done' as const), outcome])
      job.finish()
      for (const queue of STREAMS) expect(offsets(job, queue), `call ${nth}`).toEqual(ALL)
    }
  })

  it('takes what comes twice once, also when it has asked for more meanwhile', () => {
    const { job } = begin(serve)
    const answer = { type: 'delivered', queue: 'a', ...piece('a', 0, 3) }
    job.poll()
    job.tell(answer)
    job.tell(answer)
    for (let polls = 0; polls < 4; polls++) job.poll()
    job.tell(answer)
    job.poll()
    expect(offsets(job, 'a')).toEqual([0, 1, 2])
  })

  it.each(['failed', 'unknown-lost', 'unknown-applied'] as const)('fails when an acknowledgement ends %s', (outcome) => {
    const { bench, job } = begin(serve)
    bench.script.set('queue.acknowledge', [outcome])
    job.read(3).takeCheckpoint()
    expect(() => job.finish()).toThrow('a: messages could not be acknowledged')
  })
})

describe('a job that reads queues', () => {
  it('loses nothing, whatever fails, and counts some messages twice', () => {
    const { menu, broken } = brokenOpposites(countOf('queue', serve, 'at-least-once'), 'at-most-once')
    expect(menu.calls).toEqual(expect.arrayContaining(['queue.receive', 'queue.acknowledge']))
    expect(broken).toBeGreaterThan(3)
  })
})
