import { describe, expect, it } from 'vitest'
import { importJob } from '../src/flink/index.js'
import { CellRunner } from '../src/search/cell.js'
import { faultMenu } from '../src/search/index.js'
import { importedScenarios } from './imported-plan.js'

const RUNS = 40
const PLAN = 'test/fixtures/rest/eo-aligned-2pc'

async function bestGuess(...set: readonly string[]) {
  const [first] = importedScenarios(await importJob({ plan: PLAN, set }))
  if (first === undefined) throw new RangeError('a plan without any possibility')
  return first
}

describe('an imported job', () => {
  // Its checkpoint timeout is one minute.
  it.each(['100 ms', '20 s', '3 min', '1 h'])('with checkpoints %s apart is struck as often, in the same moments', async (interval) => {
    const { scenario, mode } = await bestGuess(`execution.checkpointing.interval=${interval}`)
    const tally = new CellRunner([{ scenario, mode }]).run({ cell: 0, from: 0, count: RUNS }, 'interval')
    expect(Object.values(tally.anomalies).filter(({ standing }) => standing === 'violation')).toEqual([])
    expect(tally.defects).toEqual({})
    expect(tally.evidence.fullRecovery).toBeGreaterThan(0.7 * RUNS)
    expect(tally.evidence.strikeRuns['trigger-to-last-ack']).toBeGreaterThan(0.4 * RUNS)
    expect(tally.evidence.strikeRuns['store-to-last-notification']).toBeGreaterThan(0.3 * RUNS)
  })

  it.each(['100 ms', '3 min', '1 h'])('with checkpoints %s apart completes every one of them when nothing goes wrong', async (interval) => {
    const { scenario, mode } = await bestGuess(`execution.checkpointing.interval=${interval}`)
    const { reached } = faultMenu(scenario, mode)
    const [begun = 0, completed = 0] = ['checkpoint.pending.created', 'checkpoint.store.added'].map((step) => reached.get(step))
    expect(completed).toBeGreaterThanOrEqual(9)
    // The job may end while the last one is pending.
    expect(begun - completed).toBeLessThanOrEqual(1)
  })
})
