import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import type { CampaignOutcome } from './campaign.js'
import type { ViolationResult } from './campaign-result.js'
import { CellRunner } from './cell.js'
import { explainingViolations, explainViolations, type ExplainProgress } from './explain-violations.js'

const overclaiming = { ...sliceScenario, claims: () => [{ guarantee: 'exactly-once', at: 'external-store' }] as const }
const cell = { scenario: overclaiming, mode: 'off' } as const
const tally = new CellRunner([cell]).run({ cell: 0, from: 0, count: 20 }, 'again')
const outcome: CampaignOutcome = { seed: 'again', driver: 'swarm', cells: [{ cell, tally }], interrupted: false, seconds: 0 }

/** Explains, and stops at the step with this number, from 0. */
function stopping(at: number): { readonly steps: readonly ExplainProgress[]; readonly violations: readonly ViolationResult[] } {
  const seen: ExplainProgress[] = []
  const steps = explainingViolations(outcome)
  for (let step = steps.next(); ; step = steps.next(seen.length - 1 === at)) {
    if (step.done === true) return { steps: seen, violations: step.value }
    seen.push(step.value)
  }
}

const whole = stopping(Infinity)

describe('explaining the violations of a campaign', () => {
  it('tells how far it is', () => {
    expect(whole.violations).toEqual(explainViolations(outcome))
    expect(whole.steps[0]).toEqual({ violation: 1, of: whole.violations.length })
    const last = { violation: whole.violations.length, of: whole.violations.length }
    expect(whole.steps.at(-2)).toMatchObject({ ...last, doing: { part: expect.any(String) as string } })
    expect(whole.steps.at(-1)).toEqual({ ...last, doing: 'causes' })
  })

  it('leaves violations as they were found when it is stopped before them', () => {
    const { steps, violations } = stopping(0)
    expect(steps).toHaveLength(1)
    expect(violations.map(({ seed }) => seed)).toEqual(whole.violations.map(({ seed }) => seed))
    expect(violations.some(({ counterexample }) => counterexample !== undefined)).toBe(false)
  })

  it('tells the one that it was at as small as it had become', () => {
    const [before] = stopping(1).violations
    const [after] = whole.violations
    expect(before?.counterexample).toBeDefined()
    expect(before?.counterexample?.jobRecords.left).toBeGreaterThan(after?.counterexample?.jobRecords.left ?? Infinity)
    expect(before).toMatchObject({ anomaly: after?.anomaly, nondeterministic: false })
    expect(after?.counterexample?.explanation).toBeDefined()
    expect(before?.counterexample?.explanation).toBeUndefined()
  })
})
