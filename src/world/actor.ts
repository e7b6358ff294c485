import type { AnyBehavior, AnyMessage, AnyState } from './actor-types.js'
import type { Context } from './behavior.js'
import { copyPlain } from './copy.js'
import { NOTHING_ELAPSED } from './elapsed.js'
import type { Timer } from './timer.js'
import { refusePromise } from './user-code.js'

/** An actor in the world's table. */
export class Actor {
  alive = false
  /** Incarnation of the process in which it was started last; 0 before the first start. */
  incarnation = 0
  /** It did not end in order: its process died, or never ran. */
  crashed = true
  state: AnyState
  /** False when a copy of this entry shares the state: it is copied before the next step changes it. */
  stateOwned = true
  /** Links to others, from this incarnation: places in the world's table. */
  out: number[] = []
  timers: Timer[] = []
  /** What it was told of the time, by a driver without a clock. Replaced, never changed. */
  elapsed = NOTHING_ELAPSED
  /** Hash of all of this, or undefined after a change. */
  hash: readonly [number, number] | undefined = undefined

  constructor(
    readonly behavior: AnyBehavior,
    readonly name: string,
    readonly process: number,
    /** Set up with the process: started again with it. Spawned actors end with the incarnation that spawned them. */
    readonly root: boolean,
    /** Which table may change this entry; another one takes a copy first. */
    readonly owner: object,
    state: AnyState,
  ) {
    this.state = state
  }

  /** A copy for another table. The state is shared until a step on either side changes it. */
  copy(owner: object): Actor {
    const copy = new Actor(this.behavior, this.name, this.process, this.root, owner, this.state)
    copy.alive = this.alive
    copy.incarnation = this.incarnation
    copy.crashed = this.crashed
    copy.stateOwned = false
    copy.out = this.out.slice()
    copy.timers = this.timers.map((timer) => timer.copy())
    copy.elapsed = this.elapsed
    copy.hash = this.hash
    return copy
  }

  /** Makes the state the entry's own before it changes. */
  ownState(): AnyState {
    if (!this.stateOwned) {
      this.state = copyPlain(this.state)
      this.stateOwned = true
    }
    return this.state
  }

  /** Runs its start. */
  start(context: Context): void {
    const state = this.ownState()
    state.volatile = refusePromise(this.behavior.start(state.durable, context), this.name)
  }

  /** Runs one step of it. */
  receive(message: AnyMessage, context: Context): void {
    refusePromise(this.behavior.receive(this.ownState(), message, context), this.name)
  }

  /** Drops what does not survive the actor's end. The state may be shared, so it is replaced, not changed. */
  dropVolatile(): void {
    this.state = { volatile: undefined, durable: this.root ? this.state.durable : undefined }
    if (!this.root) this.elapsed = NOTHING_ELAPSED
  }

  /** The timer of this name, if it was ever armed. */
  timer(name: string): Timer | undefined {
    for (const timer of this.timers) if (timer.name === name) return timer
    return undefined
  }
}

/** A process in the world's table; an entry is replaced, never changed. */
export interface Process {
  readonly name: string
  readonly alive: boolean
  /** Counted from 1 at each start; 0 before the first. */
  readonly incarnation: number
}
