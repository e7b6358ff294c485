import { describe, expect, it } from 'vitest'
import { CONTENT, PER_SPLIT } from '../../test/connectors/source-conformance.js'
import { SourceJob } from '../../test/connectors/source-job.js'
import { sliceConfiguration } from '../../test/engine/slice-job.js'
import { SystemsBench } from '../../test/systems/systems-bench.js'
import { StreamExecutionEnvironment } from '../engine/graph/stream-environment.js'
import { faultMenu, planOf, runExperiment, type Scenario } from '../search/index.js'
import { emptyStore, externalStore, socketServer } from '../systems/index.js'
import type { World } from '../world/index.js'
import { recordsOf } from './content.js'
import { socketSource } from './socket-source.js'
import { twoPhaseSink } from './two-phase-sink.js'

const STREAMS = ['a', 'b']

function begin(paced = false, latency = { minUs: 100, maxUs: 100 }) {
  const bench = new SystemsBench('socket', latency)
  const streams = STREAMS.map((name) => ({ name, records: recordsOf(CONTENT, name, PER_SPLIT), sent: 0 }))
  const server = bench.world.add(bench.process, socketServer, 'server', { streams })
  bench.start()
  const pace = paced ? { pace: { intervalUs: 1_000, burst: 2 } } : {}
  return { bench, job: new SourceJob(bench, socketSource({ server, streams: STREAMS, content: CONTENT, ...pace })) }
}

/** Offsets read of a stream, in order. */
function offsets({ reads }: SourceJob, stream: string): number[] {
  return reads.flatMap(({ at }) => (at.startsWith(`${stream}@`) ? [Number(at.slice(2))] : []))
}

const all = Array.from({ length: PER_SPLIT }, (_, offset) => offset)

describe('SocketSource', () => {
  it('reads every record once, in order, with its content, and ends', () => {
    for (const latency of [
      { minUs: 100, maxUs: 100 },
      { minUs: 50, maxUs: 20_000 },
    ]) {
      const { job } = begin(false, latency)
      job.finish()
      for (const stream of STREAMS) expect(offsets(job, stream)).toEqual(all)
      expect(job.ended).toBe(true)
      expect(job.reads.find(({ at }) => at === 'b@7')).toEqual({ at: 'b@7', ...CONTENT('b', 7) })
    }
  })

  it('asks for a stream once at a time, and for none that has ended', () => {
    const { bench, job } = begin()
    for (let polls = 0; polls < 3; polls++) job.poll()
    bench.run()
    expect(bench.calls.length).toBe(STREAMS.length)
    job.finish()
    const asked = bench.calls.length
    job.poll()
    bench.run()
    expect(bench.calls.length).toBe(asked)
  })

  it('keeps its pace', () => {
    const { bench, job } = begin(true)
    const started = bench.now()
    job.read(8)
    expect(bench.now() - started).toBeGreaterThanOrEqual(3_000)
    expect(bench.now() - started).toBeLessThan(6_000)
  })

  it('has no position, and goes on after a crash with what the server sends next: what it had received is lost', () => {
    const { job } = begin()
    job.read(3).takeCheckpoint()
    expect(job.positions()).toEqual([])
    job.read(2).crash().finish()
    // Three survive with the checkpoint; the rest of what came with them is gone, and so is what the other stream had sent.
    expect(offsets(job, 'a')).toEqual([0, 1, 2, ...all.slice(5)])
    expect(offsets(job, 'b')).toEqual(all.slice(5))
  })

  it.each(['failed', 'unknown-lost'] as const)('connects again and loses nothing when a call ends %s', (outcome) => {
    for (let nth = 0; nth < 6; nth++) {
      const { bench, job } = begin()
      bench.script.set('socket.take', [...all.slice(0, nth).map(() => 'done' as const), outcome])
      job.finish()
      for (const stream of STREAMS) expect(offsets(job, stream), `call ${nth}`).toEqual(all)
    }
  })

  it('loses what was sent when the answer is lost, and knows where it goes on', () => {
    const { bench, job } = begin()
    bench.script.set('socket.take', ['done', 'done', 'unknown-applied'])
    job.finish()
    const lost = STREAMS.flatMap((stream) =>
      all.filter((offset) => !offsets(job, stream).includes(offset)).map((offset) => `${stream}@${offset}`),
    )
    expect(lost).toEqual(['a@5', 'a@6', 'a@7', 'a@8', 'a@9'])
  })

  it('connects again when the server was away', () => {
    for (let at = 0; at < 12; at++) {
      const { bench, job } = begin()
      job.read(at)
      bench.world.crash(bench.process)
      bench.restartAfter(70_000)
      job.finish()
      expect(job.ended).toBe(true)
      for (const stream of STREAMS) expect(new Set(offsets(job, stream)).size).toBe(offsets(job, stream).length)
    }
  })
})

/** Socket, keyed count, two-phase sink. */
const scenario: Scenario = {
  name: 'socket',
  about: 'a source that cannot go back',
  modes: ['aligned'],
  witnesses: () => [],
  claims: () => ['state', 'external-store'].map((at) => ({ guarantee: 'at-most-once', at })),
  setUp(world: World) {
    const outside = world.process('outside')
    const store = world.add(outside, externalStore, 'external-store', emptyStore())
    const socket = world.process('server')
    const records = 30
    const streams = STREAMS.map((name) => ({ name, records: recordsOf(CONTENT, name, records), sent: 0 }))
    const server = world.add(socket, socketServer, 'server', { streams })
    const source = socketSource({ server, streams: STREAMS, content: CONTENT, pace: { intervalUs: 20_000, burst: 2 } })
    const env = new StreamExecutionEnvironment(sliceConfiguration).setParallelism(2)
    env
      .fromSource<{ key: string }>(source, 'Socket')
      .keyBy(({ key }) => key)
      .count()
      .sinkTo(twoPhaseSink({ store, batch: 5 }), 'Out')
    return {
      graph: env.build('socket'),
      cluster: { taskManagers: 2, slots: 2 },
      outside: [
        { process: outside, strikable: true },
        { process: socket, strikable: true },
      ],
      observed: new Map([['Out: Writer', ['external-store']]]),
      splits: STREAMS.map((split) => ({ vertex: 'Source: Socket', split, records })),
      configuration: {},
      settleUs: 100_000,
      limitUs: 120_000_000,
    }
  },
}

describe('a job that reads a socket', () => {
  it('counts and publishes no record twice, whatever fails, and loses some', () => {
    const menu = faultMenu(scenario, 'aligned')
    expect(menu.calls).toContain('socket.take')
    let lost = 0
    for (let run = 0; run < 25; run++) {
      const seed = `socket ${run}`
      const { status, verdict } = runExperiment({ scenario, mode: 'aligned', seed, plan: planOf(seed, menu) })
      expect(status, seed).toBe('FINISHED')
      expect(verdict?.verdict, seed).toBe('holds')
      if (verdict?.claims.some(({ guarantee, verdict: found }) => guarantee === 'at-least-once' && found === 'violated') === true) lost++
    }
    expect(lost).toBeGreaterThan(5)
  })
})
