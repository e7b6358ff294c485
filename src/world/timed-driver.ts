import { instant, processRef, type AnyMessage } from './actor-types.js'
import type { Instant, Outcome, ProcessRef } from './behavior.js'
import { copyPlain } from './copy.js'
import type { Driver } from './driver.js'
import { Edges, type LatencyOptions } from './edges.js'
import { Heartbeats, type Airwaves, type Monitoring } from './heartbeats.js'
import type { Link } from './link.js'
import { Pending, type Strike } from './pending.js'
import { Schedule } from './schedule.js'
import { Stream } from './stream.js'
import type { Timer } from './timer.js'
import type { World } from './world.js'
import type { Recorder } from './world-options.js'

/** A message arrives beside its lane, where others may overtake it. */
export interface Detour {
  /** µs after it was sent. */
  readonly afterUs: number
  /** It arrives in its place as well: it is repeated. */
  readonly repeated: boolean
  /** Incarnation of the receiver it is meant for. */
  readonly incarnation: number
}

/** What a fault plan does to steps and messages; asked at each. Absent in a world without faults. */
export interface Interference {
  /** Whether the process of this actor dies at this failpoint; or what else happens, right behind the step. */
  strikes(actor: number, failpoint: string, now: number): boolean | Strike
  fails(actor: number, failpoint: string, now: number): boolean
  outcome(actor: number, failpoint: string, now: number): Outcome
  /** Extra delay of a message in µs, or -1 when it is lost; or how it leaves the order of its lane. */
  transit(link: Link, message: AnyMessage, now: number): number | Detour
  /** Whether the host of a process that dies is lost with it; asked before `restartAfter`. */
  losesHost?(process: ProcessRef, now: number): boolean
  /** After how many µs a process that has just died starts again; undefined: not by itself. */
  restartAfter?(process: ProcessRef, now: number): number | undefined
  /** The connection between these processes broke: there was one. */
  disconnected?(one: ProcessRef, other: ProcessRef, now: number): void
  /** A process has begun a pause. */
  paused?(process: ProcessRef, untilUs: number, now: number): void
  /**
   * Whether what one actor sends now gets to the other without delay; for an actor and itself, whether it runs at all. Absent when
   * nobody is ever silenced: then there are no heartbeats.
   */
  readonly heard?: ((from: number, to: number, now: number) => boolean) | undefined
  /** How far the clock of an actor's process is ahead of the time, µs; absent when all clocks show the time. */
  readonly ahead?: ((actor: number, now: number) => number) | undefined
  /** Messages and timers are due at multiples of this only, µs, and those that are due at once come in a drawn order; lanes keep theirs. */
  readonly gridUs?: number | undefined
  /** A copy for a fork of the run; needed when the plan keeps count of anything. */
  fork?(): Interference
}

/** A choice that differs from what its stream drew: what makes a run other than its seed alone. */
export interface Override {
  readonly stream: string
  /** Which draw of the stream, from 0. */
  readonly ordinal: number
  readonly value: number
}

/** Decides a draw below n, knowing what the stream drew; must answer with an integer in 0 … n-1. */
export type Chooser = (stream: string, ordinal: number, n: number, drawn: number) => number

/** Options of a timed run; all of it is data, and with the world's set-up it determines the run. */
export interface TimedOptions extends LatencyOptions {
  readonly interference?: Interference
  /** Replaces single draws: the choice log of a recorded run. One that no longer fits its range is cut to it. */
  readonly overrides?: readonly Override[]
  /** Decides all draws, in place of `overrides`. */
  readonly chooser?: Chooser
}

/** Orders of things that are due at once, and more than are ever scheduled in a run: both together below 2^53. */
const TIES = 2 ** 12
const SEQUENCES = 2 ** 36

/** Seeded virtual time: one schedule entry per link head and timer, ordered by (time, sequence). */
export class TimedDriver implements Driver {
  private readonly schedule = new Schedule()
  private readonly streams = new Map<string, Stream>()
  private readonly edges: Edges
  /** Streams of `choose`, by actor and label. */
  private readonly choices: Map<string, Stream>[] = []
  private readonly chooser: Chooser | undefined
  /** Undefined in a run in which nobody is silenced. */
  private heartbeats: Heartbeats | undefined
  /** 0: things are due whenever they are. */
  private readonly gridUs: number
  private time = 0
  private sequence = 0

  constructor(private readonly options: TimedOptions) {
    this.chooser = options.chooser ?? overriding(options.overrides ?? [])
    this.gridUs = options.interference?.gridUs ?? 0
    this.edges = new Edges(options)
    this.heartbeats = options.interference?.heard && new Heartbeats(this.airwaves(options.interference.heard))
  }

  /** Runs the next step; false when nothing is left or the next one lies beyond `untilUs`. */
  next(world: World, untilUs = Infinity): boolean {
    const pending = this.schedule.peek()
    if (pending === undefined || pending.time > untilUs) return false
    this.schedule.remove(pending)
    this.time = pending.time
    if (pending.link !== undefined) world.deliver(pending)
    else if (pending.timer !== undefined) world.fire(pending.timer)
    else if (pending.strike !== undefined) this.strike(world, pending.strike)
    return true
  }

  private strike(world: World, strike: Strike): void {
    if (strike.kind === 'arrival') return this.arrive(world, strike)
    if (strike.kind === 'heartbeat') return this.heartbeats?.beat(world, strike.monitor, this.time)
    const process = processRef(strike.process)
    switch (strike.kind) {
      case 'crash':
        return world.crash(process)
      case 'start':
        return world.start(process)
      case 'disconnect': {
        const other = processRef(strike.other)
        if (world.disconnect(process, other)) this.options.interference?.disconnected?.(process, other, this.time)
        return
      }
      case 'pause':
        return this.pause(world, process, this.time + strike.forUs)
    }
  }

  /** What is due at a process meanwhile waits until it goes on; what is sent to it from now on is delayed by the interference. */
  private pause(world: World, process: ProcessRef, untilUs: number): void {
    if (!world.isAlive(process)) return
    for (const link of world.links) {
      if (link === undefined || world.actors[link.to]?.process !== process) continue
      for (let pending = link.first; pending !== undefined; pending = pending.next) this.delay(pending, untilUs)
    }
    for (const actor of world.actors) {
      if (actor.process === process) for (const timer of actor.timers) if (timer.armed) this.delay(timer.pending, untilUs)
    }
    this.options.interference?.paused?.(process, untilUs, this.time)
  }

  private delay(pending: Pending, untilUs: number): void {
    if (pending.time >= untilUs) return
    const scheduled = pending.place >= 0
    if (scheduled) this.schedule.remove(pending)
    pending.time = untilUs
    if (scheduled) this.schedule.push(pending)
  }

  /** What is due next waits until then, and what stands behind it on its lane with it. */
  postpone(untilUs: number): void {
    let pending = this.schedule.peek()
    const alone = pending?.link?.unordered !== false
    for (; pending !== undefined; pending = alone ? undefined : pending.next) this.delay(pending, untilUs)
  }

  /** Takes a strike that is due next off the schedule: it never hits. */
  withdraw(): void {
    const pending = this.schedule.peek()
    if (pending?.strike !== undefined) this.schedule.remove(pending)
  }

  private airwaves(heard: NonNullable<Interference['heard']>): Airwaves {
    return {
      heard,
      wake: (monitor, atUs) => {
        this.plan({ kind: 'heartbeat', monitor }, atUs)
      },
      timeoutFirst: (watcher, peer) => this.draw(this.stream(`heartbeat/${String(watcher)}/${String(peer)}`), 2) === 1,
    }
  }

  /** How many things were scheduled so far: the `sequence` of the next one. */
  get scheduled(): number {
    return this.sequence
  }

  /** What the next step will be. */
  upcoming(): Pending | undefined {
    return this.schedule.peek()
  }

  /** Plans a strike on a process. */
  plan(strike: Strike, atUs: number): void {
    this.insert(new Pending(NO_MESSAGE, undefined, undefined, strike), Math.max(atUs, this.time))
  }

  now(actor?: number): Instant {
    return instant(actor === undefined ? this.time : this.clock(actor))
  }

  elapsed(actor: number, since: Instant, us: number): boolean {
    return this.clock(actor) - since >= us
  }

  private clock(actor: number): number {
    return this.time + (this.options.interference?.ahead?.(actor, this.time) ?? 0)
  }

  choose(actor: number, label: string, n: number): number {
    let streams = this.choices[actor]
    if (streams === undefined) this.choices[actor] = streams = new Map<string, Stream>()
    let stream = streams.get(label)
    if (stream === undefined) {
      stream = this.stream(`choose/${String(actor)}/${label}`)
      streams.set(label, stream)
    }
    return this.draw(stream, n)
  }

  sent(pending: Pending, link: Link): boolean {
    const { interference } = this.options
    const transit = interference === undefined ? 0 : interference.transit(link, pending.message, this.time)
    const extra = typeof transit === 'number' ? transit : this.detour(transit, pending.message, link)
    if (extra < 0) return false
    const edge = (link.edge ??= this.edges.of(link))
    const delay = edge.spread <= 1 ? edge.minUs : edge.minUs + this.draw(edge.stream, edge.spread)
    const arrival = this.time + delay + extra
    const ahead = link.unordered ? undefined : link.last
    if (ahead === undefined) {
      this.insert(pending, this.due(arrival), this.turn())
    } else {
      pending.time = Math.max(ahead.time, this.due(arrival))
      pending.sequence = this.turn()
    }
    return true
  }

  /** Sends a message beside its lane; whether it goes along it as well: 0, or -1 when not. */
  private detour({ afterUs, repeated, incarnation }: Detour, message: AnyMessage, { from, to }: Link): number {
    this.plan({ kind: 'arrival', from, to, incarnation, message: copyPlain(message) }, this.time + afterUs)
    return repeated ? 0 : -1
  }

  /** Behind a partition, or at a process that stands still, it waits like others. */
  private arrive(world: World, strike: Strike & { readonly kind: 'arrival' }): void {
    const { from, to, incarnation, message } = strike
    if (this.options.interference?.heard?.(from, to, this.time) === false) return this.plan(strike, this.time + DETOUR_RETRY_US)
    world.arrive(to, incarnation, message)
  }

  taken(link: Link): void {
    const { first } = link
    if (first !== undefined && !link.unordered) this.schedule.push(first)
  }

  dropped(link: Link): void {
    link.forEachTakeable((pending) => {
      this.schedule.remove(pending)
    })
  }

  armed(timer: Timer): void {
    this.insert(timer.pending, this.due(this.time + timer.delayUs), this.turn())
  }

  disarmed(timer: Timer): void {
    this.schedule.remove(timer.pending)
  }

  monitored(monitoring: Monitoring): void {
    this.heartbeats?.begin(monitoring, this.time)
  }

  losesHost(process: ProcessRef, actors: readonly number[]): boolean {
    if (this.options.interference?.losesHost?.(process, this.time) !== true) return false
    this.schedule.removeAll(({ strike }) => strike?.kind === 'arrival' && actors.includes(strike.from))
    return true
  }

  crashed(process: ProcessRef): void {
    const afterUs = this.options.interference?.restartAfter?.(process, this.time)
    if (afterUs !== undefined) this.plan({ kind: 'start', process }, this.time + afterUs)
  }

  strikes(actor: number, failpoint: string): boolean {
    const strike = this.options.interference?.strikes(actor, failpoint, this.time) ?? false
    if (typeof strike === 'boolean') return strike
    this.plan(strike, this.time)
    return false
  }

  fails(actor: number, failpoint: string): boolean {
    return this.options.interference?.fails(actor, failpoint, this.time) ?? false
  }

  outcome(actor: number, failpoint: string): Outcome {
    return this.options.interference?.outcome(actor, failpoint, this.time) ?? 'done'
  }

  /**
   * Copies the run as it stands, world and driver: both go on the same way, or the copy differently where `changes` say so.
   * With another seed its streams begin anew. What the copy records goes to its own recorder; `freeze` is as in `WorldOptions`, the
   * original's unless said otherwise.
   */
  fork(
    world: World,
    changes: Partial<TimedOptions> = {},
    recorder?: Recorder,
    freeze?: boolean,
  ): { readonly world: World; readonly driver: TimedDriver } {
    const interference = this.options.interference?.fork?.()
    const driver = new TimedDriver({ ...this.options, ...(interference && { interference }), ...changes })
    driver.time = this.time
    driver.sequence = this.sequence
    if (driver.options.seed === this.options.seed) driver.continue(this)
    const heard = driver.options.interference?.heard
    driver.heartbeats = heard && this.heartbeats?.fork(driver.airwaves(heard))
    const copy = world.fork(driver, recorder, freeze)
    driver.adopt(copy, this.schedule.entries())
    return { world: copy, driver }
  }

  private continue({ streams, edges }: TimedDriver): void {
    for (const [name, stream] of streams) this.streams.set(name, stream.fork())
    this.edges.continue(edges)
  }

  /** Schedules everything that waits in a world just forked, and the strikes of the original's schedule. */
  private adopt(world: World, original: readonly Pending[]): void {
    for (const link of world.links) {
      link?.forEachTakeable((pending) => {
        this.schedule.push(pending)
      })
    }
    for (const { timers } of world.actors) for (const timer of timers) if (timer.armed) this.schedule.push(timer.pending)
    for (const { strike, time, sequence } of original) {
      if (strike === undefined) continue
      const pending = new Pending(NO_MESSAGE, undefined, undefined, strike)
      pending.sequence = sequence
      pending.time = time
      this.schedule.push(pending)
    }
  }

  private insert(pending: Pending, time: number, sequence = this.sequence++): void {
    pending.time = time
    pending.sequence = sequence
    this.schedule.push(pending)
  }

  /** When something is due that would be due then. */
  private due(time: number): number {
    return this.gridUs === 0 ? time : Math.ceil(time / this.gridUs) * this.gridUs
  }

  /** Where in the order of all that is due at once: as things were scheduled, or as it is drawn. What the fault plan does comes first. */
  private turn(): number {
    const sequence = this.sequence++
    return this.gridUs === 0 ? sequence : (1 + this.draw(this.stream('ties'), TIES)) * SEQUENCES + sequence
  }

  private stream(name: string): Stream {
    let stream = this.streams.get(name)
    if (stream === undefined) {
      stream = new Stream(this.options.seed, name)
      this.streams.set(name, stream)
    }
    return stream
  }

  /** A draw below n, or what the chooser has in its place. */
  private draw(stream: Stream, n: number): number {
    const { chooser } = this
    if (chooser === undefined) return stream.below(n)
    const ordinal = stream.drawn
    return chooser(stream.name, ordinal, n, stream.below(n))
  }
}

/** How often a detoured message tries whether its way is open. */
const DETOUR_RETRY_US = 10_000

/** What a planned strike carries where others carry a message. */
const NO_MESSAGE: AnyMessage = { kind: 'strike' }

/** Decides as the overrides say, and as the streams draw elsewhere; undefined when there are none. */
export function overriding(overrides: readonly Override[]): Chooser | undefined {
  if (overrides.length === 0) return undefined
  const values = new Map(overrides.map(({ stream, ordinal, value }) => [`${stream}#${String(ordinal)}`, value]))
  return (stream, ordinal, n, drawn) => Math.min(values.get(`${stream}#${String(ordinal)}`) ?? drawn, n - 1)
}
