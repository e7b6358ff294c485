import type { AnyBehavior, AnyState } from './actor-types.js'
import { copyPlain } from './copy.js'
import type { Timer } from './timer.js'

/** An actor in the world's table. */
export interface Actor {
  readonly behavior: AnyBehavior
  readonly name: string
  readonly process: number
  /** Set up with the process: started again with it. Spawned actors end with the incarnation that spawned them. */
  readonly root: boolean
  /** Which table may change this entry; another one takes a copy first. */
  readonly owner: object
  alive: boolean
  /** Incarnation of the process in which it was started last; 0 before the first start. */
  incarnation: number
  /** It did not end in order: its process died, or never ran. */
  crashed: boolean
  state: AnyState
  /** False when a copy of this entry shares the state: it is copied before the next step changes it. */
  stateOwned: boolean
  /** Links to others, from this incarnation: places in the world's table. */
  out: number[]
  timers: Timer[]
  /** Hash of all of this, or undefined after a change. */
  hash: readonly [number, number] | undefined
}

/** A process in the world's table; an entry is replaced, never changed. */
export interface Process {
  readonly name: string
  readonly alive: boolean
  /** Counted from 1 at each start; 0 before the first. */
  readonly incarnation: number
}

/** A copy of the entry for another table. The state is shared until a step on either side changes it. */
export function copyActor(actor: Actor, owner: object): Actor {
  return { ...actor, owner, stateOwned: false, out: actor.out.slice(), timers: actor.timers.map((timer) => timer.copy()) }
}

/** Makes the state the entry's own before it changes. */
export function ownState(actor: Actor): void {
  if (actor.stateOwned) return
  actor.state = copyPlain(actor.state)
  actor.stateOwned = true
}

/** Drops what does not survive the actor's end. The state may be shared, so it is replaced, not changed. */
export function dropVolatile(actor: Actor): void {
  actor.state = { volatile: undefined, durable: actor.root ? actor.state.durable : undefined }
}

/** The actor's timer of this name, if it was ever armed. */
export function timerOf(actor: Actor, name: string): Timer | undefined {
  for (const timer of actor.timers) if (timer.name === name) return timer
  return undefined
}
