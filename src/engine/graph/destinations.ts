/**
 * Where the outputs of an operator go, for the history: most operators send everything to all of their consumers and need not say so.
 * One with side outputs does not, and one whose records meet again under two ways must give each way an identity of its own.
 */
import type { ChainedOperator, ChainOutput, JobGraph, JobVertex } from './job-graph.js'

/** An operator in its chain. */
interface Placed {
  readonly vertex: JobVertex
  readonly index: number
}

/** One of the ways that a record takes. */
export interface Way {
  readonly output: ChainOutput
  /** Name of the operator that it feeds, alone. */
  readonly to: readonly string[]
}

/** What leaves an operator under one tag (undefined: the main output). */
export interface OutputStream {
  readonly tag: string | undefined
  readonly ways: readonly Way[]
  /** A record takes several ways that may meet: it goes out as copies, each of them a record of its own. */
  readonly copied: boolean
  /** Names of the operators that get what is emitted: none where copies go in its place. Undefined: all consumers of the operator. */
  readonly destinations: readonly string[] | undefined
}

/** Who gets what goes to an output that no operator reads. */
export const NOBODY: readonly string[] = ['']

/** The streams of an operator by tag, the main output first. */
export function outputStreams(graph: JobGraph, vertex: JobVertex, operator: ChainedOperator): OutputStream[] {
  const tags = new Set<string | undefined>([undefined, ...operator.outputs.map(({ tag }) => tag)])
  return [...tags].map((tag) => {
    const outputs = operator.outputs.filter((output) => output.tag === tag)
    const copied = outputs.some((output) => copies(graph, output)) || meet(graph, vertex, outputs)
    const ways = outputs.map((output) => ({ output, to: [destinationOf(graph, vertex, output)] }))
    if (tags.size === 1 && !copied) return { tag, ways, copied, destinations: undefined }
    return { tag, ways, copied, destinations: copied ? [] : ways.length === 0 ? NOBODY : ways.flatMap(({ to }) => to) }
  })
}

function destinationOf(graph: JobGraph, vertex: JobVertex, output: ChainOutput): string {
  const place = placeOf(graph, vertex, output)
  return place?.vertex.operators[place.index]?.name ?? ''
}

/**
 * A broadcast edge gives the record to every subtask; the one of a consumer that has no other gets a copy all the same: identities do not
 * depend on the parallelism.
 */
function copies(graph: JobGraph, output: ChainOutput): boolean {
  return output.to === 'edge' && graph.edges[output.edge]?.ship === 'BROADCAST'
}

/** Whether one operator can be reached by two of the outputs. */
function meet(graph: JobGraph, vertex: JobVertex, outputs: readonly ChainOutput[]): boolean {
  if (outputs.length < 2) return false
  const reached = outputs.map((output) => reachable(graph, vertex, output))
  return reached.some((operators, way) => reached.slice(0, way).some((others) => [...operators].some((operator) => others.has(operator))))
}

function reachable(graph: JobGraph, vertex: JobVertex, from: ChainOutput): Set<ChainedOperator> {
  const found = new Set<ChainedOperator>()
  const visit = (at: JobVertex, output: ChainOutput): void => {
    const place = placeOf(graph, at, output)
    const operator = place?.vertex.operators[place.index]
    if (place === undefined || operator === undefined || found.has(operator)) return
    found.add(operator)
    for (const next of operator.outputs) visit(place.vertex, next)
  }
  visit(vertex, from)
  return found
}

function placeOf(graph: JobGraph, vertex: JobVertex, output: ChainOutput): Placed | undefined {
  if (output.to === 'operator') return { vertex, index: output.operator }
  const to = graph.vertices[graph.edges[output.edge]?.to ?? -1]
  return to === undefined ? undefined : { vertex: to, index: 0 }
}
