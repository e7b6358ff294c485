/** Claims that several stories share. */
import type { DeliveryPromise } from '../src/history/index.js'
import type { Mode } from '../src/search/index.js'

/**
 * The state: as the checkpointing mode says. Without checkpoints a job starts over from nothing and reads its whole input again, so
 * that its state is that of one run.
 */
export function stateClaim(mode: Mode): DeliveryPromise {
  return { guarantee: mode === 'at-least-once' ? 'at-least-once' : 'exactly-once', at: 'state' }
}

/**
 * A transactional sink behind a replayable source gives as much as the state, to readers of committed output. Without checkpoints
 * it commits at the end of input: what one subtask had committed stays when another one's failure starts the job over.
 */
export function transactionalClaims(mode: Mode, at: string): readonly DeliveryPromise[] {
  return [stateClaim(mode), { guarantee: mode === 'aligned' ? 'exactly-once' : 'at-least-once', at }]
}

/** A sink without transactions that waits for its writes: it may repeat them, whatever the state. */
export function repeatingClaims(mode: Mode, at: string): readonly DeliveryPromise[] {
  return [stateClaim(mode), { guarantee: 'at-least-once', at }]
}
