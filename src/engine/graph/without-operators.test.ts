import { describe, expect, it } from 'vitest'
import { effectiveConfiguration, readFlinkConf } from '../../flink/configuration/index.js'
import { outputTag } from '../operators/output-tag.js'
import { TumblingEventTimeWindows } from '../operators/window-assigner.js'
import { idleSink, idleSource } from './idle-connectors.js'
import type { JobGraph } from './job-graph.js'
import { operatorShapes } from './job-shape.js'
import { StreamExecutionEnvironment } from './stream-environment.js'
import { withoutOperators } from './without-operators.js'

type Order = { readonly user: string; readonly amount: number }

const configuration = effectiveConfiguration([readFlinkConf('execution.checkpointing.interval: 1 s', 'conf')]).settings
const environment = () => new StreamExecutionEnvironment(configuration).setParallelism(2)
const late = outputTag<Order>('late')

/** Each operator with those it reads. */
function flowOf(graph: JobGraph): string[] {
  return operatorShapes(graph).map(({ name, inputs }) => (inputs.length === 0 ? name : `${inputs.join(' + ')} => ${name}`))
}

function waysOf({ edges, vertices }: JobGraph): string[] {
  return edges.map(
    ({ from, to, ship, input }) => `${String(vertices[from]?.name)} =${ship}=> ${String(vertices[to]?.name)} #${String(input)}`,
  )
}

/** Whatever is left out, ends of edges and calls fit together. */
function expectWhole({ vertices, edges }: JobGraph): void {
  expect(vertices.map(({ id }) => id)).toEqual(vertices.map((_, i) => i))
  expect(edges.map(({ id }) => id)).toEqual(edges.map((_, i) => i))
  for (const { id, inputs, outputs, operators } of vertices) {
    expect(inputs).toEqual(edges.filter(({ to }) => to === id))
    expect(outputs).toEqual(edges.filter(({ from }) => from === id))
    const ways = operators.flatMap((operator) => operator.outputs)
    expect(ways.flatMap((way) => (way.to === 'edge' ? [way.edge] : [])).sort()).toEqual(outputs.map((edge) => edge.id).sort())
    const called = ways.flatMap((way) => (way.to === 'operator' ? [way.operator] : []))
    expect(called.sort()).toEqual(operators.slice(1).map((_, i) => i + 1))
    for (const { from, to } of edges) expect(from).toBeLessThan(to)
  }
}

function left(graph: JobGraph, ...names: string[]): JobGraph {
  const smaller = withoutOperators(graph, names)
  expectWhole(smaller)
  return smaller
}

/** Source -> filter, by key to count -> map -> sink. */
function chained(): JobGraph {
  const env = environment()
  env
    .fromSource<Order>(idleSource('a'), 'Orders')
    .filter(({ amount }) => amount > 0)
    .keyBy(({ user }) => user)
    .count()
    .map((count) => count)
    .sinkTo(idleSink(true))
  return env.build()
}

/** Two sources in one stream, and a side output with a sink of its own. */
function forked(): JobGraph {
  const env = environment()
  const orders = env
    .fromSource<Order>(idleSource('a'), 'Orders')
    .union(env.fromSource<Order>(idleSource('b'), 'More'))
    .process<Order>({ processElement: (order, context) => context.collect(order) })
    .name('Split')
  orders.map(({ amount }) => amount).sinkTo(idleSink(false), 'Out')
  orders
    .getSideOutput(late)
    .map(({ amount }) => amount)
    .name('Late')
    .sinkTo(idleSink(true), 'Side')
  return env.build()
}

function joined(): JobGraph {
  const env = environment()
  env
    .fromSource<Order>(idleSource('a'), 'Orders')
    .join(env.fromSource<Order>(idleSource('b'), 'Payments').map((order) => order))
    .where(({ user }) => user)
    .equalTo(({ user }) => user)
    .window(TumblingEventTimeWindows.of(1000))
    .apply(({ amount }) => amount)
    .sinkTo(idleSink(false))
  return env.build()
}

/** Two sources; the sink of the second one comes first. */
function crossed(): JobGraph {
  const env = environment()
  const [orders, more] = ['Orders', 'More'].map((name) => env.fromSource<Order>(idleSource('a'), name).rebalance())
  more?.sinkTo(idleSink(false), 'First')
  orders?.sinkTo(idleSink(false), 'Second')
  return env.build()
}

describe('a job without an operator', () => {
  it('is the same job when none is named', () => {
    for (const graph of [chained(), forked(), joined(), crossed()]) expect(JSON.stringify(left(graph))).toBe(JSON.stringify(graph))
  })

  it('hands on what the operator read: within a chain, at its end and at its head', () => {
    const graph = chained()
    expect(flowOf(left(graph, 'Map'))).toEqual([
      'Source: Orders',
      'Source: Orders => Filter',
      'Filter => Count',
      'Count => Sink: Writer',
      'Sink: Writer => Sink: Committer',
    ])
    expect(flowOf(left(graph, 'Filter')).slice(0, 2)).toEqual(['Source: Orders', 'Source: Orders => Count'])
    expect(flowOf(left(graph, 'Count'))).toContain('Filter => Map')
    expect(flowOf(left(graph, 'Map', 'Filter', 'Count'))).toEqual([
      'Source: Orders',
      'Source: Orders => Sink: Writer',
      'Sink: Writer => Sink: Committer',
    ])
  })

  it('keeps the tasks, their names and the way between them', () => {
    const way = 'Source: Orders -> Filter =HASH=> Count -> Map -> Sink: Writer -> Sink: Committer #0'
    for (const name of ['Map', 'Filter', 'Count']) expect(waysOf(left(chained(), name))).toEqual([way])
  })

  it('loses a task that had only this operator, and distributes records as the task did that is gone', () => {
    const env = environment()
    env
      .fromSource<Order>(idleSource('a'), 'Orders')
      .rebalance()
      .map((order) => order)
      .startNewChain()
      .name('Alone')
      .keyBy(({ user }) => user)
      .map((order) => order)
      .name('Keyed')
      .disableChaining()
      .sinkTo(idleSink(false))
    const graph = env.build()
    expect(waysOf(left(graph, 'Alone'))).toEqual(['Source: Orders =HASH=> Keyed #0', 'Keyed =FORWARD=> Sink: Writer #0'])
    expect(waysOf(left(graph, 'Keyed'))).toEqual(['Source: Orders =REBALANCE=> Alone #0', 'Alone =HASH=> Sink: Writer #0'])
    expect(waysOf(left(graph, 'Alone', 'Keyed'))).toEqual(['Source: Orders =HASH=> Sink: Writer #0'])
  })

  it('loses one source of a union, or all that came of it', () => {
    expect(flowOf(left(forked(), 'Source: More')).slice(0, 2)).toEqual(['Source: Orders', 'Source: Orders => Split'])
    expect(() => withoutOperators(forked(), ['Source: Orders', 'Source: More'])).toThrow('the job needs a sink')
  })

  it('loses a side branch with its sink', () => {
    const flow = flowOf(left(forked(), 'Side: Writer'))
    expect(flow).toContain('Split => Late')
    expect(flow).not.toContain('Side: Writer => Side: Committer')
    expect(flowOf(left(forked(), 'Side: Writer', 'Late'))).toEqual([
      'Source: Orders',
      'Source: More',
      'Source: Orders + Source: More => Split',
      'Split => Map',
      'Map => Out: Writer',
    ])
  })

  it('loses the side outputs of the operator, and who reads them alone', () => {
    const env = environment()
    const orders = env
      .fromSource<Order>(idleSource('a'), 'Orders')
      .disableChaining()
      .process<Order>({ processElement: () => undefined })
      .name('Split')
    orders.sinkTo(idleSink(false), 'Out').disableChaining()
    orders.getSideOutput(late).sinkTo(idleSink(true), 'Side').disableChaining()
    expect(flowOf(left(env.build(), 'Split'))).toEqual(['Source: Orders', 'Source: Orders => Out: Writer'])
  })

  it('goes on with the first input of a join, or with the one that is left', () => {
    expect(flowOf(left(joined(), 'Window Join'))).toEqual([
      'Source: Orders',
      'Source: Payments',
      'Source: Payments => Map',
      'Source: Orders => Sink: Writer',
    ])
    expect(flowOf(left(joined(), 'Source: Orders'))).toEqual(['Source: Payments', 'Source: Payments => Map', 'Map => Sink: Writer'])
    expect(flowOf(left(joined(), 'Source: Payments', 'Window Join'))).toEqual(['Source: Orders', 'Source: Orders => Sink: Writer'])
  })

  it('reads no key in records that have none', () => {
    const env = environment()
    env
      .fromSource<Order>(idleSource('a'), 'Orders')
      .map(({ amount }) => ({ size: amount > 9 ? 'large' : 'small' }))
      .name('Sized')
      .keyBy(({ size }) => size)
      .count()
      .sinkTo(idleSink(false))
    const graph = env.build()
    const keyOf = (job: JobGraph) => job.edges[0]?.keyOf
    expect(keyOf(graph)?.({ size: 'small' })).toBe('small')
    expect(keyOf(left(graph, 'Sized'))?.({ size: 'small' })).toBe('small')
    expect(() => keyOf(left(graph, 'Sized'))?.({ user: 'u', amount: 3 })).toThrow('the records have no key: {"user":"u","amount":3}')
  })
})

describe('an operator that the job needs', () => {
  it.each([
    ['Sink: Writer', 'the job needs a sink'],
    ['Source: Orders', 'the job needs a sink'],
    ['Sink: Committer', "'Sink: Committer' is left out with its writer, not alone"],
    ['Gone', "the job has no operator 'Gone'"],
  ])('cannot be left out: %s', (name, why) => {
    expect(() => withoutOperators(chained(), [name])).toThrow(why)
  })

  it('is the head of two chains', () => {
    const env = environment()
    const orders = env
      .fromSource<Order>(idleSource('a'), 'Orders')
      .rebalance()
      .map((order) => order)
      .name('Head')
    orders.sinkTo(idleSink(false), 'Left')
    orders.sinkTo(idleSink(false), 'Right')
    const graph = env.build()
    expect(() => withoutOperators(graph, ['Head'])).toThrow('falls apart: Left: Writer and Right: Writer would each begin one')
    expect(flowOf(left(graph, 'Left: Writer', 'Head'))).toEqual(['Source: Orders', 'Source: Orders => Right: Writer'])
  })
})
