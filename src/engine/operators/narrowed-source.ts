/** A source of which only some records are used: a run that failed is made smaller by it. Not in Flink. */
import type { OperatorContext, PollResult, SplitState } from '../operator.js'
import { fixedShare, type Source, type SourceReader } from '../source.js'

/** What is used of a split. */
export interface KeptRecords {
  readonly split: string
  /** Positions of the records that are used. The others are read and left out, so that those behind them come when they always came. */
  readonly offsets: readonly number[]
  /** The split ends here: what lies at or behind this position is not read. */
  readonly end: number
}

/** State of the reader: that of the whole source's reader, and how far it has come. */
export interface NarrowedReader<R> {
  readonly inner: R
  readonly next: { readonly split: string; offset: number }[]
  noMoreSplits: boolean
}

type Emit<R, A> = Parameters<SourceReader<R, A>['poll']>[1]

/** The source with only these records; of a split that is not mentioned it has all. Records keep their offsets. */
export function narrowedSource<R, A>(source: Source<R, A>, kept: readonly KeptRecords[]): Source<NarrowedReader<R>, A> {
  const limits = new Map(kept.map(({ split, offsets, end }) => [split, { offsets: new Set(offsets), end }]))
  const { reader } = source

  function poll(state: NarrowedReader<R>, emit: Emit<R, A>, context: OperatorContext): PollResult {
    if (isAtEnd(state)) return state.noMoreSplits ? 'end' : 'nothing'
    const emitKept: Emit<R, A> = (split, offset, record, key) => {
      const position = state.next.find((each) => each.split === split)
      if (position !== undefined) position.offset = offset + 1
      if (limits.get(split)?.offsets.has(offset) !== false) emit(split, offset, record, key)
    }
    return reader.poll(state.inner, emitKept, context)
  }

  function isAtEnd({ next }: NarrowedReader<R>): boolean {
    // Whoever knows of no split leaves it to the whole source's reader to end.
    return next.length > 0 && next.every(hasEnded)
  }

  function hasEnded({ split, offset }: SplitState): boolean {
    return offset >= (limits.get(split)?.end ?? Infinity)
  }

  function snapshot({ inner, next }: NarrowedReader<R>, checkpoint: number): readonly SplitState[] {
    const whole = reader.snapshot(inner, checkpoint)
    if (source.withoutPositions !== true) return whole
    // The whole split goes on, so that its reader does not know that this one has come to its end.
    const ended = next.filter((position) => hasEnded(position) && whole.every(({ split }) => split !== position.split))
    return [...whole, ...ended.map(({ split, offset }) => ({ split, offset }))]
  }

  return {
    splits: source.splits,
    ...(source.startOffset !== undefined && { startOffset: source.startOffset }),
    ...(source.unbounded === true && { unbounded: true }),
    ...(source.withoutPositions === true && { withoutPositions: true }),
    reader: {
      open(context) {
        const share = source.withoutPositions === true ? fixedShare(source.splits, context) : []
        return { inner: reader.open(context), next: share.map((split) => ({ split, offset: 0 })), noMoreSplits: false }
      },
      addSplits(state, splits: readonly SplitState[], context) {
        for (const { split, offset } of splits) {
          const known = state.next.find((each) => each.split === split)
          // A reader that has begun by itself is given its splits later, at their beginning: it does not go back.
          if (known !== undefined) known.offset = Math.max(known.offset, offset)
          else if (source.withoutPositions !== true) state.next.push({ split, offset })
        }
        reader.addSplits(state.inner, splits, context)
      },
      noMoreSplits(state, context) {
        state.noMoreSplits = true
        reader.noMoreSplits(state.inner, context)
      },
      poll,
      snapshot,
      notifyComplete: ({ inner }, checkpoint, context) => reader.notifyComplete?.(inner, checkpoint, context),
      answer: ({ inner }, answer, context) => reader.answer(inner, answer, context),
      woken: ({ inner }, name, context) => reader.woken?.(inner, name, context),
      close: ({ inner }, reason, context) => reader.close?.(inner, reason, context),
      ...(reader.failure && { failure: ({ inner }) => reader.failure?.(inner) }),
    },
  }
}
