/** Makes of the operators of a job the tasks that run them (Flink: `StreamingJobGraphGenerator`). */
import type { JobConfiguration } from '../configuration.js'
import { chainHeads } from './chaining.js'
import type { ChainedOperator, ChainOutput, JobEdge, JobGraph, JobVertex } from './job-graph.js'
import { operatorNames, operatorUids, vertexName } from './operator-names.js'
import type { StreamGraph, StreamNode } from './stream-graph.js'
import { shipStrategyOf, validateStreamGraph } from './stream-graph-validation.js'

/** The job as it is deployed; throws a `JobGraphError` where it could not be. */
export function makeJobGraph(graph: StreamGraph, name: string, configuration: JobConfiguration, recordBytes: number): JobGraph {
  validateStreamGraph(graph, configuration)
  const layout = layOut(graph)
  const { edges, outputs } = connect(graph, layout)
  const operators = makeOperators(graph, outputs, configuration)
  const vertices = layout.chains.map((chain, id) => makeVertex(id, chain, operators, edges))
  return { name, vertices, edges, configuration, recordBytes }
}

/** Which node runs where. Vertices are in the order of their heads, which is a topological one because that of the nodes is. */
interface Layout {
  readonly chains: readonly (readonly StreamNode[])[]
  /** By node: its vertex, and its index in the chain. */
  readonly vertexOf: readonly number[]
  readonly indexOf: readonly number[]
}

function layOut(graph: StreamGraph): Layout {
  const chains: StreamNode[][] = []
  const vertexOf: number[] = []
  const indexOf: number[] = []
  const heads = chainHeads(graph)
  for (const node of graph.nodes) {
    const head = heads[node.id] ?? node.id
    const vertex = head === node.id ? chains.push([]) - 1 : (vertexOf[head] ?? 0)
    vertexOf.push(vertex)
    indexOf.push((chains[vertex]?.push(node) ?? 1) - 1)
  }
  return { chains, vertexOf, indexOf }
}

interface Connections {
  readonly edges: readonly JobEdge[]
  /** By node. */
  readonly outputs: readonly (readonly ChainOutput[])[]
}

/**
 * Edges are in the order of their consumers and, of one consumer, of its inputs. Within a chain a stream is a call; between chains it is an
 * edge. (A node that is not chained is the head of another vertex.)
 */
function connect(graph: StreamGraph, { vertexOf, indexOf }: Layout): Connections {
  const edges: JobEdge[] = []
  const outputs: ChainOutput[][] = graph.nodes.map(() => [])
  for (const node of graph.nodes) {
    for (const stream of node.inputs) {
      const from = vertexOf[stream.from.id] ?? 0
      const to = vertexOf[node.id] ?? 0
      const { tag, input, keyOf } = stream
      const tagged = tag !== undefined && { tag }
      if (from === to) {
        outputs[stream.from.id]?.push({ to: 'operator', operator: indexOf[node.id] ?? 0, ...tagged })
      } else {
        outputs[stream.from.id]?.push({ to: 'edge', edge: edges.length, ...tagged })
        edges.push({ id: edges.length, from, to, ship: shipStrategyOf(stream, node), input, ...(keyOf !== undefined && { keyOf }) })
      }
    }
  }
  return { edges, outputs }
}

/** Every operator learns its place; splits are counted over the sources in their order. */
function makeOperators(graph: StreamGraph, outputs: Connections['outputs'], configuration: JobConfiguration): ChainedOperator[] {
  const names = operatorNames(graph.nodes)
  const uids = operatorUids(graph.nodes)
  let firstSplit = 0
  return graph.nodes.map(
    ({ id, role, stateful, selective, deterministic, make, keyOf, splits, startOffset, ...source }): ChainedOperator => {
      const { unbounded, withoutPositions } = source
      const place = { ordinal: id, firstSplit, configuration }
      firstSplit += splits?.length ?? 0
      return {
        ordinal: id,
        name: names[id] ?? '',
        uid: uids[id] ?? '',
        role,
        stateful,
        ...(selective !== undefined && { selective }),
        ...(!deterministic && { deterministic }),
        code: make(place),
        keyOf,
        outputs: outputs[id] ?? [],
        ...(splits !== undefined && { splits, narrowed: (kept) => make({ ...place, kept }) }),
        ...(startOffset !== undefined && { startOffset }),
        ...(unbounded !== undefined && { unbounded }),
        ...(withoutPositions !== undefined && { withoutPositions }),
      }
    },
  )
}

function makeVertex(id: number, chain: readonly StreamNode[], operators: readonly ChainedOperator[], edges: readonly JobEdge[]): JobVertex {
  const chained = chain.flatMap((node) => operators[node.id] ?? [])
  return {
    id,
    name: vertexName(chained),
    parallelism: chain[0]?.parallelism ?? 1,
    operators: chained,
    inputs: edges.filter((edge) => edge.to === id),
    outputs: edges.filter((edge) => edge.from === id),
    workUs: chain.reduce((sum, node) => sum + node.workUs, 0),
  }
}
