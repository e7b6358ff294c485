/** Where a fault strikes, and what the strike is. */
import type { Strike } from '../world/index.js'
import type { CrashFault, DisconnectFault, Fault, PauseFault, Turn } from './fault.js'
import type { FaultTarget } from './fault-injector.js'

/** Which time of its step, call or RPC a fault waits for; undefined for those that strike at a time. */
export function turnOf(fault: Fault): Turn | undefined {
  if ('nth' in fault) return fault
  return 'at' in fault && 'nth' in fault.at ? fault.at : undefined
}

/** Where a fault waits for its turn; undefined for those that strike at a time. */
export function pointOf(fault: Fault): string | undefined {
  switch (fault.kind) {
    case 'crash':
    case 'host-loss':
    case 'disconnect':
    case 'partition':
    case 'pause':
    case 'calm':
      return 'point' in fault.at ? fault.at.point : undefined
    case 'exception':
    case 'call':
    case 'hang':
      return fault.point
    case 'rpc':
    case 'detour':
      return fault.rpc
    default:
      return undefined
  }
}

/** Whether a fault hits anything when it comes to pass: haste and calm only make the schedule another one. */
export function hitsSomething({ kind }: Fault): boolean {
  return kind !== 'haste' && kind !== 'calm'
}

/** The strike that a fault comes to, on the process of this name. */
export function strikeOf(
  fault: CrashFault | DisconnectFault | PauseFault,
  target: Pick<FaultTarget, 'processNamed'>,
  name = fault.process,
): Strike {
  const process = target.processNamed(name)
  switch (fault.kind) {
    case 'crash':
    case 'host-loss':
      return { kind: 'crash', process }
    case 'disconnect':
      return { kind: 'disconnect', process, other: target.processNamed(fault.other) }
    case 'pause':
      return { kind: 'pause', process, forUs: fault.forUs }
  }
}
