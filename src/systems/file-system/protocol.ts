/**
 * What a shared file system understands, as far as file sinks and file sources need it (Flink: `RecoverableWriter`). Files hold
 * records; a name that begins with `.` or `_` is hidden from readers.
 */
import type { Where } from '../../history/index.js'
import { fold, hashString, type Caller, type WorldMessage } from '../../world/index.js'
import { digestRecords, type StoredRecord } from '../stored-record.js'
import { digestWorldMessage } from '../world-message.js'

interface Request {
  readonly caller: Caller<FileAnswer>
}

/** Creates an empty in-progress file for a part whose name begins with `name`, under a number that was never used (as mkstemp does). */
export interface CreateFile extends Request {
  readonly kind: 'create'
  readonly where: Where
  readonly directory: string
  readonly name: string
}

/** Appends to a file; `from` is its length so far, in records. Not durable before `persist`. */
export interface WriteFile extends Request {
  readonly kind: 'write'
  readonly path: string
  readonly from: number
  readonly records: readonly StoredRecord[]
}

/** Makes everything written so far durable; `length` is what the file must have. `target` is the part that it will become. */
export interface PersistFile extends Request {
  readonly kind: 'persist'
  readonly where: Where
  readonly path: string
  readonly target: string
  readonly length: number
}

/** Cuts a file to its recorded length and gives it its final name, in one atomic step. */
export interface RenameFile extends Request {
  readonly kind: 'rename'
  /** It comes late: the client has seen a timeout, and is not answered again. */
  readonly late?: true
  readonly where: Where
  readonly path: string
  readonly target: string
  readonly length: number
}

/** Removes a file, whatever state it is in. */
export interface DeleteFile extends Request {
  readonly kind: 'delete'
  readonly path: string
}

/** Names in a directory that begin with `name`; hidden ones as well. */
export interface ListFiles extends Request {
  readonly kind: 'list'
  readonly directory: string
  readonly name: string
}

/** Reads up to `max` records from a position on. */
export interface ReadFile extends Request {
  readonly kind: 'read'
  readonly path: string
  readonly offset: number
  readonly max: number
}

/** All that a file system can be asked. */
export type FileRequest = CreateFile | WriteFile | PersistFile | RenameFile | DeleteFile | ListFiles | ReadFile

/** `already`: the target is there and the source is gone. `missing`: neither is. */
export type RenameResult = 'applied' | 'already' | 'missing'

/** What it answers. */
export type FileAnswer =
  /** `path` is the in-progress file, `target` the name that it will have when it is finished. */
  | { readonly type: 'created'; readonly path: string; readonly target: string }
  | { readonly type: 'written' | 'persisted' | 'deleted'; readonly path: string }
  | { readonly type: 'renamed'; readonly path: string; readonly result: RenameResult }
  | { readonly type: 'listed'; readonly path: string; readonly paths: readonly string[] }
  /** `end`: there is nothing behind these records. */
  | {
      readonly type: 'read'
      readonly path: string
      readonly from: number
      readonly records: readonly StoredRecord[]
      readonly end: boolean
    }
  /** Not applied. */
  | { readonly type: 'refused'; readonly path: string; readonly reason: 'unavailable' | 'no such file' | 'out of order' }
  /** Whether it was applied is not known. */
  | { readonly type: 'timeout'; readonly path: string }

/** The path that a request is about, by which its answer is known. */
export function subjectOf(request: FileRequest): string {
  return request.kind === 'create' || request.kind === 'list' ? `${request.directory}/${request.name}` : request.path
}

/** The message as one integer, over all its fields. */
export function digestFileMessage(message: FileRequest | WorldMessage): number {
  if (message.kind === 'timer' || message.kind === 'peer-down') return digestWorldMessage(message)
  const { caller } = message
  const h = fold(fold(fold(hashString(message.kind), caller.ref), caller.tag), hashString(subjectOf(message)))
  switch (message.kind) {
    case 'create':
      return fold(digestWhere(h, message.where), hashString(message.directory))
    case 'write':
      return digestRecords(fold(h, message.from), message.records)
    case 'persist':
    case 'rename': {
      const digest = fold(fold(digestWhere(h, message.where), hashString(message.target)), message.length)
      return 'late' in message ? fold(digest, 1) : digest
    }
    case 'delete':
      return h
    case 'list':
      return fold(h, hashString(message.directory))
    case 'read':
      return fold(fold(h, message.offset), message.max)
  }
}

function digestWhere(digest: number, { vertex, subtask, attempt }: Where): number {
  return fold(fold(fold(digest, hashString(vertex)), subtask), attempt)
}
