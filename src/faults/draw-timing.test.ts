import { describe, expect, it } from 'vitest'
import { Stream } from '../world/index.js'
import { drawSkew, drawTies } from './draw-timing.js'

const streams = Array.from({ length: 600 }, (_, seed) => new Stream(`seed-${String(seed)}`, 'timing'))

describe('faults of time', () => {
  it('equal times are forced about every tenth run, on grids of several orders', () => {
    const drawn = streams.flatMap((stream) => drawTies(stream.fork()))
    expect(drawn.length).toBeGreaterThan(30)
    expect(drawn.length).toBeLessThan(100)
    expect(new Set(drawn.map((fault) => fault.kind === 'ties' && fault.gridUs)).size).toBe(4)
  })

  it('clocks are wrong about every tenth run, ahead or behind, of any process that has one', () => {
    const drawn = streams.flatMap((stream) => drawSkew(stream.fork(), { clocks: ['kafka', 'JobManager'], endUs: 1000 }))
    expect(drawn.length).toBeGreaterThan(30)
    expect(drawn.length).toBeLessThan(100)
    const by = drawn.map((fault) => (fault.kind === 'skew' ? fault.byUs : 0))
    expect(by.some((us) => us > 1_000_000)).toBe(true)
    expect(by.some((us) => us < -1_000_000)).toBe(true)
    expect(new Set(drawn.map((fault) => fault.kind === 'skew' && fault.process))).toEqual(new Set(['kafka', 'JobManager']))
    expect(streams.flatMap((stream) => drawSkew(stream.fork(), { endUs: 1000 }))).toEqual([])
  })
})
