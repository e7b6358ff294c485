import { describe, expect, it } from 'vitest'
import { openKeyedState } from './heap-keyed-state.js'
import { KeyedAccess } from './keyed-access.js'

describe('keyed state at a key', () => {
  it('keeps the values of keys and namespaces apart', () => {
    const state = openKeyedState()
    const access = new KeyedAccess()
    access.at(state, 'a').put('v', 1)
    access.at(state, 'a').put('v', 2, 10)
    access.at(state, 'b').put('v', 3)
    expect(access.at(state, 'a').get('v')).toBe(1)
    expect(access.at(state, 'a').get('v', 10)).toBe(2)
    expect(access.at(state, 'b').get('v')).toBe(3)
    expect(access.at(state, 'b').get('v', 10)).toBeUndefined()
    expect(access.at(state, 1).get('v')).toBeUndefined()
  })

  it('does not take a number for the string that looks like it', () => {
    const state = openKeyedState()
    const access = new KeyedAccess()
    access.at(state, 1).put('v', 'number')
    access.at(state, '1').put('v', 'string')
    expect(access.at(state, 1).get('v')).toBe('number')
  })

  it('keeps its namespaces sorted, whatever the order in which they came', () => {
    const state = openKeyedState()
    const access = new KeyedAccess().at(state, 'a')
    for (const window of [20, 0, 10]) access.put('v', window, window)
    expect(state.table.get('a')?.map(({ namespace }) => namespace)).toEqual([0, 10, 20])
  })

  it('absorbs a record once in each namespace', () => {
    const access = new KeyedAccess().at(openKeyedState(), 'a')
    expect(access.absorb(7)).toBe(true)
    expect(access.absorb(7)).toBe(false)
    expect(access.absorb(7, 10)).toBe(true)
    access.put('v', 1)
    expect(access.absorb(8)).toBe(true)
    expect(access.absorbed()).toEqual([7, 8])
    expect(access.get('v')).toBe(1)
  })

  it('forgets values and records of a namespace that is cleared', () => {
    const state = openKeyedState()
    const access = new KeyedAccess().at(state, 'a')
    access.absorb(7)
    access.put('v', 1)
    access.put('v', 2, 10)
    access.clear()
    expect(access.get('v')).toBeUndefined()
    expect(access.absorbed()).toEqual([])
    expect(access.get('v', 10)).toBe(2)
    expect(access.absorb(7)).toBe(true)
  })

  it('registers a timer once and keeps timers in order', () => {
    const state = openKeyedState()
    const access = new KeyedAccess()
    access.at(state, 'b').registerTimer(5)
    expect(access.at(state, 'a').registerTimer(5)).toBe(true)
    expect(access.at(state, 'a').registerTimer(5)).toBe(false)
    access.at(state, 'c').registerTimer(1, 10)
    expect(state.timers).toEqual([
      { timestamp: 1, key: 'c', namespace: 10, firing: 0 },
      { timestamp: 5, key: 'a', namespace: 0, firing: 0 },
      { timestamp: 5, key: 'b', namespace: 0, firing: 0 },
    ])
    const before = state.timers
    expect(access.at(state, 'a').registerTimer(5, 0, 2)).toBe(false)
    expect(access.at(state, 'a').registerTimer(5, 0, 1)).toBe(false)
    expect(state.timers.map(({ firing }) => firing)).toEqual([0, 2, 0])
    expect(before.map(({ firing }) => firing)).toEqual([0, 0, 0])
    expect(access.at(state, 'a').deleteTimer(5)).toBe(true)
    expect(access.at(state, 'a').deleteTimer(9)).toBe(false)
    expect(state.timers.map(({ key }) => key)).toEqual(['c', 'b'])
  })
})
