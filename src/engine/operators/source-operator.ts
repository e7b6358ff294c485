/**
 * The reader side of a source as an operator (Flink: `SourceOperator`, FLIP-27). Its splits with their positions are list state;
 * the enumerator on the JobManager gives new ones by operator events.
 */
import { copyPlain, refusePromise } from '../../world/index.js'
import type { ListEntry, OperatorContext, SplitState, StreamOperator } from '../operator.js'
import { sourceIdentity, type StreamRecord } from '../record.js'
import type { Source } from '../source.js'
import { membersOf } from './members.js'
import { restoredEntries } from './operator-state.js'

type Emit = (split: string, offset: number, record: Omit<StreamRecord, 'id'>, key?: string) => void

/** Name of the list state that holds the splits. */
export const SPLITS_STATE = 'splits'

/** Drives a connector's reader. Ordinals of splits count over all sources of the job; those of this one begin at `firstSplitOrdinal`. */
export function sourceOperator<R, A>(source: Source<R, A>, firstSplitOrdinal: number): StreamOperator<R, A> {
  const { reader } = source
  const ordinals = new Map(source.splits.map((split, index) => [split, firstSplitOrdinal + index]))

  function emit(context: OperatorContext, split: string, offset: number, record: Omit<StreamRecord, 'id'>, key: string | undefined): void {
    const ordinal = ordinals.get(split)
    if (ordinal === undefined) throw new RangeError(`${context.vertex} read split ${split}, which its source does not have`)
    const id = sourceIdentity(ordinal, offset)
    if (context.record !== undefined) {
      const { vertex, subtask, attempt } = context
      const to = context.destinations(undefined)
      // A literal without spreads where it matters: they would cost more than the rest of this function.
      if (key !== undefined && to === undefined)
        context.record({ kind: 'source-emit', id, split, offset, key, vertex, subtask, attempt, seq: 0, t: 0 })
      else {
        const known = { ...(key !== undefined && { key }), ...(to !== undefined && { to }) }
        context.record({ kind: 'source-emit', id, split, offset, ...known, vertex, subtask, attempt })
      }
    }
    context.emit({ id, value: record.value, timestamp: record.timestamp })
  }

  return {
    open(context, state) {
      const opened = refusePromise(reader.open(context), context.vertex)
      const restored = restoredEntries(state, SPLITS_STATE).map(readSplit)
      if (restored.length > 0) refusePromise(reader.addSplits(opened, restored, context), context.vertex)
      return opened
    },
    // One poll is one step: no barrier comes between a record and the position behind it.
    poll(state, context) {
      const collect: Emit = (split, offset, record, key) => {
        emit(context, split, offset, record, key)
      }
      return refusePromise(reader.poll(state, collect, context), context.vertex)
    },
    event(state, event, context) {
      const isMore = event.type === 'add-splits'
      refusePromise(
        isMore ? reader.addSplits(state, copyPlain(event.splits), context) : reader.noMoreSplits(state, context),
        context.vertex,
      )
    },
    snapshot(state, checkpoint, context) {
      // The position of the *next* record: what was emitted is covered by the state of those who received it before the barrier.
      const positions = refusePromise(reader.snapshot(state, checkpoint), context.vertex)
      const entries = positions.map(({ split, offset }) => ({ split, offset }))
      return { lists: [{ name: SPLITS_STATE, mode: 'SPLIT', entries }] }
    },
    notifyComplete(state, checkpoint, context) {
      refusePromise(reader.notifyComplete?.(state, checkpoint, context), context.vertex)
    },
    answer(state, answer, context) {
      refusePromise(reader.answer(state, answer, context), context.vertex)
    },
    woken(state, name, context) {
      refusePromise(reader.woken?.(state, name, context), context.vertex)
    },
    close(state, reason, context) {
      refusePromise(reader.close?.(state, reason, context), context.vertex)
    },
    ...(reader.failure && { failure: (state) => refusePromise(reader.failure?.(state), 'failure of a source reader') }),
  }
}

function readSplit(entry: ListEntry): SplitState {
  const { split, offset } = membersOf(entry) ?? {}
  if (typeof split === 'string' && typeof offset === 'number') return { split, offset }
  throw new TypeError(`list state ${SPLITS_STATE} holds ${JSON.stringify(entry)}, which is not a split`)
}
