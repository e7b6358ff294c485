import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BarrierBench, type ChannelElement, type Delivery } from '../../../test/engine/barrier-bench.js'
import { testBarrierHandler } from '../../../test/engine/barrier-conformance.js'
import { channelScripts, runSchedule } from '../../../test/engine/barrier-schedules.js'
import { barrierAligner } from './barrier-aligner.js'

/** Only the newest checkpoint is aligned; it is taken once every channel has sent its barrier or has ended. */
function reference(channels: number, deliveries: readonly Delivery[]): string[] {
  const decisions: string[] = []
  const ended = new Set<number>()
  let newest = 0
  let arrived: Set<number> | undefined
  const takeWhenAligned = (): void => {
    if (arrived === undefined || new Set([...arrived, ...ended]).size < channels) return
    decisions.push(`checkpoint ${newest}`)
    arrived = undefined
  }
  for (const { channel, element } of deliveries) {
    switch (element.type) {
      case 'barrier':
        if (element.checkpoint > newest) {
          if (arrived !== undefined) decisions.push(`abort ${newest} CHECKPOINT_DECLINED_SUBSUMED`)
          newest = element.checkpoint
          arrived = new Set()
        }
        if (element.checkpoint === newest) arrived?.add(channel)
        break
      case 'cancel-marker':
        if (element.checkpoint > newest || (element.checkpoint === newest && arrived !== undefined)) {
          decisions.push(`abort ${element.checkpoint} CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER`)
          newest = element.checkpoint
          arrived = undefined
        }
        break
      case 'end':
        ended.add(channel)
        break
      case 'record':
        continue
    }
    takeWhenAligned()
  }
  return decisions
}

describe('the aligner', () => {
  testBarrierHandler({
    handler: barrierAligner,
    alignment: 'ALIGNED',
    newerBeforeLast: ['abort 1 CHECKPOINT_DECLINED_SUBSUMED'],
    reference,
  })

  it('declines what is under way when a channel ends, where checkpoints end with the first task', () => {
    const three = new BarrierBench(barrierAligner, 3, 'ALIGNED', false)
    three.end(2)
    expect(three.decisions).toEqual([])
    three.barrier(0, 1)
    three.end(1)
    expect(three.decisions).toEqual(['abort 1 CHECKPOINT_DECLINED_INPUT_END_OF_STREAM'])
    expect(three.blocked.size).toBe(0)
    three.barrier(0, 2)
    expect(three.decisions.slice(1)).toEqual(['checkpoint 2'])
  })

  it('blocks a channel behind its barrier until the last one is in', () => {
    const three = new BarrierBench(barrierAligner, 3, 'ALIGNED')
    three.barrier(0, 1)
    three.barrier(1, 1)
    expect([...three.blocked]).toEqual([0, 1])
    three.barrier(2, 1)
    expect(three.blocked.size).toBe(0)
  })

  it('lets a channel go on whose barrier is obsolete (FLINK-21104)', () => {
    const two = new BarrierBench(barrierAligner, 2, 'ALIGNED')
    two.barrier(0, 2)
    two.barrier(1, 1)
    expect([...two.blocked]).toEqual([0])
    two.barrier(1, 2)
    expect(two.decisions).toEqual(['checkpoint 2'])
  })

  it('does not take the late barrier of a cancelled checkpoint for one of the next (FLINK-20654)', () => {
    const two = new BarrierBench(barrierAligner, 2, 'ALIGNED')
    two.cancel(0, 1)
    two.barrier(1, 1)
    two.barrier(0, 2)
    expect(two.decisions).toHaveLength(1)
    two.barrier(1, 2)
    expect(two.decisions.at(-1)).toBe('checkpoint 2')
  })

  it('remembers nothing but ids of what is over', () => {
    const over = { lastDone: 1, current: 1, barrier: null, aligned: [], target: 0, blocked: [], open: 2 }
    const taken = new BarrierBench(barrierAligner, 2, 'ALIGNED')
    taken.barrier(0, 1)
    taken.barrier(1, 1)
    expect(taken.state).toEqual(over)
    const aborted = new BarrierBench(barrierAligner, 2, 'ALIGNED')
    aborted.barrier(0, 1)
    aborted.cancel(1, 1)
    expect(aborted.state).toEqual(over)
  })

  it('ignores the marker of a checkpoint that it has taken', () => {
    const two = new BarrierBench(barrierAligner, 2, 'ALIGNED')
    two.barrier(0, 1)
    two.barrier(1, 1)
    two.cancel(0, 1)
    expect(two.decisions).toEqual(['checkpoint 1'])
  })

  it('has read nothing behind the barrier of any channel when it takes a checkpoint, under any interleaving', () => {
    const isBarrierOf = (checkpoint: number, newest: ChannelElement | undefined): boolean =>
      newest?.type === 'end' || (newest?.type === 'barrier' && newest.checkpoint === checkpoint)
    fc.assert(
      fc.property(channelScripts(), fc.infiniteStream(fc.nat()), (scripts, choices) => {
        const tried = new BarrierBench(barrierAligner, scripts.length, 'ALIGNED')
        runSchedule(tried, scripts, choices)
        for (const [checkpoint, newest] of tried.newestAt) expect(newest.every((element) => isBarrierOf(checkpoint, element))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})
