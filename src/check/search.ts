/**
 * The search: one loop that takes a state from the frontier, takes every action of it, and hands new states to the frontier. In
 * which order states are expanded is the frontier's business, what counts as known is that of the known states.
 */
import { assertPlain } from '../world/index.js'
import { DefectOfModel } from './defect.js'
import type { Fingerprinter } from './fingerprint.js'
import type { Frontier, Node } from './frontier.js'
import type { KnownStates } from './known-states.js'
import type { Model, Property } from './model.js'
import { MAX_ACTIONS, Predecessors } from './predecessors.js'

/** How a search is done. */
export interface SearchPlan<S> {
  readonly frontier: Frontier<S>
  readonly known: KnownStates<S>
  readonly fingerprinter: Fingerprinter
  /** States on a way, at most. */
  readonly maxDepth: number
  /** Distinct states, at most. */
  readonly maxStates: number
  /** Every so many states one is expanded twice; the first ones always are. */
  readonly auditEvery: number
  /** Walks to start, each at an initial state; states are walked through again. Without it the search goes everywhere once. */
  readonly walks?: number
}

/** States whose expansion is always audited. */
const ALWAYS_AUDITED = 1000

/** A property that does not hold in a state. */
export interface Broken<S> {
  readonly property: Property<S>
  readonly index: number
}

/** A search under way. */
export class Search<S, A> {
  generated = 0
  depth = 0
  terminals = 0
  /** States that were not left because of a bound, by its name. */
  readonly cut = new Map<string, number>()
  /** Distinct states by depth. */
  readonly layers: number[] = []
  readonly predecessors = new Predecessors()
  readonly unseen: Set<Property<S>>
  broken: Broken<S> | undefined
  /** The state being expanded. */
  expanding: Node<S> | undefined
  /** The function of the model that is being called: what to name when something goes wrong. */
  doing = 'initial'
  /** The action that is being taken, when it is `next`. */
  taking: A | undefined
  /** The property that is being judged, when it is `property`. */
  judging: Property<S> | undefined
  private readonly always: readonly Property<S>[]
  private readonly atTheEnd: readonly Property<S>[]
  /** States whose actions were taken: by that it is decided which of them are audited. */
  expanded = 0
  private walksLeft: number

  constructor(
    private readonly model: Model<S, A>,
    readonly plan: SearchPlan<S>,
  ) {
    const kind = (wanted: Property<S>['kind']) => model.properties.filter((property) => property.kind === wanted)
    this.always = kind('always')
    this.atTheEnd = kind('finally')
    this.unseen = new Set(kind('sometimes'))
    this.walksLeft = plan.walks ?? 1
  }

  get distinct(): number {
    return this.plan.known.size
  }

  /** Whether there is nothing left to do, or no use in it. */
  get ended(): boolean {
    return this.broken !== undefined || this.distinct >= this.plan.maxStates || (this.plan.frontier.size === 0 && this.walksLeft === 0)
  }

  /** Expands states until `enough` says so or the search has ended. */
  run(enough: () => boolean): void {
    while (!this.ended) {
      this.take(this.plan.frontier.pop())
      if (enough()) return
    }
    if (this.distinct >= this.plan.maxStates && this.plan.frontier.size > 0) this.cut.set('states', this.plan.frontier.size)
  }

  /** Expands this state; without one, takes the initial states in. */
  take(node: Node<S> | undefined): void {
    if (node === undefined) this.begin()
    else this.expand(node)
  }

  private begin(): void {
    this.walksLeft--
    if (this.plan.walks !== undefined) this.predecessors.clear()
    this.expanding = undefined
    this.doing = 'initial'
    const { model } = this
    model.initial().forEach((state, ordinal) => {
      this.arrive(undefined, model.canonical?.(state) ?? state, ordinal)
    })
  }

  private expand(node: Node<S>): void {
    const { model } = this
    this.expanding = node
    this.doing = 'actions'
    const actions = model.actions(node.state)
    if (actions.length > MAX_ACTIONS) throw new DefectOfModel('too-many-actions', `${actions.length} actions in one state`)
    if (actions.length === 0) this.end(node)
    else if (this.mayLeave(node)) this.takeAll(node, actions)
  }

  private takeAll(node: Node<S>, actions: readonly A[]): void {
    const audited = this.expanded++ < ALWAYS_AUDITED || this.expanded % this.plan.auditEvery === 0
    for (let ordinal = 0; ordinal < actions.length && this.broken === undefined; ordinal++) {
      const action = actions[ordinal]
      if (action !== undefined) this.arrive(node, this.after(node.state, action), ordinal)
      if (audited) this.expectUnchanged(node)
    }
    if (audited) this.audit(node, actions)
  }

  private after(state: S, action: A): S {
    this.doing = 'next'
    this.taking = action
    const next = this.model.next(state, action)
    return this.model.canonical === undefined ? next : this.model.canonical(next)
  }

  private mayLeave(node: Node<S>): boolean {
    const bound = node.depth >= this.plan.maxDepth ? 'depth' : this.model.boundary?.(node.state) === false ? 'boundary' : undefined
    if (bound !== undefined) this.cut.set(bound, (this.cut.get(bound) ?? 0) + 1)
    return bound === undefined
  }

  /** A step has led to this state. */
  private arrive(from: Node<S> | undefined, state: S, ordinal: number): void {
    const { fingerprinter, known, frontier, walks } = this.plan
    this.generated++
    if (from?.state === state && walks === undefined) return // a step that changes nothing
    if (from === undefined) fingerprinter.whole(state)
    else fingerprinter.follow(from.state, from.high, from.low, state)
    const { high, low } = fingerprinter
    const depth = from === undefined ? 1 : from.depth + 1
    const status = known.add(state, high, low, depth, ordinal)
    if (status === 'known' && walks === undefined) return
    const first = status === 'new'
    const node = { state, index: this.predecessors.add(from?.index ?? -1, ordinal), depth, high, low, first }
    if (first) this.judge(node)
    frontier.push(node)
  }

  private judge(node: Node<S>): void {
    if (node.depth > this.depth) this.depth = node.depth
    this.layers[node.depth] = (this.layers[node.depth] ?? 0) + 1
    for (const property of this.always) if (!this.holds(property, node)) this.broken ??= { property, index: node.index }
    if (this.unseen.size > 0) for (const property of this.unseen) if (this.holds(property, node)) this.unseen.delete(property)
  }

  /** Judges a state in which nothing can happen any more. */
  private end(node: Node<S>): void {
    if (!node.first) return
    this.terminals++
    for (const property of this.atTheEnd) if (!this.holds(property, node)) this.broken ??= { property, index: node.index }
  }

  private holds(property: Property<S>, node: Node<S>): boolean {
    const before = this.doing
    this.doing = 'property'
    this.judging = property
    const holds = property.holds(node.state)
    this.doing = before
    return holds
  }

  /** Fails when an action has changed the state that it was given, or one that came before and shares parts with it. */
  private expectUnchanged(node: Node<S>): void {
    const { fingerprinter } = this.plan
    fingerprinter.whole(node.state)
    if (fingerprinter.high !== node.high || fingerprinter.low !== node.low) {
      throw new DefectOfModel('changes-its-input', 'the state that an action was given is not what it was: a next state is made anew')
    }
  }

  /** Repeats the expansion and compares. */
  private audit(node: Node<S>, actions: readonly A[]): void {
    const again = this.model.actions(node.state)
    assertPlain(again, 'actions')
    if (again.length !== actions.length) {
      throw new DefectOfModel('not-deterministic', `the same state has ${actions.length} actions, then ${again.length}`)
    }
    actions.forEach((action, ordinal) => {
      const repeated = again[ordinal]
      if (repeated !== undefined) this.compare(node, action, repeated)
    })
  }

  /** Takes an action twice, one time with the fingerprint of what changed, the other time with that of the whole state. */
  private compare(node: Node<S>, action: A, repeated: A): void {
    const { fingerprinter } = this.plan
    fingerprinter.follow(node.state, node.high, node.low, this.after(node.state, action))
    const { high, low } = fingerprinter
    fingerprinter.whole(this.after(node.state, repeated))
    if (fingerprinter.high !== high || fingerprinter.low !== low) {
      throw new DefectOfModel('not-deterministic', 'the same action of the same state led to another state when it was repeated')
    }
  }
}
