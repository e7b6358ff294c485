import type { JobConfiguration } from '../configuration.js'
import type { ShipStrategy } from './job-graph.js'
import { JobGraphError } from './job-graph-error.js'
import type { StreamGraph, StreamInput, StreamNode } from './stream-graph.js'

/** How a stream is distributed: as it says, or forward where both sides have the same parallelism, else rebalance. */
export function shipStrategyOf(stream: StreamInput, to: StreamNode): ShipStrategy {
  return stream.ship ?? (stream.from.parallelism === to.parallelism ? 'FORWARD' : 'REBALANCE')
}

/** Throws a `JobGraphError` for what Flink would refuse to run. */
export function validateStreamGraph(graph: StreamGraph, configuration: JobConfiguration): void {
  if (!graph.nodes.some(({ role }) => role === 'sink')) {
    throw new JobGraphError('no operators defined in streaming topology, cannot execute: there is no sink; end a stream with sinkTo')
  }
  for (const node of graph.nodes) {
    validateParallelism(node, configuration.maxParallelism)
    validateWork(node)
    for (const stream of node.inputs) validateForward(stream, node)
  }
  validateUids(graph.nodes)
  validateTransactionalIds(graph.nodes)
}

function validateParallelism({ name, parallelism }: StreamNode, max: number): void {
  if (!Number.isInteger(parallelism) || parallelism < 1) {
    throw new JobGraphError(`${name}: the parallelism of an operator must be at least 1, not ${parallelism}`)
  }
  if (parallelism > max) {
    throw new JobGraphError(
      `${name}: parallelism ${parallelism} is higher than the max parallelism ${max}; lower it or raise pipeline.max-parallelism`,
    )
  }
}

function validateWork({ name, workUs }: StreamNode): void {
  if (!Number.isSafeInteger(workUs) || workUs < 0) throw new JobGraphError(`${name}: work must be a whole number of µs, not ${workUs}`)
}

function validateForward(stream: StreamInput, to: StreamNode): void {
  const { from } = stream
  if (stream.ship !== 'FORWARD' || from.parallelism === to.parallelism) return
  throw new JobGraphError(
    `forward partitioning does not allow change of parallelism: ${from.name} has ${from.parallelism}, ${to.name} has ${to.parallelism}; ` +
      'use broadcast, rebalance, rescale, shuffle or global',
  )
}

function validateUids(nodes: readonly StreamNode[]): void {
  const owners = new Map<string, string>()
  for (const { uid, name } of nodes) {
    if (uid === undefined) continue
    if (uid === '') throw new JobGraphError(`${name}: a uid must not be empty`)
    const owner = owners.get(uid)
    if (owner !== undefined)
      throw new JobGraphError(`hash collision on user-specified ID "${uid}": ${owner} and ${name} both have it; uids must be unique`)
    owners.set(uid, name)
  }
}

/** Sinks that share a prefix would fence and abort each other's transactions (Flink asks for unique ones, and does not look). */
function validateTransactionalIds(nodes: readonly StreamNode[]): void {
  const owners = new Map<string, string>()
  for (const { transactionalIdPrefix: prefix, name } of nodes) {
    if (prefix === undefined) continue
    const owner = owners.get(prefix)
    if (owner !== undefined)
      throw new JobGraphError(
        `transactionalIdPrefix "${prefix}" is that of ${owner} and of ${name}: each would fence and abort the transactions of the other; ` +
          'every sink of a job needs a prefix of its own',
      )
    owners.set(prefix, name)
  }
}
