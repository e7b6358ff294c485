/**
 * The world's own rules over rows: what `World` does to actors and links of its own, done to their numbers. Each method is that of
 * `World` with the same name; a sample of the states is stepped by both, and everything must be equal.
 */
import type { TimerFired } from '../../world/index.js'
import { peerDown } from '../../world/parts.js'
import { ActorChanges } from './actor-changes.js'
import { Answers } from './answers.js'
import type { Losable } from './answering-driver.js'
import type { Budgets } from './budgets.js'
import { CircumstanceChanges, SPENDS } from './circumstance-changes.js'
import { EFFECT, type Effect } from './effects.js'
import type { FoldSteps } from './fold-steps.js'
import type { Stage } from './handler-run.js'
import { idleLink, type LinkPart, type Links } from './links.js'
import type { LinkPlace } from './link-places.js'
import { PairTable } from './pair-table.js'
import type { AllCircumstances, Circumstances } from './parts.js'
import { START, type RememberedSteps } from './remembered-steps.js'
import type { Row } from './row.js'

/** What the rules need. */
export interface RowWorldParts extends Stage {
  readonly links: Links
  readonly circumstances: AllCircumstances
  readonly fold: FoldSteps | undefined
  readonly steps: RememberedSteps
  readonly budgets: Budgets
  readonly losable: Losable | undefined
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
  private readonly actorChanges: ActorChanges
  /** Eager links on which something was sent in this step. */
  private readonly hasty: number[] = []
  private readonly stopping: number[] = []
  private readonly firings = new Map<string, number>()
  private readonly ends = new PairTable()

  constructor(
    readonly row: Row,
    private readonly parts: RowWorldParts,
  ) {
    this.actorChanges = new ActorChanges(parts.actors)
    this.changes = new CircumstanceChanges(parts.circumstances, parts.budgets)
  }

  get circumstances(): Circumstances {
    return this.parts.circumstances.get(this.row.circumstances)
  }

  // ---- steps

  /** Before each action: what one before left undone that failed or was cut off is forgotten. */
  begin(): void {
    if (this.hasty.length > 0) this.hasty.length = 0
    if (this.stopping.length > 0) this.stopping.length = 0
    this.observer?.begin()
  }

  deliver(place: number, position: number): void {
    const { row, parts } = this
    const link = row.link(place)
    const message = parts.links.get(link).messages[position] ?? 0
    row.setLink(place, parts.links.take(link, position))
    const { to } = parts.places.get(place)
    this.observer?.delivered(to, row.actor(to), place)
    this.step(to, message)
  }

  /** Fires the timer at this position of the actor's armed timers. */
  fire(place: number, position: number): void {
    const { row, parts } = this
    const timer = parts.actors.timersOf(row.actor(place))[position]
    if (timer === undefined) return
    this.observer?.fired(place, row.actor(place), timer.name)
    row.setCircumstances(this.changes.fired(row.circumstances, timer.name))
    row.setActor(place, this.actorChanges.disarmed(row.actor(place), place, position))
    this.step(place, this.firingOf(timer.name))
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
    for (const place of dying) row.setActor(place, this.actorChanges.ended(row.actor(place), place, true))
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
    for (const place of roots) row.setActor(place, this.actorChanges.enlivened(row.actor(place), place, incarnation))
    for (const place of roots) {
      this.observer?.started(place)
      this.step(place, START)
    }
  }

  disconnect(one: number, other: number): void {
    for (const place of this.connection(one, other)) {
      const part = this.part(place)
      const watched = part.watched
      this.put(place, { ...part, messages: [], broken: true, watched: false })
      if (watched) this.enqueue(place, this.peerDown(part.from, part.lane, true))
    }
  }

  suspect(place: number): void {
    const { parts, row } = this
    const { from: peer, to: watcher, lane } = parts.places.get(place)
    const { incarnation } = parts.actors.get(row.actor(peer))
    this.put(place, { ...this.part(place), heartbeat: undefined })
    if (!this.isAlive(watcher)) return
    const down = { kind: 'peer-down', peer, incarnation, lane, crashed: true, silent: true }
    this.enqueue(parts.places.placeOf({ from: watcher, to: watcher, lane }), parts.messages.add(down))
  }

  /** Delivers what must not wait. */
  settle(): void {
    for (let i = 0; i < MAX_EAGER; i++) {
      const place = this.nextHasty()
      if (place < 0) return
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
    return row.present.filter((place) => {
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

  isAlive(place: number): boolean {
    return this.parts.actors.alive.get(this.row.actor(place)) === 1
  }

  private step(place: number, message: number): void {
    const { row, parts } = this
    const actor = row.actor(place)
    if (parts.actors.alive.get(actor) === 0) return
    const { allowance, number } = this.changes.allowance(row.circumstances)
    const { effects, defect } = parts.steps.step(actor, message, allowance, number, place, this.answers)
    if (defect !== undefined) throw defect
    this.observer?.did(effects)
    for (const effect of effects) this.take(effect)
    const { stopping } = this
    if (stopping.length === 0) return
    for (let i = 0; i < stopping.length; i++) this.endStopped(stopping[i] ?? 0)
    stopping.length = 0
  }

  private take({ kind, a, b }: Effect): void {
    switch (kind) {
      case EFFECT.actor:
        this.row.setActor(a, b)
        return
      case EFFECT.spawn:
        this.row.setActor(a, b)
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
    if (!this.isAlive(parts.places.get(place).to)) return
    const link = row.link(place)
    if (link === 0 || !parts.links.get(link).broken) this.enqueue(place, message)
  }

  private enqueue(place: number, message: number): void {
    const { row, parts } = this
    const ends = parts.places.get(place)
    if (parts.losable !== undefined && this.isLost(ends, message)) {
      this.put(place, this.part(place))
      return
    }
    row.setLink(place, parts.links.append(row.link(place), place, ends, message))
    if (ends.eager) this.hasty.push(place)
  }

  private isLost(ends: LinkPlace, message: number): boolean {
    const { losable, messages } = this.parts
    if (!this.changes.left(this.row.circumstances, 'losses') || losable?.(ends, messages.get(message)) !== true) return false
    if (this.answers.ask(2) === 0) return false
    this.spend(LOSSES)
    return true
  }

  private watch(place: number): void {
    const { row, parts } = this
    const ends = parts.places.get(place)
    const { from: peer, to: watcher, lane } = ends
    if (!this.isAlive(peer)) {
      const gone = parts.links.add({ ...idleLink(ends), open: false, messages: this.unlessLost(ends, this.peerDown(peer, lane)) })
      this.putFormer(gone, ends)
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
    for (const place of [...this.row.present]) {
      const { from, to } = this.parts.places.get(place)
      const between = (from === one && to === other) || (from === other && to === one)
      if (between && this.row.link(place) !== 0) this.put(place, { ...this.part(place), broken: false })
    }
  }

  private stop(place: number, by: number): void {
    const { actors } = this.parts
    const { name, process } = actors.get(this.row.actor(place))
    if (process !== actors.get(this.row.actor(by)).process) throw new Error(`actor ${name} is of another process and cannot be stopped`)
    this.stopping.push(place)
  }

  private endStopped(place: number): void {
    if (!this.isAlive(place)) return
    this.row.setActor(place, this.actorChanges.ended(this.row.actor(place), place, false))
    this.end(place)
  }

  /** What was sent to the dead is lost; what the dead had sent outlives them. */
  private end(place: number): void {
    const { row, parts } = this
    const { present } = row
    for (let i = 0, there = present.length; i < there; i++) {
      const one = present[i] ?? 0
      const link = row.link(one)
      if (link === 0) continue
      const { from, to, former } = parts.places.get(one)
      if (to === place) row.setLink(one, 0)
      else if (from === place && former === 0) this.close(one, link)
    }
  }

  private close(place: number, link: number): void {
    const { row, parts } = this
    const ends = parts.places.get(place)
    const down = parts.links.get(link).watched && this.isAlive(ends.to) ? this.peerDown(ends.from, ends.lane) : 0
    const [last = 0] = down === 0 ? [] : this.unlessLost(ends, down)
    row.setLink(place, 0)
    this.putFormer(parts.links.close(link, last), ends)
  }

  private unlessLost(ends: LinkPlace, message: number): number[] {
    return this.parts.losable !== undefined && this.isLost(ends, message) ? [] : [message]
  }

  /** A link of an incarnation that is gone exists only as long as there is something on it. */
  private putFormer(link: number, { from, to, lane, eager }: LinkPlace): void {
    if (link === 0) return
    for (let former = 1; ; former++) {
      const place = this.parts.places.placeOf({ from, to, lane }, former)
      if (this.row.link(place) !== 0) continue
      this.row.setLink(place, link)
      if (eager) this.hasty.push(place)
      return
    }
  }

  // ---- parts

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
    const known = this.ends.get(number, key)
    if (known >= 0) return known
    const actor = actors.get(number)
    const message = messages.add(peerDown(actor, peer, lane, broken || actor.crashed))
    this.ends.set(number, key, message)
    return message
  }

  /** What a timer is fired by. */
  private firingOf(name: string): number {
    let message = this.firings.get(name)
    if (message === undefined) {
      const fired: TimerFired = { kind: 'timer', name }
      message = this.parts.messages.add(fired)
      this.firings.set(name, message)
    }
    return message
  }

  /** The link that is first in order of those from which something is to be delivered at once; -1: none. */
  private nextHasty(): number {
    const { hasty, row, parts } = this
    if (hasty.length === 0) return -1
    let first = -1
    for (const place of hasty) {
      const link = row.link(place)
      if (parts.links.takeable.get(link) === 0) continue
      if (first < 0 || parts.places.compare(place, first) < 0) first = place
    }
    if (first < 0) hasty.length = 0
    return first
  }
}
