import { describe, expect, it } from 'vitest'
import { Stream } from '../world/index.js'
import { drawPlan, type FaultMenu } from './draw-plan.js'
import type { Fault } from './fault.js'

const menu: FaultMenu = {
  processes: ['TaskManager-0', 'JobManager', 'store'],
  ofTheJob: ['TaskManager-0', 'JobManager'],
  moments: [['barrier', 'snapshot', 'upload', 'restored'], ['metadata'], ['notify', 'told', 'never']],
  exceptions: ['record', 'asynchronous', 'restore'],
  harmless: new Set(['asynchronous']),
  calls: ['put', 'load', 'unused'],
  rpcs: ['acknowledge'],
  slow: ['TaskManager-0'],
  connections: [],
  partitions: [],
  pauses: [],
  overtaken: [],
  repeated: [],
  hangs: [],
  tasks: 4,
  heartbeatTimeoutUs: 0,
  latestUs: 400_000,
  recovery: new Set(['restored', 'restore', 'load']),
  reached: new Map([
    ...['barrier', 'snapshot', 'upload', 'metadata', 'notify', 'told'].map((point) => [point, 60] as const),
    ...['restored', 'restore', 'load'].map((point) => [point, 4] as const),
    ['record', 200],
    ['asynchronous', 40],
    ['put', 30],
    ['acknowledge', 50],
  ]),
  firstCheckpointUs: 100_000,
  endUs: 1_000_000,
  maxFaults: 4,
}

const plans = Array.from({ length: 2000 }, (_, seed) => drawPlan(new Stream(String(seed), 'plan'), menu))
const first = plans.map(([fault]) => fault)
const later = plans.flatMap((plan) => plan.slice(1))

function pointOf(fault: Fault | undefined): string {
  if (fault === undefined) return ''
  if (fault.kind === 'crash') return 'point' in fault.at ? fault.at.point : 'time'
  return fault.kind === 'exception' || fault.kind === 'call' ? fault.point : fault.kind
}

describe('a plan', () => {
  it('is the same for the same seed', () => {
    expect(drawPlan(new Stream('7', 'plan'), menu)).toEqual(plans[7])
    expect(new Set(plans.map((plan) => JSON.stringify(plan))).size).toBeGreaterThan(1500)
  })

  it('begins with a fault that forces a recovery behind the first checkpoint and before the end', () => {
    for (const fault of first) {
      expect(['crash', 'exception']).toContain(fault?.kind)
      expect(['asynchronous', 'restored', 'restore', 'never', '']).not.toContain(pointOf(fault))
      if (fault?.kind === 'exception') expect(fault.nth).toBeGreaterThan(20)
      if (fault?.kind !== 'crash' || 'point' in fault.at) continue
      expect(menu.ofTheJob).toContain(fault.process)
      expect(fault.at.timeUs).toBeGreaterThanOrEqual(100_000)
      expect(fault.at.timeUs).toBeLessThan(850_000)
    }
  })

  it('strikes each moment of the protocol as often as the others, however many steps it has', () => {
    const struck = menu.moments.map((points) => first.filter((fault) => points.includes(pointOf(fault))).length)
    for (const times of struck) expect(Math.abs(times - Math.min(...struck))).toBeLessThan(100)
  })

  it('aims some of the other faults at recoveries, at steps that are reached anew', () => {
    const aimed = later.filter((fault) => menu.recovery.has(pointOf(fault)) && 'point' in (fault.kind === 'crash' ? fault.at : fault))
    expect(aimed.length).toBeGreaterThan(later.length / 10)
    expect(aimed.some((fault) => fault.kind === 'crash' && 'nth' in fault.at && fault.at.nth > 4)).toBe(true)
  })

  it('draws no step and no call that is never reached', () => {
    expect(plans.flat().filter((fault) => ['never', 'unused'].includes(pointOf(fault)))).toEqual([])
  })

  it('leaves kinds out that have no target', () => {
    const bare: FaultMenu = { ...menu, calls: [], rpcs: [], slow: [], exceptions: [] }
    const kinds = Array.from({ length: 200 }, (_, seed) => drawPlan(new Stream(String(seed), 'plan'), bare)).flat()
    expect(new Set(kinds.map(({ kind }) => kind))).toEqual(new Set(['crash']))
  })
})
