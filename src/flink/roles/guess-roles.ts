import type { ImportedPlan } from '../plan/imported-plan.js'
import { noAssumptions, type Assumptions } from './answers.js'
import { operatorRole } from './operator-role.js'
import { partsOf } from './part.js'
import type { JobRoles, Role } from './role.js'
import { sinkRole } from './sink-role.js'
import { sourceRole } from './source-role.js'

/**
 * Guesses the role of each part of a job; answers win over guesses.
 * @throws InputError when an answer does not fit the plan
 */
export function guessRoles(plan: ImportedPlan, assumptions: Assumptions = noAssumptions): JobRoles {
  const { parts, edges } = partsOf(plan)
  const roles = parts.map((part): Role => {
    switch (part.kind) {
      case 'source':
        return sourceRole(part, assumptions.sources.get(part.label))
      case 'sink':
        return sinkRole(part, assumptions.sinks.get(part.label))
      case 'operator':
        return operatorRole(part, edges, assumptions.operators.get(part.label), assumptions.userCodeDeterministic)
    }
  })
  return { roles, edges }
}
