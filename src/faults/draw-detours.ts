import type { Stream } from '../world/index.js'
import { drawDelay, pick, type FaultMenu } from './draw-plan.js'
import type { Fault } from './fault.js'

/** What a detour is drawn from. */
type Calls = Pick<FaultMenu, 'overtaken' | 'repeated' | 'reached' | 'latestUs'>

/** A call that is made only when something else goes wrong: struck among the first few. */
const FEW = 4

/** Draws up to three calls that are repeated or overtaken, in every fourth run; from a stream of its own, like the faults of links. */
export function drawDetours(stream: Stream, menu: Calls): readonly Fault[] {
  if (stream.below(4) > 0) return []
  return Array.from({ length: 1 + stream.below(3) }, () => drawDetour(stream, menu)).filter((fault) => fault !== undefined)
}

function drawDetour(stream: Stream, menu: Calls): Fault | undefined {
  const repeated = stream.below(2) === 0
  const rpc = pick(stream, repeated ? menu.repeated : menu.overtaken)
  if (rpc === undefined) return undefined
  const nth = 1 + stream.below(Math.max(FEW, menu.reached.get(rpc) ?? 0))
  return { kind: 'detour', rpc, nth, delayUs: drawDelay(stream, menu), repeated }
}
