/** The checker's workload: all states of two-phase commit among eight resource managers, written as plain objects. */
import { checker } from '../src/check/index.js'
import { twoPhase } from '../test/models/two-phase.js'

const MANAGERS = 8
const STATES = 1_745_408

/**
 * Distinct states a second, breadth-first; a smaller one warms up. Another number of states would be a defect, and no figure is worth it.
 */
export function twoPhasePlain(): number {
  checker(twoPhase(MANAGERS - 2)).breadthFirst()
  const { verdict, distinct, seconds } = checker(twoPhase(MANAGERS)).breadthFirst()
  if (verdict !== 'holds' || distinct !== STATES) throw new RangeError(`TwoPhase(${MANAGERS}) has ${STATES} states, not ${distinct}`)
  return distinct / seconds
}
