import { describe, expect, it } from 'vitest'
import type { OperatorSnapshot } from '../checkpoint/state-handle.js'
import { keyGroupOf } from '../graph/key-groups.js'
import type { ListEntry } from '../operator.js'
import { restoredState } from './restored-state.js'

const MAX = 8
const KEYS = Array.from({ length: 40 }, (_, n) => `k${String(n)}`)

function snapshot(subtask: number, splits: readonly ListEntry[], keys: readonly string[]): OperatorSnapshot {
  const entries = [...keys].sort().map((key) => ({ key, cells: [{ namespace: 0, values: { n: key }, absorbed: [] }] }))
  const timers = keys
    .map((key, index) => ({ timestamp: 100 - index, key, namespace: 0, firing: 0 }))
    .sort((a, b) => a.timestamp - b.timestamp)
  const lists = [{ name: 'splits', mode: 'SPLIT' as const, entries: splits }]
  return { checkpoint: 3, vertex: 'V', subtask, attempt: 0, state: { lists }, keyed: { entries, timers } }
}

const inside = (key: string | number, start: number, end: number) => {
  const group = keyGroupOf(key, MAX)
  return start <= group && group <= end
}
const low = snapshot(
  0,
  ['a', 'b', 'c'],
  KEYS.filter((key) => inside(key, 0, 3)),
)
const high = snapshot(
  1,
  ['d', 'e'],
  KEYS.filter((key) => inside(key, 4, 7)),
)

describe('restored state', () => {
  it('is the snapshot itself where it is given whole, and none where nothing is given', () => {
    expect(restoredState([{ uid: 'u', snapshot: low, path: null }], MAX)).toBe(low)
    expect(restoredState([], MAX)).toBeNull()
  })

  it('holds the keys and timers of its key groups, and its slices of lists', () => {
    const restored = restoredState(
      [
        {
          uid: 'u',
          snapshot: low,
          path: null,
          part: { keyGroups: { start: 2, end: 3 }, lists: [{ from: 0, name: 'splits', start: 1, end: 3 }] },
        },
        {
          uid: 'u',
          snapshot: high,
          path: null,
          part: { keyGroups: { start: 4, end: 5 }, lists: [{ from: 1, name: 'splits', start: 0, end: 1 }] },
        },
      ],
      MAX,
    )
    const expected = KEYS.filter((key) => inside(key, 2, 5)).sort()
    expect(expected.length).toBeGreaterThan(5)
    expect(expected.length).toBeLessThan(KEYS.length)
    expect(restored?.keyed?.entries.map(({ key }) => key)).toEqual(expected)
    expect(restored?.keyed?.timers.map(({ key }) => key).sort()).toEqual(expected)
    const times = restored?.keyed?.timers.map(({ timestamp }) => timestamp) ?? []
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(restored?.state.lists).toEqual([{ name: 'splits', mode: 'SPLIT', entries: ['b', 'c', 'd'] }])
  })

  it('has its slice of each list', () => {
    const other = { name: 'committables', mode: 'SPLIT' as const, entries: ['p', 'q', 'r'] }
    const both = { ...low, state: { lists: [...low.state.lists, other] } }
    const slices = [
      { from: 0, name: 'splits', start: 0, end: 1 },
      { from: 0, name: 'committables', start: 1, end: 3 },
    ]
    expect(restoredState([{ uid: 'u', snapshot: both, path: null, part: { keyGroups: null, lists: slices } }], MAX)?.state.lists).toEqual([
      { name: 'splits', mode: 'SPLIT', entries: ['a'] },
      { name: 'committables', mode: 'SPLIT', entries: ['q', 'r'] },
    ])
  })

  it('has no keyed state where it is given lists only', () => {
    const part = { keyGroups: null, lists: [{ from: 0, name: 'splits', start: 0, end: 1 }] }
    expect(restoredState([{ uid: 'u', snapshot: low, path: null, part }], MAX)).toMatchObject({
      keyed: null,
      state: { lists: [{ entries: ['a'] }] },
    })
  })
})
