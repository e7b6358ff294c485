import { describe, expect, it } from 'vitest'
import { undigestedMembers } from '../../test/systems/digest-coverage.js'
import type { AnyMessage, WorldMessage } from '../world/index.js'
import { sliceConfiguration, sliceJob } from '../../test/engine/slice-job.js'
import { refOf } from './actor-types.js'
import { checkpointStorage, type StorageAnswer, type StorageReply, type StorageRequest } from './checkpoint/checkpoint-storage.js'
import { completedCheckpointStore, type StoreAnswer, type StoreRequest } from './checkpoint/completed-checkpoint-store.js'
import type { OperatorSnapshot, StoredContent, TaskSnapshot } from './checkpoint/state-handle.js'
import { jobManagerBehavior } from './jobmaster/job-manager.js'
import type { JobManagerMessage } from './jobmaster/job-manager-messages.js'
import { taskExecutorBehavior } from './jobmaster/task-executor.js'
import type { TaskExecutorMessage } from './jobmaster/task-executor-messages.js'
import type { NetworkEvent } from './network/buffer.js'
import type { TaskMail, TaskMessage } from './task/task-messages.js'
import { taskBehavior } from './task/task.js'

/** At least one sample of every kind: a kind without one does not compile. */
type Samples<M extends { readonly kind: string }> = { readonly [K in M['kind']]: readonly Extract<M, { readonly kind: K }>[] }

const execution = { vertex: 1, subtask: 2, attempt: 3 }

const snapshot: OperatorSnapshot = {
  checkpoint: 4,
  vertex: 'Count',
  subtask: 2,
  attempt: 3,
  state: { lists: [{ name: 'splits', mode: 'SPLIT', entries: [{ split: 's0', offset: 7 }, 'x', true, 0.5] }] },
  keyed: {
    entries: [{ key: 'k', cells: [{ namespace: 10, values: { count: 2 }, absorbed: [2 ** 44 + 5, 6] }] }],
    timers: [{ timestamp: 2 ** 40, key: 5, namespace: 10, firing: 1 }],
  },
}
const taskSnapshot: TaskSnapshot = {
  vertex: 1,
  subtask: 2,
  handles: [
    { uid: 'count', handle: { type: 'inline', bytes: 50, content: snapshot } },
    {
      uid: 'map',
      handle: { type: 'file', bytes: 60, path: '/c/1', scope: 'exclusive', lists: [{ name: 'l', mode: 'UNION', entries: 3 }], keyed: true },
    },
  ],
  finished: false,
}
const contents: readonly StoredContent[] = [
  { type: 'state', state: snapshot },
  {
    type: 'metadata',
    metadata: {
      checkpoint: 4,
      operators: [{ uid: 'count', parallelism: 3, maxParallelism: 16, finished: [2] }],
      tasks: [taskSnapshot],
      enumerators: [{ uid: 'src', unassigned: [{ split: 's1', offset: 0 }] }],
    },
  },
]
const storageAnswers: readonly StorageAnswer[] = [
  { type: 'put', path: '/c/1', result: 'done' },
  ...contents.map((content): StorageAnswer => ({ type: 'got', path: '/c/1', content })),
  { type: 'got', path: '/c/1', content: null },
  { type: 'deleted', paths: ['/c/1'] },
]
const storeAnswers: readonly StoreAnswer[] = [
  { type: 'added', checkpoint: 4, result: 'done' },
  { type: 'removed', paths: ['/c/1'] },
  { type: 'loaded', pointers: [{ checkpoint: 4, path: '/c/1' }], result: 'FAILED' },
  { type: 'loaded', pointers: [{ checkpoint: 3, path: '/c/0' }], result: null },
  { type: 'result-stored', result: 'FINISHED' },
  { type: 'id', checkpoint: 5 },
  { type: 'unavailable', call: 'load' },
]
const mails: Samples<TaskMail> = {
  'trigger-checkpoint': [{ kind: 'trigger-checkpoint', checkpoint: 4, options: { alignment: 'ALIGNED' } }],
  'notify-complete': [{ kind: 'notify-complete', checkpoint: 4 }],
  'notify-aborted': [{ kind: 'notify-aborted', checkpoint: 4, latestCompleted: 3 }],
  'operator-event': [
    { kind: 'operator-event', operator: 1, event: { type: 'add-splits', splits: [{ split: 's0', offset: 7 }] } },
    { kind: 'operator-event', operator: 1, event: { type: 'no-more-splits' } },
  ],
  cancel: [{ kind: 'cancel' }],
}
const events: readonly (NetworkEvent | null)[] = [
  null,
  { type: 'barrier', checkpoint: 4, options: { alignment: 'AT_LEAST_ONCE' } },
  { type: 'cancel-marker', checkpoint: 4 },
  { type: 'end-of-data' },
  { type: 'end-of-partition' },
]
const elements = [
  { id: 2 ** 44 + 9, value: { key: 'k', at: [1, 0.5], seen: false }, timestamp: 2 ** 41 },
  { id: 3, value: null, timestamp: -5 },
]
const world: Samples<WorldMessage> = {
  timer: [{ kind: 'timer', name: 'work' }],
  'peer-down': [
    { kind: 'peer-down', peer: 1, incarnation: 2, lane: 3, crashed: true },
    { kind: 'peer-down', peer: 1, incarnation: 2, lane: 3, crashed: true, silent: true },
  ],
}

const taskMessages: Samples<TaskMessage | WorldMessage> = {
  ...world,
  ...mails,
  buffer: events.map((event) => ({ kind: 'buffer', channel: 1, backlog: 2, bytes: 300, elements, event })),
  'channel-opened': [{ kind: 'channel-opened', channel: 1, producer: 9 }],
  'open-channel': [{ kind: 'open-channel', edge: 1, subpartition: 2, consumer: refOf(8), channel: 3, credit: 4, local: true }],
  credit: [{ kind: 'credit', edge: 1, subpartition: 2, credit: 3 }],
  resume: [{ kind: 'resume', edge: 1, subpartition: 2 }],
  reply: [{ kind: 'reply', tag: 1, answer: { type: 'fetched', records: elements } }],
  'storage-reply': storageAnswers.map((answer) => ({ kind: 'storage-reply', answer })),
}

const jobManagerMessages: Samples<JobManagerMessage | WorldMessage> = {
  ...world,
  'register-task-manager': [
    { kind: 'register-task-manager', taskExecutor: refOf(4), incarnation: 1, ordinal: 0, slots: 2, registration: 1 },
  ],
  'disconnect-task-manager': [{ kind: 'disconnect-task-manager', taskExecutor: refOf(4), incarnation: 1, registration: 1 }],
  'task-status': [
    { kind: 'task-status', execution, jobMasterId: 1, status: 'FAILED', cause: 'broken' },
    { kind: 'task-status', execution, jobMasterId: 1, status: 'RUNNING', cause: null },
  ],
  'end-of-data': [{ kind: 'end-of-data', execution, jobMasterId: 1 }],
  acknowledge: [{ kind: 'acknowledge', execution, jobMasterId: 1, checkpoint: 4, snapshot: taskSnapshot }],
  decline: [{ kind: 'decline', execution, jobMasterId: 1, checkpoint: 4, reason: 'CHECKPOINT_DECLINED_TASK_NOT_READY' }],
  'reader-registered': [{ kind: 'reader-registered', execution, jobMasterId: 1, operator: 0, restored: true }],
  'storage-reply': storageAnswers.map((answer) => ({ kind: 'storage-reply', answer })),
  'store-reply': storeAnswers.map((answer) => ({ kind: 'store-reply', answer })),
  'plan-checkpoint': [{ kind: 'plan-checkpoint' }],
  'create-pending': [{ kind: 'create-pending', checkpoint: 4 }],
  'trigger-tasks': [{ kind: 'trigger-tasks', checkpoint: 4 }],
  'fail-globally': [{ kind: 'fail-globally', cause: 'lost' }],
}

const producer = { edge: 1, gate: 0, subtask: 2, attempt: 3, subpartition: 4, taskExecutor: refOf(5), local: true }
const deployment = { ...execution, jobMasterId: 1, jobManager: refOf(2), producers: [producer] }
const handles = taskSnapshot.handles
const parts = handles.map((handle) => ({
  ...handle,
  part: { keyGroups: { start: 3, end: 7 }, lists: [{ from: 1, name: 'l', start: 2, end: 5 }] },
}))

const taskExecutorMessages: Samples<TaskExecutorMessage | WorldMessage> = {
  ...world,
  registered: [{ kind: 'registered', jobMasterId: 1, incarnation: 1, registration: 1 }],
  'disconnect-job-manager': [{ kind: 'disconnect-job-manager', jobMasterId: 1, incarnation: 2, registration: 1 }],
  'submit-task': [
    { kind: 'submit-task', deployment: { ...deployment, restore: { checkpoint: 4, handles } } },
    { kind: 'submit-task', deployment: { ...deployment, restore: { checkpoint: 4, handles: parts }, maxParallelism: 16 } },
    { kind: 'submit-task', deployment: { ...deployment, restore: null } },
  ],
  'to-task': Object.values(mails).flatMap((sent: readonly TaskMail[]) =>
    sent.map((mail) => ({ kind: 'to-task' as const, execution, jobMasterId: 1, mail })),
  ),
  'request-partition': [
    { kind: 'request-partition', producer: execution, edge: 1, subpartition: 2, consumer: refOf(8), channel: 3, credit: 4, local: true },
  ],
  'task-ended': [{ kind: 'task-ended', execution, task: 9 }],
  'store-local-state': [
    {
      kind: 'store-local-state',
      snapshot: { vertex: 1, subtask: 2, checkpoint: 4, operators: [{ uid: 'u', snapshot }] },
    },
  ],
}

const putOf = (content: StoredContent) => ({ kind: 'put' as const, replyTo: refOf<StorageReply>(3), path: '/c/1', bytes: 50, content })
const storageRequests: Samples<StorageRequest | WorldMessage> = {
  ...world,
  put: [...contents.map(putOf), ...contents.map((content) => ({ ...putOf(content), late: true as const }))],
  get: [{ kind: 'get', replyTo: refOf(3), path: '/c/1' }],
  delete: [
    { kind: 'delete', replyTo: refOf(3), paths: ['/c/1', '/c/2'] },
    { kind: 'delete', replyTo: null, paths: ['/c/1'] },
  ],
}

const storeRequests: Samples<StoreRequest | WorldMessage> = {
  ...world,
  add: [{ kind: 'add', replyTo: refOf(3), leader: 1, pointer: { checkpoint: 4, path: '/c/1' } }],
  remove: [{ kind: 'remove', replyTo: refOf(3), checkpoints: [1, 2], paths: ['/c/1', '/c/2'] }],
  load: [{ kind: 'load', replyTo: refOf(3), leader: 1 }],
  'put-result': [{ kind: 'put-result', replyTo: refOf(3), leader: 1, result: 'FINISHED' }],
  'next-id': [{ kind: 'next-id', replyTo: refOf(3) }],
}

const graph = sliceJob(refOf(0), { parallelism: 1, perSplit: 1, keys: 1, configuration: sliceConfiguration })

/** What metadata holds inline: the acknowledgement that brought it is digested with all of it. */
const READ_BEFORE = /^\.content\.metadata\.tasks\[\d+\]\.handles\[\d+\]\.handle\.content\./

describe.each([
  ['task', taskBehavior(graph).digest, taskMessages],
  ['JobManager', jobManagerBehavior(graph).digest, jobManagerMessages],
  ['TaskExecutor', taskExecutorBehavior(graph).digest, taskExecutorMessages],
  ['checkpoint storage', checkpointStorage.digest, storageRequests],
  ['completed checkpoint store', completedCheckpointStore.digest, storeRequests],
] as const)('digest of what reaches the %s', (_name, digestOf, samples) => {
  const digest = digestOf as (message: AnyMessage) => number
  const messages = Object.values(samples as Readonly<Record<string, readonly AnyMessage[]>>).flat()

  it.each(messages.map((message, index) => [message.kind, index, message] as const))(
    'covers every member of %s (%i)',
    (_kind, _index, message) => {
      expect(undigestedMembers(message, digest).filter((path) => !READ_BEFORE.test(path))).toEqual([])
    },
  )

  it('tells kinds apart', () => {
    const bare = Object.keys(samples).map((kind) => digest(messages.find((message) => message.kind === kind) ?? { kind }))
    expect(new Set(bare).size).toBe(bare.length)
  })
})
