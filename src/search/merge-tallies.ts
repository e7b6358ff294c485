import { GUARANTEES } from '../guarantees/index.js'
import { MOMENTS, type EvidenceTally, type PointTally, type RunTally, type Seen } from './run-tally.js'

/** Adds the tally of later runs of the same cell to `sum`, in place: numbers add up, and what was seen first stays first. */
export function addTally(sum: RunTally, later: RunTally): void {
  sum.runs += later.runs
  sum.counted += later.counted
  sum.events += later.events
  sum.traces.high = (sum.traces.high + later.traces.high) >>> 0
  sum.traces.low = (sum.traces.low + later.traces.low) >>> 0
  addSeen(sum.statuses, later.statuses)
  addSeen(sum.anomalies, later.anomalies)
  addSeen(sum.broken, later.broken)
  addSeen(sum.witnesses, later.witnesses)
  addSeen(sum.defects, later.defects)
  for (const point of later.points) addPoint(sum.points, point)
  addEvidence(sum.evidence, later.evidence)
  if (later.notDeterministic !== undefined) sum.notDeterministic ??= later.notDeterministic
  if (later.planLanded !== undefined) sum.planLanded = later.planLanded.map((runs, place) => runs + (sum.planLanded?.[place] ?? 0))
  for (const [key, { runs, first }] of Object.entries(later.landed)) {
    const known = sum.landed[key]
    sum.landed[key] = { runs: (known?.runs ?? 0) + runs, first: Math.min(known?.first ?? first, first) }
  }
}

/** Adds evidence to `sum`, in place. */
export function addEvidence(sum: EvidenceTally, later: EvidenceTally): void {
  sum.checkpointsCompleted += later.checkpointsCompleted
  sum.checkpointsAborted += later.checkpointsAborted
  sum.recoveries += later.recoveries
  sum.recordsReplayed += later.recordsReplayed
  for (const name of ['checkpointsRestored', 'checkpointsRescaled', 'restoresRefused'] as const)
    if (later[name] !== undefined) sum[name] = (sum[name] ?? 0) + later[name]
  for (const [kind, count] of Object.entries(later.faults)) sum.faults[kind] = (sum.faults[kind] ?? 0) + count
  for (const moment of MOMENTS) {
    sum.strikes[moment] += later.strikes[moment]
    sum.strikeRuns[moment] += later.strikeRuns[moment]
  }
  sum.faultAfterCheckpoint += later.faultAfterCheckpoint
  sum.fullRecovery += later.fullRecovery
}

function addSeen<K extends string, S extends Seen>(sum: Partial<Record<K, S>>, later: Readonly<Partial<Record<K, S>>>): void {
  for (const key in later) {
    const more = later[key]
    const known = sum[key]
    if (more === undefined) continue
    if (known === undefined) sum[key] = { ...more }
    else known.runs += more.runs
  }
}

function addPoint(points: PointTally[], later: PointTally): void {
  const known = points.find(({ at, sink }) => at === later.at && sink === later.sink)
  if (known === undefined) {
    points.push({ ...later, refuted: { ...later.refuted } })
    return
  }
  known.runs += later.runs
  known.beyond += later.beyond
  known.undecided += later.undecided
  if (later.unidentified !== undefined) known.unidentified = (known.unidentified ?? 0) + later.unidentified
  for (const guarantee of GUARANTEES) {
    const more = later.refuted[guarantee]
    if (more !== undefined) known.refuted[guarantee] = (known.refuted[guarantee] ?? 0) + more
  }
  if (known.missing === undefined && later.missing !== undefined) known.missing = later.missing
}
