import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { plain } from '../report/index.js'
import { CellRunner } from '../search/cell.js'
import type { CampaignOutcome } from '../search/index.js'
import { finishCampaign } from './finish-campaign.js'
import type { Terminal } from './terminal.js'

const folder = mkdtempSync(join(tmpdir(), 'finish-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const overclaiming = { ...sliceScenario, claims: () => [{ guarantee: 'exactly-once', at: 'external-store' }] as const }
const cell = { scenario: overclaiming, mode: 'off' } as const
const tally = new CellRunner([cell]).run({ cell: 0, from: 0, count: 20 }, 'again')
const outcome: CampaignOutcome = { seed: 'again', driver: 'swarm', cells: [{ cell, tally }], interrupted: false, seconds: 0 }

it('what was found is written before it is explained', async () => {
  const dies = (): never => {
    throw new Error('out of memory')
  }
  const terminal: Terminal = { out: dies, document: dies, note: dies, raw: dies, paint: plain, refreshes: true }
  const options = { output: folder, failures: join(folder, 'failures') }
  await expect(finishCampaign(outcome, { retried: [], job: undefined }, options, terminal)).rejects.toThrow('out of memory')
  const document: unknown = JSON.parse(readFileSync(join(options.output, 'results.json'), 'utf8'))
  expect(document).toMatchObject({ verdict: 'violated', violations: [{ seed: 'again-0', anomaly: expect.any(String) as string }] })
  expect(existsSync(join(options.output, 'summary.md'))).toBe(true)
})
