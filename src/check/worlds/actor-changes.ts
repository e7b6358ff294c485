/** What the world does to actors, by number: each change is made once and remembered. */
import type { TimerFired } from '../../world/index.js'
import type { Actor } from '../../world/parts.js'
import { Ints } from './ints.js'
import { PairTable } from './pair-table.js'
import { APART, type Actors, type Messages } from './parts.js'

/** A timer that fires: its name, its actor without it, and what the actor is told. */
export interface Firing {
  readonly name: string
  readonly disarmed: number
  readonly message: number
}

/** Numbers of actors that have changed. */
export class ActorChanges {
  /** What is left of each actor, plus one, when it ends in order, and when its process dies; 0: not known yet. */
  private readonly endings = [new Ints(), new Ints()] as const
  private readonly starts = new PairTable()
  private readonly firings: (Firing | undefined)[][] = []

  constructor(
    private readonly actors: Actors,
    private readonly messages: Messages,
  ) {}

  /** It no longer lives: what is volatile is gone, and of those that were spawned everything. */
  ended(number: number, place: number, crashed: boolean): number {
    const endings = this.endings[crashed ? 1 : 0]
    const known = endings.get(number) - 1
    if (known >= 0) return known
    const actor = this.copy(number)
    actor.alive = false
    actor.crashed = crashed
    actor.dropVolatile()
    actor.timers = []
    const ended = this.actors.add(actor, place)
    endings.set(number, ended + 1)
    return ended
  }

  /** It is about to start in this incarnation of its process. */
  enlivened(number: number, place: number, incarnation: number): number {
    const known = this.starts.get(number, incarnation)
    if (known >= 0) return known
    const actor = this.copy(number)
    actor.alive = true
    actor.incarnation = incarnation
    const started = this.actors.add(actor, place)
    this.starts.set(number, incarnation, started)
    return started
  }

  /** The timer at this position of its armed timers fires. */
  firing(number: number, place: number, position: number): Firing {
    const ofActor = (this.firings[number] ??= [])
    return (ofActor[position] ??= this.newFiring(number, place, position))
  }

  private newFiring(number: number, place: number, position: number): Firing {
    const actor = this.copy(number)
    const name = actor.timers[position]?.name ?? ''
    actor.timers.splice(position, 1)
    const fired: TimerFired = { kind: 'timer', name }
    return { name, disarmed: this.actors.add(actor, place), message: this.messages.add(fired) }
  }

  private copy(number: number): Actor {
    return this.actors.get(number).copy(APART)
  }
}
