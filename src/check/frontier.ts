/** Orders of search: which of the known states is expanded next. The search itself is one loop that does not care. */
import type { Stream } from '../world/index.js'

/** A known state that is yet to be expanded. */
export interface Node<S> {
  readonly state: S
  /** Number in `Predecessors`. */
  readonly index: number
  /** States on the way to it, itself included. */
  readonly depth: number
  /** Its fingerprint. */
  readonly high: number
  readonly low: number
  /** It was found for the first time. */
  readonly first: boolean
}

/** The states that wait. */
export interface Frontier<S> {
  readonly size: number
  push(node: Node<S>): void
  pop(): Node<S> | undefined
}

/** First in, first out: nearest states first, so that a counterexample is as short as any. */
export class Queue<S> implements Frontier<S> {
  private nodes: (Node<S> | undefined)[] = []
  private first = 0

  get size(): number {
    return this.nodes.length - this.first
  }

  push(node: Node<S>): void {
    this.nodes.push(node)
  }

  pop(): Node<S> | undefined {
    const node = this.nodes[this.first]
    if (node === undefined) return undefined
    this.nodes[this.first++] = undefined
    if (this.first > 1024 && this.first * 2 > this.nodes.length) {
      this.nodes = this.nodes.slice(this.first)
      this.first = 0
    }
    return node
  }
}

/** Last in, first out: little memory where a system is wide, long ways to what it finds. */
export class Stack<S> implements Frontier<S> {
  private readonly nodes: Node<S>[] = []

  get size(): number {
    return this.nodes.length
  }

  push(node: Node<S>): void {
    this.nodes.push(node)
  }

  pop(): Node<S> | undefined {
    return this.nodes.pop()
  }
}

/** Lowest cost first, and among equals the first that came: a binary heap. */
export class CheapestFirst<S> implements Frontier<S> {
  private readonly heap: { readonly cost: number; readonly ticket: number; readonly node: Node<S> }[] = []
  private tickets = 0

  constructor(private readonly cost: (state: S, depth: number) => number) {}

  get size(): number {
    return this.heap.length
  }

  push(node: Node<S>): void {
    const entry = { cost: this.cost(node.state, node.depth), ticket: this.tickets++, node }
    let at = this.heap.push(entry) - 1
    while (at > 0 && this.isBefore(at, (at - 1) >> 1)) at = this.swap(at, (at - 1) >> 1)
  }

  pop(): Node<S> | undefined {
    const first = this.heap[0]
    const last = this.heap.pop()
    if (first === undefined || last === undefined) return undefined
    if (this.heap.length === 0) return first.node
    this.heap[0] = last
    for (let at = 0; ;) {
      const left = 2 * at + 1
      const smaller = this.isBefore(left + 1, left) ? left + 1 : left
      if (!this.isBefore(smaller, at)) return first.node
      at = this.swap(at, smaller)
    }
  }

  private isBefore(one: number, other: number): boolean {
    const a = this.heap[one]
    const b = this.heap[other]
    if (a === undefined || b === undefined) return false
    return a.cost < b.cost || (a.cost === b.cost && a.ticket < b.ticket)
  }

  private swap(one: number, other: number): number {
    const a = this.heap[one]
    const b = this.heap[other]
    if (a !== undefined && b !== undefined) [this.heap[one], this.heap[other]] = [b, a]
    return other
  }
}

/** One of the states that the last step led to, drawn; the others are dropped. The search starts it anew when a walk has ended. */
export class RandomStep<S> implements Frontier<S> {
  private candidates: Node<S>[] = []

  constructor(private readonly stream: Stream) {}

  get size(): number {
    return this.candidates.length
  }

  push(node: Node<S>): void {
    this.candidates.push(node)
  }

  pop(): Node<S> | undefined {
    if (this.candidates.length === 0) return undefined
    const node = this.candidates[this.stream.below(this.candidates.length)]
    this.candidates = []
    return node
  }
}
