/**
 * The TaskManagers that offer their slots to this JobManager, and how they are lost (Flink: `JobMaster.registerTaskManager`,
 * `disconnectTaskManager`, `TaskManagerHeartbeatListener`).
 *
 * What has finished is not failed by the loss (Flink: a finished `Execution` has given its slot back, and `Execution.fail` does nothing
 * in a terminal state), so that a region that is all finished stays. Its pipelined result is gone with the TaskManager, though, and a
 * consumer that still needs it restarts with its region. In Flink it is the consumer that finds out (`RemoteTransportException`,
 * `PartitionNotFoundException` after `taskmanager.network.request-backoff.max`); here the JobManager takes a result as needed until all
 * its consumers have finished, which is sooner, and may restart a consumer that had read everything.
 */
import type { HistoryFact } from '../../history/index.js'
import type { PeerDown } from '../../world/index.js'
import { heartbeatOf } from '../configuration.js'
import { consumersOf } from '../graph/job-graph.js'
import { RPC_LANE } from '../lanes.js'
import { failTask, isFailingOver, restartWhenReady } from './failover.js'
import type { JobManagerMessage } from './job-manager-messages.js'
import { executionsOf, type JobMaster, type RegisteredTaskManager } from './job-master.js'
import type { SubtaskId } from './deployment.js'
import { deployWhenReady } from './job-recovery.js'

/** A TaskManager offers its slots. */
export function registerTaskManager(master: JobMaster, message: JobManagerMessage & { kind: 'register-task-manager' }): void {
  const { state, context } = master
  const { taskExecutor, incarnation, ordinal, slots, registration } = message
  const known = state.taskManagers.find((taskManager) => taskManager.ordinal === ordinal)
  // Held up on its way, and another came after it.
  if (known !== undefined && isEarlier(message, known)) return
  const isKnown = known?.incarnation === incarnation && known.registration === registration
  // Another incarnation or registration under the same address: the old one is gone, whether or not its end was heard of yet.
  if (known !== undefined && !isKnown) taskManagerLost(master, known)
  if (!isKnown) {
    const registered = { taskExecutor, incarnation, ordinal, slots, registration }
    state.taskManagers = [...state.taskManagers, registered].sort((a, b) => a.ordinal - b.ordinal)
    context.watch(taskExecutor, RPC_LANE)
    context.monitor(taskExecutor, RPC_LANE, heartbeatOf(master.graph.configuration, true))
  }
  context.send(taskExecutor, { kind: 'registered', jobMasterId: state.jobMasterId, incarnation, registration }, RPC_LANE)
  deployWhenReady(master)
  restartWhenReady(master)
}

type Offer = Pick<RegisteredTaskManager, 'incarnation' | 'registration'>

function isEarlier(one: Offer, other: Offer): boolean {
  return one.incarnation < other.incarnation || (one.incarnation === other.incarnation && one.registration < other.registration)
}

/** The world has word of a TaskManager's end, or nothing was heard of it for the heartbeat timeout: then it is told, as it may live. */
export function taskManagerDown(master: JobMaster, { peer, incarnation, silent }: PeerDown): void {
  const { state, context } = master
  const lost = state.taskManagers.find((taskManager) => taskManager.taskExecutor === peer && taskManager.incarnation === incarnation)
  if (lost === undefined) return
  if (silent === true) {
    const cause = `heartbeat of TaskManager ${String(lost.ordinal)} timed out`
    context.record?.({ kind: 'failure', vertex: '', subtask: -1, attempt: -1, cause } satisfies HistoryFact)
    const { registration } = lost
    context.send(lost.taskExecutor, { kind: 'disconnect-job-manager', jobMasterId: state.jobMasterId, incarnation, registration }, RPC_LANE)
  }
  taskManagerLost(master, lost)
}

/** A TaskManager has given this JobManager up, and ends what runs there. A late word of an earlier registration changes nothing. */
export function taskManagerLeft(master: JobMaster, message: JobManagerMessage & { kind: 'disconnect-task-manager' }): void {
  const { taskExecutor, incarnation, registration } = message
  const left = master.state.taskManagers.find(
    (known) => known.taskExecutor === taskExecutor && known.incarnation === incarnation && known.registration === registration,
  )
  if (left !== undefined) taskManagerLost(master, left)
}

/** A TaskManager is gone, and every attempt on it that was not through with its work. */
function taskManagerLost(master: JobMaster, lost: RegisteredTaskManager): void {
  const { state } = master
  state.taskManagers = state.taskManagers.filter((taskManager) => taskManager !== lost)
  const failed = executionsOf(master).filter(({ execution, current }) => {
    if (current.location !== lost.ordinal || current.status === 'CREATED' || current.status === 'FAILED') return false
    return current.status !== 'FINISHED' || isResultNeeded(master, execution)
  })
  for (const { current } of failed) current.status = current.status === 'CANCELING' || current.status === 'CANCELED' ? 'CANCELED' : 'FAILED'
  const live = failed.filter(({ current }) => current.status === 'FAILED')
  // One loss is one failure of each region it hits, however many of the region's tasks ran there.
  for (const { execution } of live) if (!isFailingOver(master, execution)) failTask(master, execution)
  restartWhenReady(master)
}

/** Whether a consumer of a finished task has not finished, and may still have to read from it. */
function isResultNeeded({ graph, state }: JobMaster, { vertex, subtask }: SubtaskId): boolean {
  const parallelismOf = (id: number) => graph.vertices[id]?.parallelism ?? 0
  return graph.edges.some(
    (edge) =>
      edge.from === vertex &&
      consumersOf(edge, parallelismOf(vertex), parallelismOf(edge.to), subtask).some(
        (consumer) => state.executions[edge.to]?.[consumer]?.status !== 'FINISHED',
      ),
  )
}
