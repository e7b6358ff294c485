import { describe, expect, it } from 'vitest'
import { Stream } from '../world/index.js'
import type { FaultMenu } from './menu.js'
import { drawRandomPlan } from './draw-random-plan.js'

const menu: FaultMenu = {
  processes: ['TaskManager-0', 'JobManager'],
  ofTheJob: ['TaskManager-0', 'JobManager'],
  moments: [['barrier', 'snapshot'], ['metadata'], ['never']],
  exceptions: ['record', 'unseen'],
  harmless: new Set(),
  calls: ['put'],
  rpcs: ['acknowledge'],
  slow: ['TaskManager-0'],
  connections: [['TaskManager-0', 'TaskManager-1']],
  partitions: [{ process: 'TaskManager-0', others: ['JobManager'] }],
  pauses: ['JobManager'],
  overtaken: ['acknowledge'],
  repeated: ['trigger'],
  hangs: ['cancel'],
  tasks: 4,
  heartbeatTimeoutUs: 1000,
  latestUs: 400_000,
  recovery: new Set(),
  reached: new Map(['barrier', 'snapshot', 'metadata', 'record', 'put', 'acknowledge', 'trigger'].map((point) => [point, 20])),
  firstCheckpointUs: 100_000,
  endUs: 1_000_000,
  maxFaults: 5,
}
const drawn = (seed: number, of = menu) => drawRandomPlan(new Stream(String(seed), 'random'), of)
const plans = Array.from({ length: 2000 }, (_, seed) => drawn(seed))

describe('a plan without aim', () => {
  it('is the same for the same seed, and has one to five faults', () => {
    expect(drawn(3)).toEqual(plans[3])
    expect(new Set(plans.map(({ length }) => length))).toEqual(new Set([1, 2, 3, 4, 5]))
  })

  it('has all kinds of faults, each about as often as the others', () => {
    const counts = new Map<string, number>()
    for (const { kind } of plans.flat()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
    const kinds = ['call', 'crash', 'detour', 'disconnect', 'exception', 'hang', 'host-loss', 'partition', 'pause', 'rpc', 'slow']
    expect([...counts.keys()].toSorted()).toEqual(kinds)
    expect(Math.min(...counts.values())).toBeGreaterThan(0.8 * Math.max(...counts.values()))
  })

  it('strikes steps that are reached, before and behind the first checkpoint', () => {
    const struck = plans
      .flat()
      .flatMap((fault) => ('at' in fault && 'point' in fault.at ? [fault.at.point] : 'point' in fault ? [fault.point] : []))
    expect([...new Set(struck)].toSorted()).toEqual(['barrier', 'cancel', 'metadata', 'put', 'record', 'snapshot'])
    const times = plans.flat().flatMap((fault) => ('at' in fault && 'timeUs' in fault.at ? [fault.at.timeUs] : []))
    expect(times.filter((us) => us < menu.firstCheckpointUs).length).toBeGreaterThan(20)
    expect(Math.max(...times)).toBeLessThan(menu.endUs)
  })

  it('leaves out kinds without a target', () => {
    const none = {
      ...menu,
      processes: [],
      moments: [],
      exceptions: [],
      calls: [],
      rpcs: [],
      slow: [],
      connections: [],
      partitions: [],
      pauses: [],
    }
    const bare = { ...none, overtaken: [], repeated: [] }
    expect(new Set(Array.from({ length: 50 }, (_, seed) => drawn(seed, bare)).flatMap((plan) => plan.map(({ kind }) => kind)))).toEqual(
      new Set(['hang']),
    )
    expect(drawn(1, { ...bare, hangs: [] })).toEqual([])
  })
})
