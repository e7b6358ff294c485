/** The graph of states and steps, kept whole: what the search itself forgets, and only questions about ways that never end need. */
import { Fingerprinter } from './fingerprint.js'
import { FingerprintTable } from './fingerprint-table.js'
import type { Model } from './model.js'
import type { Walked } from './counterexample.js'

/** A step to another state of the graph. */
export interface Edge<A> {
  readonly action: A
  readonly to: number
}

/** A state, its steps within the graph, and how it was reached first. */
export interface Vertex<S, A> {
  readonly state: S
  readonly from: number
  readonly action: A | undefined
  readonly edges: Edge<A>[]
  /** Everything that can happen, steps out of the graph included. */
  actions: readonly A[]
}

/** All states that can be reached through states of the graph; nearest first. Symmetry is not used. */
export class StateGraph<S, A> {
  readonly vertices: Vertex<S, A>[] = []
  /** Undefined: everything was seen. */
  bound: 'states' | 'boundary' | undefined
  private readonly table = new FingerprintTable(true)
  private readonly fingerprinter = new Fingerprinter()

  /** `member`: which states belong to the graph. */
  constructor(
    private readonly model: Model<S, A>,
    private readonly member: (state: S) => boolean,
    private readonly maxStates: number,
  ) {
    for (const state of model.initial()) this.numberOf(state, -1, undefined)
    for (let i = 0; i < this.vertices.length && this.bound === undefined; i++) this.expand(i)
  }

  /** The shortest way from an initial state to this one. */
  wayTo(number: number): Walked<S, A>[] {
    const way: Walked<S, A>[] = []
    for (let at = this.vertices[number]; at !== undefined; at = this.vertices[at.from]) way.push({ action: at.action, state: at.state })
    return way.reverse()
  }

  private expand(number: number): void {
    const vertex = this.vertices[number]
    if (vertex === undefined) return
    vertex.actions = this.model.actions(vertex.state)
    if (this.model.boundary?.(vertex.state) === false) this.bound = 'boundary'
    for (const action of vertex.actions) {
      const to = this.numberOf(this.model.next(vertex.state, action), number, action)
      if (to >= 0) vertex.edges.push({ action, to })
    }
  }

  /** Number of the state, a new one where needed; -1 when it does not belong to the graph. */
  private numberOf(state: S, from: number, action: A | undefined): number {
    if (!this.member(state)) return -1
    this.fingerprinter.whole(state)
    const { high, low } = this.fingerprinter
    const known = this.table.addNumbered(high, low, this.vertices.length)
    if (known >= 0) return known
    if (this.vertices.length >= this.maxStates) this.bound = 'states'
    return this.vertices.push({ state, from, action, edges: [], actions: [] }) - 1
  }
}
