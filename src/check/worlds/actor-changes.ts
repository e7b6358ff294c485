/** What the world does to actors, by number: each change is made once and remembered. */
import type { Actor } from '../../world/parts.js'
import { PairTable } from './pair-table.js'
import { APART, type Actors } from './parts.js'

export class ActorChanges {
  private readonly known = new Map<string, PairTable>()

  constructor(private readonly actors: Actors) {}

  /** It no longer lives: what is volatile is gone, and of those that were spawned everything. */
  ended(number: number, place: number, crashed: boolean): number {
    return this.changed(crashed ? 'crashed' : 'ended', number, 0, place, (actor) => {
      actor.alive = false
      actor.crashed = crashed
      actor.dropVolatile()
      actor.timers = []
    })
  }

  /** It is about to start in this incarnation of its process. */
  enlivened(number: number, place: number, incarnation: number): number {
    return this.changed('enlivened', number, incarnation, place, (actor) => {
      actor.alive = true
      actor.incarnation = incarnation
    })
  }

  /** The timer at this position of its armed timers has fired. */
  disarmed(number: number, place: number, position: number): number {
    return this.changed('disarmed', number, position, place, (actor) => {
      const timer = actor.timers[position]
      if (timer !== undefined) timer.armed = false
    })
  }

  private changed(name: string, number: number, argument: number, place: number, change: (actor: Actor) => void): number {
    let table = this.known.get(name)
    if (table === undefined) this.known.set(name, (table = new PairTable()))
    const known = table.get(number, argument)
    if (known >= 0) return known
    const actor = this.actors.get(number).copy(APART)
    change(actor)
    const changed = this.actors.add(actor, place)
    table.set(number, argument, changed)
    return changed
  }
}
