import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { runCampaign, type ChunkRunner } from './campaign.js'
import { campaignResult } from './campaign-result.js'
import { cellsOf, type Chunk } from './cell.js'
import { inThisThread } from './chunk-runners.js'
import { explainViolations } from './explain-violations.js'

describe('campaign', () => {
  it('x', async () => {
    const cells = cellsOf([sliceScenario])
    const outcome = await runCampaign(cells, { seed: 'a', runs: 200 }, inThisThread(cells))
    const result = campaignResult(outcome, explainViolations(outcome))
    console.log(JSON.stringify({ ...result, violations: result.violations.map((v) => ({ ...v, counterexample: undefined })) }, null, 1))
    console.log(result.violations[0]?.counterexample)
  })
})
