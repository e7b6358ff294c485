/**
 * The TaskExecutor of one TaskManager process (Flink: `TaskExecutor`): runs task attempts for the JobManager it is registered with,
 * and passes RPCs and partition requests on to them. When it loses the JobManager it ends all tasks and registers anew.
 */
import { anyRef, digestPlain, type ActorRef, type Behavior, type Context } from '../../world/index.js'
import { refOf } from '../actor-types.js'
import type { StorageRequest } from '../checkpoint/checkpoint-storage.js'
import type { JobGraph } from '../graph/job-graph.js'
import { MAIL_LANE, RPC_LANE } from '../lanes.js'
import type { TaskDeployment } from '../task/task-deployment.js'
import type { TaskMessage } from '../task/task-messages.js'
import { taskBehavior } from '../task/task.js'
import type { JobManagerMessage } from './job-manager-messages.js'
import type { Execution, RequestPartition, TaskExecutorMessage } from './task-executor-messages.js'

/** What a TaskManager is set up with; survives its crashes. */
export interface TaskExecutorSetup {
  readonly jobManager: ActorRef<JobManagerMessage>
  readonly storage: ActorRef<StorageRequest>
  /** Ordinal of the TaskManager, from 0. */
  readonly ordinal: number
  readonly slots: number
}

/** What the death of the TaskManager loses. */
export interface TaskExecutorState {
  /** Incarnation of the JobManager it is registered with, 0 for none. */
  jobMasterId: number
  readonly tasks: { readonly execution: Execution; readonly task: ActorRef<TaskMessage> }[]
  /** Requests for partitions of tasks that are not deployed yet. */
  waiting: RequestPartition[]
}

/** A deployment as the JobManager sends it. */
type Submitted = Omit<TaskDeployment, 'taskExecutor' | 'storage'>

const REGISTER_TIMER = 'register'
/** Flink: `cluster.registration.*`; retried until the JobManager answers. */
const REGISTER_RETRY_US = 50_000

/** Behavior of the TaskExecutors that run a job. */
export function taskExecutorBehavior(graph: JobGraph): Behavior<TaskExecutorState, TaskExecutorSetup, TaskExecutorMessage> {
  const tasks = taskBehavior(graph)
  return {
    kind: 'task-executor',
    digest: (message) => digestPlain(0x7e, message),
    start(durable, context) {
      const state: TaskExecutorState = { jobMasterId: 0, tasks: [], waiting: [] }
      register(durable, state, context)
      return state
    },
    receive({ volatile: state, durable }, message, context) {
      switch (message.kind) {
        case 'timer':
          return register(durable, state, context)
        case 'registered':
          return registered(state, message.jobMasterId, context)
        case 'peer-down':
          return jobManagerLost(durable, state, message.incarnation, context)
        case 'submit-task':
          return submit(durable, state, message.deployment, context, (name, deployment) => context.spawn(tasks, name, deployment))
        case 'to-task':
          return passOn(durable, state, message, context)
        case 'request-partition':
          return requestPartition(state, message, context)
        case 'task-ended':
          return taskEnded(durable, state, message.execution, message.task, context)
      }
    },
  }
}

/**
 * Offers the slots; only when no task of an earlier JobManager is left in them. The JobManager is watched from here on, not from its
 * answer on: the one that answers may be dead, and its successor alive, when the answer arrives.
 */
function register(setup: TaskExecutorSetup, state: TaskExecutorState, context: Context): void {
  if (state.jobMasterId !== 0) return
  if (state.tasks.length === 0) {
    const { ordinal, slots } = setup
    context.watch(setup.jobManager, RPC_LANE)
    context.send(
      setup.jobManager,
      { kind: 'register-task-manager', taskExecutor: refOf(context.self), incarnation: context.incarnation, ordinal, slots },
      RPC_LANE,
    )
  }
  context.timer(REGISTER_TIMER, REGISTER_RETRY_US)
}

function registered(state: TaskExecutorState, jobMasterId: number, context: Context): void {
  if (state.jobMasterId !== 0) return
  state.jobMasterId = jobMasterId
  context.cancel(REGISTER_TIMER)
}

/** The JobManager is gone: its tasks end, and the TaskManager looks for its successor (Flink: disconnectJobManager). */
function jobManagerLost(setup: TaskExecutorSetup, state: TaskExecutorState, incarnation: number, context: Context): void {
  if (incarnation !== state.jobMasterId) return
  state.jobMasterId = 0
  state.waiting = []
  for (const { task } of state.tasks) context.send(task, { kind: 'cancel' }, MAIL_LANE)
  register(setup, state, context)
}

function submit(
  setup: TaskExecutorSetup,
  state: TaskExecutorState,
  deployment: Submitted,
  context: Context,
  start: (name: string, deployment: TaskDeployment) => ActorRef<TaskMessage>,
): void {
  if (deployment.jobMasterId !== state.jobMasterId) return
  const { vertex, subtask, attempt } = deployment
  const task = start(`task/${String(vertex)}/${String(subtask)}/${String(attempt)}`, {
    ...deployment,
    taskExecutor: refOf(context.self),
    storage: setup.storage,
  })
  state.tasks.push({ execution: { vertex, subtask, attempt }, task })
  state.tasks.sort((a, b) => compareExecutions(a.execution, b.execution))
  const ready = state.waiting.filter((request) => isSame(request.producer, { vertex, subtask, attempt }))
  // A request for an older attempt will never be served: its consumer is being cancelled too.
  state.waiting = state.waiting.filter(
    ({ producer }) => producer.vertex !== vertex || producer.subtask !== subtask || producer.attempt > attempt,
  )
  for (const request of ready) requestPartition(state, request, context)
}

function requestPartition(state: TaskExecutorState, request: RequestPartition, context: Context): void {
  const { producer, edge, subpartition, consumer, channel, credit, local } = request
  const task = find(state, producer)
  if (task === undefined) state.waiting.push(request)
  else context.send(task, { kind: 'open-channel', edge, subpartition, consumer, channel, credit, local }, MAIL_LANE)
}

function passOn(
  setup: TaskExecutorSetup,
  state: TaskExecutorState,
  message: TaskExecutorMessage & { kind: 'to-task' },
  context: Context,
): void {
  const { execution, mail, jobMasterId } = message
  if (jobMasterId !== state.jobMasterId) return
  const task = find(state, execution)
  if (task !== undefined) return context.send(task, mail, MAIL_LANE)
  if (mail.kind === 'cancel') {
    context.send(setup.jobManager, { kind: 'task-status', execution, jobMasterId, status: 'CANCELED', cause: null }, RPC_LANE)
  } else if (mail.kind === 'trigger-checkpoint') {
    context.send(
      setup.jobManager,
      { kind: 'decline', execution, jobMasterId, checkpoint: mail.checkpoint, reason: 'CHECKPOINT_DECLINED_TASK_NOT_READY' },
      RPC_LANE,
    )
  }
}

function taskEnded(setup: TaskExecutorSetup, state: TaskExecutorState, execution: Execution, task: number, context: Context): void {
  const index = state.tasks.findIndex((known) => isSame(known.execution, execution))
  if (index >= 0) state.tasks.splice(index, 1)
  context.stop(anyRef(task))
  if (state.jobMasterId === 0) register(setup, state, context)
}

function find(state: TaskExecutorState, execution: Execution): ActorRef<TaskMessage> | undefined {
  return state.tasks.find((known) => isSame(known.execution, execution))?.task
}

/** Whether two name the same attempt. */
export function isSame(a: Execution, b: Execution): boolean {
  return a.vertex === b.vertex && a.subtask === b.subtask && a.attempt === b.attempt
}

/** Order of attempts in state: by vertex, subtask, attempt; never by arrival. */
export function compareExecutions(a: Execution, b: Execution): number {
  return a.vertex - b.vertex || a.subtask - b.subtask || a.attempt - b.attempt
}
