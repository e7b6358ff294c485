import { feeds } from '../graph/job-graph.js'
import { executionsOf, type CheckpointPlan, type JobMaster } from '../jobmaster/job-master.js'
import type { Execution } from '../jobmaster/task-executor-messages.js'
import type { TaskSnapshot } from './state-handle.js'

/**
 * Which tasks a checkpoint triggers, waits for and tells (Flink: `DefaultCheckpointPlanCalculator`). Undefined when a task that is
 * needed does not run (NOT_ALL_REQUIRED_TASKS_RUNNING), or once one has finished where that ends all checkpoints
 * (`execution.checkpointing.checkpoints-after-tasks-finish` is off): nobody waited for a final snapshot of it.
 *
 * A finished task takes part with its final snapshot. Flink drops the state of vertices that have finished as a whole; we keep it,
 * so that a restart from such a checkpoint begins and ends those tasks again with nothing left to do.
 */
export function planCheckpoint(master: JobMaster): CheckpointPlan | undefined {
  const running: Execution[] = []
  const finished: Execution[] = []
  for (const { execution, current } of executionsOf(master)) {
    if (current.status === 'RUNNING') running.push(execution)
    else if (current.status === 'FINISHED') finished.push(execution)
    else return undefined
  }
  if (finished.length > 0 && !master.graph.configuration.checkpointing.afterTasksFinish) return undefined
  if (running.length === 0 || finalSnapshots(master, finished).length !== finished.length) return undefined
  return { trigger: running.filter((task) => !hasRunningProducer(master, task)), waitFor: running, commitTo: running, finished }
}

/**
 * The final snapshots of finished tasks, as the newest completed checkpoint holds them. Asked for when the next one is finalized, not
 * when it is planned: one that completes in between subsumes older ones, whose files are then gone.
 */
export function finalSnapshots({ state }: JobMaster, finished: readonly Execution[]): readonly TaskSnapshot[] {
  if (finished.length === 0) return []
  const latest = state.coordinator.completed.at(-1)?.metadata.tasks ?? []
  return finished.flatMap(({ vertex, subtask }) => latest.filter((task) => task.vertex === vertex && task.subtask === subtask))
}

function hasRunningProducer({ graph, state }: JobMaster, { vertex, subtask }: Execution): boolean {
  const consumer = graph.vertices[vertex]
  if (consumer === undefined) return false
  for (const edge of consumer.inputs) {
    const producers = state.executions[edge.from] ?? []
    for (let producer = 0; producer < producers.length; producer++) {
      const status = producers[producer]?.status
      if (status === 'RUNNING' && feeds(edge, producers.length, consumer.parallelism, producer, subtask)) return true
    }
  }
  return false
}
