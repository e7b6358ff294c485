/**
 * What takes many records, because it needs the job to be busy at the right moment, may need only one fault in a job that is almost
 * idle. Looks for that fault among all that the menu has for the steps of a small job.
 */
import { CALL_OUTCOMES, type Fault, type FaultMenu } from '../../faults/index.js'
import type { KeptSplit } from '../reduction.js'
import type { Reach } from '../reach-log.js'
import type { JobSetUp } from '../scenario.js'
import { concernedRecords, type SourceRecord } from './concerned-records.js'
import { isOnMenu } from './on-menu.js'
import type { Pass } from './pass.js'

/** Records of each split that are left. */
const FEW = 4
/** Records at the beginning of each split that are left. */
const FIRST = 14
/** Occurrences of each step at which a fault is tried: so many of the first, and of the last. */
const ENDS = 3

/** Proposes small jobs, each with no fault, then with one. */
export const oneFaultInstead: Pass = function* (best) {
  const { experiment, menu, setUp } = best
  for (const records of [firstRecords(setUp), recordsOf(concernedRecords(best), setUp), spreadRecords(setUp)]) {
    const parallelism = Object.fromEntries(setUp.graph.vertices.map(({ name }) => [name, 1]))
    const small = { ...experiment, plan: [], reduction: { ...experiment.reduction, records, parallelism } }
    const { shows, reached } = yield small
    if (shows) return
    for (const fault of faultsAt(reached.all, menu, setUp)) if ((yield { ...small, plan: [fault] }).shows) return
  }
}

/** Splits are as long as before, so that the run is. */
function recordsOf(part: readonly SourceRecord[], { splits }: JobSetUp): KeptSplit[] {
  return splits.map(({ vertex, split, records, size = records }) => {
    const mine = part.filter((record) => record.vertex === vertex && record.split === split)
    return { vertex, split, offsets: mine.map(({ offset }) => offset), end: size }
  })
}

/** So many that event time goes on for a while. */
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

function faultsAt(reached: readonly Reach[], menu: FaultMenu, { graph }: JobSetUp): Fault[] {
  const { intervalUs, timeoutUs } = graph.configuration.checkpointing
  // Until the next checkpoint is under way, and until this one has expired.
  const delays = [intervalUs, 2 * intervalUs, timeoutUs].map((us) => Math.floor(us * 1.25))
  const times = new Map(reached.map(({ point, nth }) => [point, nth]))
  const tried = reached.filter(({ point, nth }) => nth <= ENDS || nth > (times.get(point) ?? 0) - ENDS)
  return tried.flatMap((reach) => faultsOf(reach, delays).filter((fault) => isOnMenu(fault, menu)))
}

function faultsOf({ kind, point, nth }: Reach, delays: readonly number[]): Fault[] {
  switch (kind) {
    case 'step':
      return [{ kind: 'crash', process: '*', at: { point, nth }, downUs: 1000 }]
    case 'exception':
      return [{ kind: 'exception', point, nth }]
    case 'call':
      return CALL_OUTCOMES.flatMap((outcome): Fault[] =>
        outcome === 'unknown-later'
          ? delays.map((delayUs) => ({ kind: 'call', point, nth, outcome, delayUs }))
          : [{ kind: 'call', point, nth, outcome }],
      )
    case 'rpc':
      return [{ kind: 'rpc', rpc: point, nth }, ...delays.map((delayUs): Fault => ({ kind: 'rpc', rpc: point, nth, delayUs }))]
  }
}
