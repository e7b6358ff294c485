/** The thin slice under the seeded driver: whole, with a crash, and twice the same. */
import { describe, expect, it } from 'vitest'
import { addCluster, startCluster } from '../../src/engine/cluster.js'
import { judge } from '../../src/guarantees/index.js'
import type { HistoryHeader, HistoryKind } from '../../src/history/index.js'
import { HistoryRecorder } from '../../src/history/index.js'
import { runExperiment } from '../../src/search/experiment.js'
import { faultMenu, planOf } from '../../src/search/fault-menu.js'
import { emptyStore, externalStore } from '../../src/systems/index.js'
import { TimedDriver, World } from '../../src/world/index.js'
import { sliceConfiguration, sliceJob } from './slice-job.js'
import { sliceScenario } from './slice-scenario.js'

const PER_SPLIT = 100

/** Runs the slice to its end; with a crash, one TaskManager is away from 250 ms to 300 ms. */
function runSlice(seed: string, crash: boolean) {
  const latency = (_from: number, _to: number, lane: number) => (lane >= 50 ? { minUs: 100, maxUs: 2000 } : { minUs: 20, maxUs: 300 })
  const driver = new TimedDriver({ seed, latency })
  const recorder = new HistoryRecorder()
  const { take } = recorder
  const world = new World({ driver, freeze: true, ...(take && { recorder: take }) })
  const outside = world.process('outside')
  const store = world.add(outside, externalStore, 'external-store', emptyStore())
  const graph = sliceJob(store, { parallelism: 2, perSplit: PER_SPLIT, keys: 16, configuration: sliceConfiguration })
  world.start(outside)
  const cluster = addCluster(world, graph, { taskManagers: 2, slots: 2 })
  startCluster(world, cluster)
  const [process] = cluster.taskManagerProcesses
  if (crash && process !== undefined) {
    driver.plan({ kind: 'crash', process }, 250_000)
    driver.plan({ kind: 'start', process }, 300_000)
  }
  const isOver = () => recorder.events.some((event) => event.kind === 'job-status' && event.status === 'FINISHED')
  for (let steps = 0; steps < 100_000 && !isOver(); steps++) driver.next(world)
  return { events: recorder.events, trace: world.traceHash(), steps: world.steps }
}

function header(): HistoryHeader {
  const shape = { parallelism: 2 }
  return {
    millrace: 'history',
    schema: 1,
    origin: 'simulated',
    scenario: 'slice',
    operators: [
      { ...shape, name: 'Src', role: 'source', inputs: [] },
      { ...shape, name: 'Count', role: 'operator', inputs: ['Src'], stateful: true },
      { ...shape, name: 'Sink', role: 'sink', inputs: ['Count'], observed: ['external-store'] },
      { ...shape, name: 'Committer', role: 'committer', inputs: ['Sink'] },
    ],
    splits: ['s0', 's1'].map((split) => ({ vertex: 'Src', split, records: PER_SPLIT })),
    configuration: {},
    mode: 'aligned',
    promises: [
      { guarantee: 'exactly-once', at: 'state' },
      { guarantee: 'exactly-once', at: 'external-store' },
    ],
  }
}

describe('the slice', () => {
  it('reads, counts and publishes every record once, and finishes', () => {
    const { events } = runSlice('a', false)
    const count = (kind: HistoryKind) => events.filter((event) => event.kind === kind).length
    expect(count('source-emit')).toBe(2 * PER_SPLIT)
    expect(count('state-apply')).toBe(2 * PER_SPLIT)
    expect(count('visible')).toBe(2 * PER_SPLIT)
    expect(count('checkpoint-completed')).toBeGreaterThanOrEqual(4)
    expect(count('failure')).toBe(0)
    expect(events.at(-1)).toMatchObject({ kind: 'job-status', status: 'FINISHED' })
  })

  it('reads records again behind a crash, and publishes each once all the same', () => {
    const { events } = runSlice('a', true)
    const emitted = events.filter((event) => event.kind === 'source-emit')
    expect(emitted.length).toBeGreaterThan(2 * PER_SPLIT)
    expect(new Set(emitted.map(({ id }) => id)).size).toBe(2 * PER_SPLIT)
    const visible = events.flatMap((event) => (event.kind === 'visible' ? [event.id] : []))
    expect(visible).toHaveLength(2 * PER_SPLIT)
    expect(new Set(visible).size).toBe(2 * PER_SPLIT)
    const restored = events.flatMap((event) => (event.kind === 'restore-chosen' ? [event.checkpoint ?? 0] : []))
    expect(restored[0]).toBe(0)
    expect(restored[1]).toBeGreaterThan(0)
  })

  it('counts every key to the end', () => {
    const { events } = runSlice('a', true)
    const counts = new Map<string, number>()
    for (const event of events) if (event.kind === 'state-apply') counts.set(event.key, event.count ?? 0)
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(2 * PER_SPLIT)
  })

  it('is judged to hold', () => {
    for (const crash of [false, true]) {
      const verdict = judge(header(), runSlice('a', crash).events)
      expect(verdict.verdict).toBe('holds')
      expect(verdict.evidence.recoveries).toBe(crash ? 1 : 0)
    }
  })

  it('runs the same way twice, and another way under another seed', () => {
    const once = runSlice('a', true)
    expect(runSlice('a', true)).toEqual(once)
    expect(runSlice('b', true).trace).not.toBe(once.trace)
  })
})

describe('the slice under random faults', () => {
  it.each(sliceScenario.modes)('keeps what it promises: %s', (mode) => {
    const menu = faultMenu(sliceScenario, mode)
    for (let seed = 0; seed < 40; seed++) {
      const name = `slice-${seed}`
      const { verdict, status } = runExperiment({ scenario: sliceScenario, mode, seed: name, plan: planOf(name, menu) }, { freeze: true })
      expect([name, status, verdict?.verdict]).toEqual([name, 'FINISHED', 'holds'])
    }
  })
})
