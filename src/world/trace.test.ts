import { describe, expect, it } from 'vitest'
import { Trace } from './trace.js'

function traceOf(...steps: (readonly [time: number, actor: number, digest: number])[]): string {
  const trace = new Trace()
  for (const step of steps) trace.fold(...step)
  return trace.format()
}

describe('Trace', () => {
  it('is the same everywhere', () => {
    expect(traceOf()).toBe('6a09e6673b67ae85')
    expect(traceOf([0, 0, 1], [100, 2, -5], [2 ** 33, 1, 7])).toBe('1acca05150d8a159')
  })

  it('depends on time, actor, digest and order of every step', () => {
    const hashes = [
      traceOf([1, 2, 3], [4, 5, 6]),
      traceOf([2, 2, 3], [4, 5, 6]),
      traceOf([1, 3, 3], [4, 5, 6]),
      traceOf([1, 2, 4], [4, 5, 6]),
      traceOf([4, 5, 6], [1, 2, 3]),
      traceOf([2, 1, 3], [4, 5, 6]),
      traceOf([1, 2, 3]),
    ]
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('forks', () => {
    const trace = new Trace()
    trace.fold(1, 2, 3)
    const fork = trace.fork()
    fork.fold(4, 5, 6)
    expect(trace.format()).toBe(traceOf([1, 2, 3]))
    expect(fork.format()).toBe(traceOf([1, 2, 3], [4, 5, 6]))
  })
})
