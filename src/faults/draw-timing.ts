import type { Stream } from '../world/index.js'
import { pick, type FaultMenu } from './draw-plan.js'
import type { Fault } from './fault.js'

/** From a little more than a message takes to a few messages, µs. */
const GRIDS = [100, 500, 1000, 4000] as const

/** Draws a schedule of equal times, in every tenth run; from a stream of its own, like the faults of links. */
export function drawTies(stream: Stream): readonly Fault[] {
  if (stream.below(10) > 0) return []
  return [{ kind: 'ties', gridUs: pick(stream, GRIDS) ?? GRIDS[0] }]
}

/**
 * Draws a wrong clock, in every tenth run: of any process, by any order of magnitude from a millisecond to minutes, ahead or behind. From
 * a stream of its own, like the faults of links.
 */
export function drawSkew(stream: Stream, { clocks = [], endUs }: Pick<FaultMenu, 'clocks' | 'endUs'>): readonly Fault[] {
  if (stream.below(10) > 0) return []
  const process = pick(stream, clocks)
  if (process === undefined) return []
  const us = 1 + stream.below(10 ** (3 + stream.below(6)))
  return [{ kind: 'skew', process, fromUs: stream.below(Math.max(1, endUs)), byUs: stream.below(2) === 0 ? us : -us }]
}
