/**
 * The world's own rules over rows: what `World` does to actors and links of its own, done to their numbers. Each method is that of
 * `World` with the same name; a sample of the states is stepped by both, and everything must be equal.
 */
import type { Heartbeat } from '../../world/index.js'
import { peerDown } from '../../world/parts.js'
import { ActorChanges } from './actor-changes.js'
import { Answers } from './answers.js'
import { copySpent, type Budgets, type Spent } from './budgets.js'
import { EFFECT, SPENDS, type Effect } from './effects.js'
import type { Losable } from './answering-driver.js'
import type { FoldSteps } from './fold-steps.js'
import type { Allowance, Stage } from './handler-run.js'
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

/** More eager deliveries in one step than this are taken for a loop. */
const MAX_EAGER = 100_000

export class RowWorld {
  readonly answers = new Answers()
  private readonly changes: ActorChanges
  private readonly spending = SPENDS.map(() => new PairTable())
  private readonly allowances: { readonly allowance: Allowance; readonly number: number }[] = []
  private readonly allowanceNumbers = new Map<string, number>()
  /** Eager links on which something was sent in this step. */
  private readonly hasty: number[] = []
  private readonly stopping: number[] = []

  constructor(
    readonly row: Row,
    private readonly parts: RowWorldParts,
  ) {
    this.changes = new ActorChanges(parts.actors)
  }

  get spent(): Spent {
    return this.circumstances.spent
  }

  get circumstances(): Circumstances {
    return this.parts.circumstances.get(this.row.circumstances)
  }

  // ---- steps

  deliver(place: number, position: number): void {
    const { row, parts } = this
    const link = row.link(place)
    const message = parts.links.get(link).messages[position] ?? 0
    row.setLink(place, parts.links.take(link, position))
    this.step(parts.places.get(place).to, message)
  }

  /** Fires the timer at this position of the actor's armed timers. */
  fire(place: number, position: number): void {
    const { row, parts } = this
    const { name } = parts.actors.timersOf(row.actor(place))[position] ?? { name: '' }
    this.spendTimer(name)
    row.setActor(place, this.changes.disarmed(row.actor(place), place, position))
    this.step(place, parts.messages.add({ kind: 'timer', name } as { kind: string }))
  }

  crash(process: number): void {
    if (this.circumstances.processes[process]?.alive !== true) return
    this.setProcess(process, false)
    const dying: number[] = []
    for (let place = 0; place < this.row.count; place++) {
      const number = this.row.actor(place)
      if (this.isAlive(place) && this.parts.actors.get(number).process === process) dying.push(place)
    }
    for (const place of dying) this.row.setActor(place, this.changes.ended(this.row.actor(place), place, true))
    for (const place of dying) this.end(place)
  }

  start(process: number): void {
    this.setProcess(process, true)
    const { incarnation = 0 } = this.circumstances.processes[process] ?? {}
    const { row, parts } = this
    const roots: number[] = []
    for (let place = 0; place < row.count; place++) {
      const actor = parts.actors.get(row.actor(place))
      if (actor.root && actor.process === process) roots.push(place)
    }
    for (const place of roots) row.setActor(place, this.changes.enlivened(row.actor(place), place, incarnation))
    for (const place of roots) this.step(place, START)
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

  /** Counts what a step between steps uses of a budget. */
  spend(change: (spent: Spent) => void): void {
    const { circumstances } = this
    const spent = copySpent(circumstances.spent)
    change(spent)
    this.row.setCircumstances(this.parts.circumstances.add({ ...circumstances, spent }))
  }

  /** Links between the actors of two processes, which break together. */
  connection(one: number, other: number): number[] {
    const { row, parts } = this
    return row.present.filter((place) => {
      const { from, to, former } = parts.places.get(place)
      const link = row.link(place)
      if (former > 0 || link === 0 || parts.links.get(link).broken) return false
      const [a, b] = [parts.actors.get(row.actor(from)).process, parts.actors.get(row.actor(to)).process]
      return (a === one && b === other) || (a === other && b === one)
    })
  }

  isAlive(place: number): boolean {
    return this.parts.actors.alive.get(this.row.actor(place)) === 1
  }

  private step(place: number, message: number): void {
    const { row, parts } = this
    const actor = row.actor(place)
    if (parts.actors.alive.get(actor) === 0) return
    const { allowance, number } = this.allowance()
    const { effects, defect } = parts.steps.step(actor, message, allowance, number, place, this.answers)
    if (defect !== undefined) throw defect
    for (const effect of effects) this.take(effect)
    while (this.stopping.length > 0) this.endStopped(this.stopping.shift() ?? 0)
  }

  private take({ kind, a, b }: Effect): void {
    switch (kind) {
      case EFFECT.actor:
        this.row.setActor(a, b)
        return
      case EFFECT.spawn:
        this.row.setActor(a, b)
        this.row.setCircumstances(this.parts.circumstances.add({ ...this.circumstances, actors: this.row.count }))
        return
      case EFFECT.send:
        this.send(a, b)
        return
      case EFFECT.watch:
        this.watch(a)
        return
      case EFFECT.monitor:
        if (this.isAlive(this.parts.places.get(a).from)) this.put(a, { ...this.part(a), heartbeat: this.heartbeat(b) })
        return
      case EFFECT.stop:
        this.stop(a, b)
        return
      case EFFECT.fact:
        this.row.setFold(this.parts.fold?.step(this.row.fold, b) ?? 0)
        return
      case EFFECT.spend:
        this.spendInStep(b)
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
    const { losable, budgets, messages } = this.parts
    if (this.spent.losses >= (budgets.losses ?? 0) || losable?.(ends, messages.get(message)) !== true) return false
    if (this.answers.ask(2) === 0) return false
    this.spendInStep(SPENDS.indexOf('losses'))
    return true
  }

  private watch(place: number): void {
    const { from: peer, to: watcher, lane } = this.parts.places.get(place)
    if (!this.isAlive(peer)) {
      const gone = this.formerPlace(peer, watcher, lane)
      this.enqueueFormer(gone, { ...idleLink({ from: peer, to: watcher, lane }), open: false }, this.peerDown(peer, lane))
      return
    }
    const part = this.part(place)
    this.put(place, { ...part, watched: true })
    if (part.broken && part.messages.length === 0) this.mend(watcher, peer)
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
    this.row.setActor(place, this.changes.ended(this.row.actor(place), place, false))
    this.end(place)
  }

  /** What was sent to the dead is lost; what the dead had sent outlives them. */
  private end(place: number): void {
    const { row, parts } = this
    for (const one of [...row.present]) if (parts.places.get(one).to === place) row.setLink(one, 0)
    for (const one of [...row.present]) {
      const { from, former } = parts.places.get(one)
      if (from === place && former === 0 && row.link(one) !== 0) this.close(one)
    }
  }

  private close(place: number): void {
    const { from, to, lane, ...part } = this.part(place)
    this.row.setLink(place, 0)
    const closed: LinkPart = { from, to, lane, ...part, open: false, watched: false, heartbeat: undefined }
    const down = part.watched && this.isAlive(to) ? this.peerDown(from, lane) : 0
    this.enqueueFormer(this.formerPlace(from, to, lane), closed, down)
  }

  /** A link of an incarnation that is gone, with a last message (0: none). It exists only as long as there is something on it. */
  private enqueueFormer(place: number, part: LinkPart, last: number): void {
    const ends = this.parts.places.get(place)
    const told = last !== 0 && (this.parts.losable === undefined || !this.isLost(ends, last))
    const messages = told ? [...part.messages, last] : part.messages
    if (messages.length === 0) return
    this.put(place, { ...part, messages })
    if (ends.eager) this.hasty.push(place)
  }

  // ---- parts

  private part(place: number): LinkPart {
    const link = this.row.link(place)
    return link === 0 ? idleLink(this.parts.places.get(place)) : this.parts.links.get(link)
  }

  private put(place: number, part: LinkPart): void {
    this.row.setLink(place, this.parts.links.add(part))
  }

  private formerPlace(from: number, to: number, lane: number): number {
    for (let former = 1; ; former++) {
      const place = this.parts.places.placeOf({ from, to, lane }, former)
      if (this.row.link(place) === 0) return place
    }
  }

  private heartbeat(number: number): Heartbeat {
    return this.parts.heartbeats.get(number)
  }

  private peerDown(peer: number, lane: number, crashed?: boolean): number {
    const actor = this.parts.actors.get(this.row.actor(peer))
    return this.parts.messages.add(peerDown(actor, peer, lane, crashed))
  }

  private setProcess(index: number, alive: boolean): void {
    const { circumstances } = this
    const processes = circumstances.processes.map((process, i) =>
      i === index ? { ...process, alive, incarnation: process.incarnation + (alive ? 1 : 0) } : process,
    )
    this.row.setCircumstances(this.parts.circumstances.add({ ...circumstances, processes }))
  }

  private spendTimer(name: string): void {
    const { timers } = this.parts.budgets
    if (timers?.[name] === undefined) return
    this.spend((spent) => {
      spent.timers = { ...spent.timers, [name]: (spent.timers[name] ?? 0) + 1 }
    })
  }

  private spendInStep(which: number): void {
    const { row } = this
    const table = this.spending[which]
    const budget = SPENDS[which]
    if (table === undefined || budget === undefined) return
    const known = table.get(row.circumstances, 0)
    if (known >= 0) {
      row.setCircumstances(known)
      return
    }
    const before = row.circumstances
    this.spend((spent) => {
      spent[budget]++
    })
    table.set(before, 0, row.circumstances)
  }

  /** What may be spent now, with a number for each such allowance. */
  private allowance(): { readonly allowance: Allowance; readonly number: number } {
    const { circumstances } = this.row
    return (this.allowances[circumstances] ??= this.newAllowance())
  }

  private newAllowance(): { readonly allowance: Allowance; readonly number: number } {
    const { budgets } = this.parts
    const { spent, actors } = this.circumstances
    const left = (name: 'crashes' | 'failures' | 'outcomes'): number => Math.max(0, (budgets[name] ?? 0) - spent[name])
    const allowance = { crashes: left('crashes'), failures: left('failures'), outcomes: left('outcomes'), actors }
    const text = Object.values(allowance).join(' ')
    const number = this.allowanceNumbers.get(text) ?? this.allowanceNumbers.size
    this.allowanceNumbers.set(text, number)
    return { allowance, number }
  }

  /** The link that is first in order of those from which something is to be delivered at once; -1: none. */
  private nextHasty(): number {
    const { hasty, row, parts } = this
    let first = -1
    for (const place of hasty) {
      const link = row.link(place)
      if (link === 0 || parts.links.get(link).messages.length === 0) continue
      if (first < 0 || parts.places.compare(place, first) < 0) first = place
    }
    if (first < 0) hasty.length = 0
    return first
  }
}
