/** Jobs of which one TaskManager does what another one does, and jobs in which it does not. */
import { describe, expect, it } from 'vitest'
import { scenarios, wordCount } from '../../../scenarios/index.js'
import { checkScope, type CheckedScope } from './check-scope.js'
import type { ReductionName } from './reductions.js'
import { parseScope } from './scope.js'

const ACCEPTED: readonly ReductionName[] = ['systems', 'inline-state', 'mails', 'credits']
const TWINS = 'sources=2,subtasks=2,taskManagers=2'

function checked(name: string, scope: string, reductions: readonly ReductionName[]): CheckedScope {
  const scenario = scenarios.find((each) => each.name === name) ?? wordCount
  return checkScope({ scenario, mode: 'aligned', scope: parseScope(scope), reductions })
}

describe('TaskManagers', { timeout: 120_000 }, () => {
  it('are interchangeable where pipelines run side by side: half of the states, all outputs', () => {
    const whole = checked('file-to-file', TWINS, ACCEPTED)
    const reduced = checked('file-to-file', TWINS, [...ACCEPTED, 'symmetry'])
    expect(whole).toMatchObject({ verdict: 'holds', distinct: 899_243, terminals: 6 })
    // Three states are their own images: the first ones, before either TaskManager has done anything.
    expect(reduced).toMatchObject({ verdict: 'holds', distinct: (whole.distinct + 3) / 2, terminals: 3, depth: whole.depth, because: [] })
    expect([reduced.outputs, reduced.sometimes]).toEqual([whole.outputs, whole.sometimes])
  })

  it.each([
    ['an exchange by keys', 'kafka-to-kafka-exactly-once', TWINS, ACCEPTED, /^task\/0\/0\/0 on \{"kind":"open-channel".* has no image$/],
    [
      'words of the JobManager that all arrive in the step that sends them',
      'file-to-file',
      TWINS,
      [...ACCEPTED, 'rpcs'] as const,
      /^of what must not wait, the images come in another order$/,
    ],
  ] as const)('are not with %s: there is no verdict then', (_, name, scope, reductions, reason) => {
    const { verdict, exhausted, because } = checked(name, scope, [...reductions, 'symmetry'])
    expect([verdict, exhausted]).toEqual(['incomplete', false])
    expect(because[0]?.replace('not all states were seen: no symmetry: ', '')).toMatch(reason)
  })

  it('leave nothing out where there is one', () => {
    const scope = 'records=1'
    expect(checked('file-to-file', scope, [...ACCEPTED, 'symmetry']).distinct).toBe(checked('file-to-file', scope, ACCEPTED).distinct)
  })
})
