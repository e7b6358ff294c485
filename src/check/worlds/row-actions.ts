/** What can happen next in the state of a row: the same as `enabledActions` finds in the world. */
import type { Exploration } from './exploration.js'
import type { InternedWorld } from './interned-world.js'
import { Ints } from './ints.js'
import { PairTable } from './pair-table.js'
import type { RowWorld, RowWorldParts } from './row-world.js'
import { SPENDS } from './circumstance-changes.js'
import { firstDead } from './reductions/atomic-restart.js'

/** Kinds of actions, by number: first what ends by itself, then the faults. */
const ACTION = { deliver: 0, fire: 1, start: 2, crash: 3, disconnect: 4, suspect: 5 } as const

/** Armed timers of one actor, at most. */
const MAX_TIMERS = 30

/** Which faults between steps are possible at all, besides the budgets, and what comes of them. */
export interface RowRules {
  /** A process that dies starts again in the same step. */
  readonly atomicRestart: boolean
  mayCrash(process: number): boolean
  mayDisconnect(one: number, other: number): boolean
}

/** The rules of an exploration. */
export function rulesOf<F>({ mayCrash, mayDisconnect, atomicRestart = false }: Exploration<F>, { world }: InternedWorld<F>): RowRules {
  const name = (process: number): string => world.circumstances.processes[process]?.name ?? ''
  return {
    atomicRestart,
    mayCrash: (process) => mayCrash?.(name(process)) ?? true,
    mayDisconnect: (one, other) => mayDisconnect?.(name(one), name(other)) ?? true,
  }
}

/** Actions of a state: three numbers each, in one list that is used again and again. */
export class RowActions {
  count = 0
  /** Nothing but faults can happen. */
  terminal = true
  private readonly numbers = new Ints()
  /** Names of timers that might have fired where something else might have happened as well; and their positions, by actor. */
  readonly branched = new Set<string>()
  private readonly branchedAt = new Ints()
  /** Bits of the positions of the timers that may fire, by actor and circumstances. */
  private readonly firable = new PairTable()
  private readonly connectionsBreak: boolean
  private readonly peersAreSuspected: boolean
  /** What can happen to processes, by circumstances: kind and process, in pairs. */
  private readonly ofProcesses: (readonly number[])[] = []
  /** Which process starts next that is dead, by circumstances. */
  private readonly dead: number[] = []

  constructor(
    private readonly world: RowWorld,
    private readonly parts: RowWorldParts,
    private readonly rules: RowRules,
  ) {
    const { disconnects = 0, suspicions = 0 } = parts.budgets
    this.connectionsBreak = disconnects > 0
    this.peersAreSuspected = suspicions > 0
  }

  /** Finds all actions of the row. */
  find(): void {
    this.count = 0
    this.terminal = true
    const { row, changes } = this.world
    const { present } = row
    for (let i = 0; i < present.length; i++) this.deliveries(present.get(i))
    for (let place = 0; place < row.count; place++) this.timers(place)
    const faults = (this.ofProcesses[row.circumstances] ??= this.crashesAndStarts())
    for (let i = 0; i < faults.length; i += 2) this.add(faults[i] ?? 0, faults[i + 1] ?? 0, 0)
    if (this.connectionsBreak && changes.left(row.circumstances, 'disconnects')) this.disconnects(this.world.circumstances.processes.length)
    if (this.peersAreSuspected && changes.left(row.circumstances, 'suspicions')) this.suspicions()
    if (this.terminal) this.lazyTimers()
  }

  /** Notes the timers that may fire where something else may happen as well. */
  noteBranches(): void {
    if (this.count < 2) return
    const { numbers } = this
    for (let i = 0; i < this.count; i++) {
      if (numbers.get(3 * i) !== ACTION.fire) continue
      const actor = this.world.row.actor(numbers.get(3 * i + 1))
      const position = numbers.get(3 * i + 2)
      const noted = this.branchedAt.get(actor)
      if (((noted >>> position) & 1) === 1) continue
      this.branchedAt.set(actor, noted | (1 << position))
      const timer = this.parts.actors.timersOf(actor)[position]
      if (timer !== undefined) this.branched.add(timer.name)
    }
  }

  /** Makes the action happen in the row. */
  perform(action: number): void {
    const { world, numbers } = this
    const a = numbers.get(3 * action + 1)
    const b = numbers.get(3 * action + 2)
    switch (numbers.get(3 * action)) {
      case ACTION.deliver:
        world.deliver(a, b)
        break
      case ACTION.fire:
        world.fire(a, b)
        break
      case ACTION.start:
        world.start(a)
        break
      case ACTION.crash:
        world.spend(SPENDS.indexOf('crashes'))
        world.crash(a)
        break
      case ACTION.disconnect:
        world.spend(SPENDS.indexOf('disconnects'))
        world.disconnect(a, b)
        break
      case ACTION.suspect:
        world.spend(SPENDS.indexOf('suspicions'))
        world.suspect(a)
    }
    world.settle()
    if (this.rules.atomicRestart) this.restart()
  }

  private restart(): void {
    const { world } = this
    for (let dead = this.deadProcess; dead >= 0; dead = this.deadProcess) {
      world.start(dead)
      world.settle()
    }
  }

  private get deadProcess(): number {
    const { row, circumstances } = this.world
    return (this.dead[row.circumstances] ??= firstDead(circumstances.processes))
  }

  /** The action in words. */
  describe(action: number): string {
    const [kind = -1, a = 0, b = 0] = this.numbers.toArray().slice(3 * action, 3 * action + 3)
    const { parts, world } = this
    const nameOf = (place: number): string => parts.actors.get(world.row.actor(place)).name
    if (kind === ACTION.deliver) {
      const { from, to } = parts.places.get(a)
      const message = parts.messages.get(parts.links.get(world.row.link(a)).messages[b] ?? 0)
      return `${nameOf(from)} -> ${nameOf(to)}: ${JSON.stringify(message)}`
    }
    if (kind === ACTION.fire) return `${nameOf(a)}: timer ${parts.actors.timersOf(world.row.actor(a))[b]?.name ?? ''}`
    const name = Object.entries(ACTION).find(([, number]) => number === kind)?.[0] ?? ''
    return kind === ACTION.suspect
      ? `${name} ${nameOf(parts.places.get(a).from)}`
      : `${name} of process ${world.circumstances.processes[a]?.name ?? ''}`
  }

  /** The place of the actor that takes the action; -1: it is none of one actor. */
  actorOf(action: number): number {
    const a = this.numbers.get(3 * action + 1)
    const kind = this.numbers.get(3 * action)
    if (kind === ACTION.deliver) return this.parts.places.get(a).to
    return kind === ACTION.fire ? a : -1
  }

  /** The place of the link from which the action takes a message; -1: from none. Deliveries come before all other actions. */
  linkOf(action: number): number {
    return this.numbers.get(3 * action) === ACTION.deliver ? this.numbers.get(3 * action + 1) : -1
  }

  /** Which of the messages on the link it takes. */
  positionOf(action: number): number {
    return this.numbers.get(3 * action + 2)
  }

  private add(kind: number, a: number, b: number): void {
    const at = 3 * this.count++
    this.numbers.set(at, kind)
    this.numbers.set(at + 1, a)
    this.numbers.set(at + 2, b)
    if (kind <= ACTION.start) this.terminal = false
  }

  private crashesAndStarts(): number[] {
    const { row, changes, circumstances } = this.world
    const crashesLeft = changes.left(row.circumstances, 'crashes')
    return circumstances.processes.flatMap(({ alive, incarnation }, process) => {
      if (!alive) return incarnation > 0 ? [ACTION.start, process] : []
      return crashesLeft && this.rules.mayCrash(process) ? [ACTION.crash, process] : []
    })
  }

  private deliveries(place: number): void {
    const takeable = this.parts.links.takeable.get(this.world.row.link(place))
    for (let position = 0; position < takeable; position++) this.add(ACTION.deliver, place, position)
  }

  private timers(place: number): void {
    const { row } = this.world
    const actor = row.actor(place)
    if (this.parts.actors.timers.get(actor) === 0) return
    let positions = this.firable.get(actor, row.circumstances)
    if (positions < 0) positions = this.findFirable(actor, row.circumstances)
    for (let position = 0; positions > 0; position++, positions >>= 1) if ((positions & 1) === 1) this.add(ACTION.fire, place, position)
  }

  private findFirable(actor: number, circumstances: number): number {
    const { changes } = this.world
    const mayFire = (name: string): boolean => changes.mayFire(circumstances, name)
    const timers = this.parts.actors.timersOf(actor)
    if (timers.length > MAX_TIMERS) throw new RangeError(`an actor has ${timers.length} armed timers; up to ${MAX_TIMERS} can be explored`)
    const positions = timers.reduce((bits, { name, after }, i) => (mayFire(name) && !after.some(mayFire) ? bits | (1 << i) : bits), 0)
    this.firable.set(actor, circumstances, positions)
    return positions
  }

  private lazyTimers(): void {
    const { row, changes } = this.world
    for (let place = 0; place < row.count; place++) {
      this.parts.actors.timersOf(row.actor(place)).forEach(({ name }, position) => {
        if (changes.mayFireAtLast(row.circumstances, name)) this.add(ACTION.fire, place, position)
      })
    }
  }

  private disconnects(processes: number): void {
    for (let one = 0; one < processes; one++)
      for (let other = one + 1; other < processes; other++)
        if (this.rules.mayDisconnect(one, other) && this.world.connection(one, other).length > 0) this.add(ACTION.disconnect, one, other)
  }

  private suspicions(): void {
    const { present } = this.world.row
    for (let i = 0; i < present.length; i++) {
      const place = present.get(i)
      const link = this.world.row.link(place)
      if (link === 0) continue
      const { open, heartbeat } = this.parts.links.get(link)
      if (open && heartbeat !== undefined) this.add(ACTION.suspect, place, 0)
    }
  }
}
