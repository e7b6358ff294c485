/**
 * The durable store of completed checkpoints, the checkpoint id counter and the job's result, outside the JobManager (Flink:
 * `DefaultCompletedCheckpointStore` over ZooKeeper, `ZooKeeperCheckpointIDCounter`, `JobResultStore`). A checkpoint is completed when
 * its pointer is in here, a job has ended for good when its result is; those facts are recorded here.
 */
import { actorRef, digestPlain, UNORDERED, type ActorRef, type Behavior, type Context } from '../../world/index.js'
import type { HistoryFact, JobStatus } from '../../history/index.js'
import { resultOf, type CallResult } from './checkpoint-storage.js'

/** Pointer to a completed checkpoint: its metadata file. */
export interface CheckpointPointer {
  readonly checkpoint: number
  readonly path: string
}

/** How a job ended for good. */
export type JobResult = Extract<JobStatus, 'FINISHED' | 'FAILED'>

/**
 * `leader` is the JobManager's incarnation. What an earlier one sent and what comes late neither adds a checkpoint behind the back of
 * a later one, which has chosen what it restores, nor ends its job.
 */
export type StoreRequest =
  | {
      readonly kind: 'add'
      readonly replyTo: ActorRef<StoreReply>
      readonly leader: number
      readonly pointer: CheckpointPointer
      /** It comes late: whoever asked was told that nobody knows, and is not told again. */
      readonly late?: true
    }
  | {
      readonly kind: 'remove'
      readonly replyTo: ActorRef<StoreReply>
      readonly checkpoints: readonly number[]
      /** Files to be deleted when the pointers are gone; the answer brings them back. */
      readonly paths: readonly string[]
    }
  | { readonly kind: 'load'; readonly replyTo: ActorRef<StoreReply>; readonly leader: number }
  | { readonly kind: 'put-result'; readonly replyTo: ActorRef<StoreReply>; readonly leader: number; readonly result: JobResult }
  | { readonly kind: 'next-id'; readonly replyTo: ActorRef<StoreReply> }

/** What the store answers; `unavailable` says that the call came to nothing. */
export type StoreAnswer =
  | { readonly type: 'added'; readonly checkpoint: number; readonly result: CallResult }
  | { readonly type: 'removed'; readonly paths: readonly string[] }
  | { readonly type: 'loaded'; readonly pointers: readonly CheckpointPointer[]; readonly result: JobResult | null }
  /** The job has ended for good, and this is how. */
  | { readonly type: 'result-stored'; readonly result: JobResult }
  | { readonly type: 'id'; readonly checkpoint: number }
  | { readonly type: 'unavailable'; readonly call: 'load' | 'next-id' }

/** The store's reply to a request. */
export interface StoreReply {
  readonly kind: 'store-reply'
  readonly answer: StoreAnswer
}

/** What the store keeps over every crash. */
export interface StoreState {
  /** Sorted by checkpoint id. */
  pointers: readonly CheckpointPointer[]
  /** Flink: INITIAL_CHECKPOINT_ID = 1. */
  nextId: number
  /** The newest JobManager that has loaded. */
  leader: number
  result: JobResult | null
}

/** A store before the job's first start. */
export function emptyCheckpointStore(): StoreState {
  return { pointers: [], nextId: 1, leader: 0, result: null }
}

export const completedCheckpointStore: Behavior<null, StoreState, StoreRequest> = {
  kind: 'completed-checkpoint-store',
  start: () => null,
  digest: (message) => digestPlain(0x5707e, message),
  receive({ durable }, message, context) {
    switch (message.kind) {
      case 'add':
        return add(durable, message, context)
      case 'remove':
        durable.pointers = durable.pointers.filter(({ checkpoint }) => !message.checkpoints.includes(checkpoint))
        return answer(message.replyTo, { type: 'removed', paths: message.paths }, context)
      case 'put-result':
        return putResult(durable, message, context)
      case 'load': {
        durable.leader = Math.max(durable.leader, message.leader)
        const available = context.outcome('store.load') === 'done'
        return answer(
          message.replyTo,
          available ? { type: 'loaded', pointers: durable.pointers, result: durable.result } : { type: 'unavailable', call: 'load' },
          context,
        )
      }
      case 'next-id':
        return nextId(durable, message.replyTo, context)
      default:
        return
    }
  },
}

function add(durable: StoreState, message: StoreRequest & { kind: 'add' }, context: Context): void {
  const { pointer, leader } = message
  // A leader writes only while it is the leader (Flink: the lock of `ZooKeeperStateHandleStore` is the leader's).
  if (leader < durable.leader) return
  if (message.late === true) return store(durable, pointer, context)
  const outcome = context.outcome('store.add')
  if (outcome === 'done' || outcome === 'unknown-applied') store(durable, pointer, context)
  else if (outcome === 'unknown-later')
    context.send(actorRef(completedCheckpointStore, context.self), { ...message, late: true }, UNORDERED)
  answer(message.replyTo, { type: 'added', checkpoint: pointer.checkpoint, result: resultOf(outcome) }, context)
}

function store(durable: StoreState, pointer: CheckpointPointer, context: Context): void {
  const others = durable.pointers.filter(({ checkpoint }) => checkpoint !== pointer.checkpoint)
  durable.pointers = [...others, pointer].sort((a, b) => a.checkpoint - b.checkpoint)
  context.record?.({ kind: 'checkpoint-completed', checkpoint: pointer.checkpoint } satisfies HistoryFact)
}

function putResult(durable: StoreState, { replyTo, leader, result }: StoreRequest & { kind: 'put-result' }, context: Context): void {
  if (leader < durable.leader) return
  if (durable.result === null) {
    durable.result = result
    context.record?.({ kind: 'job-status', status: result } satisfies HistoryFact)
  }
  answer(replyTo, { type: 'result-stored', result: durable.result }, context)
}

/** getAndIncrement; an id whose answer is lost is never used. */
function nextId(durable: StoreState, replyTo: ActorRef<StoreReply>, context: Context): void {
  const outcome = context.outcome('store.next-id')
  if (outcome !== 'done' && outcome !== 'unknown-applied') return answer(replyTo, { type: 'unavailable', call: 'next-id' }, context)
  const checkpoint = durable.nextId++
  answer(replyTo, outcome === 'done' ? { type: 'id', checkpoint } : { type: 'unavailable', call: 'next-id' }, context)
}

function answer(replyTo: ActorRef<StoreReply>, reply: StoreAnswer, context: Context): void {
  context.send(replyTo, { kind: 'store-reply', answer: reply }, UNORDERED)
}
