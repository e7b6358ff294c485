/** Faults as fast-check draws them; they shrink to none, and each to a crash at an early step of the protocol. */
import fc from 'fast-check'
import { CALL_OUTCOMES, type FaultPlan } from '../faults/index.js'
import { faultMenu, type Mode, type Scenario } from '../search/index.js'
import { GENERATED_KINDS, planAgainst, type GeneratedFault } from './generated-faults.js'

/** Which faults are drawn. */
export interface FaultConstraints {
  /** A kind that is named more often is drawn more often; all kinds unless said otherwise, those that make the job recover more often. */
  readonly kinds?: readonly GeneratedFault['kind'][]
  /** Most faults at once; 3 unless said otherwise. */
  readonly maxFaults?: number
}

const MOSTLY_RECOVERIES: readonly GeneratedFault['kind'][] = ['crash', 'crash', 'crash', 'exception', 'exception', ...GENERATED_KINDS]

const perMille = fc.integer({ min: 0, max: 999 })

/** Faults that do not know yet which job they strike; `planAgainst` makes a plan of them. */
export function generatedFaults({ kinds = MOSTLY_RECOVERIES, maxFaults = 3 }: FaultConstraints = {}): fc.Arbitrary<
  readonly GeneratedFault[]
> {
  const fault = fc.record({
    kind: fc.constantFrom(...kinds),
    at: fc.constantFrom('step', 'time'),
    target: perMille,
    peer: perMille,
    when: perMille,
    ms: fc.integer({ min: 1, max: 200 }),
    noticed: fc.boolean(),
    outcome: fc.constantFrom(...CALL_OUTCOMES),
    direction: fc.constantFrom('both', 'from', 'to'),
    lossy: fc.boolean(),
  })
  return fc.array(fault, { maxLength: maxFaults })
}

/** Plans of faults against a scenario of your own: what there is to strike is measured once, by a run without faults. */
export function faultPlans(scenario: Scenario, mode: Mode, constraints?: FaultConstraints): fc.Arbitrary<FaultPlan> {
  const menu = faultMenu(scenario, mode)
  return generatedFaults(constraints).map((faults) => planAgainst(menu, faults))
}

/** Seeds of everything that neither job nor faults decide. */
export function seeds(): fc.Arbitrary<string> {
  return fc.integer({ min: 0, max: 9_999 }).map((seed) => `property ${seed}`)
}
