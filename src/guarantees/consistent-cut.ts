import type { EventOf, HistoryHeader, RecordId } from '../history/index.js'
import { inOrder } from './evidence.js'
import { arrivedRecords, arrivedSum, type Flow, flowsOf, sentRecords, sentSum } from './flow.js'
import type { Finding, Oracle, OracleVerdict } from './oracle.js'
import { sameSum } from './record-sum.js'
import { atEvery, type Steps, take } from './steps.js'
import { createTimeline, TIMELINE_STEPS, type Timeline } from './timeline.js'

/**
 * Every completed checkpoint is a consistent cut: what was sent into an operator before the senders' snapshots is what is in the
 * operator's snapshot (invariant I20). In at-least-once mode it may hold more, never less (I21); with unaligned barriers less, the
 * rest being in channel state that histories do not show, but never more. Savepoints are always aligned.
 */
export interface CutState {
  readonly findings: Finding[]
  /** Completed checkpoints of which a snapshot is missing in the history, or that hold channel state. */
  readonly undecided: number[]
}

/** No checkpoint compared yet. */
export function createCutState(): CutState {
  return { findings: [], undecided: [] }
}

/** What a cut is compared in: the timeline, which has taken each event in already, and what the comparisons came to. */
export interface CutsOfRun {
  readonly header: HistoryHeader
  readonly timeline: Timeline
  readonly cut: CutState
}

/** Compares a checkpoint when it completes. */
export const CUT_STEPS: Steps<CutsOfRun> = {
  'checkpoint-completed': ({ header, timeline, cut }, event) => {
    if (header.mode === 'off') return
    const exact = header.mode === 'aligned' || (header.mode === 'unaligned' && event.savepoint === true)
    let decided = exact || header.mode === 'at-least-once'
    for (const flow of flowsOf(header, timeline)) {
      // A consumer that never takes a snapshot has no part in the cut.
      if (!flow.consumer.marked) continue
      const sent = sentSum(flow, event.checkpoint)
      const arrived = arrivedSum(flow, event.checkpoint)
      if (sent === undefined || arrived === undefined) decided = false
      else if (!sameSum(sent, arrived)) compare(cut, flow, event, exact ? 'aligned' : header.mode)
    }
    if (!decided) cut.undecided.push(event.checkpoint)
  },
}

function compare(state: CutState, flow: Flow, event: EventOf<'checkpoint-completed'>, mode: HistoryHeader['mode']): void {
  const sent = sentRecords(flow, event.checkpoint)
  const arrived = arrivedRecords(flow, event.checkpoint)
  const name = `checkpoint ${String(event.checkpoint)}`
  if (mode !== 'unaligned') {
    const missing = difference(sent, arrived)
    const message = `records sent to ${flow.consumer.name} before the barriers of ${name} are not in its snapshot`
    report(state, message, missing, event.seq)
  }
  if (mode !== 'at-least-once') {
    const early = difference(arrived, sent)
    const message = `records that were sent to ${flow.consumer.name} after the barriers of ${name} are in its snapshot`
    report(state, message, early, event.seq)
  }
}

function difference(one: ReadonlyMap<RecordId, number>, other: ReadonlyMap<RecordId, number>): [RecordId, number][] {
  return [...one].filter(([id]) => !other.has(id))
}

function report(state: CutState, message: string, entries: readonly (readonly [RecordId, number])[], seq: number): void {
  if (entries.length === 0) return
  state.findings.push({
    anomaly: 'inconsistent-cut',
    rule: 'consistent-cut',
    message: `${String(entries.length)} ${message}`,
    records: entries.map(([id]) => id),
    evidence: inOrder([...entries.map(([, at]) => at), seq]),
  })
}

/** What the comparisons came to. */
export function cutVerdict(state: CutState): OracleVerdict {
  if (state.findings.length > 0) return { verdict: 'violated', findings: state.findings }
  if (state.undecided.length === 0) return { verdict: 'holds', findings: [] }
  const missing = `checkpoints ${state.undecided.join(', ')}: snapshots or channel state that the history does not show`
  return { verdict: 'undecided', findings: [], missing }
}

/** Completed checkpoints are consistent cuts. */
export const consistentCut: Oracle<CutsOfRun> = {
  name: 'consistent-cut',
  init: (header) => ({ header, timeline: createTimeline(header), cut: createCutState() }),
  step: atEvery((state, event) => {
    take(TIMELINE_STEPS, state.timeline, event)
    take(CUT_STEPS, state, event)
  }),
  verdict: (state) => cutVerdict(state.cut),
}
