import { describe, expect, it } from 'vitest'
import { effectiveConfiguration, readFlinkConf } from '../../flink/configuration/index.js'
import { outputTag } from '../operators/output-tag.js'
import { SlidingEventTimeWindows, TumblingEventTimeWindows } from '../operators/window-assigner.js'
import { mapStateDescriptor } from '../state/broadcast-state.js'
import { idleSink, idleSource } from './idle-connectors.js'
import type { JobGraph } from './job-graph.js'
import { operatorShapes } from './job-shape.js'
import { StreamExecutionEnvironment } from './stream-environment.js'

type Order = { readonly user: string; readonly amount: number }

/** Flink's defaults, and checkpoints. */
const configuration = effectiveConfiguration([readFlinkConf('execution.checkpointing.interval: 1 s', 'conf')]).settings

const environment = (parallelism = 2) => new StreamExecutionEnvironment(configuration).setParallelism(parallelism)

/** Vertices and edges in a line each. */
function describeGraph({ vertices, edges }: JobGraph): string[] {
  const named = (id: number) => vertices[id]?.name ?? '?'
  return [
    ...vertices.map(({ name, parallelism }) => `${name} x${parallelism}`),
    ...edges.map(({ from, to, ship, input }) => `${named(from)} =${ship}=> ${named(to)} #${input}`),
  ]
}

describe('a job', () => {
  it('knows of its sources where they begin, and whether they end', () => {
    const env = environment()
    env.fromSource({ ...idleSource('a'), startOffset: () => -1, unbounded: true, withoutPositions: true }, 'Orders').sinkTo(idleSink(false))
    const [source] = env.build('orders').vertices[0]?.operators ?? []
    expect([source?.startOffset?.('a'), source?.unbounded, source?.withoutPositions]).toEqual([-1, true, true])
  })

  it('is cut into tasks where records change subtask', () => {
    const env = environment()
    env
      .fromSource<Order>(idleSource('a', 'b'), 'Orders')
      .filter(({ amount }) => amount > 0)
      .keyBy(({ user }) => user)
      .count()
      .map(({ count }) => count)
      .sinkTo(idleSink(true))
    const graph = env.build('orders')
    expect(describeGraph(graph)).toEqual([
      'Source: Orders -> Filter x2',
      'Count -> Map -> Sink: Writer -> Sink: Committer x2',
      'Source: Orders -> Filter =HASH=> Count -> Map -> Sink: Writer -> Sink: Committer #0',
    ])
    expect(graph.name).toBe('orders')
    expect(graph.vertices.map(({ id, inputs, outputs }) => [id, inputs.length, outputs.length])).toEqual([
      [0, 0, 1],
      [1, 1, 0],
    ])
    expect(graph.vertices[1]?.operators.map(({ outputs }) => outputs)).toEqual([
      [{ to: 'operator', operator: 1 }],
      [{ to: 'operator', operator: 2 }],
      [{ to: 'operator', operator: 3 }],
      [],
    ])
    expect(graph.vertices[0]?.operators[1]?.outputs).toEqual([{ to: 'edge', edge: 0 }])
  })

  it('keys the edge and the operator by the same selector', () => {
    const env = environment()
    env
      .fromSource<Order>(idleSource('a'), 'Orders')
      .keyBy(({ user }) => user)
      .count()
      .sinkTo(idleSink(false))
    const graph = env.build()
    expect(graph.edges[0]?.keyOf?.({ user: 'u', amount: 1 })).toBe('u')
    expect(graph.vertices[1]?.operators.map(({ keyOf }) => keyOf.map((of) => of({ user: 'u', amount: 1 })))).toEqual([['u'], []])
  })

  it('tells a keyed stream without state where its records go, and no more', () => {
    const env = environment()
    env
      .fromSource<Order>(idleSource('a'), 'Orders')
      .keyBy(({ user }) => user)
      .map(({ amount }) => amount)
      .sinkTo(idleSink(false))
    const graph = env.build()
    expect(graph.edges[0]?.ship).toBe('HASH')
    expect(graph.vertices[1]?.operators[0]).toMatchObject({ name: 'Map', keyOf: [], stateful: false })
  })

  it('rebalances where the parallelism changes, and forwards where it does not', () => {
    const env = environment()
    const orders = env.fromSource<Order>(idleSource('a'), 'Orders').disableChaining()
    orders.map(({ amount }) => amount).sinkTo(idleSink(false), 'Same')
    orders
      .map(({ amount }) => amount)
      .setParallelism(3)
      .sinkTo(idleSink(false), 'Other')
      .setParallelism(3)
    const graph = env.build()
    expect(describeGraph(graph)).toEqual([
      'Source: Orders x2',
      'Map -> Same: Writer x2',
      'Map (2) -> Other: Writer x3',
      'Source: Orders =FORWARD=> Map -> Same: Writer #0',
      'Source: Orders =REBALANCE=> Map (2) -> Other: Writer #0',
    ])
  })

  it('ships as it is told', () => {
    const env = environment()
    const orders = env.fromSource<Order>(idleSource('a'), 'Orders')
    for (const stream of [orders.rebalance(), orders.rescale(), orders.broadcast(), orders.shuffle(), orders.global()])
      stream.sinkTo(idleSink(false))
    orders.forward().sinkTo(idleSink(false), 'Chained')
    const graph = env.build()
    expect(graph.edges.map(({ ship }) => ship)).toEqual(['REBALANCE', 'RESCALE', 'BROADCAST', 'SHUFFLE', 'GLOBAL'])
    expect(graph.vertices[0]?.name).toBe('Source: Orders -> Chained: Writer')
  })

  it('chains as it is told', () => {
    const env = environment()
    const numbers = env.fromSource<number>(idleSource('a'), 'Numbers').map((n) => n)
    numbers
      .map((n) => n)
      .startNewChain()
      .map((n) => n)
      .name('Behind')
      .disableChaining()
      .sinkTo(idleSink(true))
    expect(env.build().vertices.map(({ name }) => name)).toEqual([
      'Source: Numbers -> Map',
      'Map (2)',
      'Behind',
      'Sink: Writer -> Sink: Committer',
    ])
  })

  it('runs a writer and its committer apart when told so', () => {
    const env = environment()
    env.fromSource<number>(idleSource('a'), 'Numbers').sinkTo(idleSink(true), 'Out').disableChaining()
    expect(describeGraph(env.build()).slice(0, 3)).toEqual(['Source: Numbers x2', 'Out: Writer x2', 'Out: Committer x2'])
  })

  it('branches within a chain', () => {
    const env = environment()
    const numbers = env.fromSource<number>(idleSource('a'), 'Numbers')
    numbers
      .map((n) => n)
      .name('Left')
      .sinkTo(idleSink(false), 'L')
    numbers.sinkTo(idleSink(false), 'R')
    const [vertex] = env.build().vertices
    expect(vertex?.name).toBe('Source: Numbers -> (Left -> L: Writer, R: Writer)')
    expect(vertex?.operators[0]?.outputs).toEqual([
      { to: 'operator', operator: 1 },
      { to: 'operator', operator: 3 },
    ])
  })

  it('reads a union at one input, also of a stream with itself', () => {
    const env = environment()
    const a = env.fromSource<number>(idleSource('a'), 'A')
    const b = env.fromSource<number>(idleSource('b'), 'B')
    a.union(b, a)
      .map((n) => n)
      .sinkTo(idleSink(false))
    const graph = env.build()
    expect(describeGraph(graph).slice(3)).toEqual([
      'Source: A =FORWARD=> Map -> Sink: Writer #0',
      'Source: B =FORWARD=> Map -> Sink: Writer #0',
      'Source: A =FORWARD=> Map -> Sink: Writer #0',
    ])
    expect(operatorShapes(graph)[2]?.inputs).toEqual(['Source: A', 'Source: B', 'Source: A'])
  })

  it('reads connected and joined streams at two inputs', () => {
    const env = environment()
    const a = env.fromSource<Order>(idleSource('a'), 'A')
    const b = env.fromSource<Order>(idleSource('b'), 'B')
    const byUser = ({ user }: Order) => user
    const byAmount = ({ amount }: Order) => amount
    a.connect(b)
      .keyBy(byUser, byAmount)
      .process({ processElement1: () => undefined, processElement2: () => undefined })
      .sinkTo(idleSink(false), 'Connected')
    a.join(b)
      .where(byUser)
      .equalTo(byAmount)
      .window(TumblingEventTimeWindows.of(10))
      .apply((left, right) => left.amount - right.amount)
      .sinkTo(idleSink(false), 'Joined')
    a.connect(b.broadcast())
      .flatMap({ flatMap1: () => undefined, flatMap2: () => undefined })
      .sinkTo(idleSink(false), 'Flat')
    const graph = env.build()
    expect(graph.edges.map(({ ship, input }) => `${ship} ${input}`)).toEqual([
      'HASH 0',
      'HASH 1',
      'HASH 0',
      'HASH 1',
      'FORWARD 0',
      'BROADCAST 1',
    ])
    const keys = graph.vertices.map(({ operators }) => operators[0]?.keyOf.map((keyOf) => keyOf({ user: 'u', amount: 1 })))
    expect(keys).toEqual([[], [], ['u', 1], ['u', 1], []])
    expect(graph.edges.flatMap(({ keyOf }) => keyOf?.({ user: 'u', amount: 1 }) ?? [])).toEqual(['u', 1, 'u', 1])
  })

  it('reads side outputs by their tag, in a chain and over an edge', () => {
    const env = environment()
    const late = outputTag<number>('late')
    const numbers = env.fromSource<number>(idleSource('a'), 'Numbers').process<number>({ processElement: () => undefined })
    numbers.getSideOutput(late).sinkTo(idleSink(false), 'Chained')
    numbers.getSideOutput(late).rebalance().sinkTo(idleSink(false), 'Apart')
    numbers.sinkTo(idleSink(false), 'Main')
    expect(env.build().vertices[0]?.operators[1]?.outputs).toEqual([
      { to: 'operator', operator: 2, tag: 'late' },
      { to: 'edge', edge: 0, tag: 'late' },
      { to: 'operator', operator: 3 },
    ])
  })

  it('counts splits over all sources, and operators over the job', () => {
    const env = environment()
    env.fromSource<number>(idleSource('a', 'b'), 'A').sinkTo(idleSink(false))
    env.fromSource<number>(idleSource('c'), 'C').sinkTo(idleSink(false))
    const operators = env.build().vertices.flatMap((vertex) => vertex.operators)
    expect(operators.map(({ ordinal }) => ordinal).sort()).toEqual([0, 1, 2, 3])
    expect(operators.flatMap(({ splits }) => splits ?? [])).toEqual(['a', 'b', 'c'])
    expect(operators.map(({ name }) => name)).toEqual(['Source: A', 'Sink: Writer', 'Source: C', 'Sink: Writer (2)'])
  })

  it('finds its state by the given uids, and makes up the others', () => {
    const env = environment()
    env
      .fromSource<number>(idleSource('a'), 'A')
      .uid('numbers')
      .map((n) => n)
      .sinkTo(idleSink(true))
      .uid('out')
    const uids = env.build().vertices.flatMap(({ operators }) => operators.map(({ uid }) => uid))
    expect(uids).toEqual(['numbers', 'operator-1', 'out', 'Sink Committer: out'])
  })

  it('makes up no uid and no name that is taken', () => {
    const env = environment()
    const numbers = env.fromSource<number>(idleSource('a'), 'A')
    for (const [index, name] of ['Map', 'Map', 'Map (2)'].entries())
      numbers
        .map((n) => n)
        .name(name)
        .sinkTo(idleSink(false), `To ${name}`)
        .uid(`operator-${2 * index + 1}`)
    const operators = env.build().vertices.flatMap((vertex) => vertex.operators)
    expect(new Set(operators.map(({ uid }) => uid)).size).toBe(operators.length)
    expect(operators.map(({ name }) => name)).toEqual([
      'Source: A',
      'Map',
      'To Map: Writer',
      'Map (3)',
      'To Map: Writer (2)',
      'Map (2)',
      'To Map (2): Writer',
    ])
  })

  it('keeps a task busy with all operators of its chain', () => {
    const env = environment()
    env
      .fromSource<number>(idleSource('a'), 'A')
      .work(100)
      .map((n) => n)
      .work(20)
      .sinkTo(idleSink(true))
      .work(3)
    expect(env.build().vertices[0]?.workUs).toBe(123)
  })

  it('tells its operators to the history', () => {
    const env = environment()
    env
      .fromSource<Order>(idleSource('a'), 'Orders')
      .setParallelism(1)
      .assignTimestampsAndWatermarks({ maxOutOfOrdernessUs: 0 })
      .keyBy(({ user }) => user)
      .window(SlidingEventTimeWindows.of(10, 5))
      .reduce((_, order) => order)
      .name('Last')
      .sinkTo(idleSink(true), 'Out')
    const task = 'Last -> Out: Writer -> Out: Committer'
    expect(operatorShapes(env.build(), new Map([['Out: Writer', ['external-store']]]))).toEqual([
      { name: 'Source: Orders', role: 'source', parallelism: 1, inputs: [] },
      { name: 'Timestamps/Watermarks', role: 'operator', parallelism: 2, inputs: ['Source: Orders'] },
      { name: 'Last', role: 'operator', parallelism: 2, inputs: ['Timestamps/Watermarks'], task, stateful: true },
      { name: 'Out: Writer', role: 'sink', parallelism: 2, inputs: ['Last'], task, observed: ['external-store'] },
      { name: 'Out: Committer', role: 'committer', parallelism: 2, inputs: ['Out: Writer'], task },
    ])
  })

  it('tells the history whose code need not put out anything for a record that its state has absorbed', () => {
    const env = environment()
    const orders = env.fromSource<Order>(idleSource('a'), 'Orders').keyBy(({ user }) => user)
    const quiet = {
      processElement: () => undefined,
      processElement1: () => undefined,
      processElement2: () => undefined,
      processBroadcastElement: () => undefined,
    }
    orders.process<Order>(quiet).name('Function').sinkTo(idleSink(false), 'One')
    orders.connect(orders).process<Order>(quiet).name('Both').sinkTo(idleSink(false), 'Two')
    orders.count().name('Count').sinkTo(idleSink(false), 'Three')
    const rules = env.fromSource<Order>(idleSource('b'), 'Rules').broadcast(mapStateDescriptor('rules'))
    orders.connect(rules).process<Order>(quiet).name('Ruled').sinkTo(idleSink(false), 'Four')
    const selective = operatorShapes(env.build()).filter((shape) => shape.selective === true)
    expect(selective.map(({ name }) => name)).toEqual(['Function', 'Both', 'Ruled'])
  })

  it('tells of a chain with several outputs which operator feeds whom', () => {
    const env = environment()
    const orders = env.fromSource<Order>(idleSource('a'), 'Orders')
    orders.rebalance().sinkTo(idleSink(false), 'All')
    orders
      .filter(({ amount }) => amount > 0)
      .rebalance()
      .sinkTo(idleSink(false), 'Some')
    const inputs = operatorShapes(env.build()).map((shape) => [shape.name, ...shape.inputs])
    expect(inputs).toContainEqual(['All: Writer', 'Source: Orders'])
    expect(inputs).toContainEqual(['Some: Writer', 'Filter'])
  })

  it('is the same each time it is built', () => {
    const env = environment()
    env.fromSource<number>(idleSource('a'), 'A').sinkTo(idleSink(true))
    expect(describeGraph(env.build())).toEqual(describeGraph(env.build()))
  })
})
