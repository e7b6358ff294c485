import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { calm, crash, disconnect, exception, haste, lose, partition, pause, skew, slow, type FaultPlan } from '../faults/index.js'
import { campaignText } from '../report/index.js'
import { runCampaign } from './campaign.js'
import { campaignResult } from './campaign-result.js'
import { cellsOf } from './cell.js'
import { DRIVERS } from './drivers/driver-name.js'
import { inThisThread } from './chunk-runners.js'
import { runExperiment, type ExperimentResult } from './experiment.js'
import type { Behavior } from '../world/index.js'
import { planInWords } from './plan-in-words.js'
import { parseToken } from './replay-token.js'
import type { Reduction } from './reduction.js'
import type { JobSetUp, Scenario } from './scenario.js'

/** Of a kind that nobody knows. */
const ownBroker: Behavior<null, null, { readonly kind: 'never' }> = {
  kind: 'own-broker',
  digest: () => 0,
  start: () => null,
  receive: () => undefined,
}

const PROCESSES = 'outside, storage, store, JobManager, TaskManager-0, TaskManager-1'

function run(plan: FaultPlan, reduction?: Reduction): ExperimentResult {
  return runExperiment({ scenario: sliceScenario, mode: 'aligned', seed: 'slip', plan, ...(reduction && { reduction }) })
}

it("a plan may name failpoints of code of one's own, which begin with a word of their own", () => {
  const plan: FaultPlan = [
    { kind: 'crash', process: '*', at: { point: 'mysink.flushed', nth: 1 }, downUs: 1 },
    { kind: 'call', point: 'mystore.write', nth: 1, outcome: 'failed' },
  ]
  expect(run(plan).status).toBe('FINISHED')
})

describe('a plan with a slip is refused where it is run:', () => {
  it.each<[string, FaultPlan, string, string]>([
    [
      'a failpoint that there is not',
      [{ kind: 'crash', process: '*', at: { point: 'task.barrier.frist', nth: 1 }, downUs: 1 }],
      "plan $.0: there is no failpoint 'task.barrier.frist' for this kind of fault (did you mean task.barrier.first?)",
      'allowed: checkpoint.trigger.planned, ',
    ],
    ['a call that is none', [{ kind: 'rpc', rpc: 'notifyComplete', nth: 1 }], "there is no failpoint 'notifyComplete'", 'notify-complete'],
    [
      'a call that cannot be applied later',
      [{ kind: 'call', point: 'store.load', nth: 1, outcome: 'unknown-later' }],
      'plan $.0.outcome: store.load cannot be applied later',
      'storage.put',
    ],
    [
      'a call into a system that the job does not have',
      [lose('notifyComplete'), { kind: 'call', point: 'kafka.end-txn', nth: 1, outcome: 'failed' }],
      'plan $.1.point: nobody answers kafka.end-txn: the job has no broker',
      'allowed: storage.put, storage.get, storage.delete, store.add, store.load, store.next-id, store.session, ',
    ],
    ['turn 0', [{ kind: 'rpc', rpc: 'acknowledge', nth: 0 }], 'plan $.0.nth: Too small', 'allowed: a whole number from 1 on'],
    ['turn 0 of a step', [crash().at('task.barrier.first', { nth: 0 })], 'plan $.0.at.nth: Too small', 'allowed: a whole number from 1 on'],
    ['a negative time', [crash('JobManager').atTime(-5)], 'plan $.0.at.timeUs: Too small', 'allowed: whole µs from 0 on'],
    ['no time', [crash('JobManager').atTime(NaN)], 'plan $.0.at.timeUs: Invalid input: expected number, received NaN', 'whole µs'],
    ['part of a µs', [crash('JobManager').atTime(0.5)], 'plan $.0.at.timeUs: Invalid input: expected int', 'whole µs'],
    ['a span that ends first', [partition('JobManager', { from: 9, until: 3 })], 'plan $.0.forUs: Too small', 'whole µs from 0 on'],
    ['a slow span that ends first', [slow('JobManager', { from: 9, until: 3, extraUs: 1 })], 'plan $.0.untilUs: is before 9', 'from 9 on'],
    ['no one to crash at a step', [crash('TaskManger-0').at('task.barrier.first')], "there is no process 'TaskManger-0'", 'TaskManager-0'],
    [
      'no one to crash at a time',
      [crash('TaskManger-0').atTime(9)],
      "plan $.0.process: there is no process 'TaskManger-0' (did you mean TaskManager-0?)",
      `allowed: ${PROCESSES}`,
    ],
    ['whoever at a time', [crash().atTime(9)], "there is no process '*'", PROCESSES],
    ['no one to stop', [pause('TaskManager-9', 5).atTime(9)], "there is no process 'TaskManager-9'", PROCESSES],
    ['no one to slow down', [slow('TaskManager-9', { from: 0, until: 9, extraUs: 5 })], "there is no process 'TaskManager-9'", PROCESSES],
    ['no clock', [skew('TaskManager-9', { byUs: 5 })], "there is no process 'TaskManager-9'", PROCESSES],
    ['no one to cut off', [partition('TaskManager-9', { from: 1, until: 9 })], "plan $.0.process: there is no process 'TaskM", PROCESSES],
    [
      'no one to be cut off from',
      [skew('JobManager', { byUs: 5 }), partition('TaskManager-0', { from: 1, until: 9, others: ['JobManager', 'kafak'] })],
      "plan $.1.others.1: there is no process 'kafak'",
      PROCESSES,
    ],
    [
      'no other end',
      [disconnect('TaskManager-0', 'external-stor').atTime(9)],
      "plan $.0.other: there is no process 'external-stor'",
      PROCESSES,
    ],
    [
      'no one to take a step',
      [crash().at('task.barrier.first', { who: 'TaskManager-9' })],
      "plan $.0.at.who: nobody in the job is called 'TaskManager-9' (did you mean TaskManager-0?)",
      PROCESSES,
    ],
    ['no subtask to throw', [exception('task.record', { who: 'sink-9' })], "plan $.0.who: nobody in the job is called 'sink-9'", 'sink-1'],
    ['no one to be told', [lose('notifyComplete', { to: 'snik' })], "plan $.0.who: nobody in the job is called 'snik'", 'sink'],
  ])('%s', (_, plan, what, allowed) => {
    expect(() => run(plan)).toThrow(what)
    expect(() => run(plan)).toThrow(allowed)
  })
})

describe('a plan fits', () => {
  it.each(['source', 'source-1', 'sink', 'committer-0', 'writer', 'broker', 'Sink-1', 'TaskManager-1', 'JobManager', 'outside'])(
    'steps that are taken by %s',
    (who) => {
      expect(run([crash().at('task.barrier.first', { who, nth: 99 })]).status).toBe('FINISHED')
    },
  )

  it("calls into any system, where one outside is of one's own", () => {
    const plan: FaultPlan = [{ kind: 'call', point: 'kafka.end-txn', nth: 1, outcome: 'failed' }]
    const scenario: Scenario = {
      ...sliceScenario,
      setUp(world, mode) {
        const setUp = sliceScenario.setUp(world, mode)
        const process = world.process('mine')
        world.add(process, ownBroker, 'my-broker', null)
        return { ...setUp, outside: [...setUp.outside, { process, strikable: false }] }
      },
    }
    expect(runExperiment({ scenario, mode: 'aligned', seed: 'own', plan }).status).toBe('FINISHED')
  })

  it('and tells what of it hit nothing', () => {
    const never = crash().at('task.barrier.first', { nth: 9999 })
    expect(run([haste(), never, crash().at('task.barrier.first'), calm(5).atTime(1)]).unlanded).toEqual([never])
  })

  it('whoever takes a step', () => {
    expect(run([crash().at('task.barrier.first'), pause('*', 9).at('task.barrier.aligned')]).verdict?.evidence.faults).toEqual({
      crash: 1,
      pause: 1,
    })
  })

  it('a smaller job whose plan names what it does without, unless it strikes there at a time', () => {
    const smaller: Reduction = { taskManagers: 1 }
    const held = run([crash('TaskManager-1').at('task.barrier.first'), partition('TaskManager-1', { from: 1, until: 9 })], smaller)
    expect(held.verdict?.evidence.faults).toEqual({})
    expect(() => run([crash('TaskManager-1').atTime(9)], smaller)).toThrow("there is no process 'TaskManager-1'")
    expect(() => run([crash('TaskManager-2').at('task.barrier.first')], smaller)).toThrow("there is no process 'TaskManager-2'")
  })
})

describe('a campaign', () => {
  it('refuses its plan before the first run, and names the cell', async () => {
    const cells = cellsOf([sliceScenario], ['aligned'])
    const plan = [crash('TaskManger-0').atTime(9)]
    await expect(runCampaign(cells, { seed: 'slip', runs: 1, plan }, inThisThread(cells))).rejects.toThrow(
      `plan $.0.process in ${sliceScenario.name} (aligned): there is no process 'TaskManger-0'`,
    )
  })

  it('tells which faults of its plan landed in no run', async () => {
    const cells = cellsOf([sliceScenario], ['aligned'])
    const never = crash().at('task.barrier.first', { who: 'source' })
    const plan = [never, crash().at('task.barrier.first'), haste()]
    const outcome = await runCampaign(cells, { seed: 'slip', runs: 3, plan }, inThisThread(cells))
    const result = campaignResult(outcome, [])
    expect(result.cells.map(({ unlanded }) => unlanded)).toEqual([planInWords([never])])
    expect(campaignText(result, { replayArguments: '' })).toContain(`  slice aligned: landed in no run: ${planInWords([never]).join('')}`)
    const twice = campaignText({ ...result, cells: [...result.cells, ...result.cells] }, { replayArguments: '' })
    expect(twice).toContain(`  slice aligned and 1 other: landed in no run: ${planInWords([never]).join('')}`)
    const one = await runCampaign(cells, { seed: 'slip', runs: 3 }, inThisThread(cells))
    expect(campaignResult(one, []).cells[0]).not.toHaveProperty('unlanded')
  })

  it('does not say so of faults where a run ended in an error, which they may have brought about, or where there was none', async () => {
    const setUp = (...[world, mode]: Parameters<Scenario['setUp']>): JobSetUp => {
      if (++setUps > 2) throw new Error('not any more')
      return sliceScenario.setUp(world, mode)
    }
    let setUps = 0
    const cells = cellsOf([{ ...sliceScenario, setUp }], ['aligned'])
    const plan = [crash().at('task.barrier.first', { who: 'source' }), haste()]
    const options = { seed: 'slip', plan, repeatSteps: false }
    const ended = campaignResult(await runCampaign(cells, { ...options, runs: 2 }, inThisThread(cells)), [])
    expect(ended.defects.map(({ token }) => parseToken(token).plan)).toEqual([plan])
    expect(ended.cells[0]).not.toHaveProperty('unlanded')
    const none = campaignResult(await runCampaign(cells, { ...options, runs: 2, signal: AbortSignal.abort() }, inThisThread(cells)), [])
    expect(none.runs).toBe(0)
    expect(none.cells[0]).not.toHaveProperty('unlanded')
  })

  it('runs its plan whoever drives', async () => {
    const cells = cellsOf([sliceScenario], ['aligned'])
    const options = { seed: 'slip', runs: 3, plan: [crash().at('task.barrier.first')] }
    for (const driver of DRIVERS) {
      const { cells: outcomes } = await runCampaign(cells, { ...options, driver }, inThisThread(cells, driver))
      expect([driver, outcomes[0]?.tally.evidence.faults]).toEqual([driver, { crash: 3 }])
    }
  })

  it('does not ask again whether it fits', async () => {
    const cells = cellsOf([sliceScenario], ['aligned'])
    const plan = [lose('notifyComplete', { to: 'snik' })]
    const { cells: outcomes } = await runCampaign(cells, { seed: 'slip', runs: 1, plan, checked: true }, inThisThread(cells))
    expect(outcomes.map(({ tally }) => tally.statuses)).toMatchObject([{ FINISHED: { runs: 1 } }])
  })
})
