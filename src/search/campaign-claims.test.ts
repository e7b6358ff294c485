import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { campaignResult } from './campaign-result.js'
import type { CampaignOutcome } from './campaign.js'
import { emptyTally, type PointTally, type RunTally } from './run-tally.js'
import type { Scenario } from './scenario.js'

const point = (at: string, runs: number): PointTally => ({ at, runs, beyond: 2, undecided: 0, refuted: {} })
const scenario: Scenario = {
  ...sliceScenario,
  claims: () => [
    { guarantee: 'exactly-once', at: 'a' },
    { guarantee: 'at-least-once', at: 'b' },
  ],
  witnesses: () => ['recovered'],
}
const resultOf = (tally: RunTally, interrupted = false) => {
  const outcome: CampaignOutcome = {
    seed: 's',
    driver: 'swarm',
    cells: [{ cell: { scenario, mode: 'aligned' }, tally }],
    interrupted,
    seconds: 1,
  }
  return campaignResult(outcome, [])
}
const tallyOf = (runs: number): RunTally => {
  const tally = emptyTally()
  tally.runs = tally.counted = 3
  tally.points.push(point('a', runs), point('b', runs))
  tally.witnesses['recovered'] = { seed: 's-1', run: 1, runs: 2 }
  return tally
}

describe('the result of a campaign', () => {
  it('has each promise at the point it speaks of, and at no other', () => {
    const [cell] = resultOf(tallyOf(3)).cells
    expect(cell?.claims.map(({ guarantee, at, verdict }) => [guarantee, at, verdict])).toEqual([
      ['exactly-once', 'a', 'holds'],
      ['at-least-once', 'b', 'holds'],
    ])
    expect(cell?.witnesses).toEqual([
      { name: 'recovered', required: true, count: 2, firstSeed: 's-1', token: expect.stringMatching(/\.s-1$/) },
    ])
    expect(resultOf(tallyOf(3)).verdict).toBe('holds')
  })
  it('is incomplete when it was interrupted', () => {
    expect(resultOf(tallyOf(3), true).verdict).toBe('incomplete')
  })
  it('is incomplete where a witness was never seen', () => {
    const tally = tallyOf(3)
    delete tally.witnesses['recovered']
    expect(resultOf(tally).verdict).toBe('incomplete')
  })
  it('says which precondition every run breaks where none counts', () => {
    const tally = tallyOf(0)
    tally.broken['transaction-timed-out'] = { seed: 's-0', run: 0, runs: 3, message: 'm' }
    const [cell] = resultOf(tally).cells
    expect(cell?.claims.map(({ verdict, missing }) => [verdict, missing])).toEqual([
      ['undecided', 'every run breaks a precondition (transaction-timed-out)'],
      ['undecided', 'every run breaks a precondition (transaction-timed-out)'],
    ])
  })
})
