import type { AnyBehavior, AnyState } from './actor-types.js'
import { copyPlain } from './copy.js'
import type { Link } from './link.js'
import type { Timer } from './timer.js'

/** An actor in the world's table. */
export interface Actor {
  readonly behavior: AnyBehavior
  readonly name: string
  readonly process: number
  /** Set up with the process: started again with it. Spawned actors end with the incarnation that spawned them. */
  readonly root: boolean
  alive: boolean
  /** Incarnation of the process in which it was started last; 0 before the first start. */
  incarnation: number
  /** It did not end in order: its process died, or never ran. */
  crashed: boolean
  state: AnyState
  /** False when a fork shares the state: it is copied before the next step changes it. */
  owned: boolean
  /** Content hashes of the state, or undefined after a change. */
  hash: readonly [number, number] | undefined
  /** Links to others, from this incarnation. */
  out: Link[]
  timers: Timer[]
}

/** A process in the world's table. */
export interface Process {
  readonly name: string
  alive: boolean
  /** Counted from 1 at each start; 0 before the first. */
  incarnation: number
}

/** Makes the state the actor's own before it changes. */
export function own(actor: Actor): void {
  if (!actor.owned) {
    actor.state = copyPlain(actor.state)
    actor.owned = true
  }
  actor.hash = undefined
}

/** Drops what does not survive the actor's end. The state may be shared with a fork, so it is replaced, not changed. */
export function dropVolatile(actor: Actor): void {
  actor.state = { volatile: undefined, durable: actor.root ? actor.state.durable : undefined }
  actor.hash = undefined
}

/** The actor's entry in a fork, without its links: those are copied one by one. */
export function forkActor(actor: Actor): Actor {
  actor.owned = false
  return { ...actor, out: [], timers: actor.timers.map((timer) => timer.fork()) }
}

/** Whether a timer of this name is armed, and which it is. */
export function timerOf(actor: Actor, name: string): Timer | undefined {
  for (const timer of actor.timers) if (timer.name === name) return timer
  return undefined
}
