import { describe, expect, it } from 'vitest'
import { Stream } from '../world/index.js'
import { drawSkew, drawTies } from './draw-timing.js'

const streams = Array.from({ length: 100 }, (_, seed) => new Stream(`seed-${String(seed)}`, 'timing'))

describe('faults of time', () => {
  it('equal times are forced on grids of several orders', () => {
    const drawn = streams.map((stream) => drawTies(stream.fork()))
    expect(new Set(drawn.map((fault) => fault.kind === 'ties' && fault.gridUs)).size).toBe(4)
  })

  it('clocks are wrong by any order of magnitude, ahead or behind, of any process that has one', () => {
    const drawn = streams.map((stream) => drawSkew(stream.fork(), { clocks: ['kafka', 'JobManager'], endUs: 1000 }))
    const by = drawn.map((fault) => (fault?.kind === 'skew' ? fault.byUs : 0))
    expect(by.some((us) => us > 1_000_000)).toBe(true)
    expect(by.some((us) => us < -1_000_000)).toBe(true)
    expect(new Set(drawn.map((fault) => fault?.kind === 'skew' && fault.process))).toEqual(new Set(['kafka', 'JobManager']))
    expect(streams.map((stream) => drawSkew(stream.fork(), { endUs: 1000 })).filter((fault) => fault !== undefined)).toEqual([])
  })
})
