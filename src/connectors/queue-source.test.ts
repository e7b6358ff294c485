import { describe, expect, it } from 'vitest'
import { CONTENT, PER_SPLIT } from '../../test/connectors/source-conformance.js'
import { SourceJob } from '../../test/connectors/source-job.js'
import { sliceConfiguration } from '../../test/engine/slice-job.js'
import { SystemsBench } from '../../test/systems/systems-bench.js'
import { StreamExecutionEnvironment } from '../engine/graph/stream-environment.js'
import { faultMenu, planOf, runExperiment, type Scenario } from '../search/index.js'
import { emptyStore, externalStore, messageQueue } from '../systems/index.js'
import type { World } from '../world/index.js'
import { recordsOf } from './content.js'
import { queueSource } from './queue-source.js'
import { twoPhaseSink } from './two-phase-sink.js'

const QUEUES = ['a', 'b']

const queuesOf = (records: number) => QUEUES.map((name) => ({ name, records: recordsOf(CONTENT, name, records), acknowledged: 0 }))

function begin(paced = false, latency = { minUs: 100, maxUs: 100 }) {
  const bench = new SystemsBench('queue', latency)
  const server = bench.world.add(bench.process, messageQueue, 'server', { queues: queuesOf(PER_SPLIT) })
  bench.start()
  const pace = paced ? { pace: { intervalUs: 1_000, burst: 2 } } : {}
  return { bench, job: new SourceJob(bench, queueSource({ server, queues: QUEUES, content: CONTENT, ...pace })) }
}

/** Offsets read of a queue, in order. */
function offsets({ reads }: SourceJob, queue: string): number[] {
  return reads.flatMap(({ at }) => (at.startsWith(`${queue}@`) ? [Number(at.slice(2))] : []))
}

const all = Array.from({ length: PER_SPLIT }, (_, offset) => offset)

describe('QueueSource', () => {
  it('reads every message once, in order, with its content, and ends', () => {
    for (const latency of [
      { minUs: 100, maxUs: 100 },
      { minUs: 50, maxUs: 20_000 },
    ]) {
      const { job } = begin(false, latency)
      job.finish()
      for (const queue of QUEUES) expect(offsets(job, queue)).toEqual(all)
      expect(job.ended).toBe(true)
      expect(job.reads.find(({ at }) => at === 'b@7')).toEqual({ at: 'b@7', ...CONTENT('b', 7) })
    }
  })

  it('asks for a queue once at a time, and for none that has ended', () => {
    const { bench, job } = begin()
    for (let polls = 0; polls < 3; polls++) job.poll()
    bench.run()
    expect(bench.calls.length).toBe(QUEUES.length)
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

  it('has no position, and goes on after a crash behind what was acknowledged', () => {
    const { job } = begin()
    job.read(3).takeCheckpoint()
    expect(job.positions()).toEqual([])
    // Waiting for the next record leaves time for the acknowledgement.
    job.read(PER_SPLIT).crash().finish()
    for (const queue of QUEUES) expect(offsets(job, queue)).toEqual(all)
  })

  it('gets again what a checkpoint covers and was not acknowledged', () => {
    const { job } = begin()
    job.read(3).takeCheckpoint(false)
    job.read(2).crash().finish()
    expect(offsets(job, 'a')).toEqual([0, 1, 2, ...all])
  })

  it('stays at the end of a queue, wherever the acknowledgements have come', () => {
    const { job } = begin()
    job.finish().takeCheckpoint(false)
    expect(job.positions()).toEqual(QUEUES.map((split) => ({ split, offset: PER_SPLIT })))
    job.crash().finish()
    for (const queue of QUEUES) expect(offsets(job, queue)).toEqual(all)
  })

  it('acknowledges what the newest of the completed checkpoints covers, and nothing behind it', () => {
    const { bench, job } = begin()
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
    expect(offsets(job, 'a')).toEqual([0, 1, 2, ...all.slice(3)])
  })

  it.each(['failed', 'unknown-lost', 'unknown-applied'] as const)('asks again and loses nothing when a delivery ends %s', (outcome) => {
    for (let nth = 0; nth < 6; nth++) {
      const { bench, job } = begin()
      bench.script.set('queue.receive', [...all.slice(0, nth).map(() => 'done' as const), outcome])
      job.finish()
      for (const queue of QUEUES) expect(offsets(job, queue), `call ${nth}`).toEqual(all)
    }
  })

  it.each(['failed', 'unknown-lost', 'unknown-applied'] as const)('fails when an acknowledgement ends %s', (outcome) => {
    const { bench, job } = begin()
    bench.script.set('queue.acknowledge', [outcome])
    job.read(3).takeCheckpoint()
    expect(() => job.finish()).toThrow('a: messages could not be acknowledged')
  })

  it('asks again when the server was away', () => {
    for (let at = 0; at < 12; at++) {
      const { bench, job } = begin()
      job.read(at)
      bench.world.crash(bench.process)
      bench.restartAfter(70_000)
      job.finish()
      expect(job.ended).toBe(true)
      for (const queue of QUEUES) expect(offsets(job, queue)).toEqual(all)
    }
  })
})

/** Queues, keyed count, two-phase sink. */
const scenario: Scenario = {
  name: 'queues',
  about: 'a source that delivers again what was not acknowledged',
  modes: ['aligned'],
  witnesses: () => [],
  claims: () => ['state', 'external-store'].map((at) => ({ guarantee: 'at-least-once', at })),
  setUp(world: World) {
    const outside = world.process('outside')
    const store = world.add(outside, externalStore, 'external-store', emptyStore())
    const queues = world.process('queues')
    const records = 30
    const server = world.add(queues, messageQueue, 'queues', { queues: queuesOf(records) })
    const source = queueSource({ server, queues: QUEUES, content: CONTENT, pace: { intervalUs: 20_000, burst: 2 } })
    const env = new StreamExecutionEnvironment(sliceConfiguration).setParallelism(2)
    env
      .fromSource<{ key: string }>(source, 'Queues')
      .keyBy(({ key }) => key)
      .count()
      .sinkTo(twoPhaseSink({ store, batch: 5 }), 'Out')
    return {
      graph: env.build('queues'),
      cluster: { taskManagers: 2, slots: 2 },
      outside: [
        { process: outside, strikable: true },
        { process: queues, strikable: true },
      ],
      observed: new Map([['Out: Writer', ['external-store']]]),
      splits: QUEUES.map((split) => ({ vertex: 'Source: Queues', split, records })),
      configuration: {},
      settleUs: 100_000,
      limitUs: 120_000_000,
    }
  },
}

describe('a job that reads queues', () => {
  it('loses nothing, whatever fails, and counts some messages twice', () => {
    const menu = faultMenu(scenario, 'aligned')
    expect(menu.calls).toEqual(expect.arrayContaining(['queue.receive', 'queue.acknowledge']))
    let repeated = 0
    for (let run = 0; run < 25; run++) {
      const seed = `queues ${run}`
      const { status, verdict } = runExperiment({ scenario, mode: 'aligned', seed, plan: planOf(seed, menu) })
      expect(status, seed).toBe('FINISHED')
      expect(verdict?.verdict, seed).toBe('holds')
      if (verdict?.claims.some(({ guarantee, verdict: found }) => guarantee === 'at-most-once' && found === 'violated') === true) repeated++
    }
    expect(repeated).toBeGreaterThan(3)
  })
})
