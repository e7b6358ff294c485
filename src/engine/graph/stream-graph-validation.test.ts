import { describe, expect, it } from 'vitest'
import { effectiveConfiguration } from '../../flink/configuration/index.js'
import { EventTimeSessionWindows } from '../operators/window-assigner.js'
import type { Value } from '../record.js'
import { mapStateDescriptor } from '../state/broadcast-state.js'
import { idleSink, idleSource } from './idle-connectors.js'
import { StreamExecutionEnvironment } from './stream-environment.js'

const configuration = effectiveConfiguration([]).settings

const environment = (parallelism = 2) => new StreamExecutionEnvironment(configuration).setParallelism(parallelism)

describe('a job that cannot be deployed', () => {
  it('has no sink', () => {
    const env = environment()
    env.fromSource<number>(idleSource('a'), 'A').map((n) => n)
    expect(() => env.build()).toThrow('there is no sink')
    expect(() => environment().build()).toThrow('there is no sink')
  })

  it('uses a uid twice', () => {
    const env = environment()
    env.fromSource<number>(idleSource('a'), 'A').uid('same').sinkTo(idleSink(true)).uid('same')
    expect(() => env.build()).toThrow('hash collision on user-specified ID "same": Source: A and Sink: Writer both have it')
  })

  it('has an empty uid', () => {
    const env = environment()
    env.fromSource<number>(idleSource('a'), 'A').uid('').sinkTo(idleSink(true))
    expect(() => env.build()).toThrow('Source: A: a uid must not be empty')
  })

  it('forwards to another parallelism', () => {
    const env = environment()
    env.fromSource<number>(idleSource('a'), 'A').forward().sinkTo(idleSink(false)).setParallelism(3)
    expect(() => env.build()).toThrow('forward partitioning does not allow change of parallelism: Source: A has 2, Sink: Writer has 3')
  })

  it('shares keyed state between streams that are not keyed', () => {
    const env = environment()
    const a = env.fromSource<number>(idleSource('a'), 'A')
    const b = env.fromSource<number>(idleSource('b'), 'B').keyBy((n) => n)
    const fn = { processElement1: (): Value => null, processElement2: (): Value => null }
    expect(() => a.connect(b).process(fn)).toThrow('keyed state can only be used on a keyed stream')
    expect(() => b.connect(a).process(fn)).toThrow('keyed state can only be used on a keyed stream')
  })

  it('merges windows whose contents cannot be', () => {
    const sessions = environment()
      .fromSource<number>(idleSource('a'), 'A')
      .keyBy((n) => n)
      .window(EventTimeSessionWindows.withGap(10))
    const count = { createAccumulator: () => 0, add: (_: Value, n: number) => n + 1, getResult: (n: number) => n }
    expect(() => sessions.aggregate(count)).toThrow('EventTimeSessionWindows: windows that merge need an aggregate function with merge')
    expect(() => sessions.aggregate({ ...count, merge: (a, b) => a + b })).not.toThrow()
  })

  it('gives two broadcast states one name', () => {
    const rules = environment().fromSource<number>(idleSource('a'), 'A')
    expect(() => rules.broadcast(mapStateDescriptor('one'), mapStateDescriptor('one'))).toThrow(
      'broadcast: two descriptors have the name "one"; every state needs one of its own',
    )
  })

  it.each([0, -1, 1.5, Number.NaN])('has parallelism %s', (parallelism) => {
    const env = environment()
    env.fromSource<number>(idleSource('a'), 'A').setParallelism(parallelism).sinkTo(idleSink(false))
    expect(() => env.build()).toThrow(`Source: A: the parallelism of an operator must be at least 1, not ${parallelism}`)
  })

  it('has more subtasks than key groups', () => {
    const env = environment(129)
    env.fromSource<number>(idleSource('a'), 'A').sinkTo(idleSink(false))
    expect(() => env.build()).toThrow('parallelism 129 is higher than the max parallelism 128')
  })

  it('works for a part of a µs, or for less than nothing', () => {
    const env = environment()
    env.fromSource<number>(idleSource('a'), 'A').work(0.5).sinkTo(idleSink(false))
    expect(() => env.build()).toThrow('Source: A: work must be a whole number of µs, not 0.5')
    const hasty = environment()
    hasty.fromSource<number>(idleSource('a'), 'A').work(-1).sinkTo(idleSink(false))
    expect(() => hasty.build()).toThrow('Source: A: work must be a whole number of µs, not -1')
  })

  it('has two sinks that name their transactions alike', () => {
    const named = (transactionalIdPrefix: string) => ({ ...idleSink(true), transactionalIdPrefix })
    const job = (first: string, second: string) => {
      const env = environment()
      const source = env.fromSource<number>(idleSource('a'), 'A')
      source.sinkTo(named(first), 'One')
      source.sinkTo(named(second), 'Two')
      return env
    }
    expect(() => job('orders', 'orders').build()).toThrow(
      'transactionalIdPrefix "orders" is that of One: Writer and of Two: Writer: each would fence and abort the transactions of the other',
    )
    expect(() => job('orders', 'payments').build()).not.toThrow()
  })
})
