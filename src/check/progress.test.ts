import { describe, expect, it } from 'vitest'
import { checker, progressLine, type Model } from './index.js'
import { estimateLeft } from './progress.js'

describe('the estimate of what is left', () => {
  it('follows a bell of layers', () => {
    const bell = Array.from({ length: 41 }, (_, i) => Math.round(100_000 * Math.exp(-((i - 20) ** 2) / 40)))
    const estimate = estimateLeft([0, ...bell.slice(0, 26)], 0) ?? 0
    const left = bell.slice(25).reduce((sum, layer) => sum + layer, 0) - (bell[25] ?? 0)
    expect(estimate).toBeGreaterThan(left / 1.5)
    expect(estimate).toBeLessThan(left * 1.5)
  })

  it('is none where layers grow as ever, or where there are too few', () => {
    expect(estimateLeft([0, 1, 2, 4, 8, 16, 32], 32)).toBeUndefined()
    expect(estimateLeft([0, 1, 2], 2)).toBeUndefined()
  })
})

describe('the progress line', () => {
  it('says what there is to say', () => {
    const progress = { distinct: 10, generated: 30, depth: 4, queue: 2, statesPerSecond: 1234.5, estimatedLeft: 7 }
    expect(progressLine(progress)).toBe('10 states (30 generated), depth 4, 2 waiting, 1235/s, about 7 left')
    expect(progressLine({ ...progress, estimatedLeft: undefined })).not.toContain('left')
  })
})

describe('memory', () => {
  it('that is used up makes the verdict incomplete, with the states that were still waiting', () => {
    const endless: Model<number, number> = {
      name: 'tree',
      initial: () => [1],
      actions: () => [0, 1],
      next: (n, bit) => 2 * n + bit,
      properties: [],
    }
    const { verdict, bounds, visitedBytes } = checker(endless).maxMemory(2e6).breadthFirst()
    expect(verdict).toBe('incomplete')
    expect(bounds).toEqual([{ bound: 'memory', states: expect.any(Number) }])
    expect(visitedBytes).toBeLessThan(60e6)
  })
})
