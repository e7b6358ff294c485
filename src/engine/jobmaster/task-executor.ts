/**
 * The TaskExecutor of one TaskManager process (Flink: `TaskExecutor`): runs task attempts for the JobManager it is registered with,
 * and passes RPCs and partition requests on to them. When it loses the JobManager it ends all tasks and registers anew.
 */
import {
  anyRef,
  digestPlain,
  fold,
  hashString,
  type ActorRef,
  type Behavior,
  type Context,
  type Instant,
  type PeerDown,
  type WorldMessage,
} from '../../world/index.js'
import { refOf } from '../actor-types.js'
import type { StorageRequest } from '../checkpoint/checkpoint-storage.js'
import { heartbeatOf } from '../configuration.js'
import type { JobGraph } from '../graph/job-graph.js'
import { MAIL_LANE, RPC_LANE } from '../lanes.js'
import {
  abortCheckpoint,
  confirmCheckpoint,
  retainForRestore,
  retrieveLocalState,
  storeLocalState,
  type LocalStateStore,
} from '../state/local-state-store.js'
import type { TaskDeployment } from '../task/task-deployment.js'
import type { TaskMail, TaskMessage } from '../task/task-messages.js'
import { taskBehavior } from '../task/task.js'
import type { JobManagerMessage } from './job-manager-messages.js'
import type { DisconnectJobManager, Execution, Registered, RequestPartition, TaskExecutorMessage } from './task-executor-messages.js'

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
  /** How often it has given up a JobManager that may be alive: tells a late word about an earlier registration from one about this. */
  registration: number
  /** Since when this registration waits for an answer. */
  askedAt: Instant | null
  readonly tasks: { readonly execution: Execution; readonly task: ActorRef<TaskMessage> }[]
  /** Requests for partitions of tasks that are not deployed yet. */
  waiting: RequestPartition[]
  /** Copies of keyed state of the job's tasks; empty unless the job asks for them. */
  localStates: LocalStateStore
}

/** A deployment as the JobManager sends it. */
type Submitted = Omit<TaskDeployment, 'taskExecutor' | 'storage' | 'local'>

const REGISTER_TIMER = 'register'
/** Flink: `cluster.registration.*`; retried until the JobManager answers. */
const REGISTER_RETRY_US = 50_000

/** Behavior of the TaskExecutors that run a job. */
export function taskExecutorBehavior(graph: JobGraph): Behavior<TaskExecutorState, TaskExecutorSetup, TaskExecutorMessage> {
  const tasks = taskBehavior(graph)
  return {
    kind: 'task-executor',
    digest: digestMessage,
    start(durable, context) {
      const state: TaskExecutorState = { jobMasterId: 0, registration: 0, askedAt: null, tasks: [], waiting: [], localStates: [] }
      register(durable, state, context)
      return state
    },
    receive({ volatile: state, durable }, message, context) {
      switch (message.kind) {
        case 'timer':
          return registerAgain(graph, durable, state, context)
        case 'registered':
          return registered(graph, durable, state, message, context)
        case 'peer-down':
          return message.silent === true
            ? jobManagerSilent(durable, state, message, context)
            : jobManagerLost(durable, state, message, context)
        case 'disconnect-job-manager':
          return givenUp(durable, state, message, context)
        case 'submit-task':
          return submit(durable, state, message.deployment, context, (name, deployment) => context.spawn(tasks, name, deployment))
        case 'to-task':
          return passOn(durable, state, message, context)
        case 'request-partition':
          return requestPartition(state, message, context)
        case 'store-local-state':
          state.localStates = storeLocalState(state.localStates, message.snapshot)
          return
        case 'task-ended':
          return taskEnded(durable, state, message.execution, message.task, context)
      }
    },
  }
}

function digestMessage(message: TaskExecutorMessage | WorldMessage): number {
  if (message.kind !== 'to-task') return digestPlain(0x7e, message)
  const { execution, jobMasterId, mail } = message
  const digest = fold(digestExecution(execution, jobMasterId), hashString(mail.kind))
  return mail.kind === 'notify-complete' ? fold(digest, mail.checkpoint) : digestPlain(digest, mail)
}

/** An attempt as an integer. */
export function digestExecution({ vertex, subtask, attempt }: Execution, jobMasterId: number): number {
  return fold(fold(fold(fold(0xe5ec, vertex), subtask), attempt), jobMasterId)
}

/**
 * Offers the slots; only when no task of an earlier JobManager is left in them. The JobManager is watched from here on, not from its
 * answer on: the one that answers may be dead, and its successor alive, when the answer arrives.
 */
function register(setup: TaskExecutorSetup, state: TaskExecutorState, context: Context): void {
  if (state.jobMasterId !== 0) return
  if (state.tasks.length === 0) {
    const { ordinal, slots } = setup
    state.askedAt ??= context.now()
    context.watch(setup.jobManager, RPC_LANE)
    context.send(
      setup.jobManager,
      {
        kind: 'register-task-manager',
        taskExecutor: refOf(context.self),
        incarnation: context.incarnation,
        ordinal,
        slots,
        registration: state.registration,
      },
      RPC_LANE,
    )
  }
  context.timer(REGISTER_TIMER, REGISTER_RETRY_US)
}

/**
 * No answer yet: asked again. What an answer has been on its way for too long says is not true any more: the JobManager may have
 * deployed tasks, given this TaskManager up for its silence, and replaced them. A registration ends before it can have.
 * (Flink: `RetryingRegistration` drops late answers, and tasks are deployed only into slots that were offered behind the answer.)
 */
function registerAgain({ configuration }: JobGraph, setup: TaskExecutorSetup, state: TaskExecutorState, context: Context): void {
  const patienceUs = Math.max(0, configuration.heartbeatTimeoutUs - REGISTER_RETRY_US)
  if (state.askedAt !== null && context.elapsed(state.askedAt, patienceUs, 'registration')) {
    state.registration++
    state.askedAt = null
  }
  register(setup, state, context)
}

function registered(
  { configuration }: JobGraph,
  setup: TaskExecutorSetup,
  state: TaskExecutorState,
  { jobMasterId, incarnation, registration }: Registered,
  context: Context,
): void {
  // An answer to an earlier registration, or to one of an incarnation that is gone, may have been held up: the JobManager has given
  // that one up, or will when it hears of this one.
  if (state.jobMasterId !== 0 || incarnation !== context.incarnation || registration !== state.registration) return
  state.jobMasterId = jobMasterId
  state.askedAt = null
  context.cancel(REGISTER_TIMER)
  context.monitor(setup.jobManager, RPC_LANE, heartbeatOf(configuration, false))
}

/** The JobManager is gone: its tasks end, and the TaskManager looks for its successor (Flink: disconnectJobManager). */
function jobManagerLost(
  setup: TaskExecutorSetup,
  state: TaskExecutorState,
  { incarnation }: { readonly incarnation: number },
  context: Context,
): void {
  if (incarnation !== state.jobMasterId) return
  state.jobMasterId = 0
  state.waiting = []
  state.localStates = []
  for (const { task } of state.tasks) context.send(task, { kind: 'cancel' }, MAIL_LANE)
  register(setup, state, context)
}

/** No heartbeat came for the timeout. The JobManager may be alive, and is told that nothing runs here for it any more. */
function jobManagerSilent(setup: TaskExecutorSetup, state: TaskExecutorState, silent: PeerDown, context: Context): void {
  if (silent.incarnation !== state.jobMasterId) return
  const { registration } = state
  const taskExecutor = refOf<TaskExecutorMessage>(context.self)
  const { incarnation } = context
  context.send(setup.jobManager, { kind: 'disconnect-task-manager', taskExecutor, incarnation, registration }, RPC_LANE)
  state.registration++
  jobManagerLost(setup, state, silent, context)
}

/** The JobManager has given this TaskManager up. A late word about an earlier registration changes nothing. */
function givenUp(
  setup: TaskExecutorSetup,
  state: TaskExecutorState,
  { jobMasterId, incarnation, registration }: DisconnectJobManager,
  context: Context,
): void {
  if (jobMasterId !== state.jobMasterId || incarnation !== context.incarnation || registration !== state.registration) return
  state.registration++
  jobManagerLost(setup, state, { incarnation: jobMasterId }, context)
}

/** The copies that a task comes back to; whatever else there is of its subtask is of no use any more. */
function localStateFor(state: TaskExecutorState, { vertex, subtask, restore }: Submitted): Pick<TaskDeployment, 'local'> {
  if (state.localStates.length === 0) return {}
  state.localStates = retainForRestore(state.localStates, { vertex, subtask }, restore?.checkpoint ?? null)
  if (restore === null) return {}
  return { local: retrieveLocalState(state.localStates, { vertex, subtask }, restore.checkpoint) }
}

/** The JobManager tells the end of a checkpoint: some copies are not needed any more. */
function pruneLocalStates(state: TaskExecutorState, execution: Execution, mail: TaskMail): void {
  if (mail.kind === 'notify-complete') state.localStates = confirmCheckpoint(state.localStates, execution, mail.checkpoint)
  else if (mail.kind === 'notify-aborted') state.localStates = abortCheckpoint(state.localStates, execution, mail.checkpoint)
}

function submit(
  setup: TaskExecutorSetup,
  state: TaskExecutorState,
  deployment: Submitted,
  context: Context,
  start: (name: string, deployment: TaskDeployment) => ActorRef<TaskMessage>,
): void {
  const { vertex, subtask, attempt, jobMasterId, jobManager, restore, producers, maxParallelism } = deployment
  if (jobMasterId !== state.jobMasterId) return reject(setup, { vertex, subtask, attempt }, jobMasterId, context)
  const { storage } = setup
  const taskExecutor = refOf<TaskExecutorMessage>(context.self)
  const whole = { vertex, subtask, attempt, jobMasterId, jobManager, taskExecutor, storage, restore, producers }
  const task = start(`task/${String(vertex)}/${String(subtask)}/${String(attempt)}`, {
    ...whole,
    ...(maxParallelism !== undefined && { maxParallelism }),
    ...localStateFor(state, deployment),
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

/** Flink: `TaskSubmissionException`: this TaskManager has no connection to that JobManager. Nobody else would tell it. */
function reject(setup: TaskExecutorSetup, execution: Execution, jobMasterId: number, context: Context): void {
  const cause = 'TaskSubmissionException: no connection to this JobManager'
  context.send(setup.jobManager, { kind: 'task-status', execution, jobMasterId, status: 'FAILED', cause }, RPC_LANE)
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
  const task = find(state, execution)
  if (jobMasterId !== state.jobMasterId && (mail.kind !== 'cancel' || task !== undefined)) return
  if (state.localStates.length > 0) pruneLocalStates(state, execution, mail)
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
