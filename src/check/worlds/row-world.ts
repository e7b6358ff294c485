/**
 * The world's own rules over rows: what `World` does to actors and links of its own, done to their numbers. Each method is that of
 * `World` with the same name; a sample of the states is stepped by both, and everything must be equal.
 */
import { peerDown } from '../../world/parts.js'
import { ActorChanges } from './actor-changes.js'
import { Answers } from './answers.js'
import type { Losable } from './answering-driver.js'
import type { Budgets } from './budgets.js'
import { CircumstanceChanges, SPENDS } from './circumstance-changes.js'
import { EFFECT, type Effect } from './effects.js'
import type { FoldSteps } from './fold-steps.js'
import type { Stage } from './handler-run.js'
import { Ints } from './ints.js'
import { HastyLinks } from './hasty-links.js'
import { idleLink, type LinkPart, type Links } from './links.js'
import type { LinkEnds, LinkPlace } from './link-places.js'
import { PairTable } from './pair-table.js'
import type { AllCircumstances, Circumstances } from './parts.js'
import { START, type RememberedSteps } from './remembered-steps.js'
import type { Symmetry } from './reductions/symmetry.js'
import type { Rivals } from './rivals.js'
import type { Row } from './row.js'

/** What the rules need. */
export interface RowWorldParts extends Stage {
  readonly links: Links
  readonly circumstances: AllCircumstances
  readonly fold: FoldSteps | undefined
  readonly steps: RememberedSteps
  readonly budgets: Budgets
  readonly losable: Losable | undefined
  readonly rivals: Rivals | undefined
}

/** Told of each step of an actor: what causes it, then what it does. */
export interface StepObserver {
  /** Before an action. */
  begin(): void
  delivered(actor: number, before: number, link: number): void
  fired(actor: number, before: number, timer: string): void
  started(actor: number): void
  did(effects: readonly Effect[]): void
}

const LOSSES = SPENDS.indexOf('losses')

/** More eager deliveries in one step than this are taken for a loop. */
const MAX_EAGER = 100_000

export class RowWorld {
  readonly answers = new Answers()
  readonly changes: CircumstanceChanges
  observer: StepObserver | undefined
  /** What of all this concerns images of the row, where processes are interchangeable. */
  symmetry: Symmetry | undefined
  private readonly actorChanges: ActorChanges
  private readonly hasty: HastyLinks
  private readonly stopping = new Ints()
  /** Actors that were spawned in this step, where somebody asks for rivals. */
  private readonly born = new Ints()
  private readonly ends = new PairTable()

  constructor(
    readonly row: Row,
    private readonly parts: RowWorldParts,
  ) {
    this.actorChanges = new ActorChanges(parts.actors, parts.messages)
    this.changes = new CircumstanceChanges(parts.circumstances, parts.budgets)
    this.hasty = new HastyLinks(parts.links, parts.places)
  }

  get circumstances(): Circumstances {
    return this.parts.circumstances.get(this.row.circumstances)
  }

  // ---- steps

  /** Before each action: what one before left undone that failed or was cut off is forgotten. */
  begin(): void {
    this.hasty.clear()
    if (this.stopping.length > 0) this.stopping.length = 0
    if (this.born.length > 0) this.born.length = 0
    this.observer?.begin()
    this.symmetry?.begin()
  }

  deliver(place: number, position: number): void {
    const { row, parts } = this
    const link = row.link(place)
    const message = parts.links.message(link, position)
    row.setLink(place, parts.links.take(link, position))
    const to = parts.places.to.get(place)
    const actor = row.actor(to)
    this.observer?.delivered(to, actor, place)
    this.step(to, actor, message)
  }

  /** Fires the timer at this position of the actor's armed timers. */
  fire(place: number, position: number): void {
    const { row } = this
    const actor = row.actor(place)
    const firing = this.actorChanges.firing(actor, place, position)
    const { name, disarmed, message } = firing
    this.symmetry?.fired(firing, actor, place, position, this.actorChanges)
    this.observer?.fired(place, actor, name)
    row.setCircumstances(this.changes.fired(row.circumstances, name))
    this.step(place, disarmed, message)
  }

  crash(process: number): void {
    const { row, parts } = this
    if (this.circumstances.processes[process]?.alive !== true) return
    row.setCircumstances(this.changes.process(row.circumstances, process, false))
    const dying: number[] = []
    for (let place = 0; place < row.count; place++) {
      const number = row.actor(place)
      if (parts.actors.alive.get(number) === 1 && parts.actors.process.get(number) === process) dying.push(place)
    }
    for (const place of dying) this.change(place, (actor, at) => this.actorChanges.ended(actor, at, true))
    for (const place of dying) this.end(place)
  }

  start(process: number): void {
    const { row, parts } = this
    row.setCircumstances(this.changes.process(row.circumstances, process, true))
    const { incarnation = 0 } = this.circumstances.processes[process] ?? {}
    const roots: number[] = []
    for (let place = 0; place < row.count; place++) {
      const number = row.actor(place)
      if (parts.actors.process.get(number) === process && parts.actors.get(number).root) roots.push(place)
    }
    for (const place of roots) this.change(place, (actor, at) => this.actorChanges.enlivened(actor, at, incarnation))
    for (const place of roots) {
      this.observer?.started(place)
      this.step(place, row.actor(place), START)
    }
  }

  disconnect(one: number, other: number): void {
    for (const place of this.connection(one, other)) {
      const part = this.part(place)
      this.put(place, { ...part, messages: [], broken: true, watched: false })
      if (part.watched) this.enqueue(place, this.peerDown(part.from, part.lane, true))
    }
  }

  suspect(place: number): void {
    const { parts, row } = this
    const { from: peer, to: watcher, lane } = parts.places.get(place)
    const { incarnation } = parts.actors.get(row.actor(peer))
    this.put(place, { ...this.part(place), heartbeat: undefined })
    if (!this.isAlive(watcher)) return
    const down = { kind: 'peer-down', peer, incarnation, lane, crashed: true, silent: true }
    const word = parts.messages.add(down)
    this.symmetry?.told(word)
    this.enqueue(parts.places.placeOf({ from: watcher, to: watcher, lane }), word)
  }

  /** Delivers what must not wait. */
  settle(): void {
    for (let i = 0; i < MAX_EAGER; i++) {
      const place = this.hasty.next(this.row, this.symmetry)
      if (place < 0) return
      this.symmetry?.firstOf(this.row.link(place))
      this.deliver(place, 0)
    }
    throw new Error(`more than ${MAX_EAGER} eager deliveries in one step`)
  }

  /** Counts a use of a budget. */
  spend(which: number): void {
    this.row.setCircumstances(this.changes.spent(this.row.circumstances, which))
  }

  /** Links between the actors of two processes, which break together. */
  connection(one: number, other: number): number[] {
    const { row, parts } = this
    return row.present.toArray().filter((place) => {
      const { from, to, former } = parts.places.get(place)
      const link = row.link(place)
      if (former > 0 || link === 0 || parts.links.get(link).broken) return false
      const [a, b] = [parts.actors.process.get(row.actor(from)), parts.actors.process.get(row.actor(to))]
      return (a === one && b === other) || (a === other && b === one)
    })
  }

  /** What is left of the actor with this number when its process dies. */
  endOf(actor: number, place: number): number {
    return this.actorChanges.ended(actor, place, true)
  }

  /** The actor with this number without the timer at this position, which fires. */
  disarmed(actor: number, place: number, position: number): number {
    return this.actorChanges.firing(actor, place, position).disarmed
  }

  isAlive(place: number): boolean {
    return this.parts.actors.alive.get(this.row.actor(place)) === 1
  }

  /** The actor with this number, which belongs to this place, takes a step: its first effect is what it is from then on. */
  private step(place: number, actor: number, message: number): void {
    const { parts, answers } = this
    if (parts.actors.alive.get(actor) === 0) return
    const allowance = this.changes.allowance(this.row.circumstances)
    const first = answers.count
    const step = parts.steps.step(actor, message, allowance.allowance, allowance.number, place, answers)
    const { effects, defect } = step
    if (defect !== undefined) throw defect
    this.symmetry?.stepped(step, () => ({ place, actor, message, allowance, ...answers.since(first) }))
    this.observer?.did(effects)
    for (const effect of effects) this.take(effect)
    const { stopping } = this
    if (stopping.length > 0) {
      for (let i = 0; i < stopping.length; i++) this.endStopped(stopping.get(i))
      stopping.length = 0
    }
    if (this.born.length > 0) this.meetRivals()
  }

  private meetRivals(): void {
    for (let i = 0; i < this.born.length; i++) this.parts.rivals?.spawned(this.row, this.born.get(i))
    this.born.length = 0
  }

  private take({ kind, a, b }: Effect): void {
    switch (kind) {
      case EFFECT.actor:
        this.row.setActor(a, b)
        return
      case EFFECT.spawn:
        this.row.setActor(a, b)
        if (this.parts.rivals !== undefined) this.born.push(a)
        this.row.setCircumstances(this.changes.spawned(this.row.circumstances))
        return
      case EFFECT.send:
        this.send(a, b)
        return
      case EFFECT.watch:
        this.watch(a)
        return
      case EFFECT.monitor:
        this.monitor(a, b)
        return
      case EFFECT.stop:
        this.stop(a, b)
        return
      case EFFECT.fact:
        this.row.setFold(this.parts.fold?.step(this.row.fold, b) ?? 0)
        return
      case EFFECT.spend:
        this.spend(b)
        return
      case EFFECT.crash:
        this.crash(b)
    }
  }

  // ---- what a step may do

  private send(place: number, message: number): void {
    const { row, parts } = this
    if (this.isAlive(parts.places.to.get(place)) && parts.links.broken.get(row.link(place)) === 0) this.enqueue(place, message)
  }

  private enqueue(place: number, message: number): void {
    const { row, parts } = this
    const ends = parts.places.get(place)
    this.symmetry?.sentOn(place)
    if (parts.losable !== undefined && this.isLost(ends, message)) {
      this.put(place, this.part(place))
      return
    }
    row.setLink(place, parts.links.append(row.link(place), place, ends, message))
    if (ends.eager) this.hasty.push(place)
  }

  private isLost(ends: LinkPlace, message: number): boolean {
    const mayBeLost = (link: LinkEnds, word: number): boolean => this.parts.losable?.(link, this.parts.messages.get(word)) === true
    if (!this.changes.left(this.row.circumstances, 'losses')) return false
    this.symmetry?.lost(ends, message, mayBeLost)
    if (!mayBeLost(ends, message) || this.answers.ask(2) === 0) return false
    this.spend(LOSSES)
    return true
  }

  private watch(place: number): void {
    const { row, parts } = this
    const ends = parts.places.get(place)
    const { from: peer, to: watcher, lane } = ends
    if (!this.isAlive(peer)) {
      const gone = parts.links.add({ ...idleLink(ends), open: false, messages: this.unlessLost(ends, this.peerDown(peer, lane)) })
      this.putFormer(gone, place)
      return
    }
    const before = row.link(place)
    row.setLink(place, parts.links.watch(before, place, ends))
    if (before === 0) return
    const { broken, messages } = parts.links.get(before)
    if (broken && messages.length === 0) this.mend(watcher, peer)
  }

  private monitor(place: number, heartbeat: number): void {
    const { places, heartbeats } = this.parts
    if (this.isAlive(places.get(place).from)) this.put(place, { ...this.part(place), heartbeat: heartbeats.get(heartbeat) })
  }

  private mend(one: number, other: number): void {
    for (const place of this.row.present.toArray()) {
      const { from, to } = this.parts.places.get(place)
      const between = (from === one && to === other) || (from === other && to === one)
      if (between && this.row.link(place) !== 0) this.put(place, { ...this.part(place), broken: false })
    }
  }

  private stop(place: number, by: number): void {
    const { actors } = this.parts
    const actor = this.row.actor(place)
    if (actors.alive.get(actor) === 0) return // Where the dead were, nobody knows any more.
    if (actors.process.get(actor) !== actors.process.get(this.row.actor(by)))
      throw new Error(`actor ${actors.get(actor).name} is of another process and cannot be stopped`)
    this.stopping.push(place)
  }

  private endStopped(place: number): void {
    if (!this.isAlive(place)) return
    this.change(place, (actor, at) => this.actorChanges.ended(actor, at, false))
    this.end(place)
  }

  /** The world itself changes the actor at this place. */
  private change(place: number, change: (actor: number, place: number) => number): void {
    const before = this.row.actor(place)
    const after = change(before, place)
    this.symmetry?.changed(before, place, after, change)
    this.row.setActor(place, after)
  }

  /** What was sent to the dead is lost; what the dead had sent outlives them. */
  private end(place: number): void {
    const { row, parts } = this
    const { places } = parts
    const touched = places.endingAt(place)
    for (let i = 0, there = touched.length; i < there; i++) {
      const one = touched.get(i)
      const link = row.link(one)
      if (link === 0) continue
      if (places.to.get(one) === place) row.setLink(one, 0)
      else if (places.from.get(one) === place && places.former.get(one) === 0) this.close(one, link)
    }
  }

  private close(place: number, link: number): void {
    const { row, parts } = this
    const ends = parts.places.get(place)
    const down = parts.links.get(link).watched && this.isAlive(ends.to) ? this.peerDown(ends.from, ends.lane) : 0
    const last = down === 0 ? 0 : (this.unlessLost(ends, down)[0] ?? 0)
    row.setLink(place, 0)
    this.putFormer(parts.links.close(link, last), place)
  }

  private unlessLost(ends: LinkPlace, message: number): number[] {
    return this.parts.losable !== undefined && this.isLost(ends, message) ? [] : [message]
  }

  /** A link of an incarnation that is gone exists only as long as there is something on it. */
  private putFormer(link: number, living: number): void {
    if (link === 0) return
    const { places } = this.parts
    let place = places.placeBefore(living)
    while (this.row.link(place) !== 0) place = places.placeBefore(place)
    this.row.setLink(place, link)
    if (places.get(place).eager) this.hasty.push(place)
  }

  private part(place: number): LinkPart {
    const link = this.row.link(place)
    return link === 0 ? idleLink(this.parts.places.get(place)) : this.parts.links.get(link)
  }

  private put(place: number, part: LinkPart): void {
    this.row.setLink(place, this.parts.links.add(part))
  }

  /** By what the end of this actor, or of the connection to it, is told. */
  private peerDown(peer: number, lane: number, broken = false): number {
    const { actors, messages } = this.parts
    const number = this.row.actor(peer)
    const key = 2 * lane + (broken ? 1 : 0)
    let message = this.ends.get(number, key)
    if (message < 0) {
      message = messages.add(peerDown(actors.get(number), peer, lane, broken || actors.get(number).crashed))
      this.ends.set(number, key, message)
    }
    this.symmetry?.told(message)
    return message
  }
}
