import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { userCodeScenario } from '../../test/engine/user-code-scenario.js'
import { exitCodeOfCampaign, exitCodeOfReplay } from '../cli/exit-codes.js'
import { campaignDocument, campaignText, replayDocument, replayText } from '../report/index.js'
import { runCampaign, type CampaignOptions } from './campaign.js'
import { campaignResult, type CampaignResult } from './campaign-result.js'
import { cellsOf } from './cell.js'
import { inThisThread } from './chunk-runners.js'
import { replayRun } from './replay.js'
import { parseToken } from './replay-token.js'
import type { Scenario } from './scenario.js'

async function campaign(scenario: Scenario, options: Partial<CampaignOptions> = {}): Promise<CampaignResult> {
  const cells = cellsOf([scenario], ['aligned'])
  const outcome = await runCampaign(cells, { seed: 'test', runs: 3, ...options }, inThisThread(cells))
  return { ...campaignResult(outcome, []), seconds: 0 }
}

const seenInModule = new Set<string>()
const moduleSet = userCodeScenario('module', {
  job: (words) =>
    words.filter(({ key, at }) => {
      const word = `${key} ${String(at)}`
      return !seenInModule.has(word) && seenInModule.add(word).has(word)
    }),
})

function closureCounter(): Scenario {
  const scenario = userCodeScenario('closure', {})
  return {
    ...scenario,
    // Made anew for each run, as in the set-up of a user's job.
    setUp: (world, mode) => {
      let count = 0
      const { setUp } = userCodeScenario('closure', { job: (words) => words.map(({ key }) => ({ key, at: count++ })) })
      return setUp(world, mode)
    },
  }
}

describe('a campaign', () => {
  it('repeats the steps of its first runs, and tells what is not deterministic', async () => {
    const result = await campaign(closureCounter())
    expect(result.verdict).toBe('incomplete')
    expect(result.cells[0]?.verdict).toBe('incomplete')
    const [found] = result.notDeterministic ?? []
    expect(found).toMatchObject({ kind: 'differs', scenario: 'closure', mode: 'aligned', seed: 'test-0' })
    const text = campaignText(result).join('\n')
    expect(text).toContain('NOT DETERMINISTIC     scenario closure   mode aligned   seed test-0: no verdict on it is worth anything')
    expect(text).toContain(`closure aligned: not deterministic: seed test-0, step ${String(found?.step)}, Source: Words`)
    expect(campaignDocument(result)).toMatchObject({
      determinism: { verdict: 'differs', runs: 0, steps: [{ scenario: 'closure', kind: 'differs', replay: found?.token }] },
    })
    expect(exitCodeOfCampaign(result)).toBe(3)
  })

  it('finds what a module keeps, which is there before the faults are drawn', async () => {
    const { notDeterministic } = await campaign(moduleSet)
    expect(notDeterministic).toMatchObject([{ kind: 'differs', scenario: 'module' }])
  })

  it('does not when it is not asked to', async () => {
    const result = await campaign(closureCounter(), { repeatSteps: false })
    expect(result).not.toHaveProperty('notDeterministic')
  })

  it('of sound jobs is the same with and without', async () => {
    const repeated = await campaign(sliceScenario)
    expect(repeated).toEqual(await campaign(sliceScenario, { repeatSteps: false }))
    expect(campaignDocument(repeated)).not.toHaveProperty('determinism')
  })
})

describe('a replay', () => {
  it('repeats the steps of a third run, and tells what is not deterministic', async () => {
    const [cell] = cellsOf([closureCounter()], ['aligned'])
    const [found] = (await campaign(closureCounter())).notDeterministic ?? []
    if (cell === undefined || found === undefined) throw new RangeError('there is nothing to replay')
    const replay = replayRun(cell, parseToken(found.token))
    expect(replay.traceHashAgain).toBe(replay.traceHash)
    expect(replay.notDeterministic).toMatchObject({ kind: 'differs' })
    expect(replayText(replay, 'replay').join('\n')).toMatch(/NOT DETERMINISTIC: step \d+ at 0\.\d+ s, Source: Words/)
    expect(replayDocument(replay, 'replay')).toMatchObject({ deterministic: false, notDeterministic: { kind: 'differs' } })
    expect(exitCodeOfReplay(replay)).toBe(3)
    expect(replayRun(cell, parseToken(found.token), { repeatSteps: false })).not.toHaveProperty('notDeterministic')
  })
})
