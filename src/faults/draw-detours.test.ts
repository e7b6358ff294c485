import { describe, expect, it } from 'vitest'
import { Stream } from '../world/index.js'
import { drawDetours } from './draw-detours.js'

const menu = { overtaken: ['trigger', 'ack'], repeated: ['trigger'], reached: new Map([['ack', 10]]), latestUs: 100_000 }
const plans = Array.from({ length: 2000 }, (_, seed) => drawDetours(new Stream(String(seed), 'detours'), menu))

describe('calls that leave their lane', () => {
  it('are in about every fourth plan, up to three of them', () => {
    const some = plans.filter(({ length }) => length > 0)
    expect(some.length).toBeGreaterThan(430)
    expect(some.length).toBeLessThan(570)
    expect(new Set(some.map(({ length }) => length))).toEqual(new Set([1, 2, 3]))
  })

  it('are repeated where that may be, and struck where they are made', () => {
    const seen = new Map<string, Set<number>>()
    for (const fault of plans.flat()) {
      if (fault.kind !== 'detour') continue
      const key = `${fault.rpc}${fault.repeated ? ' repeated' : ''}`
      seen.set(key, (seen.get(key) ?? new Set()).add(fault.nth))
    }
    expect([...seen.keys()].toSorted()).toEqual(['ack', 'trigger', 'trigger repeated'])
    expect([seen.get('ack')?.size, seen.get('trigger')?.size]).toEqual([10, 4])
  })
})
