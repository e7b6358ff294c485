import type { HistoryFact } from '../../history/index.js'
import type { SmallOracle } from './small-oracle.js'
import { addSorted, checkpointKey, putSorted, valueAt, type SortedEntries } from './sorted-entries.js'

/** What an operator with state absorbs of the sources when nothing goes wrong. */
export interface AbsorbingOperator {
  readonly vertex: string
  /** Identities of source records. */
  readonly records: readonly string[]
  /** It never lets go of a record: what is not in its snapshot has not arrived. False for windows, which fire. */
  readonly keeps: boolean
}

/** Where a source record is. */
export interface SourcePlace {
  readonly id: string
  readonly split: string
  readonly offset: number
}

/** Snapshots of checkpoints that are not decided. */
export interface SmallCut {
  readonly held: SortedEntries<HeldSnapshots>
  wrong: string | null
}

interface HeldSnapshots {
  /** Position of the next record, by split. */
  readonly offsets: SortedEntries<number>
  /** Identities by operator, over all subtasks. */
  readonly absorbed: SortedEntries<string[]>
}

/**
 * At each completed checkpoint: what the sources have handed out before their positions is in the snapshots behind them, and with
 * `exact` nothing else is. The small form of `consistent-cut`, for records that reach the operator under their source's identity.
 * Nothing is said of records without a place: those of sources whose positions are in no checkpoint.
 */
export function smallCut(places: readonly SourcePlace[], operators: readonly AbsorbingOperator[], exact: boolean): SmallOracle<SmallCut> {
  return {
    init: () => ({ held: [], wrong: null }),
    step(state, fact) {
      if (fact.kind === 'snapshot-durable') hold(state, fact)
      else if (fact.kind === 'checkpoint-completed') complete(state, fact.checkpoint)
    },
    verdict: ({ wrong }) => wrong ?? undefined,
  }

  function complete(state: SmallCut, checkpoint: number): void {
    const name = checkpointKey(checkpoint)
    const snapshots = valueAt(state.held, name)
    const later = state.held.filter(([other]) => other > name)
    state.held.splice(0, state.held.length, ...later)
    for (const operator of snapshots === undefined ? [] : operators) state.wrong ??= compare(operator, snapshots, checkpoint) ?? null
  }

  function compare(operator: AbsorbingOperator, snapshots: HeldSnapshots | undefined, checkpoint: number): string | undefined {
    const absorbed = valueAt(snapshots?.absorbed ?? [], operator.vertex) ?? []
    for (const { id, split, offset } of places) {
      if (!operator.records.includes(id)) continue
      const sent = offset < (valueAt(snapshots?.offsets ?? [], split) ?? 0)
      const told = `checkpoint ${String(checkpoint)} is no consistent cut: record ${id} is`
      if (sent && operator.keeps && !absorbed.includes(id))
        return `${told} before the position of ${split} and not in the snapshot of ${operator.vertex}`
      if (!sent && exact && absorbed.includes(id))
        return `${told} behind the position of ${split} and in the snapshot of ${operator.vertex}`
    }
    return undefined
  }
}

function hold(state: SmallCut, { vertex, checkpoint, content }: Extract<HistoryFact, { kind: 'snapshot-durable' }>): void {
  if (content?.offsets === undefined && content?.absorbed === undefined) return
  const name = checkpointKey(checkpoint)
  const held = valueAt(state.held, name) ?? { offsets: [], absorbed: [] }
  for (const [split, next] of content.offsets ?? []) putSorted(held.offsets, split, next)
  if (content.absorbed !== undefined) {
    const records = valueAt(held.absorbed, vertex) ?? []
    for (const id of content.absorbed) addSorted(records, String(id))
    putSorted(held.absorbed, vertex, records)
  }
  putSorted(state.held, name, held)
}
