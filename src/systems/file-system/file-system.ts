/**
 * A shared file system as an actor: a flat set of files. What was persisted is durable; what was only written is lost when the
 * file system's process dies. A finished file is visible in the step that gives it its name, to everyone at once.
 */
import type { HistoryFact } from '../../history/index.js'
import { actorRef, UNORDERED, type Behavior, type Context, type Outcome } from '../../world/index.js'
import type { SystemCallName } from '../failpoints.js'
import { isAnswered, takesEffect } from '../outcome.js'
import { shownContent, type StoredRecord } from '../stored-record.js'
import {
  digestFileMessage,
  subjectOf,
  type CreateFile,
  type FileAnswer,
  type FileRequest,
  type PersistFile,
  type RenameFile,
  type WriteFile,
} from './protocol.js'

/** Files, sorted by path. */
export interface FileSystemState {
  files: StoredFile[]
}

interface StoredFile {
  readonly path: string
  /** The sink that wrote it, as the history names it; '' for files that were there before. */
  readonly vertex: string
  /** Never changed in place. */
  records: readonly StoredRecord[]
}

/** Written and not persisted, by path. */
export interface UnpersistedWrites {
  tails: { readonly path: string; readonly records: StoredRecord[] }[]
}

/** A file system that holds these files. */
export function fileSystemState(
  files: readonly { readonly path: string; readonly records: readonly StoredRecord[] }[] = [],
): FileSystemState {
  const stored = files.map(({ path, records }): StoredFile => ({ path, vertex: '', records }))
  return { files: stored.sort((a, b) => (a.path < b.path ? -1 : 1)) }
}

export const fileSystem: Behavior<UnpersistedWrites, FileSystemState, FileRequest> = {
  kind: 'file-system',
  start: () => ({ tails: [] }),
  digest: digestFileMessage,
  receive({ volatile, durable }, message, context) {
    if (message.kind === 'timer' || message.kind === 'peer-down') return
    if (message.kind === 'rename' && message.late === true) {
      rename(durable, volatile, message, context)
      return
    }
    const { caller } = message
    const outcome = context.outcome(`file.${message.kind}` satisfies SystemCallName)
    const result = takesEffect(outcome) ? apply(durable, volatile, message, context) : undefined
    context.send(caller.ref, { kind: 'reply', tag: caller.tag, answer: seen(outcome, result, subjectOf(message)) })
    if (message.kind === 'rename' && outcome === 'unknown-later')
      context.send(actorRef(fileSystem, context.self), { ...message, late: true }, UNORDERED)
  },
}

/** What the client sees of it. */
function seen(outcome: Outcome, result: FileAnswer | undefined, path: string): FileAnswer {
  if (result === undefined) return outcome === 'failed' ? { type: 'refused', path, reason: 'unavailable' } : { type: 'timeout', path }
  return isAnswered(outcome) ? result : { type: 'timeout', path }
}

function apply(state: FileSystemState, writes: UnpersistedWrites, request: FileRequest, context: Context): FileAnswer {
  switch (request.kind) {
    case 'create':
      return create(state, request, context)
    case 'write':
      return write(state, writes, request)
    case 'persist':
      return persist(state, writes, request, context)
    case 'rename':
      return rename(state, writes, request, context)
    case 'delete':
      remove(state, writes, request.path)
      return { type: 'deleted', path: request.path }
    case 'list': {
      const prefix = subjectOf(request)
      const paths = state.files.map(({ path }) => path).filter((path) => path.startsWith(prefix))
      return { type: 'listed', path: prefix, paths }
    }
    case 'read': {
      const { path, offset: from, max } = request
      const file = find(state, path)
      if (file === undefined) return { type: 'refused', path, reason: 'no such file' }
      return { type: 'read', path, from, records: file.records.slice(from, from + max), end: from + max >= file.records.length }
    }
  }
}

function find({ files }: FileSystemState, path: string): StoredFile | undefined {
  return files.find((file) => file.path === path)
}

function create(state: FileSystemState, { directory, name, where }: CreateFile, context: Context): FileAnswer {
  for (let number = 1; ; number++) {
    const part = `${name}-${String(number)}`
    const target = `${directory}/${part}`
    const path = `${directory}/.${part}.inprogress`
    if (find(state, target) !== undefined || find(state, path) !== undefined) continue
    insert(state, { path, vertex: where.vertex, records: [] })
    record(context, { kind: 'transaction-begun', transaction: target, ...where })
    return { type: 'created', path, target }
  }
}

function insert({ files }: FileSystemState, file: StoredFile): void {
  const place = files.findIndex(({ path }) => path > file.path)
  files.splice(place < 0 ? files.length : place, 0, file)
}

function write(state: FileSystemState, writes: UnpersistedWrites, { path, from, records }: WriteFile): FileAnswer {
  const file = find(state, path)
  if (file === undefined) return { type: 'refused', path, reason: 'no such file' }
  let tail = writes.tails.find((other) => other.path === path)
  const length = file.records.length + (tail?.records.length ?? 0)
  if (from > length) return { type: 'refused', path, reason: 'out of order' }
  if (tail === undefined) {
    tail = { path, records: [] }
    writes.tails = [...writes.tails, tail].sort((a, b) => (a.path < b.path ? -1 : 1))
  }
  // A repetition of what is there already adds nothing.
  for (const added of records.slice(length - from)) tail.records.push(added)
  return { type: 'written', path }
}

function persist(
  state: FileSystemState,
  writes: UnpersistedWrites,
  { path, target, length, where }: PersistFile,
  context: Context,
): FileAnswer {
  const file = find(state, path)
  if (file === undefined) return { type: 'refused', path, reason: 'no such file' }
  const tail = writes.tails.find((other) => other.path === path)?.records ?? []
  if (file.records.length + tail.length !== length) return { type: 'refused', path, reason: 'out of order' }
  file.records = [...file.records, ...tail]
  writes.tails = writes.tails.filter((other) => other.path !== path)
  record(context, { kind: 'pre-commit', transaction: target, records: length, ...where })
  return { type: 'persisted', path }
}

function rename(state: FileSystemState, writes: UnpersistedWrites, request: RenameFile, context: Context): FileAnswer {
  const { path, target, length, where } = request
  const file = find(state, path)
  const result = file !== undefined ? 'applied' : find(state, target) !== undefined ? 'already' : 'missing'
  record(context, { kind: 'commit', transaction: target, result: result === 'missing' ? 'unknown' : result, ...where })
  if (file !== undefined) {
    remove(state, writes, path)
    remove(state, writes, target)
    const finished: StoredFile = { path: target, vertex: file.vertex, records: file.records.slice(0, length) }
    insert(state, finished)
    if (!isHidden(target)) publish(finished, context)
  }
  return { type: 'renamed', path, result }
}

/** Readers pass over names that begin with `.` or `_` (Flink: `DefaultFileFilter`). */
function isHidden(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.startsWith('.') || name.startsWith('_')
}

/** Records what an independent reader of finished files now sees. */
function publish({ path, vertex, records }: StoredFile, context: Context): void {
  if (context.record === undefined) return
  records.forEach(({ id, value }, offset) => {
    const content = shownContent(value)
    record(context, { kind: 'visible', vertex, at: 'finished-files', id, ...content, transaction: path, partition: path, offset })
  })
}

function remove(state: FileSystemState, writes: UnpersistedWrites, path: string): void {
  state.files = state.files.filter((file) => file.path !== path)
  writes.tails = writes.tails.filter((tail) => tail.path !== path)
}

function record(context: Context, fact: HistoryFact): void {
  context.record?.(fact)
}
