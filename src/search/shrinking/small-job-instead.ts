/**
 * What takes many records, because it needs the job to be busy at the right moment, may need only one fault, or another moment, in a job
 * that is almost idle. Looks for it in small jobs: first among calls that are late, then among other ends of the splits and other intervals
 * of the checkpoints, then among all faults that the menu has for the steps of the small job.
 */
import { CALL_OUTCOMES, type Fault } from '../../faults/index.js'
import type { Reach } from '../reach-log.js'
import type { Reduction } from '../reduction.js'
import type { KeptSplit } from '../reduction.js'
import type { JobSetUp } from '../scenario.js'
import { isOnMenu } from './on-menu.js'
import type { Pass, Shown } from './pass.js'
import { withOneSubtask } from './smaller-cluster.js'
import { smallJobs } from './small-jobs.js'

/** Proposes them all until one shows the anomaly. */
export const smallJobInstead: Pass = function* (best) {
  const { experiment, setUp } = best
  const small = smallJobs(best).map((records) => ({
    ...experiment,
    plan: [],
    reduction: withOneSubtask({ ...experiment.reduction, records }, setUp.graph.vertices),
  }))
  const reached: (readonly Reach[])[] = []
  for (const job of small) {
    const trial = yield job
    if (trial.shows) return
    reached.push(trial.reached.all)
  }
  for (const [i, job] of small.entries())
    for (const fault of lateCalls(reached[i] ?? [], best)) if ((yield { ...job, plan: [fault] }).shows) return
  for (const { reduction, ...job } of small) {
    for (const moment of otherMoments(best, reduction)) if ((yield { ...job, reduction: moment }).shows) return
  }
  for (const [i, job] of small.entries())
    for (const fault of otherFaults(reached[i] ?? [], best)) if ((yield { ...job, plan: [fault] }).shows) return
}

/** So many records earlier may the splits end. */
const EARLIER = 10
/** Intervals that are tried, in tenths of what it is. */
const INTERVALS = [9, 8, 11, 12, 7, 13, 14, 6, 15, 16, 17, 18, 19, 5]

/** The small job as it ends earlier, or is checkpointed at another interval. */
function* otherMoments({ setUp }: Shown, small: Reduction & { readonly records?: readonly KeptSplit[] }): Generator<Reduction> {
  const { enabled, intervalUs } = setUp.graph.configuration.checkpointing
  const { records = [] } = small
  for (let earlier = 1; earlier <= EARLIER; earlier++) yield { ...small, records: records.map((kept) => endingBy(kept, earlier)) }
  if (enabled) for (const tenths of INTERVALS) yield { ...small, checkpointIntervalUs: Math.floor((intervalUs * tenths) / 10_000) * 1000 }
}

function endingBy(kept: KeptSplit, earlier: number): KeptSplit {
  return { ...kept, end: Math.max((kept.offsets.at(-1) ?? -1) + 1, kept.end - earlier) }
}

/** Calls late by so long that the next checkpoint is under way, and until this one has expired. */
function lateCalls(reached: readonly Reach[], { menu, setUp }: Shown): Fault[] {
  const calls = fromBothEnds(reached.filter(({ kind, point }) => kind === 'rpc' && menu.rpcs.includes(point)))
  return delaysIn(setUp).flatMap((delayUs) => calls.map(({ point, nth }): Fault => ({ kind: 'rpc', rpc: point, nth, delayUs })))
}

function delaysIn({ graph }: JobSetUp): number[] {
  const { intervalUs, timeoutUs } = graph.configuration.checkpointing
  return [intervalUs, timeoutUs].map((us) => Math.floor(us * 1.25))
}

function otherFaults(reached: readonly Reach[], { menu, setUp }: Shown): Fault[] {
  const all = fromBothEnds(reached).flatMap((reach) => faultsOf(reach, delaysIn(setUp)))
  return all.filter((fault) => isOnMenu(fault, menu))
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
      return [{ kind: 'rpc', rpc: point, nth }]
  }
}

/** How far from the first and from the last occurrence of a step, one after the other. */
const DISTANCES = [0, 1, 2, 4, 8, 16]

/** The first and the last occurrence of each step, then those a little further inside. */
function fromBothEnds(reached: readonly Reach[]): Reach[] {
  const byPoint = new Map<string, Reach[]>()
  for (const reach of reached) {
    const others = byPoint.get(reach.point)
    if (others === undefined) byPoint.set(reach.point, [reach])
    else others.push(reach)
  }
  const found = DISTANCES.flatMap((distance) => [...byPoint.values()].flatMap((all) => [all[distance], all.at(-1 - distance)]))
  return [...new Set(found.filter((reach) => reach !== undefined))]
}
