/**
 * A job graph without some of its operators: who read one of them reads what it read. Tasks stay as they are otherwise, under the names
 * that they have in the whole job. Not in Flink; what shrinks a failing run needs it.
 */
import { JobGraphError } from './job-graph-error.js'
import type { ChainedOperator, ChainOutput, JobEdge, JobGraph, JobVertex, KeySelector } from './job-graph.js'

/**
 * The job without these operators, left out one after the other. A source goes with its records; a sink with its committer; of any other
 * operator the consumers read its first input. Whoever lacks an input then goes, too: it is left out for the sake of those it still has.
 * @param names of operators; one that went with another before is gone already
 * @throws JobGraphError where no job is left: without a sink, or with a chain that falls apart
 */
export function withoutOperators(graph: JobGraph, names: readonly string[]): JobGraph {
  const streams = new Streams(graph)
  const operators = graph.vertices.flatMap((vertex) => vertex.operators)
  for (const name of names) {
    const operator = operators.find((each) => each.name === name)
    if (operator === undefined) throw new JobGraphError(`the job has no operator '${name}'`)
    if (operator.role === 'committer') throw new JobGraphError(`'${name}' is left out with its writer, not alone`)
    streams.leaveOut(operator)
  }
  return rebuilt(graph, streams)
}

/** What one operator reads of another, by their ordinals. Without an edge it is a call within a chain. */
interface Stream {
  readonly from: number
  readonly to: number
  readonly tag?: string
  readonly edge?: Pick<JobEdge, 'ship' | 'input' | 'keyOf'>
}

/** The streams of a job, in the order of their consumers, while operators are left out. */
class Streams {
  all: readonly Stream[]
  private readonly left: Set<ChainedOperator>
  /** Inputs that an operator has in the whole job. */
  private readonly inputs: ReadonlyMap<ChainedOperator, readonly number[]>

  constructor(graph: JobGraph) {
    this.all = streamsOf(graph)
    this.left = new Set(graph.vertices.flatMap(({ operators }) => operators).sort((a, b) => a.ordinal - b.ordinal))
    this.inputs = new Map([...this.left].map((operator) => [operator, this.inputsOf(operator)]))
  }

  has(operator: ChainedOperator): boolean {
    return this.left.has(operator)
  }

  leaveOut(operator: ChainedOperator): void {
    if (!this.has(operator)) return
    this.remove(operator)
    for (let starved = this.starved(); starved !== undefined; starved = this.starved()) this.remove(starved)
  }

  private starved(): ChainedOperator | undefined {
    return [...this.left].find((operator) => this.inputsOf(operator).length < (this.inputs.get(operator)?.length ?? 0))
  }

  private remove(operator: ChainedOperator): void {
    const { ordinal } = operator
    const [input] = operator.role === 'operator' ? this.inputsOf(operator) : []
    const read = this.all.filter((stream) => stream.to === ordinal && inputOf(stream) === input)
    this.left.delete(operator)
    this.all = this.all.flatMap((stream) => {
      if (stream.to === ordinal) return []
      if (stream.from !== ordinal) return [stream]
      // A side output is of the operator's own making: nothing takes its place.
      return stream.tag === undefined ? read.map((first) => joined(first, stream)) : []
    })
  }

  private inputsOf({ ordinal }: ChainedOperator): number[] {
    return [...new Set(this.all.filter(({ to }) => to === ordinal).map(inputOf))].sort((a, b) => a - b)
  }
}

function inputOf({ edge }: Stream): number {
  return edge?.input ?? 0
}

function streamsOf({ vertices }: JobGraph): Stream[] {
  const streams = vertices.flatMap((vertex) =>
    vertex.operators.flatMap(({ ordinal: from, outputs }) =>
      outputs.map((output): Stream & { readonly place: number } => {
        const tag = output.tag !== undefined && { tag: output.tag }
        if (output.to === 'operator') return { from, to: ordinalOf(vertex, output.operator), place: 0, ...tag }
        const edge = vertex.outputs.find(({ id }) => id === output.edge)
        return { from, to: ordinalOf(vertices[edge?.to ?? -1], 0), place: output.edge, ...tag, ...(edge !== undefined && { edge }) }
      }),
    ),
  )
  return streams.sort((a, b) => a.to - b.to || a.place - b.place)
}

function ordinalOf(vertex: JobVertex | undefined, index: number): number {
  return vertex?.operators[index]?.ordinal ?? -1
}

/** One stream instead of two. Records are distributed as they were on their way to the consumer; by FORWARD, that is as before. */
function joined(first: Stream, second: Stream): Stream {
  const { from, tag } = first
  const way = { from, to: second.to, ...(tag !== undefined && { tag }) }
  if (second.edge === undefined) return { ...way, ...(first.edge !== undefined && { edge: { ...first.edge, input: 0 } }) }
  if (second.edge.ship === 'FORWARD' && first.edge !== undefined) return { ...way, edge: { ...first.edge, input: second.edge.input } }
  const { keyOf } = second.edge
  return { ...way, edge: { ...second.edge, ...(keyOf !== undefined && { keyOf: checked(keyOf) }) } }
}

/** A key selector that is given other records than it was written for may find no key in them. */
function checked(keyOf: KeySelector): KeySelector {
  return (value) => {
    const key = keyOf(value)
    if (typeof key === 'string' || typeof key === 'number') return key
    throw new JobGraphError(`with an operator left out, the records have no key: ${JSON.stringify(value)}`)
  }
}

function rebuilt(graph: JobGraph, streams: Streams): JobGraph {
  const chains = graph.vertices
    .map((vertex) => ({ vertex, operators: vertex.operators.filter((operator) => streams.has(operator)) }))
    .filter(({ operators }) => operators.length > 0)
  if (!chains.some(({ operators }) => operators.some(({ role }) => role === 'sink'))) throw new JobGraphError('the job needs a sink')
  const vertexOf = new Map(chains.flatMap(({ operators }, id) => operators.map(({ ordinal }) => [ordinal, id] as const)))
  for (const { vertex, operators } of chains) refuseManyHeads(vertex, operators, streams.all)
  const edges: JobEdge[] = []
  const outputs = new Map<number, ChainOutput[]>()
  for (const { from, to, tag, edge } of streams.all) {
    const consumer = vertexOf.get(to) ?? 0
    const way: ChainOutput =
      edge === undefined
        ? { to: 'operator', operator: chains[consumer]?.operators.findIndex(({ ordinal }) => ordinal === to) ?? 0 }
        : { to: 'edge', edge: edges.length }
    if (edge !== undefined) edges.push({ ...edge, id: edges.length, from: vertexOf.get(from) ?? 0, to: consumer })
    outputs.set(from, [...(outputs.get(from) ?? []), { ...way, ...(tag !== undefined && { tag }) }])
  }
  const vertices = chains.map(({ vertex, operators }, id): JobVertex => ({
    ...vertex,
    id,
    operators: operators.map((operator) => ({ ...operator, outputs: outputs.get(operator.ordinal) ?? [] })),
    inputs: edges.filter(({ to }) => to === id),
    outputs: edges.filter(({ from }) => from === id),
  }))
  return { ...graph, vertices, edges }
}

/** A task has one operator that reads from other tasks, or from outside: the head of its chain. */
function refuseManyHeads({ name }: JobVertex, operators: readonly ChainedOperator[], streams: readonly Stream[]): void {
  const called = new Set(streams.flatMap(({ to, edge }) => (edge === undefined ? [to] : [])))
  const heads = operators.filter(({ ordinal }) => !called.has(ordinal)).map((operator) => operator.name)
  if (heads.length > 1) throw new JobGraphError(`the chain of '${name}' falls apart: ${heads.join(' and ')} would each begin one`)
}
