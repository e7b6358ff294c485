/** What the world does to actors, by number: each change is made once and remembered. */
import type { Actor } from '../../world/parts.js'
import { PairTable } from './pair-table.js'
import { APART, type Actors } from './parts.js'

/** Numbers of actors that have changed. */
export class ActorChanges {
  private readonly endings = new PairTable()
  private readonly starts = new PairTable()
  private readonly firings = new PairTable()

  constructor(private readonly actors: Actors) {}

  /** It no longer lives: what is volatile is gone, and of those that were spawned everything. */
  ended(number: number, place: number, crashed: boolean): number {
    const known = this.endings.get(number, crashed ? 1 : 0)
    if (known >= 0) return known
    const actor = this.copy(number)
    actor.alive = false
    actor.crashed = crashed
    actor.dropVolatile()
    actor.timers = []
    return this.remember(this.endings, number, crashed ? 1 : 0, actor, place)
  }

  /** It is about to start in this incarnation of its process. */
  enlivened(number: number, place: number, incarnation: number): number {
    const known = this.starts.get(number, incarnation)
    if (known >= 0) return known
    const actor = this.copy(number)
    actor.alive = true
    actor.incarnation = incarnation
    return this.remember(this.starts, number, incarnation, actor, place)
  }

  /** The timer at this position of its armed timers has fired. */
  disarmed(number: number, place: number, position: number): number {
    const known = this.firings.get(number, position)
    if (known >= 0) return known
    const actor = this.copy(number)
    actor.timers.splice(position, 1)
    return this.remember(this.firings, number, position, actor, place)
  }

  private copy(number: number): Actor {
    return this.actors.get(number).copy(APART)
  }

  private remember(table: PairTable, number: number, argument: number, actor: Actor, place: number): number {
    const changed = this.actors.add(actor, place)
    table.set(number, argument, changed)
    return changed
  }
}
