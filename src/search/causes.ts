/**
 * The few events without which a violation would not have come about, found by running again without them: a fault does not strike, or the
 * step that made the event so is held up, as a slow network would, until the violation has been seen. What still leads to it then was no
 * cause.
 */
import type { HistoryEvent } from '../history/index.js'
import type { Certainty } from './certainty.js'
import { concernedEvents } from './concerned-events.js'
import { checkpointOf } from './event-subject.js'
import { likeliestFirst } from './likeliest-first.js'
import type { RewindableRun } from './rewindable-run.js'
import { Trial } from './trial.js'
import type { Seen } from './violation-seen.js'

/** Why a violation came about. */
export interface Causes {
  /** In the order of the run. */
  readonly events: readonly HistoryEvent[]
  /** Runs that it took. */
  readonly tries: number
}

/** Events that one is willing to read, and that one is willing to try. */
const MOST_CAUSES = 8
const MOST_TRIED = 80

/** Steps that one goes back from a fault to what made it possible. */
const MOST_HOPS = 80

/** The causes of a violation. `certain` says when it became so, if that is known. */
export function causesOf(run: RewindableRun, seen: Seen, kind: string, certain: Certainty | undefined): Causes {
  const history = run.result.history.slice(0, seen.events)
  const concerned = concernedEvents(history, seen.sighting.finding)
  const proof = new Set(seen.sighting.finding.evidence)
  const together = concerned.filter(({ seq }) => proof.has(seq)).flatMap(({ seq }) => run.eventsOf(run.stepOf(seq)).filter(isDecision))
  const candidates = [...new Set([...concerned, ...together])].filter(({ seq }) => seq <= seen.events)
  const trial = new Trial(run, seen, kind, certain)
  const proven = new Set(
    likeliestFirst(candidates, seen.sighting.finding)
      .slice(0, MOST_TRIED)
      .filter((event) => trial.avoids(event)),
  )
  // A recovery that comes late restores the same: where the violation is seen at the end only, it is removed with what made it necessary.
  const faults = [...proven].filter(({ kind }) => kind === 'fault')
  if (seen.atTheEnd)
    for (const event of candidates)
      if (event.kind === 'restore-chosen' && faults.some((fault) => trial.recoversBecauseOf(event, fault))) proven.add(event)
  // Without what led to the fault it would have had nothing to hit.
  for (const fault of faults) for (const event of ledTo(run, trial, fault)) proven.add(event)
  return { events: fewest(likeliestFirst([...proven], seen.sighting.finding), seen), tries: trial.tries }
}

/** What only follows from what was decided: it tells nothing more of why a fault had something to hit. */
const FOLLOW: ReadonlySet<HistoryEvent['kind']> = new Set(['snapshot-taken', 'checkpoint-notified'])

/** What of the checkpoint that a fault struck in led to it: without that, the fault would have had nothing to hit. */
function ledTo(run: RewindableRun, trial: Trial, fault: HistoryEvent): HistoryEvent[] {
  const near = decisionsOnTheWay(run, fault)
  const checkpoint = near.flatMap(checkpointOf)[0]
  const transactions = new Set(
    near.flatMap((event) => ('transaction' in event && event.transaction !== undefined ? [event.transaction] : [])),
  )
  const concerned = run.result.history.filter((event) => {
    if (event.seq >= fault.seq || !isDecision(event) || FOLLOW.has(event.kind)) return false
    if ('transaction' in event && event.transaction !== undefined) return transactions.has(event.transaction)
    return 'checkpoint' in event && event.checkpoint === checkpoint
  })
  return concerned.slice(-MOST_TRIED).filter((event) => trial.leadsTo(event, fault))
}

/** The last decisions before a fault: back from message to message until a checkpoint and what was prepared for it are known. */
function decisionsOnTheWay(run: RewindableRun, { seq }: HistoryEvent): HistoryEvent[] {
  let step = run.stepOf(seq)
  for (let hops = 0; step > 0 && hops < MOST_HOPS; hops++, step = run.cameFrom(step)) {
    const found = run.eventsOf(step).filter((event) => event.seq < seq && isDecision(event))
    if (found.some((event) => 'checkpoint' in event)) return found
  }
  return []
}

function isDecision({ kind }: HistoryEvent): boolean {
  return (
    kind === 'checkpoint-triggered' ||
    kind === 'checkpoint-completed' ||
    kind === 'checkpoint-aborted' ||
    kind === 'checkpoint-notified' ||
    kind === 'snapshot-taken' ||
    kind === 'pre-commit' ||
    kind === 'commit-requested' ||
    kind === 'restore-chosen'
  )
}

/** One event of each kind for each checkpoint, transaction or record: the likeliest, and all in the order of the run. */
function fewest(proven: readonly HistoryEvent[], { sighting }: Seen): HistoryEvent[] {
  const proof = new Set(sighting.finding.evidence)
  const kept = new Map<string, HistoryEvent>()
  for (const event of proven) {
    const key = proof.has(event.seq) || event.kind === 'fault' ? String(event.seq) : `${event.kind} ${subjectOf(event)}`
    if (!kept.has(key) && kept.size < MOST_CAUSES) kept.set(key, event)
  }
  return [...kept.values()].sort((a, b) => a.seq - b.seq)
}

function subjectOf(event: HistoryEvent): string {
  if ('transaction' in event && event.transaction !== undefined) return event.transaction
  if ('checkpoint' in event && event.checkpoint !== undefined) return String(event.checkpoint)
  return 'id' in event ? String(event.id) : ''
}
