import type { Fault, FaultMenu, StrikeAt } from '../../faults/index.js'

/** Whether a scenario must survive this fault: what shrinking makes of a fault must be no worse than what may be drawn. */
export function isOnMenu(fault: Fault, menu: FaultMenu): boolean {
  switch (fault.kind) {
    case 'crash':
    case 'host-loss':
      return isOneOf(menu.moments.flat(), fault.at) && (fault.process === '*' || menu.processes.includes(fault.process))
    case 'exception':
      return menu.exceptions.includes(fault.point)
    case 'call':
      return menu.calls.includes(fault.point) && (fault.outcome !== 'unknown-later' || menu.later?.includes(fault.point) === true)
    case 'rpc':
      return menu.rpcs.includes(fault.rpc)
    case 'detour':
      return (fault.repeated ? menu.repeated : menu.overtaken).includes(fault.rpc)
    case 'disconnect':
    case 'partition':
    case 'pause':
      return isOneOf(menu.moments.flat(), fault.at)
    default:
      return true
  }
}

function isOneOf(points: readonly string[], at: StrikeAt): boolean {
  return 'timeUs' in at || points.includes(at.point)
}
