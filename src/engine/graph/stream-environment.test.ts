import { describe, expect, it } from 'vitest'
import { effectiveConfiguration, readFlinkConf } from '../../flink/configuration/index.js'
import { committableRecords } from '../operators/committable-message.js'
import { OperatorHarness } from '../operators/operator-harness.js'
import { outputTag } from '../operators/output-tag.js'
import { SlidingEventTimeWindows, TumblingEventTimeWindows } from '../operators/window-assigner.js'
import type { Value } from '../record.js'
import type { CommitSignal, Sink } from '../sink.js'
import type { Source } from '../source.js'
import type { JobGraph } from './job-graph.js'
import { operatorShapes } from './job-shape.js'
import { StreamExecutionEnvironment } from './stream-environment.js'

type Order = { readonly user: string; readonly amount: number }

/** Flink's defaults, and checkpoints. */
const configuration = effectiveConfiguration([readFlinkConf('execution.checkpointing.interval: 1 s', 'conf')]).settings

function source(...splits: readonly string[]): Source<null, never> {
  const nothing = (): undefined => undefined
  return {
    splits,
    reader: {
      open: () => null,
      addSplits: nothing,
      noMoreSplits: nothing,
      poll: () => 'end',
      snapshot: () => [],
      answer: nothing,
      failure: nothing,
    },
  }
}

function sink(committing: boolean): Sink<null, string, never, null, CommitSignal> {
  const nothing = (): undefined => undefined
  return {
    writer: {
      open: () => null,
      write: nothing,
      flush: nothing,
      prepareCommit: () => [],
      snapshot: () => [],
      busy: () => false,
      failure: nothing,
      answer: nothing,
    },
    ...(committing && {
      committer: {
        open: () => null,
        commit: nothing,
        answer: (_state, answer) => (typeof answer === 'string' ? answer : undefined),
        nameOf: (name) => name,
      },
    }),
  }
}

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
  it('is cut into tasks where records change subtask', () => {
    const env = environment()
    env
      .fromSource<Order>(source('a', 'b'), 'Orders')
      .filter(({ amount }) => amount > 0)
      .keyBy(({ user }) => user)
      .count()
      .map(({ count }) => count)
      .sinkTo(sink(true))
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
      .fromSource<Order>(source('a'), 'Orders')
      .keyBy(({ user }) => user)
      .count()
      .sinkTo(sink(false))
    const graph = env.build()
    expect(graph.edges[0]?.keyOf?.({ user: 'u', amount: 1 })).toBe('u')
    expect(graph.vertices[1]?.operators.map(({ keyOf }) => keyOf.map((of) => of({ user: 'u', amount: 1 })))).toEqual([['u'], []])
  })

  it('tells a keyed stream without state where its records go, and no more', () => {
    const env = environment()
    env
      .fromSource<Order>(source('a'), 'Orders')
      .keyBy(({ user }) => user)
      .map(({ amount }) => amount)
      .sinkTo(sink(false))
    const graph = env.build()
    expect(graph.edges[0]?.ship).toBe('HASH')
    expect(graph.vertices[1]?.operators[0]).toMatchObject({ name: 'Map', keyOf: [], stateful: false })
  })

  it('rebalances where the parallelism changes, and forwards where it does not', () => {
    const env = environment()
    const orders = env.fromSource<Order>(source('a'), 'Orders').disableChaining()
    orders.map(({ amount }) => amount).sinkTo(sink(false), 'Same')
    orders
      .map(({ amount }) => amount)
      .setParallelism(3)
      .sinkTo(sink(false), 'Other')
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
    const orders = env.fromSource<Order>(source('a'), 'Orders')
    for (const stream of [orders.rebalance(), orders.rescale(), orders.broadcast(), orders.shuffle(), orders.global()])
      stream.sinkTo(sink(false))
    orders.forward().sinkTo(sink(false), 'Chained')
    const graph = env.build()
    expect(graph.edges.map(({ ship }) => ship)).toEqual(['REBALANCE', 'RESCALE', 'BROADCAST', 'SHUFFLE', 'GLOBAL'])
    expect(graph.vertices[0]?.name).toBe('Source: Orders -> Chained: Writer')
  })

  it('chains as it is told', () => {
    const env = environment()
    const numbers = env.fromSource<number>(source('a'), 'Numbers').map((n) => n)
    numbers
      .map((n) => n)
      .startNewChain()
      .map((n) => n)
      .name('Behind')
      .disableChaining()
      .sinkTo(sink(true))
    expect(env.build().vertices.map(({ name }) => name)).toEqual([
      'Source: Numbers -> Map',
      'Map (2)',
      'Behind',
      'Sink: Writer -> Sink: Committer',
    ])
  })

  it('runs a writer and its committer apart when told so', () => {
    const env = environment()
    env.fromSource<number>(source('a'), 'Numbers').sinkTo(sink(true), 'Out').disableChaining()
    expect(describeGraph(env.build()).slice(0, 3)).toEqual(['Source: Numbers x2', 'Out: Writer x2', 'Out: Committer x2'])
  })

  it('branches within a chain', () => {
    const env = environment()
    const numbers = env.fromSource<number>(source('a'), 'Numbers')
    numbers
      .map((n) => n)
      .name('Left')
      .sinkTo(sink(false), 'L')
    numbers.sinkTo(sink(false), 'R')
    const [vertex] = env.build().vertices
    expect(vertex?.name).toBe('Source: Numbers -> (Left -> L: Writer, R: Writer)')
    expect(vertex?.operators[0]?.outputs).toEqual([
      { to: 'operator', operator: 1 },
      { to: 'operator', operator: 3 },
    ])
  })

  it('reads a union at one input, also of a stream with itself', () => {
    const env = environment()
    const a = env.fromSource<number>(source('a'), 'A')
    const b = env.fromSource<number>(source('b'), 'B')
    a.union(b, a)
      .map((n) => n)
      .sinkTo(sink(false))
    const graph = env.build()
    expect(describeGraph(graph).slice(3)).toEqual([
      'Source: A =FORWARD=> Map -> Sink: Writer #0',
      'Source: B =FORWARD=> Map -> Sink: Writer #0',
      'Source: A =FORWARD=> Map -> Sink: Writer #0',
    ])
    expect(operatorShapes(graph)[2]?.inputs).toEqual(['Source: A', 'Source: B'])
  })

  it('reads connected and joined streams at two inputs', () => {
    const env = environment()
    const a = env.fromSource<Order>(source('a'), 'A')
    const b = env.fromSource<Order>(source('b'), 'B')
    const byUser = ({ user }: Order) => user
    const byAmount = ({ amount }: Order) => amount
    a.connect(b)
      .keyBy(byUser, byAmount)
      .process({ processElement1: () => undefined, processElement2: () => undefined })
      .sinkTo(sink(false), 'Connected')
    a.join(b)
      .where(byUser)
      .equalTo(byAmount)
      .window(TumblingEventTimeWindows.of(10))
      .apply((left, right) => left.amount - right.amount)
      .sinkTo(sink(false), 'Joined')
    a.connect(b.broadcast())
      .flatMap({ flatMap1: () => undefined, flatMap2: () => undefined })
      .sinkTo(sink(false), 'Flat')
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
    const numbers = env.fromSource<number>(source('a'), 'Numbers').process<number>({ processElement: () => undefined })
    numbers.getSideOutput(late).sinkTo(sink(false), 'Chained')
    numbers.getSideOutput(late).rebalance().sinkTo(sink(false), 'Apart')
    numbers.sinkTo(sink(false), 'Main')
    expect(env.build().vertices[0]?.operators[1]?.outputs).toEqual([
      { to: 'operator', operator: 2, tag: 'late' },
      { to: 'edge', edge: 0, tag: 'late' },
      { to: 'operator', operator: 3 },
    ])
  })

  it('counts splits over all sources, and operators over the job', () => {
    const env = environment()
    env.fromSource<number>(source('a', 'b'), 'A').sinkTo(sink(false))
    env.fromSource<number>(source('c'), 'C').sinkTo(sink(false))
    const operators = env.build().vertices.flatMap((vertex) => vertex.operators)
    expect(operators.map(({ ordinal }) => ordinal).sort()).toEqual([0, 1, 2, 3])
    expect(operators.flatMap(({ splits }) => splits ?? [])).toEqual(['a', 'b', 'c'])
    expect(operators.map(({ name }) => name)).toEqual(['Source: A', 'Sink: Writer', 'Source: C', 'Sink: Writer (2)'])
  })

  it('finds its state by the given uids, and makes up the others', () => {
    const env = environment()
    env
      .fromSource<number>(source('a'), 'A')
      .uid('numbers')
      .map((n) => n)
      .sinkTo(sink(true))
      .uid('out')
    const uids = env.build().vertices.flatMap(({ operators }) => operators.map(({ uid }) => uid))
    expect(uids).toEqual(['numbers', 'operator-1', 'out', 'Sink Committer: out'])
  })

  it('makes up no uid and no name that is taken', () => {
    const env = environment()
    const numbers = env.fromSource<number>(source('a'), 'A')
    for (const [index, name] of ['Map', 'Map', 'Map (2)'].entries())
      numbers
        .map((n) => n)
        .name(name)
        .sinkTo(sink(false), `To ${name}`)
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
      .fromSource<number>(source('a'), 'A')
      .work(100)
      .map((n) => n)
      .work(20)
      .sinkTo(sink(true))
      .work(3)
    expect(env.build().vertices[0]?.workUs).toBe(123)
  })

  it('tells its operators to the history', () => {
    const env = environment()
    env
      .fromSource<Order>(source('a'), 'Orders')
      .setParallelism(1)
      .assignTimestampsAndWatermarks({ maxOutOfOrdernessUs: 0 })
      .keyBy(({ user }) => user)
      .window(SlidingEventTimeWindows.of(10, 5))
      .reduce((_, order) => order)
      .name('Last')
      .sinkTo(sink(true), 'Out')
    expect(operatorShapes(env.build(), new Map([['Out: Writer', ['external-store']]]))).toEqual([
      { name: 'Source: Orders', role: 'source', parallelism: 1, inputs: [] },
      { name: 'Timestamps/Watermarks', role: 'operator', parallelism: 2, inputs: ['Source: Orders'] },
      { name: 'Last', role: 'operator', parallelism: 2, inputs: ['Timestamps/Watermarks'], stateful: true },
      { name: 'Out: Writer', role: 'sink', parallelism: 2, inputs: ['Last'], observed: ['external-store'] },
      { name: 'Out: Committer', role: 'committer', parallelism: 2, inputs: ['Out: Writer'] },
    ])
  })

  it('is the same each time it is built', () => {
    const env = environment()
    env.fromSource<number>(source('a'), 'A').sinkTo(sink(true))
    expect(describeGraph(env.build())).toEqual(describeGraph(env.build()))
  })
})

describe('the committer of a job', () => {
  /** The committer of a job as it is built, and what it has been given. */
  function committerOf(setting: string) {
    const env = new StreamExecutionEnvironment(effectiveConfiguration([readFlinkConf(setting, 'conf')]).settings)
    env.fromSource<number>(source('a'), 'A').sinkTo(sink(true))
    const operator = env.build().vertices[0]?.operators.find(({ role }) => role === 'committer')
    if (operator === undefined) throw new Error('there is no committer')
    const harness = new OperatorHarness(operator.code)
    for (const record of committableRecords(1, 0, ['a'], 1)) harness.processElement(record)
    return harness
  }

  it('waits for checkpoints where there are some, and for the end of input where not', () => {
    const waiting = committerOf('execution.checkpointing.interval: 1 s')
    waiting.finish()
    expect(waiting.busy).toBe(false)
    const ending = committerOf('')
    ending.finish()
    expect(ending.busy).toBe(true)
  })

  it('retries as often as is configured', () => {
    const committer = committerOf('execution.checkpointing.interval: 1 s\nsink.committer.retries: 1')
    committer.notifyComplete(1)
    committer.answer('retry-later')
    expect(committer.failure).toBeUndefined()
    committer.wake()
    committer.answer('retry-later')
    expect(committer.failure).toBe('failed to commit 1 committables after 1 retries')
  })
})

describe('a job that cannot be deployed', () => {
  it('has no sink', () => {
    const env = environment()
    env.fromSource<number>(source('a'), 'A').map((n) => n)
    expect(() => env.build()).toThrow('there is no sink')
    expect(() => environment().build()).toThrow('there is no sink')
  })

  it('uses a uid twice', () => {
    const env = environment()
    env.fromSource<number>(source('a'), 'A').uid('same').sinkTo(sink(true)).uid('same')
    expect(() => env.build()).toThrow('hash collision on user-specified ID "same": Source: A and Sink: Writer both have it')
  })

  it('has an empty uid', () => {
    const env = environment()
    env.fromSource<number>(source('a'), 'A').uid('').sinkTo(sink(true))
    expect(() => env.build()).toThrow('Source: A: a uid must not be empty')
  })

  it('forwards to another parallelism', () => {
    const env = environment()
    env.fromSource<number>(source('a'), 'A').forward().sinkTo(sink(false)).setParallelism(3)
    expect(() => env.build()).toThrow('forward partitioning does not allow change of parallelism: Source: A has 2, Sink: Writer has 3')
  })

  it('shares keyed state between streams that are not keyed', () => {
    const env = environment()
    const a = env.fromSource<number>(source('a'), 'A')
    const b = env.fromSource<number>(source('b'), 'B').keyBy((n) => n)
    const fn = { processElement1: (): Value => null, processElement2: (): Value => null }
    expect(() => a.connect(b).process(fn)).toThrow('keyed state can only be used on a keyed stream')
    expect(() => b.connect(a).process(fn)).toThrow('keyed state can only be used on a keyed stream')
  })

  it.each([0, -1, 1.5, Number.NaN])('has parallelism %s', (parallelism) => {
    const env = environment()
    env.fromSource<number>(source('a'), 'A').setParallelism(parallelism).sinkTo(sink(false))
    expect(() => env.build()).toThrow(`Source: A: the parallelism of an operator must be at least 1, not ${parallelism}`)
  })

  it('has more subtasks than key groups', () => {
    const env = environment(129)
    env.fromSource<number>(source('a'), 'A').sinkTo(sink(false))
    expect(() => env.build()).toThrow('parallelism 129 is higher than the max parallelism 128')
  })

  it('works for a part of a µs', () => {
    const env = environment()
    env.fromSource<number>(source('a'), 'A').work(0.5).sinkTo(sink(false))
    expect(() => env.build()).toThrow('Source: A: work must be a whole number of µs, not 0.5')
  })
})
