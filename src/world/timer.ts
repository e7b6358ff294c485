import type { TimerFired } from './behavior.js'
import { Pending } from './pending.js'

/** A named timer of one actor. */
export class Timer {
  readonly pending: Pending
  armed = false
  /** µs asked for when it was armed last. */
  delayUs = 0
  /** Count of the world's steps when it was armed last: timers of one step were armed at one instant. */
  armedAt = 0
  /** What its firing adds to the trace: always the same. Undefined before the first. */
  digest: number | undefined = undefined

  constructor(
    readonly actor: number,
    /** Where it is among the actor's timers. */
    readonly position: number,
    readonly name: string,
  ) {
    const fired: TimerFired = { kind: 'timer', name }
    this.pending = new Pending(fired, undefined, this, undefined)
  }

  /** A copy, due at the same time. */
  copy(): Timer {
    const copy = new Timer(this.actor, this.position, this.name)
    copy.armed = this.armed
    copy.delayUs = this.delayUs
    copy.armedAt = this.armedAt
    copy.pending.time = this.pending.time
    copy.pending.sequence = this.pending.sequence
    return copy
  }
}
