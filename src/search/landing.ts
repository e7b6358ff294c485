import type { Depth, Fault, Place } from '../faults/index.js'

/** Kinds of faults as the matrix tells them apart: a call or an RPC that is disturbed in another way is another kind. */
export const FAULT_KINDS = [
  'crash',
  'exception',
  'hang',
  'failed',
  'unknown-applied',
  'unknown-lost',
  'unknown-later',
  'lost',
  'late',
  'repeated',
  'overtaken',
  'pause',
  'partition',
  'disconnect',
] as const
/** See `FAULT_KINDS`. */
export type FaultKind = (typeof FAULT_KINDS)[number]

/** Where a fault may land: one cell of the matrix. */
export interface MatrixCell {
  readonly fault: FaultKind
  readonly failpoint: string
  readonly role: string
  readonly depth: Depth
}

/** The kind of a fault in the matrix; undefined for those that strike at no step. */
export function kindOfFault(fault: Fault): FaultKind | undefined {
  switch (fault.kind) {
    case 'call':
      return fault.outcome
    case 'rpc':
      return fault.delayUs === undefined ? 'lost' : 'late'
    case 'detour':
      return fault.repeated ? 'repeated' : 'overtaken'
    // It strikes the same process at the same step as a crash, and takes more along.
    case 'host-loss':
      return 'crash'
    case 'slow':
    case 'skew':
    case 'ties':
    case 'haste':
    case 'calm':
      return undefined
    default:
      return fault.kind
  }
}

/** A cell as one string. */
export function cellKey({ fault, failpoint, role, depth }: MatrixCell): string {
  return `${fault} ${failpoint} ${role} ${String(depth)}`
}

/** The cell that a fault has landed in. */
export function landingKey(fault: Fault, failpoint: string, { role, depth }: Place): string {
  return cellKey({ fault: kindOfFault(fault) ?? 'crash', failpoint, role, depth })
}
