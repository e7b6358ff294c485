/**
 * At which parallelism the new job runs that restores a checkpoint: a third of them at that of the run, a third at a smaller and a third
 * at a larger one. Subtasks that read one another's records by FORWARD stay as many as each other.
 */
import { vertexGroups, withParallelism, type JobGraph, type JobVertex } from '../engine/index.js'
import { hashString } from '../world/index.js'
import type { JobSetUp } from './scenario.js'

/** What the new job is set up with, and where its parallelism is another one, by name of the vertex. */
export interface Rescaled {
  readonly setUp: JobSetUp
  /** Absent: the parallelism is that of the run. */
  readonly parallelism?: Readonly<Record<string, number>>
}

/** The set-up of the job that restores a checkpoint of the run with this seed. It depends on nothing else. */
export function rescaledFor(setUp: JobSetUp, seed: string, checkpoint: number): Rescaled {
  const draw = (of: string): number => hashString(`${seed}/${String(checkpoint)}/${of}`) >>> 0
  const direction = draw('direction') % 3
  return direction === 0 ? { setUp } : rescaled(setUp, direction === 1 ? 'smaller' : 'larger', draw)
}

/**
 * The set-up with a job that has fewer or more subtasks; the run's own where nothing can be changed.
 * @param draw whole numbers by what they are for
 */
export function rescaled(setUp: JobSetUp, direction: 'smaller' | 'larger', draw: (of: string) => number): Rescaled {
  const groups = vertexGroups(setUp.graph).filter((group) => canRescale(setUp.graph, group, direction))
  if (groups.length === 0) return { setUp }
  const certain = draw('certain') % groups.length
  const parallelism: Record<string, number> = {}
  for (const [index, group] of groups.entries()) {
    const name = group[0]?.name ?? ''
    if (index !== certain && draw(`part ${name}`) % 4 === 0) continue
    const other = otherParallelism(setUp.graph, group[0]?.parallelism ?? 1, direction, draw(`parallelism ${name}`))
    for (const vertex of group) parallelism[vertex.name] = other
  }
  const graph = withParallelism(setUp.graph, parallelism)
  const { taskManagers, slots } = setUp.cluster
  const needed = Math.ceil(Math.max(...graph.vertices.map((vertex) => vertex.parallelism)) / taskManagers)
  return { setUp: { ...setUp, graph, cluster: { taskManagers, slots: Math.max(slots, needed) } }, parallelism }
}

/** Not where Flink refuses: above the max parallelism, and of a source without splits, which does not run in parallel. */
function canRescale({ configuration }: JobGraph, group: readonly JobVertex[], direction: 'smaller' | 'larger'): boolean {
  const parallelism = group[0]?.parallelism ?? 1
  const [fewest, most] = [1, configuration.maxParallelism]
  if (direction === 'smaller' ? parallelism <= fewest : parallelism >= most) return false
  return group.every(({ operators }) => operators.every(({ role, splits = [] }) => role !== 'source' || splits.length > 0))
}

/** From one to one less, or from one more to twice as many. */
function otherParallelism({ configuration }: JobGraph, parallelism: number, direction: 'smaller' | 'larger', drawn: number): number {
  if (direction === 'smaller') return 1 + (drawn % (parallelism - 1))
  return Math.min(configuration.maxParallelism, parallelism + 1 + (drawn % parallelism))
}
