/**
 * Dynamic partial-order reduction with source sets (Abdulla, Aronis, Jonsson, Sagonas, POPL 2014, algorithm 1): takes each set of
 * executions that differ only in the order of independent actions at least once, and stores no state. It shares nothing with the
 * search but the model, and so checks it.
 */
import { actionsByProcess, type Concurrent } from './concurrent.js'
import { Execution, type Event } from './happens-before.js'
import type { Property } from './model.js'

/** What was explored. */
export interface DporResult<S> {
  /** Executions that came to their end. */
  readonly complete: number
  /** Executions that were given up because whatever was left would have repeated another one. */
  readonly blocked: number
  /** Actions taken. */
  readonly steps: number
  /** The first `finally` property that does not hold in a terminal state, and that state. Other properties are not judged. */
  readonly broken?: { readonly property: Property<S>; readonly state: S }
}

/** Explores all executions of a model, which must all end, up to the order of independent actions. */
export function sourceDpor<S, A>(model: Concurrent<S, A>, onTerminal?: (state: S) => void): DporResult<S> {
  return new SourceDpor(model, onTerminal).explore()
}

/** What is remembered of each state on the way. */
interface Place<S, A> {
  readonly state: S
  readonly enabled: ReadonlyMap<number, A>
  /** Processes to begin with here. */
  readonly backtrack: Set<number>
}

/** The exploration; a class so that a test can break it. */
export class SourceDpor<S, A> {
  private complete = 0
  private blocked = 0
  private steps = 0
  private broken: DporResult<S>['broken']
  private readonly execution: Execution<S, A>
  private readonly places: Place<S, A>[] = []

  constructor(
    private readonly model: Concurrent<S, A>,
    private readonly onTerminal: ((state: S) => void) | undefined,
  ) {
    this.execution = new Execution(model)
  }

  explore(): DporResult<S> {
    for (const state of this.model.initial()) this.visit(state, new Map())
    const { complete, blocked, steps, broken } = this
    return { complete, blocked, steps, ...(broken && { broken }) }
  }

  /** Whether a process that sleeps still does after this action: only if the two are independent. */
  protected staysAsleep(sleeping: A, taken: A): boolean {
    return !this.model.dependent(sleeping, taken)
  }

  private visit(state: S, sleeping: Map<number, A>): void {
    const enabled = actionsByProcess(this.model, state)
    const [first] = [...enabled.keys()].filter((process) => !sleeping.has(process))
    if (first === undefined) {
      this.end(state, enabled.size > 0)
      return
    }
    const place = { state, enabled, backtrack: new Set([first]) }
    this.places.push(place)
    for (const process of place.backtrack) {
      const action = enabled.get(process)
      if (action === undefined || sleeping.has(process)) continue
      this.take(place, process, action, sleeping)
      sleeping.set(process, action)
    }
    this.places.pop()
  }

  private take({ state }: Place<S, A>, process: number, action: A, sleeping: ReadonlyMap<number, A>): void {
    const { event, races } = this.execution.next(process, action)
    for (const position of races) this.reverse(position, event)
    this.steps++
    this.execution.events.push(event)
    const asleep = [...sleeping].filter(([, other]) => this.staysAsleep(other, action))
    this.visit(this.model.next(state, action), new Map(asleep))
    this.execution.events.pop()
  }

  private end(state: S, isBlocked: boolean): void {
    if (isBlocked) {
      this.blocked++
      return
    }
    this.complete++
    this.onTerminal?.(state)
    const property = this.model.properties.find((one) => one.kind === 'finally' && !one.holds(state))
    if (property !== undefined) this.broken ??= { property, state }
  }

  /** Sees to it that the event is also tried before the one at this position, unless something that leads there is tried anyway. */
  private reverse(position: number, event: Event<A>): void {
    const place = this.places[position]
    if (place === undefined) return
    const without = this.execution.events.slice(position + 1).filter(({ clock }) => !this.execution.isBefore(position, clock))
    if (!this.isPossible(place, without, event.process)) return
    const initials = this.initials(position, [...without, event])
    if (initials.some((process) => place.backtrack.has(process))) return
    const [chosen] = initials
    if (chosen !== undefined) place.backtrack.add(chosen)
  }

  /** Whether the process can act once these events have happened: if not, the event in front enables it, and nothing can be reversed. */
  private isPossible({ state, enabled }: Place<S, A>, events: readonly Event<A>[], process: number): boolean {
    if (enabled.has(process)) return true
    const after = events.reduce((at, { action }) => this.model.next(at, action), state)
    return actionsByProcess(this.model, after).has(process)
  }

  /** Processes whose first event among these has none of the others before it. */
  private initials(position: number, events: readonly Event<A>[]): number[] {
    const positions = this.positionsOf(position, events)
    const seen = new Set<number>()
    const initials: number[] = []
    events.forEach(({ process, clock }, i) => {
      if (seen.has(process)) return
      seen.add(process)
      if (!positions.slice(0, i).some((before) => this.execution.isBefore(before, clock))) initials.push(process)
    })
    return initials
  }

  private positionsOf(position: number, events: readonly Event<A>[]): number[] {
    const positions: number[] = []
    for (let at = position + 1; at < this.execution.events.length; at++) {
      const event = this.execution.events[at]
      if (event !== undefined && events.includes(event)) positions.push(at)
    }
    return positions
  }
}
