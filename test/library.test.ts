/** The library as its users see it: an experiment, a campaign and a judgement, by the front door only. */
import { describe, expect, it } from 'vitest'
import { campaignResult, cellsOf, formatHistory, inThisThread, judge, parseHistory, runCampaign, runExperiment } from '../src/index.js'
import { sliceScenario } from './engine/slice-scenario.js'

describe('millrace as a library', () => {
  it('runs an experiment, writes its history, and judges it again', () => {
    const experiment = { scenario: sliceScenario, mode: 'aligned', seed: 'library', plan: [] } as const
    const { verdict, header, history } = runExperiment(experiment, { keepHistory: true })
    expect(verdict?.verdict).toBe('holds')
    const again = parseHistory(formatHistory({ header, events: history }))
    expect(judge(again.header, again.events).claims).toEqual(verdict?.claims)
  })

  it('runs a campaign', async () => {
    const cells = cellsOf([sliceScenario], ['aligned'])
    const result = campaignResult(await runCampaign(cells, { seed: 'library', runs: 5 }, inThisThread(cells)), [])
    expect(result).toMatchObject({ verdict: 'holds', runs: 5 })
  })
})
