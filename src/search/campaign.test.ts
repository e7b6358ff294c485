import { runInThisContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { userCodeScenario } from '../../test/engine/user-code-scenario.js'
import type { Word } from '../../scenarios/words.js'
import { UserCodeError } from '../world/index.js'
import { runCampaign, type CampaignOptions, type CampaignOutcome, type ChunkRunner } from './campaign.js'
import { campaignResult } from './campaign-result.js'
import { CellRunner, cellsOf, type Cell } from './cell.js'
import { inThisThread } from './chunk-runners.js'
import { explainViolations } from './explain-violations.js'
import { replayRun } from './replay.js'
import { parseToken } from './replay-token.js'
import { emptyTally } from './run-tally.js'
import type { Scenario } from './scenario.js'

/** Promises more than checkpoints in at-least-once mode can keep, and asks for something that never happens. */
const overclaiming: Scenario = {
  ...sliceScenario,
  name: 'overclaiming',
  modes: ['off'],
  claims: () => [{ guarantee: 'exactly-once', at: 'external-store' }],
  witnesses: () => ['recovered', 'phantom-output'],
}

const cells = cellsOf([sliceScenario], ['aligned', 'off'])

/** Workers that answer in another order than they were asked. */
function outOfOrder(some: readonly Cell[], concurrency: number): ChunkRunner {
  const runner = new CellRunner(some)
  let asked = 0
  return {
    concurrency,
    run: async (chunk, campaign) => {
      const wait = (asked++ * 7) % 5
      for (let i = 0; i < wait; i++) await new Promise((resolve) => setImmediate(resolve))
      return runner.runChunk(chunk, campaign)
    },
    close: () => Promise.resolve(),
  }
}

/** Runs nothing: each chunk is one run that recovered and took 5 ms. */
const quick: ChunkRunner = {
  concurrency: 1,
  run: async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    const tally = { ...emptyTally(), runs: 1, witnesses: { recovered: { seed: 'test-0', run: 0, runs: 1 } } }
    return { tally, finds: [], ends: [] }
  },
  close: () => Promise.resolve(),
}

function resultOf(outcome: CampaignOutcome) {
  return { ...campaignResult(outcome, explainViolations(outcome)), seconds: 0 }
}

async function campaign(
  some: readonly Cell[],
  options: Omit<CampaignOptions, 'seed'>,
  runner = inThisThread(some),
): Promise<CampaignOutcome> {
  return runCampaign(some, { seed: 'test', repeatSteps: false, ...options }, runner)
}

describe('campaign', () => {
  it('is the same however many work on it and in whatever order they answer', async () => {
    const alone = resultOf(await campaign(cells, { runs: 50 }))
    const many = resultOf(await campaign(cells, { runs: 50 }, outOfOrder(cells, 4)))
    expect(many).toEqual(alone)
    expect(JSON.stringify(many)).toBe(JSON.stringify(alone))
    expect(alone.runs).toBe(100)
    expect(alone.verdict).toBe('holds')
  })

  it('counts what its runs come to', async () => {
    const {
      cells: [aligned, off],
      modes,
    } = resultOf(await campaign(cells, { runs: 30 }))
    expect(aligned?.claims.map(({ guarantee, at, verdict, runs, upperBound }) => [guarantee, at, verdict, runs, upperBound])).toEqual([
      ['exactly-once', 'state', 'holds', 30, 0.1],
      ['exactly-once', 'external-store', 'holds', 30, 0.1],
    ])
    expect(aligned?.evidence.fractions.fullRecovery).toBeGreaterThan(0.5)
    expect(aligned?.evidence.recordsReplayed).toBeGreaterThan(0)
    expect(Object.values(aligned?.evidence.faults ?? {}).reduce((a, b) => a + b)).toBeGreaterThan(30)
    // Nothing is promised without checkpoints: what is left is derived.
    expect(off?.claims.map(({ guarantee, at, promised }) => [guarantee, at, promised])).toContainEqual([
      'at-least-once',
      'external-store',
      false,
    ])
    expect(modes.map(({ mode, runs }) => [mode, runs])).toEqual([
      ['aligned', 30],
      ['off', 30],
    ])
  })

  it('ends when its time is up, and keeps whole chunks of all cells', async () => {
    const { cells: outcomes, interrupted } = await campaign(cells, { seconds: 0.05 })
    expect(interrupted).toBe(false)
    expect(outcomes.map(({ tally }) => tally.runs)).toContain(20)
    expect(outcomes.every(({ tally }) => tally.runs % 20 === 0)).toBe(true)
  })

  it('gives cells that lack a witness as long again, and only them', async () => {
    const patient: Scenario = { ...sliceScenario, name: 'patient', witnesses: () => ['phantom-output'] }
    const both = cellsOf([patient, sliceScenario], ['aligned'])
    const { cells: outcomes, seconds } = await campaign(both, { seconds: 0.3 }, quick)
    const [lacking = 0, satisfied = 0] = outcomes.map(({ tally }) => tally.runs)
    expect(lacking).toBeGreaterThan(satisfied + 1)
    expect(seconds).toBeGreaterThanOrEqual(0.6)
    const { seconds: enough } = await campaign(both.slice(1), { seconds: 0.3 }, quick)
    expect(enough).toBeLessThan(0.6)
  })

  it('keeps what it has when it is ended, and is incomplete then', async () => {
    const controller = new AbortController()
    const outcome = await campaign(cells, { runs: 10_000, signal: controller.signal, onProgress: () => controller.abort() })
    const result = resultOf(outcome)
    expect(result.runs).toBe(20)
    expect(result.interrupted).toBe(true)
    expect(result.verdict).toBe('incomplete')
  })

  it('tells an error of millrace with its seed, and goes on', async () => {
    const broken: Scenario = {
      ...sliceScenario,
      claims() {
        throw new RangeError('no claims today')
      },
    }
    const some = cellsOf([broken], ['off'])
    const outcome = await campaign(some, { runs: 3 })
    expect(outcome.cells[0]?.tally).toMatchObject({ runs: 3, defects: { 'RangeError: no claims today': { seed: 'test-0', runs: 3 } } })
  })
})

describe('an error of the job', () => {
  /** The outcome with the scenario as it is without the mistake. */
  const whole = (outcome: CampaignOutcome['cells'][number]) => ({ ...outcome, cell: { ...outcome.cell, scenario: sliceScenario } })

  it('is told as such, with its place and seed, and is no defect of millrace', async () => {
    // A file of its own, somewhere else.
    const claims: unknown = runInThisContext('() => {\n  undefined.guarantee\n}', { filename: '/jobs/mine.js' })
    const broken: Scenario = { ...sliceScenario, claims: claims as Scenario['claims'] }
    const { cells: outcomes } = await campaign(cellsOf([broken], ['off']), { runs: 2 })
    const message = "the job's code threw TypeError: Cannot read properties of undefined (reading 'guarantee') in /jobs/mine.js:2"
    expect(outcomes[0]?.tally).toMatchObject({ runs: 2, defects: { [message]: { seed: 'test-0', runs: 2, ofJob: true } } })
    const told = resultOf({ ...(await campaign(cellsOf([sliceScenario], ['off']), { runs: 1 })), cells: outcomes.map(whole) })
    expect(told.defects).toMatchObject([{ scenario: sliceScenario.name, mode: 'off', seed: 'test-0', message, runs: 2, ofJob: true }])
  })

  it('is told with the run that it ended: that without faults, whose steps are repeated, comes first', () => {
    const throwing = userCodeScenario('throwing', {
      job: (words) =>
        words.map((): Word => {
          throw new UserCodeError('no')
        }),
    })
    const runner = new CellRunner(cellsOf([throwing]))
    const told = ([true, undefined] as const).map((repeatSteps) => {
      const { defects } = runner.run({ cell: 0, from: 0, count: 1, ...(repeatSteps && { repeatSteps }) }, 'test')
      return Object.values(defects).map(({ changes }) => changes)
    })
    expect(told).toEqual([[{ plan: [] }], [undefined]])
  })
})

describe('a claim that does not hold', () => {
  const some = cellsOf([overclaiming])

  it('is violated, made smaller, and replayed by its token', async () => {
    const result = resultOf(await campaign(some, { runs: 40 }))
    expect(result.verdict).toBe('violated')
    const [violation] = result.violations
    expect(violation).toMatchObject({
      scenario: 'overclaiming',
      mode: 'off',
      guarantee: 'exactly-once',
      anomaly: 'duplicated',
      nondeterministic: false,
    })
    expect(violation?.counterexample?.plan).toHaveLength(1)
    expect(violation?.counterexample?.events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['fault', 'visible']))

    const again = replayRun(some[0]!, parseToken(violation!.token))
    expect(again.traceHash).toBe(violation!.traceHash)
    expect(again.traceHashAgain).toBe(again.traceHash)
    expect(again.verdict.verdict).toBe('violated')
    expect(again.token).toBe(violation!.token)
  })

  it('names the witness that is missing', async () => {
    const {
      cells: [cell],
    } = resultOf(await campaign(some, { runs: 10 }))
    expect(cell?.witnesses.filter(({ required }) => required).map(({ name, count }) => [name, count > 0])).toEqual([
      ['phantom-output', false],
      ['recovered', true],
    ])
  })

  it('is incomplete where only a witness is missing', async () => {
    const modest: Scenario = { ...overclaiming, claims: () => [{ guarantee: 'at-least-once', at: 'external-store' }] }
    expect(resultOf(await campaign(cellsOf([modest]), { runs: 10 })).verdict).toBe('incomplete')
    const content: Scenario = { ...modest, witnesses: () => ['recovered'] }
    expect(resultOf(await campaign(cellsOf([content]), { runs: 10 })).verdict).toBe('holds')
  })

  it('is undecided where nobody looks', async () => {
    const elsewhere: Scenario = { ...overclaiming, witnesses: () => [], claims: () => [{ guarantee: 'exactly-once', at: 'log' }] }
    const {
      verdict,
      cells: [cell],
    } = resultOf(await campaign(cellsOf([elsewhere]), { runs: 2 }))
    expect(verdict).toBe('incomplete')
    expect(cell?.claims.at(-1)).toMatchObject({ at: 'log', verdict: 'undecided', missing: 'nothing was judged at log' })
  })
})

describe('a scenario that is another one each time it is built', () => {
  let builds = 0
  const moody: Scenario = {
    ...overclaiming,
    setUp(world, mode) {
      const setUp = sliceScenario.setUp(world, mode)
      const configuration = {
        ...setUp.graph.configuration,
        restart: { type: 'fixed-delay', attempts: 100, delayUs: 50_000 + builds++ },
      } as const
      return { ...setUp, graph: { ...setUp.graph, configuration } }
    },
  }
  const some = cellsOf([moody])

  it('is found out when the first violation is run again', async () => {
    const { violations } = resultOf(await campaign(some, { runs: 40 }))
    expect(violations.map(({ nondeterministic }) => nondeterministic)).toEqual([true])
  })

  it('is found out when a token is replayed', () => {
    const { traceHash, traceHashAgain, parting } = replayRun(some[0]!, { seed: 'test-2' })
    expect(traceHashAgain).not.toBe(traceHash)
    expect(parting?.one?.seq).toBe(parting?.other?.seq)
    expect(parting?.one).not.toEqual(parting?.other)
  })
})
