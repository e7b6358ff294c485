import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../../test/engine/slice-scenario.js'
import type { FaultMenu, FaultPlan } from '../../faults/index.js'
import { Stream } from '../../world/index.js'
import { runCampaign, type ChunkRunner } from '../campaign.js'
import { campaignResult } from '../campaign-result.js'
import { CellRunner, cellsOf } from '../cell.js'
import { inThisThread } from '../chunk-runners.js'
import { kindOfFault } from '../landing.js'
import { parseToken } from '../replay-token.js'
import { kindsOfNature } from './aimed-kinds.js'
import { Corpus } from './corpus.js'
import { GENERATIONS_BEHIND, Guide } from './guide.js'
import { LeastLanded } from './least-landed.js'
import { mutatePlan } from './mutate-plan.js'
import { ProtocolStates } from './protocol-states.js'

const menu: FaultMenu = {
  processes: ['TaskManager-0'],
  ofTheJob: ['TaskManager-0'],
  moments: [['barrier', 'snapshot', 'upload'], ['metadata'], ['told']],
  exceptions: ['record'],
  harmless: new Set(),
  calls: ['put', 'load'],
  rpcs: ['acknowledge'],
  slow: [],
  connections: [],
  partitions: [],
  pauses: [],
  overtaken: [],
  repeated: [],
  hangs: [],
  tasks: 4,
  heartbeatTimeoutUs: 0,
  latestUs: 400_000,
  recovery: new Set(),
  reached: new Map(
    ['barrier', 'snapshot', 'upload', 'metadata', 'told', 'record', 'put', 'load', 'acknowledge'].map((point) => [point, 9]),
  ),
  firstCheckpointUs: 100_000,
  endUs: 1_000_000,
  maxFaults: 4,
}
const stream = (seed: number): Stream => new Stream(String(seed), 'test')
const crash: FaultPlan = [{ kind: 'crash', process: '*', at: { point: 'snapshot', nth: 3 }, downUs: 1000 }]

describe('aimed faults', () => {
  /** How often each was drawn, as `<kind> <point> <outcome>`; those for which `lands` says so are told to have landed. */
  function drawn(leastLanded: LeastLanded, times: number, lands: (key: string) => boolean = () => true): Map<string, number> {
    const counts = new Map<string, number>()
    for (let seed = 0; seed < times; seed++) {
      const fault = leastLanded.draw(stream(seed), menu)
      const point =
        fault === undefined
          ? ''
          : 'rpc' in fault
            ? fault.rpc
            : 'point' in fault
              ? fault.point
              : 'at' in fault && 'point' in fault.at
                ? fault.at.point
                : ''
      const key = fault === undefined ? 'none' : `${fault.kind} ${point}${'outcome' in fault ? ` ${fault.outcome}` : ''}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
      if (fault !== undefined && lands(key)) leastLanded.landed('', [`${kindOfFault(fault) ?? ''} ${point} task 0`])
    }
    return counts
  }
  const sum = (counts: ReadonlyMap<string, number>, start: string): number =>
    [...counts].reduce((total, [key, times]) => (key.startsWith(start) ? total + times : total), 0)

  it('strike in every way about as often, and each way at every step', () => {
    const counts = drawn(new LeastLanded(), 700)
    // Crashes, exceptions, three outcomes of calls, calls lost and calls late: seven ways.
    expect([sum(counts, 'crash'), sum(counts, 'exception'), sum(counts, 'rpc')].map((times) => Math.round(times / 100))).toEqual([1, 1, 2])
    expect(sum(counts, 'call')).toBeGreaterThan(250)
    for (const point of ['barrier', 'snapshot', 'upload', 'metadata', 'told']) expect(counts.get(`crash ${point}`)).toBeGreaterThan(10)
  })

  it('seldom strike where much has landed, and soon leave alone what is never hit', () => {
    const leastLanded = new LeastLanded()
    leastLanded.landed('', Array.from({ length: 100 }, () => [0, 1].map((depth) => `unknown-lost put storage ${String(depth)}`)).flat())
    const landed = drawn(leastLanded, 400)
    expect(landed.get('call put unknown-lost') ?? 0).toBeLessThan((landed.get('call load unknown-lost') ?? 0) / 4)
    const never = drawn(new LeastLanded(), 1400, (key) => !key.includes('upload'))
    expect(never.get('crash upload')).toBeLessThan((never.get('crash told') ?? 0) / 2)
  })

  it('interrupt a task at any record of the run, however often the job recovers', () => {
    const busy = { ...menu, exceptions: ['task.record', 'record'], reached: new Map([...menu.reached, ['task.record', 400]]) }
    const leastLanded = new LeastLanded()
    const plan = Array.from({ length: 200 }, (_, seed) =>
      leastLanded.draw(stream(seed), busy, {
        kinds: kindsOfNature(busy, 'interruption'),
        before: [{ kind: 'exception', point: 'record', nth: 1 }],
      }),
    )
    expect(plan.every((fault) => fault?.kind === 'exception' && fault.point === 'task.record' && fault.depth === undefined)).toBe(true)
    const quarters = [0, 1, 2, 3].map(
      (quarter) => plan.filter((fault) => fault !== undefined && 'nth' in fault && Math.ceil(fault.nth / 100) === quarter + 1).length,
    )
    expect(Math.min(...quarters)).toBeGreaterThan(30)
  })

  it('are none where nothing can go wrong', () => {
    const nothing = { ...menu, moments: [], exceptions: [], calls: [], rpcs: [] }
    expect(new LeastLanded().draw(stream(1), nothing)).toBeUndefined()
  })
})

describe('a changed plan', () => {
  it('strikes at a neighbouring step, at another time, twice, or something else; and is never empty', () => {
    const plans = Array.from({ length: 300 }, (_, seed) => mutatePlan(stream(seed), crash, menu))
    const points = plans.flatMap(([fault]) => (fault?.kind === 'crash' && 'point' in fault.at ? [fault.at.point] : []))
    expect(new Set(points)).toEqual(new Set(['barrier', 'snapshot', 'upload']))
    expect(new Set(plans.map(({ length }) => length))).toEqual(new Set([1, 2]))
    expect(plans.every((plan) => plan.every((fault) => !('nth' in fault) || fault.nth >= 1))).toBe(true)
    expect(mutatePlan(stream(7), crash, menu)).toEqual(plans[7])
  })

  it('does not grow without end', () => {
    let plan = crash
    for (let seed = 0; seed < 300; seed++) plan = mutatePlan(stream(seed), plan, menu)
    expect(plan.length).toBeLessThanOrEqual(6)
  })
})

it('a corpus keeps what is new, and offers most what was new and seldom taken', () => {
  const corpus = new Corpus()
  corpus.add('a', undefined, { landings: ['crash x task 0'], states: [1, 2] })
  corpus.add('b', undefined, { landings: ['crash x task 0'], states: [2] })
  expect(corpus.size).toBe(1)
  corpus.add('c', undefined, { landings: [], states: [3] })
  expect(corpus.size).toBe(2)
  const taken = Array.from({ length: 40 }, (_, i) => corpus.take(stream(i))?.seed)
  expect(taken.filter((seed) => seed === 'a').length).toBeGreaterThan(taken.filter((seed) => seed === 'c').length)
  expect(taken).toContain('c')
  for (let i = 0; i < 200; i++) corpus.add(`s${String(i)}`, undefined, { landings: [], states: [100 + i] })
  expect(corpus.size).toBe(96)
})

it('states of the protocol forget times and identities, and tell phases apart', () => {
  const statesOf = (checkpoint: number, events: number): number[] => {
    const states = new ProtocolStates()
    const all = [
      { kind: 'checkpoint-triggered', checkpoint } as const,
      { kind: 'snapshot-taken', checkpoint, vertex: 'v', subtask: 0, attempt: 1 } as const,
      { kind: 'checkpoint-completed', checkpoint } as const,
    ]
    all.slice(0, events).forEach((event, seq) => states.step({ ...event, seq, t: 1000 * checkpoint + seq }))
    return [...states.seen]
  }
  expect(statesOf(1, 3)).toEqual(statesOf(7, 3))
  expect(new Set(statesOf(1, 3)).size).toBe(3)
  expect(statesOf(1, 2)).toEqual(statesOf(1, 3).slice(0, 2))
})

describe('a guided campaign', () => {
  const cells = cellsOf([sliceScenario], ['aligned'])

  it('takes a generation in only when the one behind it is due', () => {
    const guide = new Guide(1, () => menu)
    const finds = { landings: ['crash barrier task 0'], states: [1, 2, 3] }
    for (let run = 0; run < guide.runsOfCell; run++) guide.learn(0, run, `s-${String(run)}`, { plan: crash }, finds)
    const changesIn = (generation: number) =>
      Array.from({ length: guide.runsOfCell }, (_, i) => guide.changesOf(0, generation * guide.runsOfCell + i, `t-${String(i)}`))
    expect(changesIn(GENERATIONS_BEHIND - 1).some((changes) => changes?.seed === 's-0')).toBe(false)
    expect(changesIn(GENERATIONS_BEHIND).some((changes) => changes?.seed === 's-0')).toBe(true)
  })

  it('is the same however many work on it, and its runs are told by their tokens', { timeout: 120_000 }, async () => {
    const runner = new CellRunner(cells, 'guided')
    let asked = 0
    const outOfOrder: ChunkRunner = {
      concurrency: 4,
      run: async (chunk, campaign) => {
        const wait = (asked++ * 7) % 5
        for (let i = 0; i < wait; i++) await new Promise((resolve) => setImmediate(resolve))
        return runner.runChunk(chunk, campaign)
      },
      close: () => Promise.resolve(),
    }
    const options = { seed: 'guided', driver: 'guided', runs: 40, repeatSteps: false } as const
    const alone = await runCampaign(cells, options, inThisThread(cells, 'guided'))
    const many = await runCampaign(cells, options, outOfOrder)
    expect(JSON.stringify(many.cells[0]?.tally)).toBe(JSON.stringify(alone.cells[0]?.tally))
    const plain = await runCampaign(cells, { seed: 'guided', runs: 40, repeatSteps: false }, inThisThread(cells))
    expect(alone.cells[0]?.tally.traces).not.toEqual(plain.cells[0]?.tally.traces)
    const [cell] = campaignResult(alone, []).cells
    const tokens = [...(cell?.anomalies ?? []), ...Object.values(cell?.statuses ?? {})].map(({ token }) => parseToken(token))
    expect(tokens.length).toBeGreaterThan(0)
  })
})
