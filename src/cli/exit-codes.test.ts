import { describe, expect, it } from 'vitest'
import { result } from '../../test/report/hand-made-results.js'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { checkScope, parseScope, replayRun } from '../search/index.js'
import { exitCodeOfCampaign, exitCodeOfCheck, exitCodeOfReplay } from './exit-codes.js'

describe('exit codes', () => {
  const [violation] = result.violations
  const defect = { scenario: 's', mode: 'off', seed: '1', token: 't', message: 'm', runs: 1 } as const

  it.each([
    ['holds', 0],
    ['violated', 1],
    ['incomplete', 4],
  ] as const)('of a campaign that %s: %i', (verdict, code) => {
    expect(exitCodeOfCampaign({ verdict, violations: [], defects: [] })).toBe(code)
  })

  it('of a violation that cannot be repeated: 3', () => {
    expect(exitCodeOfCampaign({ ...result, violations: [{ ...violation!, nondeterministic: true }] })).toBe(3)
  })

  it('of a defect of millrace: 70, whatever else was found', () => {
    expect(exitCodeOfCampaign({ ...result, defects: [defect] })).toBe(70)
  })

  it('of an error of the job: 1, unless millrace has a defect', () => {
    const ofJob = { ...defect, ofJob: true } as const
    expect(exitCodeOfCampaign({ verdict: 'incomplete', violations: [], defects: [ofJob] })).toBe(1)
    expect(exitCodeOfCampaign({ verdict: 'incomplete', violations: [], defects: [ofJob, defect] })).toBe(70)
  })

  it('of a check: by its verdict, and 3 when a step was another one when it was repeated', () => {
    const check = { scenario: sliceScenario, mode: 'aligned', scope: parseScope('records=1'), reductions: [] } as const
    const checked = checkScope(check, { states: 10 })
    expect(exitCodeOfCheck({ verdict: 'violated', checked: [checked] })).toBe(1)
    const violation = { reason: 'not deterministic', path: [], nondeterministic: true } as const
    expect(exitCodeOfCheck({ verdict: 'violated', checked: [{ ...checked, violation }] })).toBe(3)
  })

  it('of a replay: by its verdict, and 3 when the second run was another one', () => {
    const replay = replayRun({ scenario: sliceScenario, mode: 'aligned' }, { seed: 'exit', plan: [] })
    expect(exitCodeOfReplay(replay)).toBe(0)
    expect(exitCodeOfReplay({ ...replay, traceHashAgain: '0000000000000000' })).toBe(3)
  })
})
