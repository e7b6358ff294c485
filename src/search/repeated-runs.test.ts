import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { runCampaign } from './campaign.js'
import { campaignResult } from './campaign-result.js'
import { CellRunner, cellsOf } from './cell.js'
import { inThisThread } from './chunk-runners.js'
import { isRepeated } from './chunk-result.js'
import type { Side } from './determinism.js'
import { Repeater } from './repeated-runs.js'
import { stepsUntil, traceRuns } from './run-trace.js'

const cells = cellsOf([sliceScenario], ['off'])

/** Another process, whose traces may be tampered with. */
function side(tamper: (hash: string) => string = (hash) => hash): () => Promise<Side> {
  const runner = new CellRunner(cells)
  return () =>
    Promise.resolve({
      name: 'test',
      trace: (requests) => Promise.resolve(traceRuns(runner, requests).map((trace) => ({ ...trace, traceHash: tamper(trace.traceHash) }))),
      stepsUntil: (request, step) => Promise.resolve(stepsUntil(runner, request, step)),
      close: () => undefined,
    })
}

describe('runs that are repeated', () => {
  it('are one in twenty, of every cell', () => {
    const runs = Array.from({ length: 2000 }, (_, i) => i)
    for (const count of [1, 7, 20, 26]) {
      const ofCells = Array.from({ length: count }, (_, cell) => runs.filter((run) => isRepeated(cell, count, run)).length)
      expect([Math.min(...ofCells), Math.max(...ofCells)]).toEqual([expect.any(Number), expect.any(Number)])
      expect(Math.min(...ofCells)).toBeGreaterThan(80)
      expect(Math.max(...ofCells)).toBeLessThan(120)
    }
  })

  it('end the same, or are named', async () => {
    const campaign = async (repeater: Repeater) =>
      campaignResult(await runCampaign(cells, { seed: 'again', runs: 12, repeater, repeatSteps: false }, inThisThread(cells)), [])
    const same = await campaign(new Repeater(cells, side()))
    expect(same.repeated).toEqual({ verdict: 'deterministic', runs: 1 })
    const other = await campaign(
      new Repeater(
        cells,
        side((hash) => hash.replace(/.$/, (last) => (last === '0' ? '1' : '0'))),
      ),
    )
    expect(other.repeated).toMatchObject({ verdict: 'differs', runs: 1, first: { seed: 'again-10', mode: 'off' } })
    // Both sides are tampered with alike: the comparison step by step finds nothing.
    expect(other.repeated?.first?.parting).toBeUndefined()
  })
})
