import { actorRef, eraseBehavior, processRef, type AnyBehavior, type AnyMessage, type AnyState } from './actor-types.js'
import type { ActorRef, Behavior, Instant, Lane, PeerDown, ProcessRef } from './behavior.js'
import { StepContext } from './context.js'
import { copyPlain } from './copy.js'
import type { Driver } from './driver.js'
import { formatHash, hashPlain, hashString, mix } from './hash.js'
import { freezePlain } from './plain.js'
import { Link, Timer } from './slot.js'

/** An actor in the world's table. */
interface Actor {
  readonly behavior: AnyBehavior
  readonly name: string
  readonly process: number
  /** Set up with the process: started again with it. Spawned actors end with the incarnation that spawned them. */
  readonly root: boolean
  alive: boolean
  state: AnyState
  /** False when a fork shares the state: it is copied before the next step changes it. */
  owned: boolean
  /** Content hashes of the state, or undefined after a change. */
  hash: readonly [number, number] | undefined
  /** Links to others, from this incarnation. */
  out: Link[]
  timers: Timer[]
}

interface Process {
  readonly name: string
  alive: boolean
  /** Counted from 1 at each start; 0 before the first. */
  incarnation: number
}

/** A reserved address, not yet set up. */
const absentState: AnyState = { volatile: undefined, durable: undefined }

/** The signal by which a strike leaves a step; private to the world. */
class Struck extends Error {}
const struck = new Struck()

/** How a world is built. */
export interface WorldOptions {
  readonly driver: Driver
  /** Receives the facts that actors record, with the time in µs. Without it `context.record` is absent. */
  readonly recorder?: (fact: { readonly kind: string }, at: Instant) => void
  /** Freezes everything that is sent (test builds). */
  readonly freeze?: boolean
}

/**
 * Processes, actors, links and timers, and the steps between them. A step is the delivery of a link's head, the firing of a
 * timer, or a fault; which comes next is the driver's.
 */
export class World {
  readonly actors: Actor[] = []
  readonly processes: Process[] = []
  /** Every link that exists, with or without messages; those of dead incarnations included until they are empty. */
  readonly links = new Set<Link>()
  steps = 0
  private traceHigh = 0x6a09e667
  private traceLow = 0xbb67ae85 | 0
  private readonly context: StepContext

  constructor(readonly options: WorldOptions) {
    this.context = new StepContext(this, options)
  }

  // ---- setting up

  process(name: string): ProcessRef {
    this.processes.push({ name, alive: false, incarnation: 0 })
    return processRef(this.processes.length - 1)
  }

  /** Sets an actor up in a process; it starts when the process does. */
  add<V, D, M extends AnyMessage>(process: ProcessRef, behavior: Behavior<V, D, M>, name: string, durable: D): ActorRef<M> {
    return actorRef(behavior, this.addActor(process, eraseBehavior(behavior), name, durable, true))
  }

  /** An actor's durable part, to be completed while setting up (addresses of actors that are added later). */
  setDurable<V, D, M extends AnyMessage>(behavior: Behavior<V, D, M>, ref: ActorRef<M>, durable: D): void {
    const actor = this.actorAt(ref)
    if (actor.behavior !== eraseBehavior(behavior)) throw new Error(`actor ${actor.name} is no ${behavior.kind}`)
    actor.state.durable = durable
    actor.hash = undefined
  }

  private addActor(process: number, behavior: AnyBehavior, name: string, durable: unknown, root: boolean): number {
    const state = { ...absentState, durable }
    this.actors.push({ behavior, name, process, root, alive: false, state, owned: true, hash: undefined, out: [], timers: [] })
    return this.actors.length - 1
  }

  // ---- steps

  /** Delivers the head of a link. */
  deliver(link: Link): void {
    const message = link.take()
    if (message === undefined) return
    this.options.driver.taken(link)
    if (!link.open && link.length === 0) this.links.delete(link)
    this.step(link.to, message)
  }

  /** Fires an armed timer. */
  fire(timer: Timer): void {
    timer.armed = false
    this.step(timer.actor, timer.fired)
  }

  /** Ends a process at once: none of its code runs. What it had sent may still arrive; what was sent to it is lost. */
  crash(process: ProcessRef): void {
    const entry = this.processAt(process)
    if (!entry.alive) return
    entry.alive = false
    this.actors.forEach((actor, index) => {
      if (actor.process === process && actor.alive) this.end(index, actor, true)
    })
  }

  /** Starts a process with its root actors, from their durable parts. */
  start(process: ProcessRef): void {
    const entry = this.processAt(process)
    if (entry.alive) return
    entry.alive = true
    entry.incarnation++
    const roots = this.actors.filter((actor) => actor.process === process && actor.root)
    for (const actor of roots) actor.alive = true
    for (const actor of roots) if (actor.alive) this.startActor(this.actors.indexOf(actor), actor)
  }

  isAlive(process: ProcessRef): boolean {
    return this.processAt(process).alive
  }

  private step(index: number, message: AnyMessage): void {
    const actor = this.actorAt(index)
    if (!actor.alive) return
    this.steps++
    const digest = actor.behavior.digest(message)
    const time = this.options.driver.now()
    this.traceHigh = mix(this.traceHigh ^ index, digest)
    this.traceLow = mix(mix(this.traceLow, time | 0), mix(digest, index))
    if (!actor.owned) own(actor)
    actor.hash = undefined
    const outer = this.context.enter(index, actor.process)
    try {
      actor.behavior.receive(actor.state, message, this.context)
    } catch (signal) {
      this.struckBy(signal, actor)
    }
    this.context.leave(outer)
  }

  private startActor(index: number, actor: Actor): void {
    actor.alive = true
    if (!actor.owned) own(actor)
    actor.hash = undefined
    const outer = this.context.enter(index, actor.process)
    try {
      actor.state.volatile = actor.behavior.start(actor.state.durable, this.context)
    } catch (signal) {
      this.struckBy(signal, actor)
    }
    this.context.leave(outer)
  }

  /** A strike at `reach` ended the step: the process dies with it. Anything else is a defect and goes on up. */
  private struckBy(signal: unknown, actor: Actor): void {
    if (signal !== struck) throw signal
    this.crash(processRef(actor.process))
  }

  private end(index: number, actor: Actor, crashed: boolean): void {
    actor.alive = false
    if (!actor.owned) own(actor)
    actor.state.volatile = undefined
    actor.hash = undefined
    for (const timer of actor.timers) if (timer.armed) this.disarm(timer)
    this.breakLinks(index, actor, crashed)
  }

  /** Links to the dead are lost with their content; links from it outlive it until they are empty, and tell who watches. */
  private breakLinks(index: number, actor: Actor, crashed: boolean): void {
    for (const link of this.links) {
      if (link.to !== index) continue
      this.links.delete(link)
      this.options.driver.dropped(link)
      const sender = this.actors[link.from]
      if (sender !== undefined) sender.out = sender.out.filter((kept) => kept !== link)
    }
    for (const link of actor.out) {
      if (link.watched) this.enqueue(link, this.peerDown(index, link.lane, crashed))
      link.open = false
      if (link.length === 0) this.links.delete(link)
    }
    actor.out = []
  }

  // ---- what a step may do (through its context)

  send(from: number, to: number, message: AnyMessage, lane: Lane): void {
    if (this.actors[to]?.alive !== true) return
    if (this.options.freeze === true) freezePlain(message)
    this.enqueue(this.linkBetween(from, to, lane), message)
  }

  private enqueue(link: Link, message: AnyMessage): void {
    link.queue.push(message)
    if (this.options.driver.sent(link, message)) return
    link.queue.pop()
    if (!link.open && link.length === 0) this.links.delete(link)
  }

  watch(watcher: number, peer: number, lane: Lane): void {
    if (this.actors[peer]?.alive === true) this.linkBetween(peer, watcher, lane).watched = true
    else this.enqueue(this.newLink(peer, watcher, lane, false), this.peerDown(peer, lane, true))
  }

  private peerDown(peer: number, lane: Lane, crashed: boolean): PeerDown {
    const incarnation = this.processes[this.actors[peer]?.process ?? -1]?.incarnation ?? 0
    return { kind: 'peer-down', peer, incarnation, lane, crashed }
  }

  private linkBetween(from: number, to: number, lane: Lane): Link {
    if (lane < 0) return this.newLink(from, to, lane, false)
    const out = this.actorAt(from).out
    for (const link of out) if (link.to === to && link.lane === lane) return link
    const link = this.newLink(from, to, lane, true)
    out.push(link)
    return link
  }

  private newLink(from: number, to: number, lane: Lane, open: boolean): Link {
    const link = new Link(from, to, lane, open)
    this.links.add(link)
    return link
  }

  spawn(parent: number, behavior: AnyBehavior, name: string, durable: unknown): number {
    const index = this.addActor(this.actorAt(parent).process, behavior, name, durable, false)
    this.startActor(index, this.actorAt(index))
    return index
  }

  stop(index: number): void {
    const actor = this.actorAt(index)
    if (actor.alive) this.end(index, actor, false)
  }

  arm(index: number, name: string, delayUs: number): void {
    const actor = this.actorAt(index)
    let timer = actor.timers.find((known) => known.name === name)
    if (timer === undefined) {
      timer = new Timer(index, name)
      actor.timers.push(timer)
    } else if (timer.armed) {
      this.disarm(timer)
    }
    timer.armed = true
    timer.delayUs = delayUs
    this.options.driver.armed(timer)
  }

  cancel(index: number, name: string): void {
    const timer = this.actorAt(index).timers.find((known) => known.name === name)
    if (timer?.armed === true) this.disarm(timer)
  }

  private disarm(timer: Timer): void {
    timer.armed = false
    this.options.driver.disarmed(timer)
  }

  /** Ends the running step because its process dies here. */
  strike(): never {
    throw struck
  }

  // ---- identity

  /** Rolling hash of (time, actor, message) over all steps so far: sixteen hexadecimal digits. */
  traceHash(): string {
    return formatHash(this.traceHigh, this.traceLow)
  }

  /** Hash of the content of the whole world: actors by position, links by ends and lane, armed timers. No history of how it came about. */
  fingerprint(): string {
    let high = 0
    let low = 0
    this.actors.forEach((actor, index) => {
      actor.hash ??= [hashPlain(actor.state, 0x243f6a88), hashPlain(actor.state, 0x13198a2e)]
      const seat = mix(mix(index, actor.alive ? 1 : 2), this.processes[actor.process]?.incarnation ?? 0)
      high = (high + mix(seat, actor.hash[0])) | 0
      low = (low + mix(seat, actor.hash[1])) | 0
      for (const timer of actor.timers) {
        if (timer.armed) low = (low + mix(mix(index, hashString(timer.name)), 0x3707344)) | 0
      }
    })
    for (const link of this.links) {
      if (link.length === 0 && !link.watched) continue
      const seat = mix(mix(mix(link.from, link.to), link.lane), link.watched ? 1 : 0)
      const waiting = link.queue.slice(link.head)
      high = (high + mix(seat, hashPlain(waiting, 0x243f6a88))) | 0
      low = (low + mix(seat, hashPlain(waiting, 0x13198a2e))) | 0
    }
    return formatHash(high, low)
  }

  /** A copy that goes its own way under another driver. Components are shared until one side changes them. */
  fork(driver: Driver): World {
    const { recorder, ...rest } = this.options
    const copy = new World({ ...rest, driver })
    copy.steps = this.steps
    copy.traceHigh = this.traceHigh
    copy.traceLow = this.traceLow
    for (const process of this.processes) copy.processes.push({ ...process })
    const links = new Map<Link, Link>()
    for (const link of this.links) links.set(link, copyLink(link))
    for (const link of links.values()) copy.links.add(link)
    for (const actor of this.actors) {
      actor.owned = false
      const out = actor.out.map((link) => links.get(link)).filter((link) => link !== undefined)
      copy.actors.push({ ...actor, out, timers: actor.timers.map(copyTimer) })
    }
    return copy
  }

  /** The actor's state, for reports and tests; never for actors. */
  inspect(ref: number): { readonly name: string; readonly alive: boolean; readonly state: AnyState } {
    const { name, alive, state } = this.actorAt(ref)
    return { name, alive, state }
  }

  private actorAt(index: number): Actor {
    const actor = this.actors[index]
    if (actor === undefined) throw new Error(`there is no actor ${index}`)
    return actor
  }

  private processAt(index: number): Process {
    const process = this.processes[index]
    if (process === undefined) throw new Error(`there is no process ${index}`)
    return process
  }
}

function own(actor: Actor): void {
  actor.state = copyPlain(actor.state)
  actor.owned = true
}

function copyLink(link: Link): Link {
  const copy = new Link(link.from, link.to, link.lane, link.open)
  copy.queue = link.queue.slice(link.head)
  copy.arrivals.push(...link.arrivals.slice(link.head))
  copy.sequences.push(...link.sequences.slice(link.head))
  copy.watched = link.watched
  return copy
}

function copyTimer(timer: Timer): Timer {
  const copy = new Timer(timer.actor, timer.name)
  copy.armed = timer.armed
  copy.delayUs = timer.delayUs
  return copy
}
