/**
 * What every barrier handler must do, whatever its mode: a checkpoint is taken once, with the last barrier, never after it was
 * aborted, in the order of ids; and no channel stays blocked for a checkpoint that will not come.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BarrierHandler } from '../../src/engine/checkpoint/barrier-handler.js'
import type { Alignment } from '../../src/engine/network/buffer.js'
import { hashPlain } from '../../src/world/index.js'
import { BarrierBench, type ChannelElement } from './barrier-bench.js'
import { channelScripts, runSchedule } from './barrier-schedules.js'

/** A handler to be tested. */
export interface BarrierFixture<S> {
  readonly handler: BarrierHandler<S>
  readonly alignment: Alignment
  /** What it decides when a newer barrier comes before the last one of an older checkpoint. */
  readonly newerBeforeLast: readonly string[]
  /** Decides anew, by the plainest means, what these deliveries come to. */
  readonly reference: (channels: number, deliveries: readonly { readonly channel: number; readonly element: ChannelElement }[]) => string[]
}

const CANCELLED = 'CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER'

/** Runs the suite. */
export function testBarrierHandler<S>(fixture: BarrierFixture<S>): void {
  const { handler, alignment, reference } = fixture
  const bench = (channels: number) => new BarrierBench(handler, channels, alignment)

  describe('a barrier handler', () => {
    it('takes a checkpoint with the barrier of its only channel', () => {
      const one = bench(1)
      one.barrier(0, 1)
      one.barrier(0, 2)
      expect(one.decisions).toEqual(['checkpoint 1', 'checkpoint 2'])
      expect(one.blocked.size).toBe(0)
    })

    it('takes a checkpoint once, with the last barrier of several channels', () => {
      const three = bench(3)
      three.barrier(2, 1)
      three.barrier(0, 1)
      expect(three.decisions).toEqual([])
      three.barrier(1, 1)
      expect(three.decisions).toEqual(['checkpoint 1'])
      expect(three.blocked.size).toBe(0)
    })

    it('skips ids that nobody sends', () => {
      const two = bench(2)
      for (const checkpoint of [3, 7]) {
        two.barrier(0, checkpoint)
        two.barrier(1, checkpoint)
      }
      expect(two.decisions).toEqual(['checkpoint 3', 'checkpoint 7'])
    })

    it('goes on to a newer checkpoint whose barrier comes first', () => {
      const two = bench(2)
      two.barrier(0, 1)
      two.barrier(1, 2)
      expect(two.decisions).toEqual(fixture.newerBeforeLast)
      expect(two.blocked.has(0)).toBe(false)
      two.barrier(0, 2)
      expect(two.decisions).toEqual([...fixture.newerBeforeLast, 'checkpoint 2'])
      expect(two.blocked.size).toBe(0)
    })

    it('lets an obsolete barrier pass', () => {
      const two = bench(2)
      two.cancel(0, 2)
      two.barrier(1, 1)
      two.barrier(1, 2)
      expect(two.decisions).toEqual([`abort 2 ${CANCELLED}`])
      expect(two.blocked.size).toBe(0)
    })

    it('aborts with a marker that comes before any barrier, and takes the checkpoint no more', () => {
      const two = bench(2)
      two.cancel(0, 1)
      two.barrier(1, 1)
      expect(two.decisions).toEqual([`abort 1 ${CANCELLED}`])
      expect(two.blocked.size).toBe(0)
      two.barrier(0, 2)
      two.barrier(1, 2)
      expect(two.decisions).toEqual([`abort 1 ${CANCELLED}`, 'checkpoint 2'])
    })

    it('aborts with a marker that comes behind barriers', () => {
      const three = bench(3)
      three.barrier(0, 1)
      three.cancel(1, 1)
      expect(three.decisions).toEqual([`abort 1 ${CANCELLED}`])
      expect(three.blocked.size).toBe(0)
      three.barrier(2, 1)
      expect(three.decisions).toHaveLength(1)
      expect(three.blocked.size).toBe(0)
    })

    it('aborts once, however many markers come (FLINK-5285)', () => {
      const three = bench(3)
      for (const channel of [0, 1, 2]) three.cancel(channel, 1)
      expect(three.decisions).toEqual([`abort 1 ${CANCELLED}`])
    })

    it('counts the end of a channel as its barrier (FLIP-147)', () => {
      const three = bench(3)
      three.barrier(0, 1)
      three.barrier(1, 1)
      three.end(2)
      expect(three.decisions).toEqual(['checkpoint 1'])
      expect(three.blocked.size).toBe(0)
    })

    it('counts a channel once that ends behind its barrier', () => {
      const three = bench(3)
      three.barrier(0, 1)
      // An aligned channel cannot end before it is resumed; at least once, it can.
      if (!three.blocked.has(0)) {
        three.end(0)
        three.barrier(1, 1)
        expect(three.decisions).toEqual([])
      } else {
        three.barrier(1, 1)
      }
      three.barrier(2, 1)
      expect(three.decisions).toEqual(['checkpoint 1'])
    })

    it('expects nothing of channels that have ended', () => {
      const three = bench(3)
      three.end(0)
      three.end(2)
      three.barrier(1, 1)
      three.barrier(1, 2)
      expect(three.decisions).toEqual(['checkpoint 1', 'checkpoint 2'])
    })

    it('does nothing when channels end and no checkpoint is under way', () => {
      const two = bench(2)
      two.end(0)
      two.end(1)
      expect(two.decisions).toEqual([])
    })

    it('keeps plain state that does not remember the order of arrival', () => {
      const one = bench(3)
      const other = bench(3)
      for (const channel of [0, 2]) one.barrier(channel, 1)
      for (const channel of [2, 0]) other.barrier(channel, 1)
      expect(hashPlain(one.state, 1)).toBe(hashPlain(other.state, 1))
    })
  })

  describe('a barrier handler under any interleaving', () => {
    it('decides as the reference does', () => {
      fc.assert(
        fc.property(channelScripts(), fc.infiniteStream(fc.nat()), (scripts, choices) => {
          const tried = bench(scripts.length)
          const { deliveries } = runSchedule(tried, scripts, choices)
          expect(tried.decisions).toEqual(reference(scripts.length, deliveries))
        }),
        { numRuns: 1000 },
      )
    })

    it('never stops for good, and resumes a blocked channel exactly once', () => {
      fc.assert(
        fc.property(channelScripts(), fc.infiniteStream(fc.nat()), (scripts, choices) => {
          const tried = bench(scripts.length)
          const { stuck } = runSchedule(tried, scripts, choices)
          expect(stuck).toBe(false)
          expect(tried.spurious).toEqual([])
          expect(tried.resumed).toBe(tried.stopped)
        }),
        { numRuns: 500 },
      )
    })

    it('takes checkpoints in the order of ids, none of them twice and none that it aborted', () => {
      fc.assert(
        fc.property(channelScripts(), fc.infiniteStream(fc.nat()), (scripts, choices) => {
          const tried = bench(scripts.length)
          runSchedule(tried, scripts, choices)
          expect(tried.taken).toEqual([...new Set(tried.taken)].sort((a, b) => a - b))
          const ended = tried.decisions.map((decision) => decision.split(' ')[1])
          expect(new Set(ended).size).toBe(ended.length)
        }),
        { numRuns: 500 },
      )
    })
  })
}
