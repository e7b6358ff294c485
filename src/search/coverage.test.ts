import { expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import { cellsOf } from './cell.js'
import { runCampaign } from './campaign.js'
import { inThisThread } from './chunk-runners.js'
import { coverageOf } from './coverage.js'

it('cells are covered by what landed in any mode, and the curve goes up to what is covered in the end', async () => {
  const cells = cellsOf(scenarios.filter(({ name }) => name === 'file-to-file'))
  const outcome = await runCampaign(cells, { seed: 'cover', runs: 24, repeatSteps: false }, inThisThread(cells))
  const { total, covered, unreachable, curve, scenarios: by } = coverageOf(outcome)
  expect(by.map(({ name }) => name)).toEqual(['file-to-file'])
  expect(by[0]?.cells).toHaveLength(total)
  const landed = new Set(outcome.cells.flatMap(({ tally }) => Object.keys(tally.landed)))
  expect(covered).toBe(landed.size)
  expect(unreachable).toBeLessThanOrEqual(total / 10)
  expect(curve.length).toBeGreaterThan(3)
  curve.forEach(([runs, count], i) => {
    expect(runs).toBeGreaterThan(curve[i - 1]?.[0] ?? 0)
    expect(count).toBeGreaterThan(curve[i - 1]?.[1] ?? 0)
  })
  expect(curve.at(-1)?.[1]).toBe(covered)
  // A cell that only one mode can reach is reachable.
  expect(coverageOf({ ...outcome, cells: outcome.cells.slice(2) }).total).toBeLessThan(total)
})
