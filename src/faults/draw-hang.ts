import type { Stream } from '../world/index.js'
import { drawDown, pick, type FaultMenu } from './draw-plan.js'
import type { Fault } from './fault.js'

/** Draws a hanging task, in every tenth run; from a stream of its own, like the faults of links. It strikes in one of the first two recoveries. */
export function drawHang(stream: Stream, menu: Pick<FaultMenu, 'hangs' | 'tasks'>): readonly Fault[] {
  if (stream.below(10) > 0) return []
  const point = pick(stream, menu.hangs)
  return point === undefined ? [] : [{ kind: 'hang', point, nth: 1 + stream.below(2 * menu.tasks), downUs: drawDown(stream) }]
}
