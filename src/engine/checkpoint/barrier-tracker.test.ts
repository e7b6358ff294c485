import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BarrierBench, type Delivery } from '../../../test/engine/barrier-bench.js'
import { testBarrierHandler } from '../../../test/engine/barrier-conformance.js'
import { channelScripts, runSchedule } from '../../../test/engine/barrier-schedules.js'
import { barrierTracker } from './barrier-tracker.js'

interface Tracked {
  readonly checkpoint: number
  readonly arrived: Set<number>
  aborted: boolean
}

/** Every checkpoint is counted by itself; one that is complete ends it and all older ones. */
function reference(channels: number, deliveries: readonly Delivery[]): string[] {
  const decisions: string[] = []
  const ended = new Set<number>()
  let pending: Tracked[] = []
  let latest = 0
  const entryOf = (checkpoint: number): Tracked | undefined => {
    const known = pending.find((entry) => entry.checkpoint === checkpoint)
    if (known !== undefined || checkpoint <= latest) return known
    const entry = { checkpoint, arrived: new Set<number>(), aborted: false }
    pending.push(entry)
    latest = checkpoint
    return entry
  }
  const takeNewestComplete = (): void => {
    const complete = pending.findLast(({ arrived }) => new Set([...arrived, ...ended]).size === channels)
    if (complete === undefined) return
    pending = pending.filter(({ checkpoint }) => checkpoint > complete.checkpoint)
    if (!complete.aborted) decisions.push(`checkpoint ${complete.checkpoint}`)
  }
  for (const { channel, element } of deliveries) {
    if (element.type === 'end') ended.add(channel)
    if (element.type === 'barrier' || element.type === 'cancel-marker') {
      const entry = entryOf(element.checkpoint)
      entry?.arrived.add(channel)
      if (element.type === 'cancel-marker' && entry !== undefined) {
        for (const known of pending) {
          if (known.checkpoint > entry.checkpoint || known.aborted) continue
          known.aborted = true
          decisions.push(`abort ${known.checkpoint} CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER`)
        }
        pending = pending.filter(({ checkpoint }) => checkpoint >= entry.checkpoint)
      }
    }
    takeNewestComplete()
  }
  return decisions
}

describe('the tracker', () => {
  testBarrierHandler({ handler: barrierTracker, alignment: 'AT_LEAST_ONCE', newerBeforeLast: [], reference })

  it('completes an older checkpoint after the barrier of a newer one', () => {
    const two = new BarrierBench(barrierTracker, 2, 'AT_LEAST_ONCE')
    two.barrier(0, 1)
    two.barrier(0, 2)
    two.barrier(1, 1)
    two.barrier(1, 2)
    expect(two.decisions).toEqual(['checkpoint 1', 'checkpoint 2'])
  })

  it('subsumes older checkpoints silently', () => {
    const two = new BarrierBench(barrierTracker, 2, 'AT_LEAST_ONCE')
    two.barrier(0, 1)
    two.barrier(0, 2)
    two.barrier(1, 2)
    two.barrier(1, 1)
    expect(two.decisions).toEqual(['checkpoint 2'])
  })

  it('declines the older checkpoints that a marker ends: the JobManager may wait for them', () => {
    const two = new BarrierBench(barrierTracker, 2, 'AT_LEAST_ONCE')
    for (const checkpoint of [1, 2]) two.barrier(0, checkpoint)
    two.cancel(0, 3)
    two.barrier(1, 1)
    expect(two.decisions).toEqual([1, 2, 3].map((checkpoint) => `abort ${checkpoint} CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER`))
    expect(two.state.pending.map(({ barrier }) => barrier.checkpoint)).toEqual([3])
  })

  it('declines what is under way when a channel ends, where checkpoints end with the first task', () => {
    const two = new BarrierBench(barrierTracker, 2, 'AT_LEAST_ONCE', false)
    for (const checkpoint of [1, 2]) two.barrier(0, checkpoint)
    two.end(1)
    expect(two.decisions).toEqual([1, 2].map((checkpoint) => `abort ${checkpoint} CHECKPOINT_DECLINED_INPUT_END_OF_STREAM`))
    expect(two.state.pending).toEqual([])
  })

  it('does not take an aborted checkpoint when its last barrier comes', () => {
    const two = new BarrierBench(barrierTracker, 2, 'AT_LEAST_ONCE')
    two.barrier(0, 1)
    two.cancel(1, 1)
    expect(two.state.pending).toEqual([])
    expect(two.decisions).toEqual(['abort 1 CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER'])
  })

  it('tracks fifty checkpoints and forgets the oldest', () => {
    const two = new BarrierBench(barrierTracker, 2, 'AT_LEAST_ONCE')
    for (let checkpoint = 1; checkpoint <= 51; checkpoint++) two.barrier(0, checkpoint)
    expect(two.state.pending).toHaveLength(50)
    two.barrier(1, 1)
    expect(two.decisions).toEqual([])
    two.barrier(1, 2)
    expect(two.decisions).toEqual(['checkpoint 2'])
  })

  it('takes the newest checkpoint that the end of a channel completes, and none of the older', () => {
    const two = new BarrierBench(barrierTracker, 2, 'AT_LEAST_ONCE')
    for (const checkpoint of [1, 2, 3]) two.barrier(0, checkpoint)
    two.end(1)
    expect(two.decisions).toEqual(['checkpoint 3'])
    expect(two.state.pending).toEqual([])
  })

  it('has read every barrier of a checkpoint when it takes it, under any interleaving', () => {
    fc.assert(
      fc.property(channelScripts(), fc.infiniteStream(fc.nat()), (scripts, choices) => {
        const tried = new BarrierBench(barrierTracker, scripts.length, 'AT_LEAST_ONCE')
        const { deliveries } = runSchedule(tried, scripts, choices)
        for (const checkpoint of tried.taken) {
          const senders = deliveries.filter(
            ({ element }) => element.type === 'end' || ('checkpoint' in element && element.checkpoint === checkpoint),
          )
          expect(new Set(senders.map(({ channel }) => channel)).size).toBe(scripts.length)
        }
      }),
      { numRuns: 300 },
    )
  })
})
