import type { Actor, Process } from './actor.js'
import { actorRef, eraseBehavior, processRef, type AnyBehavior, type AnyMessage, type AnyState } from './actor-types.js'
import type { ActorRef, Behavior, Heartbeat, Instant, Lane, PeerDown, ProcessRef } from './behavior.js'
import { Components } from './components.js'
import { StepContext } from './context.js'
import { linksBetween, loseSent, mend, peerDown } from './connection.js'
import { copyPlain } from './copy.js'
import type { Driver } from './driver.js'
import { hasElapsed, presentInstant, withElapsed } from './elapsed.js'
import { fingerprintOf } from './fingerprint.js'
import { formatHash } from './hash.js'
import type { Suspicion } from './heartbeats.js'
import type { Link } from './link.js'
import { MessageAudit } from './message-audit.js'
import { wrongReceiver } from './misuse.js'
import { Pending } from './pending.js'
import { struck } from './struck.js'
import { Timer } from './timer.js'
import { Trace } from './trace.js'
import type { Recorder, WorldOptions } from './world-options.js'

/** What a process's start and end, and the end of a connection, leave in the trace, in place of a message's digest. */
const STARTED = 1
const CRASHED = 2
const DISCONNECTED = 3

/**
 * Processes, actors, links and timers, and the steps between them. A step is the delivery of a message, the firing of a timer,
 * or a fault; which comes next is the driver's.
 */
export class World {
  steps = 0
  private trace = new Trace()
  private readonly context: StepContext
  private readonly audit: MessageAudit | undefined
  /** Actors that were stopped in the running step, and end with it. */
  private readonly stopped: number[] = []

  constructor(
    readonly options: WorldOptions,
    private readonly parts = new Components(),
  ) {
    this.context = new StepContext(this, options)
    this.audit = options.freeze === true ? new MessageAudit() : undefined
  }

  get actors(): readonly Readonly<Actor>[] {
    return this.parts.actors
  }

  get processes(): readonly Process[] {
    return this.parts.processes
  }

  /** Every link that exists, with or without messages; those of dead incarnations included until they are empty. Has holes. */
  get links(): readonly (Link | undefined)[] {
    return this.parts.links
  }

  // ---- setting up

  process(name: string): ProcessRef {
    this.parts.processes.push({ name, alive: false, incarnation: 0 })
    return processRef(this.processes.length - 1)
  }

  /** Sets an actor up in a process; it starts when the process does. */
  add<V, D, M extends AnyMessage>(process: ProcessRef, behavior: Behavior<V, D, M>, name: string, durable: D): ActorRef<M> {
    return actorRef(behavior, this.parts.addActor(eraseBehavior(behavior), name, process, true, durable))
  }

  /** An actor's durable part, to be completed while setting up (addresses of actors that are added later). */
  setDurable<V, D, M extends AnyMessage>(behavior: Behavior<V, D, M>, ref: ActorRef<M>, durable: D): void {
    const actor = this.parts.ownActor(ref)
    if (actor.behavior !== eraseBehavior(behavior)) throw new Error(`actor ${actor.name} is no ${behavior.kind}`)
    actor.state = { volatile: actor.state.volatile, durable }
  }

  // ---- steps

  /** Delivers a message that can be taken off its link: the head, or any on the unordered lane. */
  deliver(pending: Pending): void {
    const waiting = pending.link
    if (waiting === undefined || (pending !== waiting.first && !waiting.unordered)) throw new Error('this message cannot be taken yet')
    const own = this.parts.ownPending(pending, waiting)
    const link = own.link ?? waiting
    link.remove(own)
    this.options.driver.taken(link)
    if (link.length === 0 && !link.open) this.parts.removeLink(link)
    this.audit?.delivered(pending.message)
    this.step(link.to, own.shared ? copyPlain(pending.message) : pending.message)
  }

  /** A message arrives beside its link; it is lost when that incarnation of the receiver is gone. */
  arrive(to: number, incarnation: number, message: AnyMessage): void {
    const receiver = this.parts.actor(to)
    if (receiver.alive && receiver.incarnation === incarnation) this.step(to, message)
  }

  /** Fires an armed timer. */
  fire(timer: Timer): void {
    const own = this.parts.ownTimer(timer)
    own.armed = false
    this.step(own.actor, own.pending.message, own)
  }

  /** Ends a process at once: none of its code runs. What it had sent may arrive, unless its host is lost; what was sent to it is lost. */
  crash(process: ProcessRef): void {
    const entry = this.parts.process(process)
    if (!entry.alive) return
    this.trace.fold(this.options.driver.now(), ~process, CRASHED)
    this.parts.processes[process] = { name: entry.name, alive: false, incarnation: entry.incarnation }
    const all = this.actorsOf(process)
    if (this.options.driver.losesHost?.(process, all) === true) loseSent(this.parts, this.options.driver, all)
    const dying = all.filter((index) => this.parts.actor(index).alive)
    for (const index of dying) this.parts.ownActor(index).alive = false
    for (const index of dying) this.end(index, true)
    this.options.driver.crashed(process)
  }

  /** Starts a process with its root actors, from their durable parts. */
  start(process: ProcessRef): void {
    const entry = this.parts.process(process)
    if (entry.alive) return
    this.trace.fold(this.options.driver.now(), ~process, STARTED)
    this.parts.processes[process] = { name: entry.name, alive: true, incarnation: entry.incarnation + 1 }
    const roots = this.actorsOf(process).filter((index) => this.parts.actor(index).root)
    for (const index of roots) this.enliven(index)
    for (const index of roots) this.startRoot(index)
  }

  /**
   * Breaks the connection between two processes; whether there was one. What is on its way between them is lost, and so is what is
   * sent until one end watches the other anew: that is how it connects again. Whoever watches is told.
   */
  disconnect(one: ProcessRef, other: ProcessRef): boolean {
    const between = linksBetween(this.parts, one, other)
    if (between.length === 0) return false
    this.trace.fold(this.options.driver.now(), ~one, DISCONNECTED)
    this.trace.fold(this.options.driver.now(), ~other, DISCONNECTED)
    for (const { place } of between) this.breakLink(this.parts.ownLink(place))
    return true
  }

  private breakLink(link: Link): void {
    this.options.driver.dropped(link)
    link.clear()
    link.broken = true
    if (link.watched) this.enqueue(link, peerDown(this.parts.actor(link.from), link.from, link.lane, true))
    link.watched = false
  }

  isAlive(process: ProcessRef): boolean {
    return this.parts.process(process).alive
  }

  private actorsOf(process: number): number[] {
    return [...this.actors.keys()].filter((index) => this.parts.actor(index).process === process)
  }

  private step(index: number, message: AnyMessage, timer?: Timer): void {
    const actor = this.parts.ownActor(index)
    if (!actor.alive) return
    this.steps++
    const digest = timer === undefined ? actor.behavior.digest(message) : (timer.digest ??= actor.behavior.digest(message))
    this.trace.fold(this.options.driver.now(), index, digest)
    this.context.enter(index, actor.process)
    try {
      actor.receive(message, this.context)
    } catch (signal) {
      this.struckBy(signal, actor)
    }
    this.context.leave(-1)
    if (this.stopped.length > 0) this.endStopped()
  }

  /** Starts an actor that was set up with its process; one that a strike or an earlier start has ended stays so. */
  private startRoot(index: number): void {
    const actor = this.parts.actor(index)
    if (!actor.alive) return
    try {
      this.runStart(index)
    } catch (signal) {
      this.struckBy(signal, actor)
    }
    this.context.leave(-1)
    this.endStopped()
  }

  private enliven(index: number): void {
    const actor = this.parts.ownActor(index)
    actor.alive = true
    actor.incarnation = this.parts.process(actor.process).incarnation
  }

  private runStart(index: number): void {
    const actor = this.parts.ownActor(index)
    const outer = this.context.enter(index, actor.process)
    actor.start(this.context)
    this.context.leave(outer)
  }

  /** A strike at `reach` ended the step: the process dies with it. Anything else is a defect and goes on up. */
  private struckBy(signal: unknown, actor: Actor): void {
    if (signal !== struck) throw signal
    this.crash(processRef(actor.process))
  }

  private endStopped(): void {
    for (const index of this.stopped.splice(0)) {
      if (!this.parts.actor(index).alive) continue
      this.parts.ownActor(index).alive = false
      this.end(index, false)
    }
  }

  /** Clears away after an actor that is no longer alive. */
  private end(index: number, crashed: boolean): void {
    const actor = this.parts.ownActor(index)
    actor.crashed = crashed
    actor.dropVolatile()
    for (const timer of actor.timers) if (timer.armed) this.disarm(timer)
    this.dropLinksTo(index)
    this.closeLinksFrom(index, actor)
  }

  /** What was sent to the dead is lost. */
  private dropLinksTo(index: number): void {
    for (const link of this.links) {
      if (link?.to !== index) continue
      this.parts.removeLink(link)
      this.options.driver.dropped(link)
      if (!link.open) continue
      const sender = this.parts.ownActor(link.from)
      sender.out = sender.out.filter((place) => place !== link.place)
    }
  }

  /** What the dead had sent outlives them; behind it, those who watch are told. */
  private closeLinksFrom(index: number, actor: Actor): void {
    for (const place of actor.out) {
      const link = this.parts.ownLink(place)
      link.open = false
      if (link.watched && this.parts.actor(link.to).alive) this.enqueue(link, peerDown(actor, index, link.lane))
      link.watched = false
      if (link.length === 0) this.parts.removeLink(link)
    }
    actor.out = []
  }

  // ---- what a step may do (through its context)

  send(from: number, to: number, message: AnyMessage, lane: Lane): void {
    const receiver = this.actors[to]
    if (receiver === undefined) throw wrongReceiver(from, to, message.kind, this.actors.length)
    if (!receiver.alive) return
    this.audit?.sent(message)
    const link = this.linkBetween(from, to, lane)
    if (!link.broken) this.enqueue(link, message)
  }

  private enqueue(link: Link, message: AnyMessage | PeerDown): void {
    const pending = new Pending(message, link, undefined, undefined)
    if (this.options.driver.sent(pending, link)) link.append(pending)
  }

  watch(watcher: number, peer: number, lane: Lane): void {
    const actor = this.parts.actor(peer)
    if (actor.alive) {
      const link = this.linkBetween(peer, watcher, lane)
      link.watched = true
      // Who has been told of a broken connection and watches again has opened a new one.
      if (link.broken && link.length === 0) mend(this.parts, watcher, peer)
      return
    }
    const link = this.parts.addLink(peer, watcher, lane)
    link.open = false
    this.enqueue(link, peerDown(actor, peer, lane))
    if (link.length === 0) this.parts.removeLink(link)
  }

  monitor(watcher: number, peer: number, lane: Lane, heartbeat: Heartbeat): void {
    const { alive, incarnation } = this.parts.actor(peer)
    if (!alive) return
    this.linkBetween(peer, watcher, lane).heartbeat = heartbeat
    const watcherIncarnation = this.parts.actor(watcher).incarnation
    this.options.driver.monitored?.({ watcher, watcherIncarnation, peer, incarnation, lane, heartbeat })
  }

  /** Tells who monitors a peer that nothing was heard of it for too long. That is over then, until it monitors the peer anew. */
  suspect({ watcher, peer, incarnation, lane }: Suspicion): void {
    const link = this.links.find((candidate) => candidate?.from === peer && candidate.to === watcher && candidate.lane === lane)
    if (link?.open === true) this.parts.ownLink(link.place).heartbeat = undefined
    if (!this.parts.actor(watcher).alive) return
    this.enqueue(this.linkBetween(watcher, watcher, lane), { kind: 'peer-down', peer, incarnation, lane, crashed: true, silent: true })
  }

  private linkBetween(from: number, to: number, lane: Lane): Link {
    for (const place of this.parts.actor(from).out) {
      const link = this.links[place]
      if (link?.to === to && link.lane === lane) return this.parts.ownLink(place)
    }
    const link = this.parts.addLink(from, to, lane)
    this.parts.ownActor(from).out.push(link.place)
    return link
  }

  spawn(parent: number, behavior: AnyBehavior, name: string, durable: unknown): number {
    const index = this.parts.addActor(behavior, name, this.parts.actor(parent).process, false, durable)
    this.enliven(index)
    this.runStart(index)
    return index
  }

  /** Ends an actor with the running step, of an actor of the same process. */
  stop(by: number, index: number): void {
    const actor = this.parts.actor(index)
    if (actor.process !== this.parts.actor(by).process) throw new Error(`actor ${actor.name} is of another process and cannot be stopped`)
    this.stopped.push(index)
  }

  arm(index: number, name: string, delayUs: number): void {
    const actor = this.parts.ownActor(index)
    let timer = actor.timer(name)
    if (timer === undefined) {
      timer = new Timer(index, actor.timers.length, name)
      actor.timers.push(timer)
    } else if (timer.armed) {
      this.disarm(timer)
    }
    timer.armed = true
    timer.delayUs = delayUs
    timer.armedAt = this.steps
    this.options.driver.armed(timer)
  }

  cancel(index: number, name: string): void {
    const timer = this.parts.ownActor(index).timer(name)
    if (timer?.armed === true) this.disarm(timer)
  }

  private disarm(timer: Timer): void {
    timer.armed = false
    this.options.driver.disarmed(timer)
  }

  /** Whether so much time has passed; what a driver without a clock has once answered stays true. */
  elapsed(index: number, since: Instant, us: number, label: string): boolean {
    const { driver } = this.options
    if (driver.timeless !== true) return driver.elapsed(index, since, us, label)
    if (hasElapsed(this.parts.actor(index).elapsed, since, us, label)) return true
    if (!driver.elapsed(index, since, us, label)) return false
    const actor = this.parts.ownActor(index)
    actor.elapsed = withElapsed(actor.elapsed, since, us, label)
    return true
  }

  /** The instant at which an actor is, under a driver without a clock. */
  presentOf(index: number): Instant {
    return presentInstant(this.parts.actor(index).elapsed)
  }

  /** Ends the running step because its process dies here. */
  strike(): never {
    throw struck
  }

  // ---- identity

  /** Rolling hash of (time, actor, message) over all steps, starts and crashes so far: sixteen hexadecimal digits. */
  traceHash(): string {
    return this.trace.format()
  }

  /** Hash of the content of the whole world: sixteen hexadecimal digits, the same in every process. */
  fingerprint(): string {
    return formatHash(...this.contentHash())
  }

  /** The fingerprint as two integers of 32 bits, for search. */
  contentHash(): readonly [number, number] {
    return fingerprintOf(this.parts)
  }

  /** A copy that goes its own way under another driver. What the drivers do not hold on to is shared until one side changes it. */
  fork(driver: Driver, recorder?: Recorder, freeze = this.options.freeze === true): World {
    const share = this.options.driver.forgetful === true && driver.forgetful === true
    const parts = share ? this.parts.share() : this.parts.copy()
    const copy = new World(recorder === undefined ? { driver, freeze } : { driver, freeze, recorder }, parts)
    copy.steps = this.steps
    copy.trace = this.trace.fork()
    return copy
  }

  /** The actor's state, for reports and tests; never for actors. */
  inspect(ref: number): { readonly name: string; readonly alive: boolean; readonly state: AnyState } {
    const { name, alive, state } = this.parts.actor(ref)
    return { name, alive, state }
  }
}
