import { callSteps } from '../engine/index.js'
import type { FaultPlan } from '../faults/index.js'
import { InputError } from '../flink/input-error.js'
import { systemCalls, systemOfKind } from '../systems/index.js'
import type { World } from '../world/index.js'
import type { JobSetUp } from './scenario.js'

/**
 * Refuses faults of calls into systems that the job does not have. Where there is an actor of the user's own outside, it may answer any
 * call.
 * @throws InputError when a fault waits for a call that nobody answers
 */
export function refuseAbsentSystems(plan: FaultPlan, { actors }: World, { outside }: JobSetUp): void {
  const isOutside = (process: number): boolean => outside.some((each) => each.process === process)
  const present = actors.filter(({ process }) => isOutside(process)).map(({ behavior }) => systemOfKind(behavior.kind))
  if (present.includes(undefined)) return
  plan.forEach((fault, place) => {
    if (fault.kind !== 'call') return
    const absent = systemCalls.find(({ name, role }) => name === fault.point && !present.includes(role))
    if (absent === undefined) return
    const others = systemCalls.filter(({ role }) => present.includes(role))
    const calls = [...callSteps, ...others].map(({ name }) => name)
    throw new InputError(`plan $.${String(place)}.point`, `nobody answers ${absent.name}: the job has no ${absent.role}`, calls.join(', '))
  })
}
