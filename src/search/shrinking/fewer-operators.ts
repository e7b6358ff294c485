import type { ChainedOperator } from '../../engine/index.js'
import { propose, type Pass } from './pass.js'

/**
 * Leaves out operators, from the sinks to the sources: what read one of them reads what it read. Those that the job needs are proposed in
 * vain.
 */
export const fewerOperators: Pass = function* (best) {
  const all = best.setUp.graph.vertices.flatMap(({ operators }) => operators).sort((a, b) => b.ordinal - a.ordinal)
  for (const { name } of all.filter(canGoAlone)) {
    // It may have gone with another.
    if (!best.setUp.graph.vertices.some(({ operators }) => operators.some((each) => each.name === name))) continue
    const { reduction } = best.experiment
    best = (yield* propose(best, { reduction: { ...reduction, without: [...(reduction?.without ?? []), name] } })).best
  }
}

/** A committer goes with its writer. */
function canGoAlone({ role }: ChainedOperator): boolean {
  return role !== 'committer'
}
