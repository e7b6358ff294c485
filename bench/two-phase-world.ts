/** The checker's workload once more, as a world of actors, whose steps are remembered. */
import { exploreWorld } from '../src/check/index.js'
import { twoPhaseWorld } from '../test/models/two-phase-world.js'

const MANAGERS = 8
const STATES = 1_745_408

/** Distinct states a second; a smaller one warms up. */
export function twoPhaseOfActors(): number {
  exploreWorld(twoPhaseWorld(MANAGERS - 2))
  const { exhausted, distinct, seconds } = exploreWorld(twoPhaseWorld(MANAGERS))
  if (!exhausted || distinct !== STATES) throw new RangeError(`TwoPhase(${MANAGERS}) has ${STATES} states, not ${distinct}`)
  return distinct / seconds
}
