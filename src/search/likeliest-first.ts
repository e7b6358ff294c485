import type { Finding } from '../guarantees/index.js'
import type { HistoryEvent } from '../history/index.js'
import { checkpointOf, placeOf } from './event-subject.js'

/** What is likely to be a cause, by its kind; what proves the violation is 1. */
const RANKS: Partial<Record<HistoryEvent['kind'], number>> = {
  fault: 0,
  'checkpoint-triggered': 2,
  'checkpoint-completed': 2,
  'checkpoint-aborted': 2,
  'restore-chosen': 2,
  'pre-commit': 3,
  abort: 3,
  'commit-requested': 4,
  commit: 4,
  'snapshot-taken': 5,
  'state-apply': 6,
  'sink-write': 6,
  visible: 6,
  'source-emit': 6,
  'checkpoint-notified': 7,
  'snapshot-durable': 7,
  'checkpoint-acknowledged': 7,
  restore: 7,
  'acknowledgement-accepted': 8,
  'checkpoint-declined': 8,
  failure: 9,
}

/** Behind all that is of the checkpoints which the violation is about. */
const OF_ANOTHER = 20

/**
 * The likeliest first: faults, what proves the violation, what the coordinator decides, all that is of the same checkpoints before what is
 * of others; of equals what happens where the proof does, and then the latest.
 */
export function likeliestFirst(candidates: readonly HistoryEvent[], finding: Pick<Finding, 'evidence'>): HistoryEvent[] {
  const evidence = new Set(finding.evidence)
  const proof = candidates.filter(({ seq }) => evidence.has(seq))
  const checkpoints = new Set(proof.flatMap(checkpointOf))
  const places = new Set(proof.map(placeOf).filter((place) => place !== ''))
  const rank = (event: HistoryEvent): number => {
    if (evidence.has(event.seq)) return 1
    const ofAnother = checkpoints.size > 0 && checkpointOf(event).some((checkpoint) => !checkpoints.has(checkpoint))
    return (RANKS[event.kind] ?? 10) + (ofAnother ? OF_ANOTHER : 0)
  }
  const elsewhere = (event: HistoryEvent): number => (places.has(placeOf(event)) ? 0 : 1)
  return candidates.toSorted((a, b) => rank(a) - rank(b) || elsewhere(a) - elsewhere(b) || b.seq - a.seq)
}
