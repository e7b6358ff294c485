import type { FaultTarget } from '../../src/faults/index.js'
import { processRef } from '../../src/world/index.js'

/** What faults hit in a world that is nothing but names: the actor and the process of a number have the name at that place. */
export function targetNamed(names: readonly string[], landed: FaultTarget['landed']): FaultTarget {
  const nameOf = (place: number): string => names[place] ?? ''
  return {
    processOf: nameOf,
    incarnationOf: () => 1,
    processName: nameOf,
    processNamed: (name) => processRef(names.indexOf(name)),
    rpcOf: () => undefined,
    isOfJob: () => true,
    safetyPhaseUs: () => Infinity,
    takerOf: () => ({ role: 'task', names: [] }),
    landed,
  }
}
