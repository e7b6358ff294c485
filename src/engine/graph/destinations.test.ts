import { describe, expect, it } from 'vitest'
import { effectiveConfiguration, readFlinkConf } from '../../flink/configuration/index.js'
import { outputTag } from '../operators/output-tag.js'
import type { DataStream } from './data-stream.js'
import { outputStreams } from './destinations.js'
import { idleSink, idleSource } from './idle-connectors.js'
import { operatorShapes } from './job-shape.js'
import { StreamExecutionEnvironment } from './stream-environment.js'

const configuration = effectiveConfiguration([readFlinkConf('execution.checkpointing.interval: 1 s', 'conf')]).settings
const LATE = outputTag<number>('late')

/** The streams of the operator of this name, in a job that `build` makes of a source. */
function streamsOf(name: string, build: (orders: DataStream<number>) => void) {
  const env = new StreamExecutionEnvironment(configuration).setParallelism(2)
  build(env.fromSource<number>(idleSource('a', 'b'), 'Orders'))
  const graph = env.build()
  for (const vertex of graph.vertices) {
    const operator = vertex.operators.find((each) => each.name === name)
    if (operator === undefined) continue
    const streams = outputStreams(graph, vertex, operator)
    return streams.map(({ tag, ways, copied, destinations }) => ({ tag, to: ways.flatMap(({ to }) => to), copied, destinations }))
  }
  throw new RangeError(`there is no operator ${name}`)
}

const plusOne = (value: number): number => value + 1

describe('the stream of an operator', () => {
  it('has one record for all ways that part for good', () => {
    const streams = streamsOf('Source: Orders', (orders) => {
      orders.map(plusOne).name('One').sinkTo(idleSink(false), 'first')
      orders.map(plusOne).name('Other').sinkTo(idleSink(false), 'second')
    })
    expect(streams).toEqual([{ tag: undefined, to: ['One', 'Other'], copied: false, destinations: undefined }])
  })

  it.each([
    ['in the chain', (stream: DataStream<number>) => stream],
    ['behind an exchange', (stream: DataStream<number>) => stream.rebalance()],
  ])('has a record of its own for each way where they meet again %s', (_where, ship) => {
    const streams = streamsOf('Source: Orders', (orders) => {
      const [one, other] = [orders.map(plusOne).name('One'), orders.map(plusOne).name('Other')]
      ship(one.union(other)).sinkTo(idleSink(false), 'both')
    })
    expect(streams).toEqual([{ tag: undefined, to: ['One', 'Other'], copied: true, destinations: [] }])
  })

  it('has a copy for the only subtask at the end of a broadcast edge, as it has for each of several', () => {
    const streams = streamsOf('Source: Orders', (orders) => {
      orders.broadcast().map(plusOne).name('One').setParallelism(1).sinkTo(idleSink(false), 'first')
    })
    expect(streams).toEqual([{ tag: undefined, to: ['One'], copied: true, destinations: [] }])
  })

  it('says where each goes as soon as there are several', () => {
    const streams = streamsOf('Split', (orders) => {
      const split = orders.process({ processElement: (value, context) => context.output(LATE, value) }).name('Split')
      split
        .map((value) => value)
        .name('Main')
        .sinkTo(idleSink(false), 'main')
      split
        .getSideOutput(LATE)
        .map((value) => value)
        .name('Side')
        .sinkTo(idleSink(false), 'side')
    })
    expect(streams).toEqual([
      { tag: undefined, to: ['Main'], copied: false, destinations: ['Main'] },
      { tag: 'late', to: ['Side'], copied: false, destinations: ['Side'] },
    ])
  })
})

describe('the operators of a job in the header of a history', () => {
  it('stand in topological order, also where a task has some from behind another one', () => {
    const env = new StreamExecutionEnvironment(configuration).setParallelism(2)
    const orders = env.fromSource<number>(idleSource('a', 'b'), 'Orders')
    orders
      .keyBy((value) => value)
      .count()
      .sinkTo(idleSink(false), 'counts')
    orders.map(plusOne).name('Plus').sinkTo(idleSink(false), 'sums')
    const graph = env.build()
    const ordinals = graph.vertices.flatMap(({ operators }) => operators.map(({ ordinal }) => ordinal))
    expect(ordinals).not.toEqual([...ordinals].sort((a, b) => a - b))
    expect(operatorShapes(graph).map(({ name }) => name)).toEqual(['Source: Orders', 'Count', 'counts: Writer', 'Plus', 'sums: Writer'])
  })
})
