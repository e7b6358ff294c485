/**
 * A file sink that rolls its file on every checkpoint (Flink: `FileSink` with `OnCheckpointRollingPolicy`, `FileWriter`,
 * `FileCommitter`). In-progress files carry the sink's uid, the subtask and a number that no other attempt has; what a dead attempt
 * leaves behind stays in progress for ever, and readers pass over it.
 */
import type { OperatorContext } from '../../engine/operator.js'
import type { StreamRecord } from '../../engine/record.js'
import type { Committer, Sink, SinkWriter } from '../../engine/sink.js'
import type { Where } from '../../history/index.js'
import type { FileAnswer, FileRequest } from '../../systems/index.js'
import type { ActorRef } from '../../world/index.js'
import { whereOf } from '../where.js'
import { recordSinkWrite } from '../sink-write.js'

/** Options of a file sink. */
export interface FileSinkOptions {
  readonly files: ActorRef<FileRequest>
  /** Directory of the parts. */
  readonly directory: string
  /** Records that go into one write. */
  readonly batch: number
}

/** A pending file (Flink: `FileSinkCommittable`): it becomes `target`, cut to this many records. */
export type FileCommittable = { readonly path: string; readonly target: string; readonly length: number }

/** State of the writer. */
export interface FileWriter {
  readonly where: Where
  /** The in-progress file; '' before the first record behind a barrier, and while it is being created. */
  path: string
  /** The name that it will have. */
  target: string
  /** Records that the file system has of it. */
  written: number
  buffer: StreamRecord[]
  asked: 'nothing' | 'create' | 'write' | 'persist'
  /** Records in the write that waits for its answer. */
  inFlight: number
  flushing: boolean
  /** Closed files that were not handed out yet. */
  pending: FileCommittable[]
  failure: string | undefined
}

/** State of the committer: the file whose rename was asked for; '' for none. */
export interface FileCommitter {
  asked: string
}

/** A file sink. */
export type FileSink = Sink<FileWriter, FileCommittable, FileAnswer, FileCommitter, FileAnswer>

/** Builds a file sink. */
export function fileSink(options: FileSinkOptions): FileSink {
  return { writer: fileWriter(options), committer: fileCommitter(options) }
}

function fileWriter({ files, directory, batch }: FileSinkOptions): SinkWriter<FileWriter, FileCommittable, FileAnswer> {
  /** Sends what is due, one request at a time. */
  function advance(state: FileWriter, context: OperatorContext): void {
    if (state.asked !== 'nothing') return
    if (state.buffer.length > 0 && (state.flushing || state.buffer.length >= batch)) sendWrite(state, context)
    else if (state.flushing && state.path !== '') sendPersist(state, context)
    else state.flushing = false
  }

  function sendCreate(state: FileWriter, context: OperatorContext): void {
    const { where } = state
    const name = `part-${context.uid}-${String(where.subtask)}`
    context.call(files, { kind: 'create', caller: context.caller<FileAnswer>(), where, directory, name })
    state.asked = 'create'
  }

  function sendWrite(state: FileWriter, context: OperatorContext): void {
    const { path, written: from, buffer: records } = state
    context.call(files, { kind: 'write', caller: context.caller<FileAnswer>(), path, from, records })
    state.asked = 'write'
    state.inFlight = records.length
    state.buffer = []
  }

  function sendPersist(state: FileWriter, context: OperatorContext): void {
    const { where, path, target, written: length } = state
    context.call(files, { kind: 'persist', caller: context.caller<FileAnswer>(), where, path, target, length })
    state.asked = 'persist'
  }

  return {
    open(context) {
      const idle = { path: '', target: '', written: 0, buffer: [], asked: 'nothing', inFlight: 0, flushing: false } as const
      return { where: whereOf(context), ...idle, buffer: [], pending: [], failure: undefined }
    },
    write(state, record, context) {
      state.buffer.push(record)
      if (state.path === '') {
        // The first record opens a file; it counts as written when the file has its name, and so do others of the same step (a window
        // fires).
        if (state.asked === 'nothing') sendCreate(state, context)
        return
      }
      recordSinkWrite(context, state.where, record, state.target)
      advance(state, context)
    },
    flush(state, _endOfInput, context) {
      state.flushing = true
      advance(state, context)
    },
    prepareCommit(state) {
      const { pending } = state
      state.pending = []
      return pending
    },
    snapshot: () => [],
    busy: (state) => state.asked === 'create' || state.flushing,
    failure: (state) => state.failure,
    answer(state, answer, context) {
      if (state.asked === 'nothing' || state.failure !== undefined) return
      if ('kind' in answer) {
        state.failure = 'connection to the file system lost'
        return
      }
      state.asked = 'nothing'
      takeAnswer(state, answer, context)
      if (state.failure === undefined) advance(state, context)
    },
  }
}

function takeAnswer(state: FileWriter, answer: FileAnswer, context: OperatorContext): void {
  switch (answer.type) {
    case 'created':
      state.path = answer.path
      state.target = answer.target
      for (const record of state.buffer) recordSinkWrite(context, state.where, record, state.target)
      return
    case 'written':
      state.written += state.inFlight
      return
    case 'persisted': {
      const { path, target, written: length } = state
      state.pending.push({ path, target, length })
      state.path = state.target = ''
      state.written = 0
      return
    }
    case 'refused':
      state.failure = `file system refused ${answer.path}: ${answer.reason}`
      return
    case 'timeout':
      state.failure = `file system did not answer for ${answer.path}`
      return
    default:
  }
}

function fileCommitter({ files }: FileSinkOptions): Committer<FileCommitter, FileCommittable, FileAnswer> {
  return {
    open: () => ({ asked: '' }),
    commit(state, { path, target, length }, _retries, context) {
      context.call(files, { kind: 'rename', caller: context.caller<FileAnswer>(), where: whereOf(context), path, target, length })
      state.asked = path
    },
    answer(state, answer) {
      if (state.asked === '') return undefined
      const lost = 'kind' in answer
      if (!lost && answer.path !== state.asked) return undefined
      state.asked = ''
      // A file that is gone altogether is taken for committed, as Flink does: its records are lost, and nobody says so. A rename that fails
      // is an exception: Flink's committer tries nothing again itself, and the restored one finds out what has become of the file.
      return !lost && answer.type === 'renamed' ? 'committed' : 'failed-with-unknown-reason'
    },
    nameOf: ({ target }) => target,
  }
}
