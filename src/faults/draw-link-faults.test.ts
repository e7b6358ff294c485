import { describe, expect, it } from 'vitest'
import { Stream } from '../world/index.js'
import { drawLinkFaults } from './draw-link-faults.js'
import type { FaultMenu } from './draw-plan.js'

const menu: FaultMenu = {
  processes: [],
  ofTheJob: [],
  moments: [['barrier', 'snapshot'], ['metadata'], ['never']],
  exceptions: [],
  harmless: new Set(),
  calls: [],
  rpcs: [],
  slow: [],
  connections: [
    ['A', 'B'],
    ['A', 'C'],
  ],
  partitions: [{ process: 'A', others: ['B', 'C'] }],
  pauses: ['C'],
  overtaken: [],
  repeated: [],
  hangs: [],
  tasks: 4,
  heartbeatTimeoutUs: 100,
  latestUs: 0,
  recovery: new Set(),
  reached: new Map([
    ['barrier', 4],
    ['snapshot', 4],
    ['metadata', 4],
  ]),
  firstCheckpointUs: 0,
  endUs: 1000,
  maxFaults: 1,
}

const drawn = (seed: number, of = menu) => drawLinkFaults(new Stream(String(seed), 'links'), of)
const faults = Array.from({ length: 3000 }, (_, seed) => drawn(seed)).flat()

describe('faults of links', () => {
  it('are the same for the same seed, and in about every third plan', () => {
    expect(drawn(5)).toEqual(drawn(5))
    expect(faults.length).toBeGreaterThan(900)
    expect(faults.length).toBeLessThan(1100)
  })

  it('strike every target in every way, at any time and at every step that is reached', () => {
    const counts = new Map<string, number>()
    const count = (key: string) => counts.set(key, (counts.get(key) ?? 0) + 1)
    for (const fault of faults) {
      if (!('at' in fault)) continue
      count('point' in fault.at ? `at ${fault.at.point}` : 'at a time')
      if ('nth' in fault.at) expect([1, 2, 3, 4]).toContain(fault.at.nth)
      if (fault.kind === 'disconnect') count(`${fault.process}-${fault.other}`)
      if (fault.kind === 'pause') count(fault.process)
      if (fault.kind === 'partition') count(`${fault.process} ${fault.direction}${fault.lossy ? ' lossy' : ''}`)
      if ('forUs' in fault) count(fault.forUs > 100 ? 'noticed' : 'unnoticed')
    }
    const directions = ['A both', 'A both lossy', 'A from', 'A from lossy', 'A to', 'A to lossy']
    const steps = ['at a time', 'at barrier', 'at metadata', 'at snapshot']
    expect([...counts.keys()].toSorted()).toEqual([...directions, 'A-B', 'A-C', 'C', ...steps, 'noticed', 'unnoticed'].toSorted())
    expect(Math.min(...counts.values())).toBeGreaterThan(30)
  })

  it('are none where there is no target', () => {
    const bare = { ...menu, connections: [], partitions: [], pauses: [] }
    for (let seed = 0; seed < 100; seed++) expect(drawn(seed, bare)).toEqual([])
  })
})
