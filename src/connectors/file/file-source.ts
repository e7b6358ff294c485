/** Reads files line by line, a record a line (Flink: `FileSource`, bounded): one split a file. The files must not change. */
import type { OperatorContext } from '../../engine/operator.js'
import type { Source } from '../../engine/source.js'
import type { FileAnswer, FileRequest } from '../../systems/index.js'
import type { ActorRef } from '../../world/index.js'
import type { Pace } from '../pace.js'
import {
  addFetchedSplit,
  createFetchingReader,
  pollFetched,
  retryBatch,
  snapshotFetching,
  takeBatch,
  wakeFetching,
  type FetchedSplit,
  type FetchingReader,
} from '../split-fetching.js'

/** Options of a file source. */
export interface FileSourceOptions {
  readonly files: ActorRef<FileRequest>
  /** Paths of the files, in the order of discovery. */
  readonly paths: readonly string[]
  /** Records that one read brings at most. */
  readonly batch: number
  readonly pace?: Pace
  /** Pause before a read that failed is repeated, µs. */
  readonly retryBackoffUs: number
}

/** Builds a file source. */
export function fileSource({ files, paths, batch, pace, retryBackoffUs }: FileSourceOptions): Source<FetchingReader, FileAnswer> {
  function ask({ split: path, position: offset }: FetchedSplit, context: OperatorContext): void {
    context.call(files, { kind: 'read', caller: context.caller<FileAnswer>(), path, offset, max: batch })
  }

  return {
    splits: paths,
    reader: {
      open: () => createFetchingReader(pace),
      addSplits(state, added) {
        for (const split of added) addFetchedSplit(state, split, null)
      },
      noMoreSplits(state) {
        state.noMoreSplits = true
      },
      poll: (state, emit, context) => pollFetched(state, pace, ask, emit, context),
      snapshot: (state) => snapshotFetching(state),
      answer(state, answer, context) {
        if ('kind' in answer) {
          for (const split of state.splits) retryBatch(split, retryBackoffUs, context)
          return
        }
        const split = state.splits.find(({ split: path }) => path === answer.path)
        if (split === undefined || !split.asked) return
        if (answer.type === 'read') takeRead(split, answer)
        else if (answer.type === 'refused' && answer.reason === 'no such file') state.failure = `${answer.path}: no such file`
        else retryBatch(split, retryBackoffUs, context)
      },
      woken: (state, name, context) => wakeFetching(state, pace, ask, name, context),
      failure: (state) => state.failure,
    },
  }
}

function takeRead(split: FetchedSplit, { from, records, end }: Extract<FileAnswer, { type: 'read' }>): void {
  if (from !== split.position) return
  const next = from + records.length
  if (end) split.stop = next
  takeBatch(
    split,
    next,
    records.map((_, i) => from + i),
    records,
  )
}
