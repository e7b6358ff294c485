/**
 * Checkpoint storage: a durable file system that lives outside the job (Flink: `FsCheckpointStorageAccess`,
 * `FsCheckpointMetadataOutputStream`). A put makes the whole file visible at once or not at all; every call may end done, failed or
 * unknown. What a snapshot holds is recorded here, from the stored content, because this is where it becomes durable.
 */
import {
  actorRef,
  digestPlain,
  fold,
  hashString,
  UNORDERED,
  type ActorRef,
  type Behavior,
  type Context,
  type Outcome,
} from '../../world/index.js'
import type { FrequentFact, HistoryFact } from '../../history/index.js'
import { describeSnapshot } from './snapshot-content.js'
import { digestStored } from './snapshot-digest.js'
import { filesOf, type OperatorSnapshot, type StoredContent } from './state-handle.js'

/** What is asked of the checkpoint storage. */
export type StorageRequest =
  | {
      readonly kind: 'put'
      readonly replyTo: ActorRef<StorageReply>
      readonly path: string
      readonly bytes: number
      readonly content: StoredContent
      /** It comes late: whoever asked was told that nobody knows, and is not told again. */
      readonly late?: true
    }
  | { readonly kind: 'get'; readonly replyTo: ActorRef<StorageReply>; readonly path: string }
  | { readonly kind: 'delete'; readonly replyTo: ActorRef<StorageReply> | null; readonly paths: readonly string[] }

/** How a call ended, as its caller sees it. */
export type CallResult = 'done' | 'failed' | 'unknown'

/** What the checkpoint storage answers; a file that cannot be read has no content. */
export type StorageAnswer =
  | { readonly type: 'put'; readonly path: string; readonly result: CallResult }
  | { readonly type: 'got'; readonly path: string; readonly content: StoredContent | null }
  | { readonly type: 'deleted'; readonly paths: readonly string[] }

/** The storage's reply to a request. */
export interface StorageReply {
  readonly kind: 'storage-reply'
  readonly answer: StorageAnswer
}

/** The files that exist, by path; sizes in bytes. */
export interface StorageFiles {
  readonly files: Map<string, { readonly bytes: number; readonly content: StoredContent }>
}

/** The storage keeps nothing that a crash could lose. */
export const checkpointStorage: Behavior<null, StorageFiles, StorageRequest> = {
  kind: 'checkpoint-storage',
  start: () => null,
  digest: (message) => (message.kind === 'put' ? digestPut(message) : digestPlain(0x5707a6e, message)),
  receive({ durable }, message, context) {
    switch (message.kind) {
      case 'put':
        return put(durable, message, context)
      case 'get': {
        const found = context.outcome('storage.get') === 'done' ? durable.files.get(message.path) : undefined
        return answer(message.replyTo, { type: 'got', path: message.path, content: found?.content ?? null }, context)
      }
      case 'delete':
        return remove(durable, message, context)
      default:
        return
    }
  },
}

type Put = StorageRequest & { readonly kind: 'put' }

function digestPut({ path, bytes, replyTo, content, late }: Put): number {
  const digest = digestStored(fold(fold(hashString(path), bytes), replyTo), content)
  return late === true ? fold(digest, 1) : digest
}

function put(durable: StorageFiles, message: Put, context: Context): void {
  if (message.late === true) return store(durable, message, context)
  const outcome = context.outcome('storage.put')
  if (outcome === 'done' || outcome === 'unknown-applied') store(durable, message, context)
  else if (outcome === 'unknown-later') context.send(actorRef(checkpointStorage, context.self), { ...message, late: true }, UNORDERED)
  answer(message.replyTo, { type: 'put', path: message.path, result: resultOf(outcome) }, context)
}

function store(durable: StorageFiles, message: Put, context: Context): void {
  durable.files.set(message.path, { bytes: message.bytes, content: message.content })
  context.record?.(filePut(message))
  recordDurable(durable.files, message.content, context)
}

function filePut({ path, bytes, content, late }: Put): HistoryFact {
  return { kind: 'file-put', path, bytes, ...whatIsPut(content), ...(late === true && { late }) }
}

function whatIsPut(content: StoredContent): Pick<Extract<HistoryFact, { kind: 'file-put' }>, 'state' | 'metadata'> {
  if (content.type === 'metadata') return { metadata: { checkpoint: content.metadata.checkpoint, files: filesOf(content.metadata) } }
  const { checkpoint, vertex, subtask, attempt } = content.state
  return { state: { checkpoint, vertex, subtask, attempt } }
}

/** What the caller of a call learns of its outcome. */
export function resultOf(outcome: Outcome): CallResult {
  return outcome === 'done' || outcome === 'failed' ? outcome : 'unknown'
}

function remove(durable: StorageFiles, message: StorageRequest & { kind: 'delete' }, context: Context): void {
  // A deletion that fails is logged and forgotten (Flink: CheckpointsCleaner); the file leaks.
  if (context.outcome('storage.delete') === 'done') {
    for (const path of message.paths) {
      if (durable.files.delete(path)) context.record?.({ kind: 'file-deleted', path } satisfies HistoryFact)
    }
  }
  if (message.replyTo !== null) answer(message.replyTo, { type: 'deleted', paths: message.paths }, context)
}

/**
 * State files become durable at once, under their own checkpoint. What the metadata holds inline becomes durable with it, and so does
 * the final snapshot of a finished task, which was taken for an earlier checkpoint and is now part of this one.
 */
function recordDurable(files: StorageFiles['files'], content: StoredContent, context: Context): void {
  if (context.record === undefined) return
  if (content.type === 'state') return recordSnapshot(content.state, content.state.checkpoint, context)
  const { checkpoint, tasks } = content.metadata
  for (const { handles } of tasks) {
    for (const { handle } of handles) {
      const state = handle.type === 'inline' ? handle.content : finalState(files.get(handle.path)?.content, checkpoint)
      if (state !== undefined) recordSnapshot(state, checkpoint, context)
    }
  }
}

/** The content of a state file that an earlier checkpoint has left. */
function finalState(content: StoredContent | undefined, checkpoint: number): OperatorSnapshot | undefined {
  return content?.type === 'state' && content.state.checkpoint < checkpoint ? content.state : undefined
}

function recordSnapshot(state: OperatorSnapshot, checkpoint: number, { record }: Context): void {
  const { vertex, subtask, attempt } = state
  if (record === undefined) return
  const content = describeSnapshot(state)
  record({ kind: 'snapshot-durable', vertex, subtask, attempt, checkpoint, content, seq: 0, t: 0 } satisfies FrequentFact)
}

function answer(replyTo: ActorRef<StorageReply>, reply: StorageAnswer, context: Context): void {
  context.send(replyTo, { kind: 'storage-reply', answer: reply }, UNORDERED)
}
