import type { AnyMessage } from './actor-types.js'
import type { Lane, TimerFired } from './behavior.js'

/**
 * One place in the driver's schedule: the head of a link, an armed timer, or a strike of the fault plan.
 * All three share one shape, so that the heap compares objects of one hidden class.
 */
export class Slot {
  /** µs; when it is due in timed drivers. */
  time = 0
  /** Breaks ties of `time`: the order in which things were scheduled. */
  sequence = 0
  /** Place in the heap, or -1. */
  heapIndex = -1
  constructor(
    readonly link: Link | undefined,
    readonly timer: Timer | undefined,
    readonly strike: Strike | undefined,
  ) {}
}

/** A queue of messages from one actor (of one incarnation) to another, on one lane. */
export class Link {
  readonly slot: Slot = new Slot(this, undefined, undefined)
  queue: AnyMessage[] = []
  /** Index of the head in `queue`; what is before it has been delivered. */
  head = 0
  /** Arrival times and sequence numbers, parallel to `queue`; kept by timed drivers only. */
  readonly arrivals: number[] = []
  readonly sequences: number[] = []
  /** The receiver asked to be told when the sender is gone. */
  watched = false
  constructor(
    readonly from: number,
    readonly to: number,
    readonly lane: Lane,
    /** More messages may come. False for a single unordered message, and once the sending incarnation is gone. */
    public open: boolean,
  ) {}

  get length(): number {
    return this.queue.length - this.head
  }

  /** Takes the head off the queue. */
  take(): AnyMessage | undefined {
    const message = this.queue[this.head++]
    if (this.head === this.queue.length) {
      this.queue.length = this.head = 0
      this.arrivals.length = this.sequences.length = 0
    }
    return message
  }
}

/** A named timer of one actor. */
export class Timer {
  readonly slot: Slot = new Slot(undefined, this, undefined)
  readonly fired: TimerFired
  armed = false
  /** µs asked for when it was armed last. */
  delayUs = 0
  constructor(
    readonly actor: number,
    readonly name: string,
  ) {
    this.fired = { kind: 'timer', name }
  }
}

/** Something the fault plan does to a process at a time of its own. */
export interface Strike {
  readonly kind: 'crash' | 'start'
  readonly process: number
}
