/** Jobs with two sinks of one kind: what they put outside must not get in each other's way. */
import { describe, expect, it } from 'vitest'
import { StreamExecutionEnvironment } from '../engine/graph/stream-environment.js'
import { sliceConfiguration } from '../../test/engine/slice-job.js'
import type { DataStream } from '../engine/graph/data-stream.js'
import { runExperiment } from '../search/experiment.js'
import type { Scenario } from '../search/scenario.js'
import { emptyStore, externalStore, fileSystem, fileSystemState } from '../systems/index.js'
import type { ProcessRef, World } from '../world/index.js'
import { collectionSource } from './collection-source.js'
import { fileSink } from './file/file-sink.js'
import { kafkaSink } from './kafka/kafka-sink.js'
import { KAFKA_SINK_DEFAULTS } from './kafka/kafka-sink-options.js'
import { twoPhaseSink } from './two-phase-sink.js'

const PER_SPLIT = 30
const SINKS = ['One', 'Two']

/** Adds a sink of that name with an outside of its own. */
type AddSink = (world: World, outside: ProcessRef, stream: DataStream<null>, name: string) => void

function scenarioOf(at: string, addSink: AddSink): Scenario {
  return {
    name: `two sinks, ${at}`,
    about: 'two sinks of one kind',
    modes: ['aligned'],
    witnesses: () => [],
    claims: () => SINKS.map(() => ({ guarantee: 'exactly-once', at })),
    setUp(world) {
      const outside = world.process('outside')
      const env = new StreamExecutionEnvironment(sliceConfiguration).setParallelism(2)
      const content = (_split: string, offset: number) => ({ value: null, timestamp: offset, key: 'k' })
      const source = collectionSource({ splits: ['a', 'b'], perSplit: PER_SPLIT, pace: { burst: 3, intervalUs: 20_000 }, content })
      const stream = env.fromSource<null>(source, 'Src')
      for (const name of SINKS) addSink(world, outside, stream, name)
      return {
        graph: env.build('two sinks'),
        cluster: { taskManagers: 2, slots: 2 },
        outside: [{ process: outside, strikable: false }],
        observed: new Map(SINKS.map((name) => [`${name}: Writer`, [at]])),
        splits: ['a', 'b'].map((split) => ({ vertex: 'Source: Src', split, records: PER_SPLIT })),
        configuration: {},
        settleUs: 100_000,
        limitUs: 120_000_000,
      }
    },
  }
}

const kinds: readonly (readonly [string, AddSink])[] = [
  [
    'external-store',
    (world, outside, stream, name) => {
      const store = world.add(outside, externalStore, `store of ${name}`, emptyStore())
      stream.sinkTo(twoPhaseSink({ store, batch: 5 }), name)
    },
  ],
  [
    'finished-files',
    (world, outside, stream, name) => {
      const files = world.add(outside, fileSystem, `files of ${name}`, fileSystemState())
      stream.sinkTo(fileSink({ files, directory: '/out', batch: 5 }), name)
    },
  ],
]

describe.each(kinds)('two sinks (%s)', (at, addSink) => {
  it('one of them may be left out of a smaller job, with what is looked at there', () => {
    const smaller = { without: ['Two: Writer'] }
    const { status, verdict } = runExperiment({
      scenario: scenarioOf(at, addSink),
      mode: 'aligned',
      seed: at,
      plan: [],
      reduction: smaller,
    })
    expect(status).toBe('FINISHED')
    expect(verdict?.points.map(({ sink }) => sink).filter((sink) => sink !== undefined)).toEqual(['One: Writer'])
  })

  it('name their transactions apart, and each is exactly-once', () => {
    const plan = [{ kind: 'crash', process: 'TaskManager-0', at: { timeUs: 150_000 }, downUs: 20_000 }] as const
    const result = runExperiment({ scenario: scenarioOf(at, addSink), mode: 'aligned', seed: at, plan }, { keepHistory: true })
    expect(result.status).toBe('FINISHED')
    const names = SINKS.map((sink) => {
      const own = result.history.flatMap((event) =>
        event.kind === 'sink-write' && event.vertex === `${sink}: Writer` && event.transaction !== undefined ? [event.transaction] : [],
      )
      return new Set(own)
    })
    const [one = new Set<string>(), two = new Set<string>()] = names
    expect(one.size).toBeGreaterThan(1)
    expect([...one].filter((name) => two.has(name))).toEqual([])
    expect(result.verdict?.claims.length).toBeGreaterThan(0)
    expect(result.verdict?.claims.filter(({ verdict }) => verdict !== 'holds')).toEqual([])
    expect(result.verdict?.protocol).toEqual([])
  })
})

describe('two Kafka sinks', () => {
  it('must have prefixes of their own, if they are EXACTLY_ONCE', () => {
    const job = (deliveryGuarantee: 'EXACTLY_ONCE' | 'AT_LEAST_ONCE', ...prefixes: string[]) => {
      const env = new StreamExecutionEnvironment(sliceConfiguration)
      const content = () => ({ value: null, timestamp: 0, key: 'k' })
      const stream = env.fromSource<null>(collectionSource({ splits: ['a'], perSplit: 1, content }), 'Src')
      const cluster = { coordinator: 0 as never, groups: 0 as never, topics: [] } as never
      for (const transactionalIdPrefix of prefixes)
        stream.sinkTo(kafkaSink({ ...KAFKA_SINK_DEFAULTS, cluster, topic: [] as never, deliveryGuarantee, transactionalIdPrefix }))
      return env
    }
    expect(() => job('EXACTLY_ONCE', 'p', 'p').build()).toThrow('transactionalIdPrefix "p" is that of')
    expect(() => job('EXACTLY_ONCE', 'p', 'q').build()).not.toThrow()
    expect(() => job('AT_LEAST_ONCE', 'p', 'p').build()).not.toThrow()
  })
})
