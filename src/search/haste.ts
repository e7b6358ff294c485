import type { FaultPlan } from '../faults/index.js'
import type { Chooser } from '../world/index.js'

/** The choice of how long a job that runs waits for its first checkpoint. */
const INITIAL_DELAY = '/checkpoint-initial-delay'

/**
 * Of the times at which it may begin, this part: early enough to meet a recovery, and not always before all tasks run, when it is refused.
 */
const EARLY = 4

/** Where the plan has haste, the first checkpoint behind each restart begins early; `decide` has what is left. */
export function hastily(plan: FaultPlan, decide: Chooser | undefined): Chooser | undefined {
  if (!plan.some(({ kind }) => kind === 'haste')) return decide
  return (stream, ordinal, n, drawn) => {
    const decided = decide?.(stream, ordinal, n, drawn) ?? drawn
    return ordinal > 0 && stream.startsWith('choose/') && stream.endsWith(INITIAL_DELAY) ? Math.floor(decided / EARLY) : decided
  }
}
