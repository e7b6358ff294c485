import { describe, expect, it } from 'vitest'
import { addWindow, windowsOf, windowsToValue, type OpenWindow } from './merging-window-set.js'

const window = (start: number, end: number, state = start): OpenWindow => ({ start, end, state })

describe('the open windows of a key', () => {
  it('take in one that touches none of them, in order', () => {
    const { windows, result, merged } = addWindow([window(20, 30)], { start: 0, end: 10 })
    expect(windows).toEqual([window(0, 10), window(20, 30)])
    expect([result, merged]).toEqual([window(0, 10), []])
  })

  it('grow by one that overlaps or touches, and keep their contents where they are', () => {
    expect(addWindow([window(0, 10)], { start: 5, end: 15 })).toEqual({
      windows: [window(0, 15)],
      result: window(0, 15),
      merged: [window(0, 10)],
    })
    expect(addWindow([window(0, 10)], { start: 10, end: 20 }).windows).toEqual([window(0, 20)])
    expect(addWindow([window(10, 20)], { start: 0, end: 10 }).windows).toEqual([window(0, 20, 10)])
    expect(addWindow([window(0, 10)], { start: 11, end: 21 }).windows).toHaveLength(2)
  })

  it('become one where one joins them, in the namespace of the first', () => {
    const open = [window(0, 10), window(12, 30, 15), window(50, 60)]
    expect(addWindow(open, { start: 9, end: 19 })).toEqual({
      windows: [window(0, 30), window(50, 60)],
      result: window(0, 30),
      merged: [window(0, 10), window(12, 30, 15)],
    })
  })

  it('do not change for one that lies in another', () => {
    expect(addWindow([window(0, 30)], { start: 5, end: 15 })).toEqual({ windows: [window(0, 30)], result: window(0, 30), merged: [] })
  })

  it('are kept as plain values', () => {
    const open = [window(-5, 10, 3), window(20, 30)]
    expect(windowsOf(windowsToValue(open))).toEqual(open)
    expect(windowsOf(undefined)).toEqual([])
  })
})
