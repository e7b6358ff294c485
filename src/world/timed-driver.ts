import { instant, processRef, type AnyMessage } from './actor-types.js'
import type { Instant, Lane, Outcome } from './behavior.js'
import type { Driver } from './driver.js'
import { Schedule } from './schedule.js'
import { Slot, type Link, type Strike, type Timer } from './slot.js'
import { openStream, type Stream } from './stream.js'
import type { World } from './world.js'

/** How long messages take, µs, both ends included. */
export interface Latency {
  readonly minUs: number
  readonly maxUs: number
}

/** What a fault plan does to steps and messages; asked at each. Absent in a world without faults. */
export interface Interference {
  /** Whether the process of this actor dies at this failpoint. */
  strikes(actor: number, failpoint: string, now: number): boolean
  fails(actor: number, failpoint: string, now: number): boolean
  outcome(actor: number, failpoint: string, now: number): Outcome
  /** Extra delay of a message in µs, or -1 when it is lost. */
  transit(link: Link, message: AnyMessage, now: number): number
}

/** A choice that differs from what its stream drew: what makes a run other than its seed alone. */
export interface Override {
  readonly stream: string
  /** Which draw of the stream, from 0. */
  readonly ordinal: number
  readonly value: number
}

/** Options of a timed run; all of it is data, and with the world's set-up it determines the run. */
export interface TimedOptions {
  readonly seed: string
  /** Latency of a link between two actors on a lane. */
  latency(from: number, to: number, lane: Lane): Latency
  readonly interference?: Interference
  readonly overrides?: readonly Override[]
}

/** Seeded virtual time: one schedule entry per link head and timer, ordered by (time, sequence). */
export class TimedDriver implements Driver {
  private readonly schedule = new Schedule()
  private readonly edges = new Map<number, Edge>()
  private readonly streams = new Map<string, CountedStream>()
  private readonly overrides = new Map<string, number>()
  private time = 0
  private sequence = 0

  constructor(private readonly options: TimedOptions) {
    for (const { stream, ordinal, value } of options.overrides ?? []) this.overrides.set(`${stream}#${String(ordinal)}`, value)
  }

  /** Runs the next step; false when nothing is left or the next one lies beyond `untilUs`. */
  next(world: World, untilUs = Infinity): boolean {
    const slot = this.schedule.peek()
    if (slot === undefined || slot.time > untilUs) return false
    this.schedule.remove(slot)
    this.time = slot.time
    if (slot.link !== undefined) world.deliver(slot.link)
    else if (slot.timer !== undefined) world.fire(slot.timer)
    else if (slot.strike !== undefined) applyStrike(world, slot.strike)
    return true
  }

  /** Plans a strike on a process. */
  plan(strike: Strike, atUs: number): void {
    this.insert(new Slot(undefined, undefined, strike), Math.max(atUs, this.time))
  }

  now(): Instant {
    return instant(this.time)
  }

  elapsed(_actor: number, since: Instant, us: number): boolean {
    return this.time - since >= us
  }

  choose(_actor: number, label: string, n: number): number {
    return this.draw(this.stream(`choose/${label}`), n)
  }

  sent(link: Link, message: AnyMessage): boolean {
    const edge = this.edge(link)
    const extra = this.options.interference?.transit(link, message, this.time) ?? 0
    if (extra < 0) return false
    const delay = edge.spread <= 1 ? edge.minUs : edge.minUs + this.draw(edge.stream, edge.spread)
    const last = link.length > 1 ? (link.arrivals[link.arrivals.length - 1] ?? 0) : 0
    const arrival = Math.max(last, this.time + delay + extra)
    link.arrivals.push(arrival)
    link.sequences.push(this.sequence++)
    if (link.length === 1) this.scheduleHead(link)
    return true
  }

  taken(link: Link): void {
    if (link.length > 0) this.scheduleHead(link)
  }

  dropped(link: Link): void {
    this.schedule.remove(link.slot)
  }

  armed(timer: Timer): void {
    this.insert(timer.slot, this.time + timer.delayUs)
  }

  disarmed(timer: Timer): void {
    this.schedule.remove(timer.slot)
  }

  strikes(actor: number, failpoint: string): boolean {
    return this.options.interference?.strikes(actor, failpoint, this.time) ?? false
  }

  fails(actor: number, failpoint: string): boolean {
    return this.options.interference?.fails(actor, failpoint, this.time) ?? false
  }

  outcome(actor: number, failpoint: string): Outcome {
    return this.options.interference?.outcome(actor, failpoint, this.time) ?? 'done'
  }

  private insert(slot: Slot, time: number): void {
    slot.time = time
    slot.sequence = this.sequence++
    this.schedule.push(slot)
  }

  private scheduleHead(link: Link): void {
    const slot = link.slot
    slot.time = link.arrivals[link.head] ?? 0
    slot.sequence = link.sequences[link.head] ?? 0
    this.schedule.push(slot)
  }

  private edge(link: Link): Edge {
    const key = (link.from * 4096 + link.to) * 64 + link.lane
    let edge = this.edges.get(key)
    if (edge === undefined) {
      const { minUs, maxUs } = this.options.latency(link.from, link.to, link.lane)
      const name = `link/${String(link.from)}/${String(link.to)}/${String(link.lane)}`
      edge = { minUs, spread: maxUs - minUs + 1, stream: this.stream(name) }
      this.edges.set(key, edge)
    }
    return edge
  }

  private stream(name: string): CountedStream {
    let stream = this.streams.get(name)
    if (stream === undefined) {
      stream = { stream: openStream(this.options.seed, name), drawn: 0 }
      this.streams.set(name, stream)
    }
    return stream
  }

  /** A draw below n, or what the choice log has in its place. */
  private draw(counted: CountedStream, n: number): number {
    const drawn = counted.stream.below(n)
    const ordinal = counted.drawn++
    if (this.overrides.size === 0) return drawn
    return this.overrides.get(`${counted.stream.name}#${String(ordinal)}`) ?? drawn
  }
}

interface CountedStream {
  readonly stream: Stream
  drawn: number
}

interface Edge {
  readonly minUs: number
  readonly spread: number
  readonly stream: CountedStream
}

function applyStrike(world: World, strike: Strike): void {
  const process = processRef(strike.process)
  if (strike.kind === 'crash') world.crash(process)
  else world.start(process)
}
