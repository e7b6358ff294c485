import type { FaultPlan } from '../faults/index.js'
import type { Chooser } from '../world/index.js'

/** The choice of how long a job that runs waits for its first checkpoint. */
const INITIAL_DELAY = '/checkpoint-initial-delay'

/** Where the plan has haste, the first checkpoint of each start begins as soon as it may; `decide` has what is left. */
export function hastily(plan: FaultPlan, decide: Chooser | undefined): Chooser | undefined {
  if (!plan.some(({ kind }) => kind === 'haste')) return decide
  return (stream, ordinal, n, drawn) =>
    ordinal > 0 && stream.startsWith('choose/') && stream.endsWith(INITIAL_DELAY) ? 0 : (decide?.(stream, ordinal, n, drawn) ?? drawn)
}
