/** Jobs with so few records that most of what happens in them is the protocol: what shrinking tries where it is stuck with many. */
import type { KeptSplit } from '../reduction.js'
import type { JobSetUp } from '../scenario.js'
import { concernedRecords, type SourceRecord } from './concerned-records.js'
import type { Shown } from './pass.js'

/** Records of each split that are left, spread over it. */
const FEW = 4
/** Records at the beginning of each split that are left. */
const FIRST = 14

/**
 * The records that the anomaly is about, none, a few that are spread over the run, and so many at its beginning that event time goes on for
 * a while. Splits are as long as before, so that the run is.
 */
export function smallJobs(shown: Shown): readonly (readonly KeptSplit[])[] {
  const { setUp } = shown
  return [recordsOf(concernedRecords(shown), setUp), recordsOf([], setUp), spreadRecords(setUp), firstRecords(setUp)]
}

function recordsOf(part: readonly SourceRecord[], { splits }: JobSetUp): KeptSplit[] {
  return splits.map(({ vertex, split, records, size = records }) => {
    const mine = part.filter((record) => record.vertex === vertex && record.split === split)
    return { vertex, split, offsets: mine.map(({ offset }) => offset), end: size }
  })
}

function firstRecords({ splits }: JobSetUp): KeptSplit[] {
  return splits.map(({ vertex, split, records, size = records }) => {
    const offsets = Array.from({ length: Math.min(FIRST, size) }, (_, offset) => offset)
    return { vertex, split, offsets, end: size }
  })
}

function spreadRecords({ splits }: JobSetUp): KeptSplit[] {
  return splits.map(({ vertex, split, records, size = records }) => {
    const offsets = Array.from({ length: Math.min(FEW, size) }, (_, i) => Math.floor((i * size) / FEW))
    return { vertex, split, offsets, end: size }
  })
}
