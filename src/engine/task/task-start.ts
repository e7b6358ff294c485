/** From deployment to RUNNING: read the state, open the operators from tail to head, ask the producers for their partitions. */
import { UNORDERED } from '../../world/index.js'
import type { HistoryFact } from '../../history/index.js'
import { refOf } from '../actor-types.js'
import type { StorageAnswer } from '../checkpoint/checkpoint-storage.js'
import { describeSnapshot, describeTimers } from '../checkpoint/snapshot-content.js'
import type { OperatorSnapshot } from '../checkpoint/state-handle.js'
import { PARTITION_LANE, RPC_LANE } from '../lanes.js'
import { contentNow, openKeyedState, type HeapKeyedState } from '../state/heap-keyed-state.js'
import { restoredState } from './restored-state.js'
import { executionOf, maxParallelismOf } from './task-deployment.js'
import { failTask } from './task-end.js'
import { reportStatus } from './task-report.js'
import type { Task } from './task.js'
import type { RestoredOperator } from './task-state.js'

/** Reads state that lies in files; what is inline is there already. */
export function restoreTask(task: Task): void {
  const { state, deployment, context } = task
  reportStatus(task, 'INITIALIZING')
  const fromLocal = task.graph.configuration.checkpointing.recoverFromLocal === true
  for (const { uid, handle, part } of deployment.restore?.handles ?? []) {
    const given = part === undefined ? undefined : { part }
    if (handle.type === 'inline') {
      state.restoring.push({ uid, snapshot: handle.content, path: null, ...given })
      continue
    }
    // A copy is of what this subtask had: of no use where it gets something else.
    const copy = fromLocal && part === undefined ? deployment.local?.find((local) => local.uid === uid) : undefined
    if (copy !== undefined) {
      state.restoring.push({ uid, snapshot: copy.snapshot, path: null, local: true })
      continue
    }
    state.restoring.push({ uid, snapshot: null, path: handle.path, ...given })
    context.send(deployment.storage, { kind: 'get', replyTo: refOf(context.self), path: handle.path }, UNORDERED)
  }
  openWhenRead(task)
}

/** A state file was read. */
export function takeRestoredFile(task: Task, answer: StorageAnswer & { readonly type: 'got' }): void {
  const { content } = answer
  if (content?.type !== 'state') return failTask(task, `cannot read state file ${answer.path}`)
  for (const restored of task.state.restoring) if (restored.path === answer.path) restored.snapshot = content.state
  task.context.reach('task.restore.read')
  openWhenRead(task)
}

function openWhenRead({ state }: Task): void {
  if (state.phase !== 'RESTORING' || state.restoring.some(({ snapshot }) => snapshot === null)) return
  state.phase = 'OPENING'
  state.activity = { type: 'open', index: 0, entered: false }
}

/** Opens one operator with its restored state. */
export function openOperator(task: Task, index: number): void {
  const operator = task.vertex.operators[index]
  const runtime = task.state.operators[index]
  const call = task.calls[index]
  if (operator === undefined || runtime === undefined || call === undefined) return
  if (task.context.fails('task.restore')) return failTask(task, 'exception while restoring state')
  const given = task.state.restoring.filter(({ uid }) => uid === operator.uid)
  const restored = restoredState(given, maxParallelismOf(task))
  if (operator.keyOf.length > 0) runtime.keyed = openKeyedState(restored?.keyed ?? undefined)
  recordRestore(task, operator.name, restored, runtime.keyed, given)
  runtime.state = operator.code.open(call, restored?.state)
}

/** Told of keyed state is what was opened, not what was read for it. */
function recordRestore(
  task: Task,
  vertex: string,
  restored: OperatorSnapshot | null,
  keyed: HeapKeyedState | null,
  given: readonly RestoredOperator[],
): void {
  if (task.context.record === undefined) return
  const { subtask, attempt, restore } = task.deployment
  const opened = restored === null || keyed === null ? restored : { ...restored, keyed: contentNow(keyed) }
  const described = opened === null ? undefined : describeSnapshot(opened, subtask)
  const content = given.some(({ part }) => part !== undefined) ? { timers: describeTimers(opened?.keyed), ...described } : described
  const local = given[0]?.local
  task.context.record({
    kind: 'restore',
    vertex,
    subtask,
    attempt,
    ...(restore !== null && { checkpoint: restore.checkpoint }),
    ...(content !== undefined && { content }),
    ...(local && { local }),
  } satisfies HistoryFact)
}

/** All operators are open: the task runs, registers its reader, and asks for its input. */
export function operatorsOpened(task: Task): void {
  const { state, deployment, context, vertex } = task
  const { jobManager, jobMasterId } = deployment
  state.phase = 'RUNNING'
  state.restoring = []
  context.reach('task.restored')
  reportStatus(task, 'RUNNING')
  if (vertex.operators[0]?.role === 'source') {
    const execution = executionOf(deployment)
    context.send(
      jobManager,
      { kind: 'reader-registered', execution, jobMasterId, operator: 0, restored: deployment.restore !== null },
      RPC_LANE,
    )
  }
  deployment.producers.forEach(({ edge, subtask, attempt, subpartition, taskExecutor, local }, channel) => {
    const producer = { vertex: vertex.inputs.find(({ id }) => id === edge)?.from ?? 0, subtask, attempt }
    const credit = state.gate.channels[channel]?.exclusive ?? 0
    // The request goes over the connection that will carry the data: when that breaks before the answer, there will be none.
    if (!local) context.watch(taskExecutor, PARTITION_LANE)
    context.send(
      taskExecutor,
      { kind: 'request-partition', producer, edge, subpartition, consumer: refOf(context.self), channel, credit, local },
      local ? 0 : PARTITION_LANE,
    )
  })
}
