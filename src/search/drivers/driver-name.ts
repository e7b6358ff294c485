/** Who decides what a campaign runs: the plan of each seed, the latencies, and what follows from earlier runs. */
import { drawRandomPlan, type FaultMenu } from '../../faults/index.js'
import { Stream } from '../../world/index.js'
import type { RunName } from '../replay-token.js'
import { drawPriorities } from './priorities.js'

/**
 * `swarm`: each seed leaves kinds of faults out and aims the others. `random`: any fault anywhere, as a yardstick. `pct`: the plans of
 * `swarm` under priorities. `guided`: where few faults have landed, and what reached something new once more, a little otherwise.
 */
export const DRIVERS = ['swarm', 'random', 'pct', 'guided'] as const
/** One of them. */
export type DriverName = (typeof DRIVERS)[number]

/** Who decides where nobody says otherwise. */
export const USUAL_DRIVER: DriverName = 'swarm'

/** What a run has besides its scenario, mode and seed; what is absent is as the seed draws it. */
export interface RunChanges extends Pick<RunName, 'plan' | 'priorities' | 'restores'> {
  /** Another seed than the one whose turn it is. */
  readonly seed?: string
}

/** What a driver changes in the run of a seed, whatever other runs came to; the plan is drawn apart from the priorities. */
export function drawChanges(driver: DriverName, seed: string, menu: FaultMenu & { readonly cell?: string }): RunChanges | undefined {
  const stream = (what: string): Stream => new Stream(seed, `${what}/${menu.cell ?? ''}`)
  switch (driver) {
    case 'random':
      return { plan: drawRandomPlan(stream('random-plan'), menu) }
    case 'pct':
      return { priorities: drawPriorities(stream('priorities')) }
    case 'swarm':
    case 'guided':
      return undefined
  }
}
