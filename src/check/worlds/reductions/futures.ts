/** What actors may do before certain others act: more than they can, never less than they were seen to. */
import type { RowWorld, RowWorldParts } from '../row-world.js'
import { PairTable } from '../pair-table.js'
import type { LocalStep, LocalSteps } from './local-steps.js'

/** All that an actor may do as long as only some of its links bring anything. */
interface Future {
  readonly sends: ReadonlySet<number>
  readonly stops: ReadonlySet<number>
  /** Actors that are new: place and number, in pairs. */
  readonly spawned: readonly number[]
  readonly halts: boolean
}

/** Futures of actors with more causes than this are not remembered. */
const MAX_CAUSES = 30

export class Futures {
  private readonly futures: Future[] = []
  /** Their numbers, by actor and causes that are possible. */
  private known = new PairTable()
  private sizeThen = 0
  /** Bits of the causes that an actor at a place was seen to act on. */
  private readonly bits: Map<number, number>[] = []
  private fireable: boolean[] = []

  constructor(
    private readonly world: RowWorld,
    private readonly parts: RowWorldParts,
    private readonly steps: LocalSteps,
    private readonly mayCrash: (process: number) => boolean,
  ) {}

  /**
   * Whether anybody outside the group may make another action of the group possible, or end one of it, before the group acts: sends it
   * something on a link from which it can take nothing now. Whoever ends the whole process of the group (`home`) does not count.
   */
  mayReach(group: readonly number[], home: number): boolean {
    this.refresh()
    const { row } = this.world
    this.fireable = this.steps.timerNames().map((name) => this.world.changes.mayFire(row.circumstances, name))
    return new Spread(this.world, this.parts, this.steps, group, (place, actor, available) => this.of(place, actor, available)).reaches(
      (process) => process !== home && this.world.changes.left(row.circumstances, 'crashes') && this.mayCrash(process),
    )
  }

  /** What is known has grown: nothing that followed from it is certain any more. */
  private refresh(): void {
    if (this.sizeThen === this.steps.size) return
    this.sizeThen = this.steps.size
    this.known = new PairTable()
    this.futures.length = 0
  }

  private of(place: number, actor: number, available: ReadonlySet<number>): Future {
    const known = this.known.get(actor, this.maskOf(place, available))
    if (known >= 0) return this.futures[known] ?? NOTHING
    const future = this.reached(place, actor, available)
    // There may be more causes now.
    const mask = this.maskOf(place, available)
    if ((this.bits[place]?.size ?? 0) <= MAX_CAUSES) this.known.set(actor, mask, this.futures.push(future) - 1)
    return future
  }

  private maskOf(place: number, available: ReadonlySet<number>): number {
    const bits = (this.bits[place] ??= new Map<number, number>())
    if (bits.size > MAX_CAUSES) return -1
    let mask = 0
    for (const [cause, bit] of bits) if (this.isPossible(cause, available)) mask |= 1 << bit
    return mask
  }

  private isPossible(cause: number, available: ReadonlySet<number>): boolean {
    return cause >= 0 ? available.has(cause) : (this.fireable[-1 - cause] ?? true)
  }

  private reached(place: number, actor: number, available: ReadonlySet<number>): Future {
    const sends = new Set<number>()
    const stops = new Set<number>()
    const spawned: number[] = []
    let halts = false
    const states = new Set([actor])
    for (const state of states) {
      for (const step of this.steps.of(state)) {
        this.noteCause(place, step)
        if (!this.isPossible(step.cause, available)) continue
        for (const send of step.sends) sends.add(send)
        for (const stop of step.stops) stops.add(stop)
        halts ||= step.halts
        for (let i = 0; i < step.becomes.length; i += 2) {
          if (step.becomes[i] === place) states.add(step.becomes[i + 1] ?? 0)
          else spawned.push(step.becomes[i] ?? 0, step.becomes[i + 1] ?? 0)
        }
      }
    }
    return { sends, stops, spawned, halts }
  }

  private noteCause(place: number, { cause }: LocalStep): void {
    const bits = this.bits[place]
    if (bits !== undefined && !bits.has(cause)) bits.set(cause, bits.size)
  }
}

const NOTHING: Future = { sends: new Set(), stops: new Set(), spawned: [], halts: false }

/** One question: what may reach a group. */
class Spread {
  /** Links that bring something, or may. */
  private readonly available = new Set<number>()
  /** States that actors may have besides the one they have. */
  private readonly others = new Map<number, Set<number>>()
  private grown = true

  constructor(
    private readonly world: RowWorld,
    private readonly parts: RowWorldParts,
    private readonly steps: LocalSteps,
    private readonly group: readonly number[],
    private readonly futureOf: (place: number, actor: number, available: ReadonlySet<number>) => Future,
  ) {}

  /** `mayCrash`: whether a process may crash that is not the group's own. */
  reaches(mayCrash: (process: number) => boolean): boolean {
    const { row } = this.world
    const { present } = row
    for (let i = 0; i < present.length; i++) {
      const place = present.get(i)
      if (this.parts.links.takeable.get(row.link(place)) === 0 || this.isInGroup(this.parts.places.get(place).to)) continue
      this.available.add(this.steps.causedByLink(place))
    }
    if (this.restartsReach(mayCrash)) return true
    while (this.grown) {
      this.grown = false
      for (let place = 0; place < row.count; place++)
        if (!this.isInGroup(place) && this.world.isAlive(place) && this.actorReaches(place, row.actor(place))) return true
      for (const [place, actors] of this.others) for (const actor of actors) if (this.actorReaches(place, actor)) return true
    }
    return false
  }

  private restartsReach(mayCrash: (process: number) => boolean): boolean {
    const { row, circumstances } = this.world
    const { actors, links, places } = this.parts
    const starting = circumstances.processes.map(({ alive, incarnation }, process) => (alive ? mayCrash(process) : incarnation > 0))
    if (!starting.includes(true)) return false
    for (let i = 0; i < row.present.length; i++) {
      const place = row.present.get(i)
      const link = row.link(place)
      const { from } = places.get(place)
      const dies = starting[actors.process.get(row.actor(from))] === true
      if (link !== 0 && dies && links.get(link).watched && this.sendReaches(this.steps.causedByLink(place))) return true
    }
    for (let place = 0; place < row.count; place++) {
      const actor = row.actor(place)
      if (starting[actors.process.get(actor)] !== true || !actors.get(actor).root) continue
      for (const step of this.steps.ofStart(place)) if (this.stepReaches(step)) return true
    }
    return false
  }

  private stepReaches({ sends, stops, becomes, halts }: LocalStep): boolean {
    for (let i = 0; i < becomes.length; i += 2) this.addOther(becomes[i] ?? 0, becomes[i + 1] ?? 0)
    return halts || sends.some((send) => this.sendReaches(send)) || stops.some((stop) => this.stopReaches(stop))
  }

  private actorReaches(place: number, actor: number): boolean {
    const { sends, stops, spawned, halts } = this.futureOf(place, actor, this.available)
    if (halts) return true
    for (const send of sends) if (this.sendReaches(send)) return true
    for (const stop of stops) if (this.stopReaches(stop)) return true
    for (let i = 0; i < spawned.length; i += 2) this.addOther(spawned[i] ?? 0, spawned[i + 1] ?? 0)
    return false
  }

  private sendReaches(place: number): boolean {
    const { to, lane } = this.parts.places.get(place)
    if (this.isInGroup(to)) return lane < 0 || this.parts.links.takeable.get(this.world.row.link(place)) === 0
    if (this.available.has(place)) return false
    this.available.add(place)
    this.grown = true
    return false
  }

  /** Whoever watches the actor is told. */
  private stopReaches(stopped: number): boolean {
    if (this.isInGroup(stopped)) return true
    const { places } = this.parts
    for (let place = 0; place < places.size; place++) {
      const { from, former } = places.get(place)
      if (from === stopped && former === 0 && this.sendReaches(place)) return true
    }
    return false
  }

  private addOther(place: number, actor: number): void {
    const known = this.others.get(place)
    if (known?.has(actor) === true) return
    if (known === undefined) this.others.set(place, new Set([actor]))
    else known.add(actor)
    this.grown = true
  }

  private isInGroup(place: number): boolean {
    return this.group.includes(place)
  }
}
