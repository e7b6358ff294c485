import type { SplitState } from '../engine/operator.js'
import type { Source } from '../engine/source.js'
import { contentAt, type Content } from './content.js'
import { recordPaced, startPace, wokenPaced, type Pace, type PaceState } from './pace.js'

/** Options of a collection source. */
export interface CollectionSourceOptions {
  /** Names of the splits, in the order of discovery. */
  readonly splits: readonly string[]
  /** Records in each split. */
  readonly perSplit: number
  readonly content: Content
  readonly pace?: Pace
}

/** A collection reader's state. */
export interface CollectionReader {
  readonly splits: { readonly split: string; offset: number }[]
  /** Which of its splits is read next: they take turns. */
  turn: number
  noMoreSplits: boolean
  readonly pace: PaceState
}

/**
 * A bounded source over records that are part of the job itself: there is no outside system (Flink: `fromData`, and the own source
 * of the recorded job).
 */
export function collectionSource(options: CollectionSourceOptions): Source<CollectionReader, never> {
  const { splits, perSplit, content, pace } = options
  return {
    splits,
    reader: {
      open: () => ({ splits: [], turn: 0, noMoreSplits: false, pace: startPace(pace) }),
      addSplits(state, added) {
        for (const { split, offset } of added) state.splits.push({ split, offset })
      },
      noMoreSplits(state) {
        state.noMoreSplits = true
      },
      poll(state, emit, context) {
        if (state.pace.left === 0) return 'nothing'
        const next = nextSplit(state, perSplit)
        if (next === undefined) return state.noMoreSplits ? 'end' : 'nothing'
        const { split, offset } = next
        const { value, timestamp, key } = contentAt(content, split, offset)
        next.offset++
        emit(split, offset, { value, timestamp }, key)
        recordPaced(state.pace, pace, context)
        return 'record'
      },
      snapshot: (state) => state.splits.map(({ split, offset }): SplitState => ({ split, offset })),
      answer() {
        // It asks nobody.
      },
      woken(state, name) {
        wokenPaced(state.pace, pace, name)
      },
    },
  }
}

/** The next split in turn that has records left. */
function nextSplit(state: CollectionReader, perSplit: number): { readonly split: string; offset: number } | undefined {
  const { splits } = state
  for (let tried = 0; tried < splits.length; tried++) {
    const candidate = splits[state.turn % splits.length]
    state.turn = (state.turn + 1) % splits.length
    if (candidate !== undefined && candidate.offset < perSplit) return candidate
  }
  return undefined
}
