/**
 * The example under reports/ is what the command line makes of the result of a real campaign, byte for byte. The result is recorded, so
 * that the example changes with the reports and not with each seed. To record it anew remove the file and run this test with `-u`.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, it } from 'vitest'
import { chosenCells, chosenScenarios } from '../../src/cli/chosen-cells.js'
import { replayArgumentsOf } from '../../src/cli/job-options.js'
import { jobReport } from '../../src/cli/job-report.js'
import { campaignDocument, summaryMarkdown, type CampaignContext } from '../../src/report/index.js'
import { campaignResult, explainViolations, inThisThread, runCampaign, type CampaignResult } from '../../src/search/index.js'

const RECORDED = 'test/fixtures/reports/campaign-result.json'

/** What reports are made of. */
interface Recorded {
  readonly result: CampaignResult
  readonly context: CampaignContext
}

/** A claim about a job of a user's own that does not hold. */
async function record(): Promise<Recorded> {
  const options = {
    plan: 'test/fixtures/rest/alo-skew-append',
    assume: 'reports/example/assume.yaml',
    claim: ['exactly-once@external-store'],
  }
  const { scenarios, job } = await chosenScenarios(options)
  const cells = chosenCells(scenarios, undefined, undefined)
  const outcome = await runCampaign(cells, { seed: 'example', runs: 20, repeatSteps: false }, inThisThread(cells))
  const violations = explainViolations(outcome).map(({ failure: _, ...violation }) => violation)
  const imported = job === undefined ? {} : { imported: jobReport(job.description, job.possibilities) }
  return {
    result: { ...campaignResult(outcome, violations), seconds: 0 },
    context: { replayArguments: replayArgumentsOf(options), ...imported },
  }
}

/** A Map as the pairs in it. */
const written = (key: string, value: unknown): unknown => (value instanceof Map ? { pairs: [...value] } : value)
const read = (key: string, value: unknown): unknown =>
  key === 'names' && typeof value === 'object' && value !== null && 'pairs' in value && Array.isArray(value.pairs)
    ? new Map(value.pairs as [string, string][])
    : value

it('the example report is made anew, byte for byte', async () => {
  if (!existsSync(RECORDED)) {
    mkdirSync(dirname(RECORDED), { recursive: true })
    writeFileSync(RECORDED, `${JSON.stringify(await record(), written, 1)}\n`)
  }
  const { result, context } = JSON.parse(readFileSync(RECORDED, 'utf8'), read) as Recorded
  const results = `${JSON.stringify(campaignDocument(result, context), undefined, 2)}\n`
  await expect(results).toMatchFileSnapshot('../../reports/example/results.json')
  await expect(summaryMarkdown(result, context)).toMatchFileSnapshot('../../reports/example/summary.md')
})

it('the recorded result is one that a campaign still has', async () => {
  const { result, context } = JSON.parse(readFileSync(RECORDED, 'utf8'), read) as Recorded
  const now = await record()
  expect(Object.keys(result).sort()).toEqual(Object.keys(now.result).sort())
  expect(now.result.verdict).toBe(result.verdict)
  expect(context).toEqual(now.context)
  const promised = ({ cells }: CampaignResult) =>
    cells.map(({ name, mode, claims }) => [name, mode, ...claims.filter((claim) => claim.promised).map(({ at, verdict }) => [at, verdict])])
  expect(promised(now.result)).toEqual(promised(result))
})
