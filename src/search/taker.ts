/** Who takes the steps of a job's protocol: the roles of the catalogue, and of tasks what their vertex does. */
import type { JobGraph, JobVertex } from '../engine/index.js'
import type { Taker } from '../faults/index.js'
import type { AnyMessage, World } from '../world/index.js'
import { failpointCatalogue, failpointNamed } from './failpoint-catalogue.js'

/** Roles of tasks. A task that commits or writes to the outside is of the sink, whatever else is in its chain. */
export type TaskRole = 'source' | 'operator' | 'sink' | 'committer'

/** What the tasks of a vertex are for. */
export function taskRoleOf({ operators }: JobVertex): TaskRole {
  const has = (role: string): boolean => operators.some((operator) => operator.role === role)
  if (has('source')) return 'source'
  if (has('sink')) return 'sink'
  return has('committer') ? 'committer' : 'operator'
}

/** Who takes a step, answers a call, or receives an RPC in this world. */
export function takerOf(world: World, graph: JobGraph, point: string, actor: number, message?: AnyMessage): Taker {
  const { name = '', process: place = -1 } = world.actors[actor] ?? {}
  const process = world.processes[place]?.name ?? ''
  const role = failpointNamed(point)?.role ?? 'task'
  const task = (message && receiverOf(message)) ?? taskNamed(name)
  const vertex = task && graph.vertices[task.vertex]
  if (task === undefined || vertex === undefined) return { role, names: [role, process] }
  const ofTask = taskRoleOf(vertex)
  const names = [ofTask, `${ofTask}-${String(task.subtask)}`, vertex.name, `${vertex.name}-${String(task.subtask)}`, process]
  if (role === 'task') return { role: ofTask, names }
  return { role, names: [role, `${role}-${String(task.subtask)}`, ...names] }
}

/**
 * Names that `takerOf` may give in a job, but for those of processes. Whoever takes a step of the writer or of the committer has its name
 * for that, too.
 */
export function takerNames({ vertices }: JobGraph): string[] {
  const ofTasks = vertices.flatMap((vertex) => {
    const names = [taskRoleOf(vertex), 'writer', 'committer', vertex.name]
    return names.flatMap((name) => [name, ...Array.from({ length: vertex.parallelism }, (_, subtask) => `${name}-${String(subtask)}`)])
  })
  return [...new Set([...ofTasks, ...failpointCatalogue.map(({ role }) => role)])]
}

interface TaskId {
  readonly vertex: number
  readonly subtask: number
}

/** The vertex whose task an actor is, by the actor's name. */
export function vertexOf({ vertices }: JobGraph, actorName: string): JobVertex | undefined {
  const task = taskNamed(actorName)
  return task && vertices[task.vertex]
}

/** The task that an actor is, by its name: `task/<vertex>/<subtask>/<attempt>`. */
function taskNamed(name: string): TaskId | undefined {
  const [kind, vertex, subtask] = name.split('/')
  return kind === 'task' ? { vertex: Number(vertex), subtask: Number(subtask) } : undefined
}

/** The task that a call is passed on to; undefined when it is for the JobManager. */
function receiverOf(message: AnyMessage): TaskId | undefined {
  if (message.kind !== 'to-task' || !('execution' in message)) return undefined
  const { execution } = message
  if (typeof execution !== 'object' || execution === null || !('vertex' in execution) || !('subtask' in execution)) return undefined
  const { vertex, subtask } = execution
  return typeof vertex === 'number' && typeof subtask === 'number' ? { vertex, subtask } : undefined
}
