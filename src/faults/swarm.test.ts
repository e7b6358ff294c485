import { describe, expect, it } from 'vitest'
import { Stream } from '../world/index.js'
import type { Fault } from './fault.js'
import { FOR_GOOD_US } from './draw-beyond-budget.js'
import type { FaultMenu } from './menu.js'
import { drawOfSwarm, drawSwarm, type Swarm, type SwarmKind } from './swarm.js'
import { turnOf } from './where-it-strikes.js'

const menu: FaultMenu = {
  processes: ['TaskManager-0', 'JobManager'],
  ofTheJob: ['TaskManager-0', 'JobManager'],
  moments: [['barrier', 'snapshot', 'restored'], ['metadata'], ['never']],
  exceptions: ['record'],
  harmless: new Set(),
  calls: ['put'],
  rpcs: ['acknowledge'],
  slow: ['TaskManager-0'],
  connections: [['TaskManager-0', 'TaskManager-1']],
  partitions: [{ process: 'TaskManager-0', others: ['JobManager', 'TaskManager-1'] }],
  pauses: ['JobManager'],
  overtaken: ['acknowledge', 'trigger'],
  repeated: ['trigger'],
  hangs: ['cancel'],
  tasks: 3,
  expendable: ['TaskManager-0'],
  clocks: ['JobManager'],
  heartbeatTimeoutUs: 100,
  latestUs: 100_000,
  recovery: new Set(['restored']),
  reached: new Map([
    ...['barrier', 'snapshot', 'metadata', 'record', 'put', 'acknowledge'].map((point) => [point, 20] as const),
    ['restored', 3],
  ]),
  firstCheckpointUs: 100_000,
  endUs: 1_000_000,
  maxFaults: 4,
}
const bare: FaultMenu = { ...menu, hangs: [], calls: [], connections: [], expendable: [] }

const swarms = Array.from({ length: 3000 }, (_, seed) => drawSwarm(new Stream(String(seed), 'swarm'), menu))
const kinds = [...(swarms[0]?.keys() ?? [])]

function only(kind: SwarmKind): Swarm {
  return new Map([[kind, 1]])
}

function drawn(kind: SwarmKind, phase: 'any' | 'recovery' = 'any', times = 400): Fault[] {
  const stream = new Stream(`${kind} ${phase}`, 'drawn')
  return Array.from({ length: times }, () => drawOfSwarm(stream, menu, only(kind), { phase, drawn: new Set() })?.fault).filter(
    (fault) => fault !== undefined,
  )
}

describe('the configuration of a seed', () => {
  it('leaves each kind out in every third seed, whatever becomes of the others, and weighs it 1 to 100 elsewhere', () => {
    expect(kinds).toHaveLength(14)
    for (const kind of kinds) {
      const weights = swarms.map((swarm) => swarm.get(kind) ?? 0)
      expect(Math.abs(weights.filter((weight) => weight === 0).length - 1000), kind).toBeLessThan(110)
      const others = weights.filter((weight) => weight > 0)
      expect([Math.min(...others), Math.max(...others)], kind).toEqual([1, 100])
      expect(others.every(Number.isInteger)).toBe(true)
    }
    const leftOut = swarms.map((swarm) => [...swarm.values()].filter((weight) => weight === 0).length)
    expect(Math.min(...leftOut)).toBe(0)
    expect(Math.max(...leftOut)).toBeGreaterThan(8)
  })

  it('is the same for the same seed, and leaves out what has no target without another draw', () => {
    expect(drawSwarm(new Stream('7', 'swarm'), menu)).toEqual(swarms[7])
    const swarm = drawSwarm(new Stream('7', 'swarm'), bare)
    for (const [kind, weight] of swarms[7] ?? []) {
      expect(swarm.get(kind)).toBe(['hang', 'call', 'disconnect', 'loss'].includes(kind) ? 0 : weight)
    }
  })
})

describe('a fault of a swarm', () => {
  it('is of a kind that it has, as often as that weighs', () => {
    const stream = new Stream('weights', 'swarm')
    const swarm: Swarm = new Map([
      ['crash', 30],
      ['pause', 10],
      ['slow', 0],
    ])
    const counts = { crash: 0, pause: 0 }
    for (let i = 0; i < 4000; i++) {
      const kind = drawOfSwarm(stream, menu, swarm, { phase: 'any', drawn: new Set() })?.kind
      if (kind === 'crash' || kind === 'pause') counts[kind]++
    }
    expect(counts.crash + counts.pause).toBe(4000)
    expect(Math.abs(counts.pause - 1000)).toBeLessThan(100)
  })

  it('that lasts comes once, one that is to make the job fail does, and one in a recovery can be aimed at it', () => {
    const choose = (kind: SwarmKind, choice: Partial<Parameters<typeof drawOfSwarm>[3]>) =>
      drawOfSwarm(new Stream('x', 'y'), menu, only(kind), { phase: 'any', drawn: new Set(), ...choice })
    for (const kind of kinds) {
      const again = choose(kind, { drawn: new Set([kind]) })
      expect(again === undefined, kind).toBe(['hang', 'loss', 'skew', 'ties'].includes(kind))
      expect(choose(kind, { failing: true }) === undefined, kind).toBe(!['crash', 'host-loss', 'exception'].includes(kind))
      expect(choose(kind, { phase: 'recovery' }) === undefined, kind).toBe(['pause', 'slow', 'loss', 'skew', 'ties'].includes(kind))
    }
    expect(choose('crash', { phase: 'recovery' })?.fault).toMatchObject({ at: { depth: 1 } })
    expect(drawOfSwarm(new Stream('x', 'y'), menu, new Map(), { phase: 'any', drawn: new Set() })).toBeUndefined()
  })

  it('of a link strikes every target in every way, at any time and at every step that is reached', () => {
    const counts = new Map<string, number>()
    const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
    for (const fault of (['disconnect', 'partition', 'pause'] as const).flatMap((kind) => drawn(kind))) {
      if (!('at' in fault)) continue
      count('point' in fault.at ? `at ${fault.at.point}` : 'at a time')
      if (fault.kind === 'partition') count(`${fault.direction}${fault.lossy ? ' lossy' : ''}`)
      if ('forUs' in fault) count(fault.forUs > 100 ? 'noticed' : 'unnoticed')
    }
    const directions = ['both', 'both lossy', 'from', 'from lossy', 'to', 'to lossy']
    const steps = ['at a time', 'at barrier', 'at metadata', 'at snapshot', 'at restored']
    expect([...counts.keys()].toSorted()).toEqual([...directions, ...steps, 'noticed', 'unnoticed'].toSorted())
    expect(Math.min(...counts.values())).toBeGreaterThan(30)
  })

  it('in a recovery strikes its own steps more often than those of the checkpoint behind it, and no time', () => {
    const points = drawn('partition', 'recovery').map((fault) => ('at' in fault && 'point' in fault.at ? fault.at.point : ''))
    expect([...new Set(points)].toSorted()).toEqual(['barrier', 'metadata', 'restored', 'snapshot'])
    expect(points.filter((point) => point === 'restored').length).toBeGreaterThan(200)
    for (const fault of drawn('rpc', 'recovery')) expect(turnOf(fault)).toMatchObject({ depth: 1 })
  })

  it('repeats calls where that may be, and strikes them where they are made', () => {
    const seen = new Map<string, Set<number>>()
    for (const fault of drawn('detour', 'any', 2000)) {
      if (fault.kind !== 'detour') continue
      const key = `${fault.rpc}${fault.repeated ? ' repeated' : ''}`
      seen.set(key, (seen.get(key) ?? new Set()).add(fault.nth))
    }
    expect([...seen.keys()].toSorted()).toEqual(['acknowledge', 'trigger', 'trigger repeated'])
    expect([seen.get('acknowledge')?.size, seen.get('trigger')?.size]).toEqual([20, 4])
  })

  it('lets a task hang in one of the first recoveries, and a host that can be spared be lost for good', () => {
    expect([...new Set(drawn('hang').map((fault) => turnOf(fault)?.nth))].toSorted()).toEqual([1, 2, 3, 4, 5, 6])
    for (const fault of drawn('loss')) expect(fault).toMatchObject({ kind: 'host-loss', process: 'TaskManager-0', downUs: FOR_GOOD_US })
  })
})
