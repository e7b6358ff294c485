import type { StreamGraph, StreamNode } from './stream-graph.js'
import { shipStrategyOf } from './stream-graph-validation.js'

/** The head of the chain that each node runs in, by node (Flink: `StreamingJobGraphGenerator.createChain`). */
export function chainHeads(graph: StreamGraph): readonly number[] {
  const heads: number[] = []
  for (const node of graph.nodes) {
    const upstream = chainedTo(node)
    heads.push(upstream === undefined ? node.id : (heads[upstream.id] ?? node.id))
  }
  return heads
}

/**
 * The node in whose task this one may run, called by it (Flink: `isChainable`): its only input comes from there, by forward, which is
 * between equal parallelisms only.
 */
function chainedTo(node: StreamNode): StreamNode | undefined {
  const [stream, another] = node.inputs
  if (stream === undefined || another !== undefined) return undefined
  const { from } = stream
  const allowed = from.chaining !== 'NEVER' && node.chaining === 'ALWAYS'
  return allowed && shipStrategyOf(stream, node) === 'FORWARD' ? from : undefined
}
