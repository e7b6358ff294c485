/** Channels that deliver barriers, markers, records and their end to a barrier handler, and what it makes of them. */
import type { BarrierEffects, BarrierHandler } from '../../src/engine/checkpoint/barrier-handler.js'
import type { Alignment, CheckpointBarrier } from '../../src/engine/network/buffer.js'

/** What a channel delivers; a record is what comes between the others. */
export type ChannelElement =
  { readonly type: 'record' } | { readonly type: 'end' } | { readonly type: 'barrier' | 'cancel-marker'; readonly checkpoint: number }

export interface Delivery {
  readonly channel: number
  readonly element: ChannelElement
}

/** An alignment's barrier of a checkpoint. */
export function barrier(checkpoint: number, alignment: Alignment): CheckpointBarrier {
  return { type: 'barrier', checkpoint, options: { alignment } }
}

/** A handler and its channels. An aligned barrier stops its channel, as the sender does, until the handler resumes it. */
export class BarrierBench<S> {
  readonly state: S
  /** `checkpoint 1`, `abort 1 REASON`, in order. */
  readonly decisions: string[] = []
  readonly taken: number[] = []
  readonly blocked = new Set<number>()
  /** Resumed although they were not blocked. */
  readonly spurious: number[] = []
  resumed = 0
  stopped = 0
  private readonly delivered: ChannelElement[][]
  /** For each checkpoint that was taken, the newest element of each channel at that moment. */
  readonly newestAt = new Map<number, (ChannelElement | undefined)[]>()

  constructor(
    private readonly handler: BarrierHandler<S>,
    readonly channels: number,
    private readonly alignment: Alignment,
    private readonly afterTasksFinish = true,
  ) {
    this.state = handler.open(channels)
    this.delivered = Array.from({ length: channels }, () => [])
  }

  private readonly effects: BarrierEffects = {
    checkpoint: ({ checkpoint }) => {
      this.decisions.push(`checkpoint ${checkpoint}`)
      this.taken.push(checkpoint)
      this.newestAt.set(
        checkpoint,
        this.delivered.map((elements) => elements.at(-1)),
      )
    },
    abort: (checkpoint, reason) => {
      this.decisions.push(`abort ${checkpoint} ${reason}`)
    },
    resume: (channel) => {
      this.resumed++
      if (!this.blocked.delete(channel)) this.spurious.push(channel)
    },
  }

  deliver(channel: number, element: ChannelElement): void {
    if (this.blocked.has(channel)) throw new Error(`channel ${channel} is blocked`)
    this.delivered[channel]?.push(element)
    switch (element.type) {
      case 'record':
        return
      case 'end':
        this.handler.endOfPartition(this.state, channel, this.effects, this.afterTasksFinish)
        return
      case 'cancel-marker':
        this.handler.cancelMarker(this.state, { type: 'cancel-marker', checkpoint: element.checkpoint }, channel, this.effects)
        return
      case 'barrier':
        if (this.alignment === 'ALIGNED') {
          this.blocked.add(channel)
          this.stopped++
        }
        this.handler.barrier(this.state, barrier(element.checkpoint, this.alignment), channel, this.effects)
    }
  }

  barrier(channel: number, checkpoint: number): void {
    this.deliver(channel, { type: 'barrier', checkpoint })
  }

  cancel(channel: number, checkpoint: number): void {
    this.deliver(channel, { type: 'cancel-marker', checkpoint })
  }

  end(channel: number): void {
    this.deliver(channel, { type: 'end' })
  }
}
