import type { Stream } from '../world/index.js'
import { FOR_GOOD_US } from './draw-beyond-budget.js'
import { pick, type FaultMenu } from './draw-plan.js'
import type { Fault } from './fault.js'

/**
 * Draws the loss of a host, in every eighth run: a TaskManager that the job can do without dies and never comes back, and the job goes
 * on with the core that is left. From a stream of its own, like the faults of links.
 */
export function drawLoss(stream: Stream, { expendable = [], endUs }: Pick<FaultMenu, 'expendable' | 'endUs'>): readonly Fault[] {
  if (stream.below(8) > 0) return []
  const process = pick(stream, expendable)
  const timeUs = stream.below(Math.max(1, endUs))
  return process === undefined ? [] : [{ kind: 'crash', process, at: { timeUs }, downUs: FOR_GOOD_US }]
}
