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
  serveSocket as serve,
} from '../../test/connectors/connection-conformance.js'

testConnections('SocketSource', serve, false)

describe('SocketSource', () => {
  it('has no position, and goes on after a crash with what the server sends next: what it had received is lost', () => {
    const { job } = begin(serve)
    job.read(3).takeCheckpoint()
    expect(job.positions()).toEqual([])
    job.read(2).crash().finish()
    // Three survive with the checkpoint; the rest of what came with them is gone, and so is what the other stream had sent.
    expect(offsets(job, 'a')).toEqual([0, 1, 2, ...ALL.slice(5)])
    expect(offsets(job, 'b')).toEqual(ALL.slice(5))
  })

  it.each(['failed', 'unknown-lost'] as const)('connects again and loses nothing when a call ends %s', (outcome) => {
    for (let nth = 0; nth < 6; nth++) {
      const { bench, job } = begin(serve)
      bench.script.set('socket.take', [...ALL.slice(0, nth).map(() => 'done' as const), outcome])
      job.finish()
      for (const stream of STREAMS) expect(offsets(job, stream), `call ${nth}`).toEqual(ALL)
    }
  })

  it('keeps what came before when more comes than it has asked for', () => {
    const { job } = begin(serve)
    job.poll()
    for (const [from, to] of [
      [0, 2],
      [2, 4],
    ] as const)
      job.tell({ type: 'sent', stream: 'a', ...piece('a', from, to) })
    for (let polls = 0; polls < 4; polls++) job.poll()
    expect(offsets(job, 'a')).toEqual([0, 1, 2, 3])
  })

  it('loses what was sent when the answer is lost, and knows where it goes on', () => {
    const { bench, job } = begin(serve)
    bench.script.set('socket.take', ['done', 'done', 'unknown-applied'])
    job.finish()
    const lost = STREAMS.flatMap((stream) =>
      ALL.filter((offset) => !offsets(job, stream).includes(offset)).map((offset) => `${stream}@${offset}`),
    )
    expect(lost).toEqual(['a@5', 'a@6', 'a@7', 'a@8', 'a@9'])
  })
})

describe('a job that reads a socket', () => {
  it('counts and publishes no record twice, whatever fails, and loses some', () => {
    const { menu, broken } = brokenOpposites(countOf('socket', serve, 'at-most-once'), 'at-least-once')
    expect(menu.calls).toContain('socket.take')
    expect(broken).toBeGreaterThan(5)
  })
})
