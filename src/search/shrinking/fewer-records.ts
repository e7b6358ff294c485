/** Leaves out records of the splits, then what lies behind the last of those that are left. */
import type { KeptSplit, Reduction } from '../reduction.js'
import { concernedRecords, type SourceRecord } from './concerned-records.js'
import { smallPart, propose, type Pass, type Shown } from './pass.js'

/**
 * Those that the anomaly is about, if they suffice. Then fewer, in the order in which they are about read: a piece of them is a piece of
 * the run's time.
 */
export const fewerRecords: Pass = function* (best) {
  let all = keptOf(best).flatMap(({ vertex, split, offsets }) => offsets.map((offset): SourceRecord => ({ vertex, split, offset })))
  if (all.length > FEW) {
    const concerned = concernedRecords(best)
    const trial = yield* propose(best, only(concerned, best))
    if (trial.shows) all = [...concerned]
    best = trial.best
  }
  all.sort((a, b) => a.offset - b.offset || (a.split < b.split ? -1 : 1))
  best = yield* smallPart(best, all, only)
  yield* earlierEnds(best)
}

/** So few that nothing is gained by a guess. */
const FEW = 8

function only(part: readonly SourceRecord[], shown: Shown): { readonly reduction: Reduction } {
  const records = keptOf(shown).map(({ vertex, split, end }): KeptSplit => {
    const mine = part.filter((record) => record.vertex === vertex && record.split === split)
    return { vertex, split, offsets: mine.map(({ offset }) => offset).sort((a, b) => a - b), end }
  })
  return { reduction: { ...shown.experiment.reduction, records } }
}

/** Ends all splits behind their last record, or some of them. */
const earlierEnds: Pass = function* (best) {
  const all = keptOf(best)
  const ended = all.map(atItsEnd)
  const trial = yield* propose(best, { reduction: { ...best.experiment.reduction, records: ended } })
  if (trial.shows) return
  for (let index = 0; index < all.length; index++) {
    const records = keptOf(best).map((kept, i) => (i === index ? atItsEnd(kept) : kept))
    best = (yield* propose(best, { reduction: { ...best.experiment.reduction, records } })).best
  }
}

function atItsEnd(kept: KeptSplit): KeptSplit {
  return { ...kept, end: (kept.offsets.at(-1) ?? -1) + 1 }
}

/** What is kept of each split; at first, everything. */
function keptOf({ experiment, setUp }: Pick<Shown, 'experiment' | 'setUp'>): readonly KeptSplit[] {
  const { reduction } = experiment
  return setUp.splits.map(({ vertex, split, records, size = records }) => {
    const kept = reduction?.records?.find((each) => each.vertex === vertex && each.split === split)
    return kept ?? { vertex, split, offsets: Array.from({ length: records }, (_, offset) => offset), end: size }
  })
}
