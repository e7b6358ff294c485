import { describe, expect, it } from 'vitest'
import { Stream } from '../world/index.js'
import { drawPlan } from './draw-plan.js'
import { isCrash, type Fault } from './fault.js'
import type { FaultMenu } from './menu.js'
import { turnOf } from './where-it-strikes.js'

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
  if (isCrash(fault)) return 'point' in fault.at ? fault.at.point : 'time'
  return fault.kind === 'exception' || fault.kind === 'call' ? fault.point : fault.kind
}

describe('a plan', () => {
  it('is the same for the same seed', () => {
    expect(drawPlan(new Stream('7', 'plan'), menu)).toEqual(plans[7])
    expect(new Set(plans.map((plan) => JSON.stringify(plan))).size).toBeGreaterThan(1500)
  })

  it('begins with a fault that forces a recovery behind the first checkpoint and before the end', () => {
    for (const fault of first) {
      expect(['crash', 'host-loss', 'exception']).toContain(fault?.kind)
      expect(['asynchronous', 'restored', 'restore', 'never', '']).not.toContain(pointOf(fault))
      if (fault?.kind === 'exception') expect(fault.nth).toBeGreaterThan(20)
      if (fault === undefined || !isCrash(fault) || 'point' in fault.at) continue
      expect(menu.ofTheJob).toContain(fault.process)
      expect(fault.at.timeUs).toBeGreaterThanOrEqual(100_000)
      expect(fault.at.timeUs).toBeLessThan(850_000)
    }
  })

  it('takes the host along with one of four first crashes, where the swarm loses hosts at all', () => {
    const lost = first.filter((fault) => fault?.kind === 'host-loss').length
    const crashes = first.filter((fault) => fault?.kind === 'crash').length
    expect(lost / (lost + crashes)).toBeGreaterThan(0.12)
    expect(lost / (lost + crashes)).toBeLessThan(0.22)
  })

  it('strikes each moment of the protocol as often as the others, however many steps it has', () => {
    const struck = menu.moments.map((points) => first.filter((fault) => points.includes(pointOf(fault))).length)
    for (const times of struck) expect(Math.abs(times - Math.min(...struck))).toBeLessThan(100)
  })

  it('has a second failure in a recovery in more than half of the runs, as far as the swarm has failures', () => {
    const fails = (fault: Fault) => isCrash(fault) || fault.kind === 'exception'
    const second = plans.filter((plan) => plan.slice(1).some((fault) => fails(fault) && turnOf(fault)?.depth === 1))
    expect(second.length).toBeGreaterThan(1000)
    expect(second.length).toBeLessThan(1600)
  })

  it('aims a third of the other faults at recoveries, at steps of the recovery and of the checkpoint behind it', () => {
    const deep = later.filter((fault) => turnOf(fault)?.depth === 1 && fault.kind !== 'calm')
    expect(deep.length).toBeGreaterThan(later.length / 4)
    const own = deep.filter((fault) => menu.recovery.has(pointOf(fault)))
    expect(own.length).toBeGreaterThan(deep.length / 4)
    expect(own.length).toBeLessThan((deep.length * 3) / 4)
  })

  it('lets checkpoints begin early in every third run, and has a stability window in every fourth', () => {
    const withA = (kind: Fault['kind']) => plans.filter((plan) => plan.some((fault) => fault.kind === kind)).length
    expect(Math.abs(withA('haste') - 667)).toBeLessThan(80)
    expect(Math.abs(withA('calm') - 500)).toBeLessThan(80)
    const unchecked = { ...menu, firstCheckpointUs: 0 }
    const hasty = Array.from({ length: 200 }, (_, seed) => drawPlan(new Stream(String(seed), 'plan'), unchecked)).flat()
    expect(hasty.filter(({ kind }) => kind === 'haste')).toEqual([])
  })

  it('plans no failure into a quiet beginning that is to come to pass, and none into the first recovery where that is in peace', () => {
    for (const plan of plans) {
      const calm = plan.find((fault) => fault.kind === 'calm')
      if (calm === undefined) continue
      const [failure] = plan
      if ('point' in calm.at) {
        expect(plan.filter((fault) => fault !== calm && turnOf(fault)?.depth === 1)).toEqual([])
      } else if (failure !== undefined && isCrash(failure) && 'timeUs' in failure.at) {
        expect(failure.at.timeUs).toBeGreaterThan(calm.forUs)
      } else if (failure?.kind === 'exception') {
        // Its step is reached about evenly: 200 times in a run.
        expect(failure.nth / 200).toBeGreaterThan(calm.forUs / menu.endUs)
      }
    }
  })

  it('draws no step and no call that is never reached', () => {
    expect(plans.flat().filter((fault) => ['never', 'unused'].includes(pointOf(fault)))).toEqual([])
  })

  it('leaves kinds out that have no target', () => {
    const bare: FaultMenu = { ...menu, calls: [], rpcs: [], slow: [], exceptions: [] }
    const kinds = Array.from({ length: 200 }, (_, seed) => drawPlan(new Stream(String(seed), 'plan'), bare)).flat()
    expect(new Set(kinds.map(({ kind }) => kind))).toEqual(new Set(['crash', 'host-loss', 'ties', 'haste', 'calm']))
  })
})
