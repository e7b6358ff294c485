import { Actor, type Process } from './actor.js'
import type { AnyBehavior } from './actor-types.js'
import { Link } from './link.js'
import type { Lane } from './behavior.js'
import type { Pending } from './pending.js'
import type { Timer } from './timer.js'

/**
 * What a world consists of. Whoever is about to change a component asks for its own one first: two worlds may share components
 * after a fork, and the first to change one takes a copy.
 */
export class Components {
  processes: Process[] = []
  actors: Actor[] = []
  /** Every link that exists, with or without messages; those of dead incarnations included until they are empty. */
  links: (Link | undefined)[] = []
  /** Places in `links` that may be used again. */
  private free: number[] = []
  /** Marks the components that this table may change. Replaced when a fork shares them all. */
  private owner = {}

  addActor(behavior: AnyBehavior, name: string, process: number, root: boolean, durable: unknown): number {
    this.actors.push(new Actor(behavior, name, process, root, this.owner, { volatile: undefined, durable }))
    return this.actors.length - 1
  }

  /** The actor's entry, to be read. */
  actor(index: number): Actor {
    const actor = this.actors[index]
    if (actor === undefined) throw new Error(`there is no actor ${String(index)}`)
    return actor
  }

  /** The actor's entry, to be changed. */
  ownActor(index: number): Actor {
    let actor = this.actor(index)
    if (actor.owner !== this.owner) this.actors[index] = actor = actor.copy(this.owner)
    actor.hash = undefined
    return actor
  }

  /** The timer, to be changed. */
  ownTimer(timer: Timer): Timer {
    const own = this.ownActor(timer.actor).timers[timer.position]
    if (own === undefined) throw new Error(`actor ${String(timer.actor)} has no timer ${timer.name}`)
    return own
  }

  process(index: number): Process {
    const process = this.processes[index]
    if (process === undefined) throw new Error(`there is no process ${String(index)}`)
    return process
  }

  addLink(from: number, to: number, lane: Lane): Link {
    const place = this.free.pop() ?? this.links.length
    return (this.links[place] = new Link(place, this.owner, from, to, lane))
  }

  removeLink(link: Link): void {
    this.links[link.place] = undefined
    this.free.push(link.place)
  }

  /** The link at this place, to be changed. */
  ownLink(place: number): Link {
    let link = this.links[place]
    if (link === undefined) throw new Error(`there is no link ${String(place)}`)
    if (link.owner !== this.owner) this.links[place] = link = link.copy(this.owner)
    link.hash = undefined
    return link
  }

  /** The message where it waits on a link that can be changed. */
  ownPending(pending: Pending, link: Link): Pending {
    const own = this.ownLink(link.place)
    if (own === link) return pending
    let [theirs, ours] = [link.first, own.first]
    while (theirs !== pending && theirs !== undefined) [theirs, ours] = [theirs.next, ours?.next]
    if (ours === undefined) throw new Error('the message does not wait in this world')
    return ours
  }

  /** A table that shares everything; both sides copy what they change from now on. */
  share(): Components {
    this.owner = {}
    const fork = this.shell()
    fork.actors = this.actors.slice()
    fork.links = this.links.slice()
    return fork
  }

  /** A table of its own links and timers, for drivers that hold on to them. States and messages are shared until they change. */
  copy(): Components {
    const fork = this.shell()
    for (const actor of this.actors) {
      actor.stateOwned = false
      fork.actors.push(actor.copy(fork.owner))
    }
    fork.links = this.links.map((link) => link?.copy(fork.owner))
    return fork
  }

  private shell(): Components {
    const fork = new Components()
    fork.processes = this.processes.slice()
    fork.free = this.free.slice()
    return fork
  }
}
