/** Deployment of subtasks into the slots that were found for them (Flink: `DefaultExecutionDeployer`). */
import type { HistoryFact } from '../../history/index.js'
import { assignStates } from '../checkpoint/state-assignment-operation.js'
import type { AssignedHandle } from '../checkpoint/state-handle.js'
import { consumersOf, producersOf, type JobVertex } from '../graph/job-graph.js'
import { RPC_LANE } from '../lanes.js'
import type { JobManagerMessage } from './job-manager-messages.js'
import type { ProducerLocation, TaskDeployment } from '../task/task-deployment.js'
import { refOf } from '../actor-types.js'
import type { CompletedCheckpoint, JobMaster } from './job-master.js'
import type { Slots } from './slot-pool.js'

/** A subtask, whatever its attempt. */
export interface SubtaskId {
  readonly vertex: number
  readonly subtask: number
}

/** Starts new attempts of these subtasks, each with its state of the checkpoint. */
export function deploy(master: JobMaster, subtasks: readonly SubtaskId[], restored: CompletedCheckpoint | undefined, slots: Slots): void {
  const { state, context } = master
  for (const { vertex, subtask } of subtasks) {
    const execution = state.executions[vertex]?.[subtask]
    const slot = slots.get(subtask)
    if (execution === undefined || slot === undefined) continue
    execution.attempt++
    execution.status = 'DEPLOYING'
    execution.location = slot.ordinal
    execution.endOfData = false
  }
  const assigned = new Map<number, readonly (readonly AssignedHandle[])[]>()
  if (restored !== undefined)
    for (const { vertex } of subtasks) {
      const restoring = master.graph.vertices[vertex]
      if (restoring !== undefined && !assigned.has(vertex)) assigned.set(vertex, assignStates(restored.metadata, restoring))
    }
  context.reach('recovery.state.assigned')
  for (const id of subtasks) submit(master, id, restoreOf(restored, assigned.get(id.vertex)?.[id.subtask]))
  context.reach('recovery.tasks.deployed')
}

function restoreOf(restored: CompletedCheckpoint | undefined, handles: readonly AssignedHandle[] = []): TaskDeployment['restore'] {
  return restored === undefined ? null : { checkpoint: restored.checkpoint, handles }
}

function submit(master: JobMaster, { vertex: vertexId, subtask }: SubtaskId, restore: TaskDeployment['restore']): void {
  const { state, context, graph } = master
  const vertex = graph.vertices[vertexId]
  const execution = state.executions[vertexId]?.[subtask]
  const taskManager = state.taskManagers.find(({ ordinal }) => ordinal === execution?.location)
  if (vertex === undefined || execution === undefined || taskManager === undefined) return
  const deployment = {
    vertex: vertexId,
    subtask,
    attempt: execution.attempt,
    jobMasterId: state.jobMasterId,
    jobManager: refOf<JobManagerMessage>(context.self),
    restore,
    ...(state.maxParallelism !== graph.configuration.maxParallelism && { maxParallelism: state.maxParallelism }),
    producers: locateProducers(master, vertex, subtask, taskManager.ordinal),
  }
  context.record?.({
    kind: 'task-status',
    vertex: vertex.name,
    subtask,
    attempt: execution.attempt,
    status: 'DEPLOYING',
  } satisfies HistoryFact)
  context.send(taskManager.taskExecutor, { kind: 'submit-task', deployment }, RPC_LANE)
}

function locateProducers(master: JobMaster, vertex: JobVertex, subtask: number, here: number): readonly ProducerLocation[] {
  const { state, graph } = master
  const located: ProducerLocation[] = []
  for (const edge of vertex.inputs) {
    const producers = graph.vertices[edge.from]?.parallelism ?? 1
    for (const producer of producersOf(edge, producers, vertex.parallelism, subtask)) {
      const execution = state.executions[edge.from]?.[producer]
      const taskManager = state.taskManagers.find(({ ordinal }) => ordinal === execution?.location)
      if (execution === undefined || taskManager === undefined) continue
      located.push({
        edge: edge.id,
        gate: edge.input,
        subtask: producer,
        attempt: execution.attempt,
        subpartition: consumersOf(edge, producers, vertex.parallelism, producer).indexOf(subtask),
        taskExecutor: taskManager.taskExecutor,
        local: taskManager.ordinal === here,
      })
    }
  }
  return located
}
