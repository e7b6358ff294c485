/** What every source must do whose readers ask for their streams by themselves, and a job that reads of one. */
import { describe, expect, it } from 'vitest'
import { recordsOf, type Content } from '../../src/connectors/content.js'
import { queueSource } from '../../src/connectors/queue-source.js'
import { socketSource } from '../../src/connectors/socket-source.js'
import { twoPhaseSink } from '../../src/connectors/two-phase-sink.js'
import { StreamExecutionEnvironment } from '../../src/engine/graph/stream-environment.js'
import { narrowedSource } from '../../src/engine/operators/narrowed-source.js'
import type { Pace } from '../../src/connectors/pace.js'
import { faultMenu, planOf, runExperiment, type Scenario } from '../../src/search/index.js'
import { emptyStore, externalStore, messageQueue, socketServer } from '../../src/systems/index.js'
import type { ProcessRef, World } from '../../src/world/index.js'
import { sliceConfiguration } from '../engine/slice-job.js'
import { SystemsBench } from '../systems/systems-bench.js'
import { CONTENT, PER_SPLIT } from './source-conformance.js'
import { SourceJob, type AnySource } from './source-job.js'

/** The streams that are read. */
export const STREAMS = ['a', 'b']

/** Offsets of a whole stream. */
export const ALL = Array.from({ length: PER_SPLIT }, (_, offset) => offset)

/** A socket with the streams. */
export const serveSocket: Serve = (world, process, records, pace, content = CONTENT) => {
  const streams = STREAMS.map((name) => ({ name, records: recordsOf(CONTENT, name, records), sent: 0 }))
  const server = world.add(process, socketServer, 'server', { streams })
  return socketSource({ server, streams: STREAMS, content, ...(pace && { pace }) })
}

/** Queues with what the streams hold. */
export const serveQueue: Serve = (world, process, records, pace, content = CONTENT) => {
  const queues = STREAMS.map((name) => ({ name, records: recordsOf(CONTENT, name, records), acknowledged: 0 }))
  const server = world.add(process, messageQueue, 'server', { queues })
  return queueSource({ server, queues: STREAMS, content, ...(pace && { pace }) })
}

/**
 * Adds a server with so many records in each stream to a process, and gives a source that reads them and says of them what `content` does.
 */
export type Serve = (world: World, process: ProcessRef, records: number, pace: Pace | undefined, content?: Content) => AnySource

/** A reader that nobody has polled yet. */
export function begin(
  serve: Serve,
  pace?: Pace,
  latency = { minUs: 100, maxUs: 100 },
): { readonly bench: SystemsBench; readonly job: SourceJob } {
  const bench = new SystemsBench('server', latency)
  const source = serve(bench.world, bench.process, PER_SPLIT, pace)
  bench.start()
  return { bench, job: new SourceJob(bench, source) }
}

/** Offsets read of a stream, in order. */
export function offsets({ reads }: SourceJob, stream: string): number[] {
  return reads.flatMap(({ at }) => (at.startsWith(`${stream}@`) ? [Number(at.slice(2))] : []))
}

/** Some records of a stream, as an answer brings them. */
export function piece(stream: string, from: number, to: number) {
  return { offset: from, records: recordsOf(CONTENT, stream, to).slice(from), end: to === PER_SPLIT }
}

/**
 * Runs the suite.
 * @param lossless what was sent and did not arrive is sent again
 */
export function testConnections(name: string, serve: Serve, lossless: boolean): void {
  describe(name, () => {
    it('reads everything once, in order, with its content, and ends', () => {
      for (const latency of [
        { minUs: 100, maxUs: 100 },
        { minUs: 50, maxUs: 20_000 },
      ]) {
        const { job } = begin(serve, undefined, latency)
        job.finish()
        for (const stream of STREAMS) expect(offsets(job, stream)).toEqual(ALL)
        expect(job.ended).toBe(true)
        expect(job.reads.find(({ at }) => at === 'b@7')).toEqual({ at: 'b@7', ...CONTENT('b', 7) })
      }
    })

    it('refuses content that is a promise', () => {
      const later: Content = () => Promise.resolve() as never
      const { job } = begin((world, process, records, pace) => serve(world, process, records, pace, later))
      expect(() => job.finish()).toThrow('content: a function returned a promise')
    })

    it('asks for a stream once at a time, and for none that has ended', () => {
      const { bench, job } = begin(serve)
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
      const { bench, job } = begin(serve, { intervalUs: 1_000, burst: 2 })
      const started = bench.now()
      job.read(8)
      expect(bench.now() - started).toBeGreaterThanOrEqual(3_000)
      expect(bench.now() - started).toBeLessThan(6_000)
    })

    it('is read to its end where less of it may be used, whatever splits a reader is told of', () => {
      const bench = new SystemsBench('server', { minUs: 100, maxUs: 100 })
      const less = narrowedSource(serve(bench.world, bench.process, PER_SPLIT, undefined), [{ split: 'a', offsets: ALL, end: 1 }])
      bench.start()
      // Of 'b' the reader knows by itself.
      const job = new SourceJob(bench, { ...less, splits: ['a'] })
      while (!job.ended) {
        job.poll()
        bench.run()
      }
      expect([offsets(job, 'a'), offsets(job, 'b')]).toEqual([ALL, ALL])
    })

    it.each([5, PER_SPLIT])('has come to its end where only the first %i records are used, and stays there', (end) => {
      const bench = new SystemsBench('server', { minUs: 100, maxUs: 100 })
      const kept = STREAMS.map((split) => ({ split, offsets: ALL, end }))
      const job = new SourceJob(bench, narrowedSource(serve(bench.world, bench.process, PER_SPLIT, undefined), kept))
      bench.start()
      job.finish().takeCheckpoint(false)
      expect(job.positions()).toEqual(STREAMS.map((split) => ({ split, offset: end })))
      job.crash().finish()
      for (const stream of STREAMS) expect(offsets(job, stream)).toEqual(ALL.slice(0, end))
    })

    it('asks again when the server was away', () => {
      for (let at = 0; at < 12; at++) {
        const { bench, job } = begin(serve)
        job.read(at)
        bench.world.crash(bench.process)
        bench.restartAfter(70_000)
        job.finish()
        expect(job.ended).toBe(true)
        for (const stream of STREAMS) {
          const read = offsets(job, stream)
          expect(read).toEqual(lossless ? ALL : ALL.filter((offset) => read.includes(offset)))
          expect(read.length).toBeGreaterThanOrEqual(PER_SPLIT - 5)
        }
      }
    })
  })
}

/** The source, a keyed count, a two-phase sink. */
export function countOf(name: string, serve: Serve, guarantee: 'at-least-once' | 'at-most-once'): Scenario {
  const records = 30
  return {
    name,
    about: `a keyed count of what a ${name} brings`,
    modes: ['aligned'],
    witnesses: () => [],
    claims: () => ['state', 'external-store'].map((at) => ({ guarantee, at })),
    setUp(world) {
      const outside = world.process('outside')
      const store = world.add(outside, externalStore, 'external-store', emptyStore())
      const server = world.process('server')
      const env = new StreamExecutionEnvironment(sliceConfiguration).setParallelism(2)
      env
        .fromSource<{ key: string }>(serve(world, server, records, { intervalUs: 20_000, burst: 2 }), 'In')
        .keyBy(({ key }) => key)
        .count()
        .sinkTo(twoPhaseSink({ store, batch: 5 }), 'Out')
      return {
        graph: env.build(name),
        cluster: { taskManagers: 2, slots: 2 },
        outside: [
          { process: outside, strikable: true },
          { process: server, strikable: true },
        ],
        observed: new Map([['Out: Writer', ['external-store']]]),
        splits: STREAMS.map((split) => ({ vertex: 'Source: In', split, records })),
        configuration: {},
        settleUs: 100_000,
        limitUs: 120_000_000,
      }
    },
  }
}

/** Runs a scenario under 40 seeds, whose claims hold in all of them; in how many the opposite guarantee is broken. */
export function brokenOpposites(
  scenario: Scenario,
  opposite: 'at-least-once' | 'at-most-once',
): { readonly menu: ReturnType<typeof faultMenu>; readonly broken: number } {
  const menu = faultMenu(scenario, 'aligned')
  let broken = 0
  for (let run = 0; run < 40; run++) {
    const seed = `${scenario.name} ${run}`
    const { status, verdict } = runExperiment({ scenario, mode: 'aligned', seed, plan: planOf(seed, menu) })
    expect(status, seed).toBe('FINISHED')
    expect(verdict?.verdict, seed).toBe('holds')
    if (verdict?.claims.some(({ guarantee, verdict: found }) => guarantee === opposite && found === 'violated') === true) broken++
  }
  return { menu, broken }
}
