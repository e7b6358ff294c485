import type { Stream } from '../world/index.js'
import { pick } from './draws.js'
import type { Fault } from './fault.js'
import type { FaultMenu } from './menu.js'

/** From a little more than a message takes to a few messages, µs. */
const GRIDS = [100, 500, 1000, 4000] as const

/** Draws a schedule of equal times. */
export function drawTies(stream: Stream): Fault {
  return { kind: 'ties', gridUs: pick(stream, GRIDS) ?? GRIDS[0] }
}

/** Draws a wrong clock: of any process, by any order of magnitude from a millisecond to minutes, ahead or behind. */
export function drawSkew(stream: Stream, { clocks = [], endUs }: Pick<FaultMenu, 'clocks' | 'endUs'>): Fault | undefined {
  const process = pick(stream, clocks)
  if (process === undefined) return undefined
  const us = 1 + stream.below(10 ** (3 + stream.below(6)))
  return { kind: 'skew', process, fromUs: stream.below(Math.max(1, endUs)), byUs: stream.below(2) === 0 ? us : -us }
}
