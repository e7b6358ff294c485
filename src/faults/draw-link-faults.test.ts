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

  it('strike every connection, at any time and at every step that is reached', () => {
    const at = new Map<string, number>()
    const count = (key: string) => at.set(key, (at.get(key) ?? 0) + 1)
    for (const fault of faults) {
      if (fault.kind !== 'disconnect') continue
      count(`${fault.process}-${fault.other}`)
      count('point' in fault.at ? fault.at.point : 'time')
      if ('nth' in fault.at) expect([1, 2, 3, 4]).toContain(fault.at.nth)
    }
    expect([...at.keys()].toSorted()).toEqual(['A-B', 'A-C', 'barrier', 'metadata', 'snapshot', 'time'])
    expect(Math.min(...at.values())).toBeGreaterThan(100)
  })

  it('are none where there is no link', () => {
    for (let seed = 0; seed < 100; seed++) expect(drawn(seed, { ...menu, connections: [] })).toEqual([])
  })
})
