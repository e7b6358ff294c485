/** Fewer subtasks, fewer TaskManagers, fewer checkpoints. */
import { vertexGroups, type JobVertex } from '../../engine/index.js'
import type { Fault } from '../../faults/index.js'
import type { Reduction } from '../reduction.js'
import { propose, type Pass } from './pass.js'

/** One subtask of everything, or of as many groups of vertices as possible. */
export const fewerSubtasks: Pass = function* (best) {
  const wide = vertexGroups(best.setUp.graph).filter((group) => group.some(({ parallelism }) => parallelism > 1))
  if (wide.length === 0) return
  const all = yield* propose(best, { reduction: withOneSubtask(best.experiment.reduction, wide.flat()) })
  best = all.best
  if (all.shows || wide.length === 1) return
  for (const group of wide) best = (yield* propose(best, { reduction: withOneSubtask(best.experiment.reduction, group) })).best
}

/** One subtask of each of these vertices. */
export function withOneSubtask(reduction: Reduction | undefined, vertices: readonly JobVertex[]): Reduction {
  const one = Object.fromEntries(vertices.map(({ name }) => [name, 1]))
  return { ...reduction, parallelism: { ...reduction?.parallelism, ...one } }
}

/** One TaskManager, unless the plan names another one. */
export const fewerTaskManagers: Pass = function* (best) {
  const { taskManagers } = best.setUp.cluster
  const others = Array.from({ length: taskManagers - 1 }, (_, i) => `TaskManager-${String(i + 1)}`)
  if (others.length === 0 || best.experiment.plan.some((fault) => namesIn(fault).some((name) => others.includes(name)))) return
  yield* propose(best, { reduction: { ...best.experiment.reduction, taskManagers: 1 } })
}

function namesIn(fault: Fault): string[] {
  return [
    ...('process' in fault ? [fault.process] : []),
    ...('other' in fault ? [fault.other] : []),
    ...('others' in fault ? fault.others : []),
  ]
}

/** How many times as long the interval may become; the longest is tried first. */
const LONGER = [10, 8, 6, 5, 4, 3, 2]

/**
 * A longer interval: fewer checkpoints. Behind the timeouts of checkpoints and transactions, as far as the configuration tells them, it
 * might fail by itself.
 */
export const fewerCheckpoints: Pass = function* (best) {
  const { graph, configuration } = best.setUp
  const { enabled, intervalUs, timeoutUs } = graph.configuration.checkpointing
  const longestUs = Math.min(timeoutUs, 1000 * Number(configuration['transaction.timeout.ms'] ?? Infinity))
  // Beyond the end of the job there is nothing left to save: only the checkpoint that ends it.
  if (!enabled || intervalUs > best.endUs) return
  for (const times of LONGER) {
    if (times * intervalUs >= longestUs) continue
    const trial = yield* propose(best, { reduction: { ...best.experiment.reduction, checkpointIntervalUs: times * intervalUs } })
    if (trial.shows) return
  }
}
