import type { Stream } from '../world/index.js'
import { comesToPass, drawDelay, drawTurn, pick, type Phase } from './draws.js'
import type { CallFault, CallOutcome, Fault, Turn } from './fault.js'
import type { FaultMenu } from './menu.js'

/** Draws a call to a durable system that does not end as it should. */
export function drawCall(stream: Stream, menu: FaultMenu, phase: Phase): CallFault | undefined {
  const aimed = menu.calls.filter((point) => comesToPass(menu, point, phase))
  const point = pick(stream, aimed.length > 0 ? aimed : menu.calls)
  const outcome = pick(stream, ['failed', 'unknown-applied', 'unknown-lost'] as const)
  if (point === undefined || outcome === undefined) return undefined
  return callFault(stream, menu, point, outcome, drawTurn(stream, menu, point, phase))
}

/** A call that ends like this; one of two that are never applied is applied later, where the menu has it. */
export function callFault(
  stream: Stream,
  menu: Pick<FaultMenu, 'later' | 'latestUs'>,
  point: string,
  outcome: Exclude<CallOutcome, 'unknown-later'>,
  turn: Turn,
): CallFault {
  const later = outcome === 'unknown-lost' && menu.later?.includes(point) === true && stream.below(2) === 0
  return later ? appliedLater(stream, menu, point, turn) : { kind: 'call', point, ...turn, outcome }
}

/** A call whose caller sees a timeout, and that is applied after a while. */
export function appliedLater(stream: Stream, menu: Pick<FaultMenu, 'latestUs'>, point: string, turn: Turn): CallFault {
  return { kind: 'call', point, ...turn, outcome: 'unknown-later', delayUs: drawDelay(stream, menu) }
}

/** A call that is made only when something else goes wrong: struck among the first few. */
const FEW = 4

/** Draws a remote procedure call that is lost or late. */
export function drawRpc(stream: Stream, menu: FaultMenu, phase: Phase): Fault | undefined {
  const rpc = pick(stream, menu.rpcs)
  const late = stream.below(2) === 0
  if (rpc === undefined) return undefined
  return { kind: 'rpc', rpc, ...drawTurn(stream, menu, rpc, phase), ...(late && { delayUs: drawDelay(stream, menu) }) }
}

/** Draws a remote procedure call that is repeated or overtaken. */
export function drawDetour(stream: Stream, menu: FaultMenu, phase: Phase): Fault | undefined {
  const repeated = stream.below(2) === 0
  const rpc = pick(stream, repeated ? menu.repeated : menu.overtaken)
  if (rpc === undefined) return undefined
  const nth = 1 + stream.below(Math.max(FEW, menu.reached.get(rpc) ?? 0))
  const turn = phase === 'recovery' ? drawTurn(stream, menu, rpc, phase) : { nth }
  return { kind: 'detour', rpc, ...turn, delayUs: drawDelay(stream, menu), repeated }
}
