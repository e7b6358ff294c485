import { describe, expect, it } from 'vitest'
import { SlidingEventTimeWindows, TumblingEventTimeWindows } from './window-assigner.js'

describe('tumbling windows', () => {
  it('hold a time each, the start included and the end not', () => {
    const windows = TumblingEventTimeWindows.of(10)
    expect([0, 9, 10, 19, 20].map((time) => windows.assign(time))).toEqual([[0], [0], [10], [10], [20]])
  })

  it('begin at an offset, and reach below it', () => {
    const windows = TumblingEventTimeWindows.of(10, 3)
    expect([2, 3, 12, -8].map((time) => windows.assign(time))).toEqual([[-7], [3], [3], [-17]])
  })

  it('have a size', () => {
    expect(() => TumblingEventTimeWindows.of(0)).toThrow('TumblingEventTimeWindows: size is 0')
    expect(() => TumblingEventTimeWindows.of(1.5)).toThrow('size is 1.5')
  })
})

describe('sliding windows', () => {
  it('overlap where they are longer than the slide', () => {
    const windows = SlidingEventTimeWindows.of(10, 5)
    expect([0, 4, 5, 14].map((time) => windows.assign(time))).toEqual([
      [0, -5],
      [0, -5],
      [5, 0],
      [10, 5],
    ])
  })

  it('leave gaps where they are shorter', () => {
    const windows = SlidingEventTimeWindows.of(5, 10)
    expect([4, 5, 9, 10].map((time) => windows.assign(time))).toEqual([[0], [], [], [10]])
  })

  it('begin at an offset', () => {
    expect(SlidingEventTimeWindows.of(10, 5, 2).assign(2)).toEqual([2, -3])
  })

  it('have a slide', () => {
    expect(() => SlidingEventTimeWindows.of(10, 0)).toThrow('SlidingEventTimeWindows: slide is 0')
  })
})
