/** What all faults are drawn with: which of several, when, for how long. Integers only, from a stream of the seed. */
import type { Stream } from '../world/index.js'
import type { CrashFault, Turn } from './fault.js'
import type { FaultMenu } from './menu.js'

/** When a fault may strike: anywhere, once a checkpoint has completed, or in a recovery. */
export type Phase = 'any' | 'after-checkpoint' | 'recovery'

/** Whether a step is reached in this phase; behind a checkpoint, whether a fault there forces a recovery. */
export function comesToPass(menu: FaultMenu, point: string, phase: Phase): boolean {
  const reached = menu.reached.get(point) ?? 0
  if (phase === 'recovery') return menu.recovery.has(point) || reached > 0
  return phase === 'any' ? reached > 0 : reached > 1 && !menu.recovery.has(point) && !menu.harmless.has(point)
}

/**
 * Which time of a step: steps are reached about evenly over the run, so that behind the first checkpoint means in the later part of the
 * counts. In a recovery only those of the recovery are counted, which lasts until the first checkpoint behind it.
 */
export function drawTurn(stream: Stream, menu: FaultMenu, point: string, phase: Phase): Turn {
  const count = Math.max(1, menu.reached.get(point) ?? 0)
  const before = Math.floor((count * menu.firstCheckpointUs) / Math.max(1, menu.endUs))
  if (phase === 'recovery') {
    const each = menu.recovery.has(point) ? count : Math.max(1, before)
    return { nth: 1 + stream.below(stream.below(2) === 0 ? Math.min(2, each) : each), depth: 1 }
  }
  if (phase === 'any') return { nth: 1 + stream.below(count) }
  const skipped = Math.floor((count * quietUntil(menu)) / Math.max(1, menu.endUs))
  return { nth: 1 + skipped + stream.below(Math.max(1, before + early(count - before) - skipped)) }
}

/** A time in this phase, µs; recoveries have no time that is known beforehand. */
export function drawTime(stream: Stream, menu: FaultMenu, phase: Exclude<Phase, 'recovery'>): number {
  if (phase === 'any') return stream.below(Math.max(1, menu.endUs))
  const [firstUs, fromUs] = [menu.firstCheckpointUs, quietUntil(menu)]
  return fromUs + stream.below(Math.max(1, firstUs + early(menu.endUs - firstUs) - fromUs))
}

function quietUntil({ firstCheckpointUs, quietUntilUs = 0 }: FaultMenu): number {
  return Math.max(firstCheckpointUs, quietUntilUs)
}

/** Early enough that another checkpoint follows: the last sixth of what is left is left out. */
function early(span: number): number {
  return Math.max(1, Math.floor((span * 5) / 6))
}

/** A step of one of the protocol's moments, each moment as often as the others. In a recovery two of three are of its own steps. */
export function drawStep(stream: Stream, menu: FaultMenu, phase: Phase): string | undefined {
  const passing = menu.moments.map((points) => points.filter((point) => comesToPass(menu, point, phase)))
  if (phase === 'recovery' && stream.below(3) > 0) {
    const own = passing.flat().filter((point) => menu.recovery.has(point))
    if (own.length > 0) return pick(stream, own)
  }
  return pick(
    stream,
    pick(
      stream,
      passing.filter(({ length }) => length > 0),
    ) ?? [],
  )
}

/**
 * Every second delay is of any order of magnitude from a millisecond on; the others lie anywhere up to the longest, because around the
 * checkpoint timeout it is open whether a task learns first of a checkpoint or of its end.
 */
export function drawDelay(stream: Stream, menu: Pick<FaultMenu, 'latestUs'>): number {
  const orders: number[] = []
  for (let us = 1000; us < 2 * menu.latestUs; us *= 2) orders.push(us)
  const longest = stream.below(2) === 0 ? pick(stream, orders) : menu.latestUs
  return 1000 + stream.below(longest ?? 1000)
}

/** How long a process stays down, µs. */
export function drawDown(stream: Stream): number {
  return 1000 * (1 + stream.below(stream.below(2) === 0 ? 20 : 300))
}

/** One of so many crashes takes the host as well. */
const HOST_LOST = 4

/** Whether a process only crashes, or dies with its host: what it has sent and nobody has received is lost then. */
export function drawCrashKind(stream: Stream): CrashFault['kind'] {
  return stream.below(HOST_LOST) === 0 ? 'host-loss' : 'crash'
}

/** One of these, if there are any. */
export function pick<T>(stream: Stream, choices: readonly T[]): T | undefined {
  return choices.length === 0 ? undefined : choices[stream.below(choices.length)]
}
