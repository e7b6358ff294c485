/** What the coordinator does, apart from passing messages on: see `protocol.ts`. */
import { STOOD_STILL } from '../stopwatch.js'
import { balanced } from './balance.js'
import type { Found, Level, Note, Order, Report, Sums, Use } from './protocol.js'
import { SharedWays } from './shared-ways.js'

/** How far all workers have come together. */
export interface Together {
  readonly distinct: number
  readonly generated: number
  /** Levels that have states. */
  readonly levels: number
  /** States that are known and not expanded. */
  readonly queue: number
  readonly bytes: number
}

/** What came of a search. */
export interface Outcome extends Sums {
  readonly distinct: number
  readonly levels: number
  /** What ended the search: the number of the state (-1: it is the set-up), and what was found there. */
  readonly found: (Found & { readonly number: number }) | undefined
  /** The bound that ended it, and states that were not expanded because of it. */
  readonly bound: { readonly bound: string; readonly states: number } | undefined
  readonly notes: readonly Note[]
  readonly ways: SharedWays
  readonly longestQueue: number
  readonly use: Use
}

const NOTHING: Sums = { generated: 0, terminals: 0, depthBound: 0, boundary: 0 }

/** Leads workers from level to level; `ended` is called once. */
export class Coordination {
  private readonly ways = new SharedWays()
  private level: Level = { start: -1, size: 1, children: sharedInts(1) }
  private distinct = 0
  private levels = 0
  private longestQueue = 0
  private sums = NOTHING
  private readonly notes: Note[] = []
  private found: Found[] = []
  private ending: Found | undefined
  private bound: Outcome['bound']
  private kept: number[] = []
  private moves: Int32Array[][] = []
  private movesLeft = 0
  private awaited: number
  private readonly uses: Use[] = []
  private readonly underWay: { known: number; generated: number; bytes: number }[] = []
  private over = false

  constructor(
    private readonly workers: number,
    private readonly maxStates: number,
    private readonly post: (to: number, order: Order) => void,
    private readonly ended: (outcome: Outcome) => void,
  ) {
    this.awaited = workers
  }

  begin(): void {
    this.all({ kind: 'expand', level: this.level })
  }

  received(from: number, report: Report): void {
    if (this.over) return
    switch (report.kind) {
      case 'found':
        this.post(report.to, { kind: 'found', from, records: report.records })
        return
      case 'under-way':
        this.underWay[from] = report
        return
      case 'expanded':
        if (this.isLast()) this.all({ kind: 'settle' })
        return
      case 'new':
        this.post(report.to, { kind: 'new', from, positions: report.positions })
        return
      case 'counted':
        this.found.push(...report.found)
        if (this.isLast()) this.number()
        return
      case 'numbered':
        this.kept[from] = report.kept
        this.uses[from] = report.use
        this.sums = added(this.sums, report.sums)
        this.notes.push(...report.notes)
        if (this.isLast()) this.goOn()
        return
      case 'moved':
        this.moves[report.to]?.push(report.states)
        if (--this.movesLeft === 0) this.expand()
        return
      case 'stood-still':
        this.stop(STOOD_STILL)
        return
      case 'refused':
        throw new Error(report.reason)
    }
  }

  /** Ends the search where it is: what counts is what was seen when the last level ended. */
  stop(bound: string): void {
    this.bound = { bound, states: this.level.size }
    this.end()
  }

  get together(): Together {
    const sum = (field: 'known' | 'generated' | 'bytes'): number => this.underWay.reduce((total, each) => total + each[field], 0)
    const distinct = Math.max(this.distinct, sum('known'))
    const generated = Math.max(this.sums.generated, sum('generated'))
    return {
      distinct,
      generated,
      levels: this.levels,
      queue: distinct - Math.max(this.level.start, 0),
      bytes: sum('bytes') + this.ways.bytes,
    }
  }

  /** Whether all have answered now. */
  private isLast(): boolean {
    if (--this.awaited > 0) return false
    this.awaited = this.workers
    return true
  }

  private all(order: Order): void {
    for (let worker = 0; worker < this.workers; worker++) this.post(worker, order)
  }

  /** All steps of the level were taken: says how much of it counts. */
  private number(): void {
    const { children } = this.level
    const first = this.found.reduce<Found | undefined>(
      (one, other) => (one === undefined || other.place < one.place ? other : one),
      undefined,
    )
    const last = first?.place ?? children.length - 1
    let fresh = 0
    let until = 0
    for (; until <= last; until++) {
      fresh += children[until] ?? 0
      if (this.distinct + fresh >= this.maxStates) break
    }
    if (until <= last) this.bound = this.boundAt(until, fresh)
    else until = last
    if (first !== undefined && until === first.place) this.ending = this.calmest(first)
    this.all({ kind: 'number', next: this.distinct, until, pieces: this.ways.growTo(this.distinct + fresh) })
  }

  private boundAt(until: number, fresh: number): Outcome['bound'] {
    return { bound: 'states', states: this.level.size - until - 1 + fresh }
  }

  /** Of the states of the level that are wrong for the same reason the first one with the fewest faults. */
  private calmest(first: Found): Found {
    const { finding } = first
    if (finding.kind !== 'wrong') return first
    let best = { found: first, faults: finding.faults }
    for (const found of [...this.found].sort((one, other) => one.place - other.place)) {
      const { finding: other } = found
      if (other.kind === 'wrong' && other.reason === finding.reason && other.faults < best.faults) best = { found, faults: other.faults }
    }
    return best.found
  }

  /** All new states have their numbers. */
  private goOn(): void {
    const fresh = this.kept.reduce((sum, kept) => sum + kept, 0)
    if (fresh > 0) this.levels++
    this.longestQueue = Math.max(this.longestQueue, fresh)
    const next = { start: this.distinct, size: fresh, children: sharedInts(fresh) }
    this.distinct += fresh
    if (this.ending !== undefined || this.bound !== undefined || fresh === 0) {
      this.end()
      return
    }
    this.level = next
    this.balance()
  }

  private balance(): void {
    const moves = balanced(this.kept)
    this.moves = this.kept.map(() => [])
    this.movesLeft = moves.length
    for (const { from, to, count } of moves) this.post(from, { kind: 'give', to, count })
    if (moves.length === 0) this.expand()
  }

  private expand(): void {
    this.moves.forEach((states, to) => {
      if (states.length > 0) this.post(to, { kind: 'moved', states: inOrder(states) })
    })
    this.all({ kind: 'expand', level: this.level })
  }

  private end(): void {
    if (this.over) return
    this.over = true
    const { distinct, levels, sums, bound, notes, ways, longestQueue, ending, level } = this
    const found = ending && { ...ending, number: level.start < 0 ? -1 : level.start + ending.place }
    this.ended({ ...sums, distinct, levels, found, bound, notes, ways, longestQueue, use: this.use })
  }

  private get use(): Use {
    const sum = (field: keyof Use): number => this.uses.reduce((total, each) => total + each[field], 0)
    const visitedBytes = sum('visitedBytes') + this.ways.bytes
    return { visitedBytes, waitingBytes: sum('waitingBytes'), asked: sum('asked'), fresh: sum('fresh') }
  }
}

function sharedInts(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * length))
}

function added(one: Sums, other: Sums): Sums {
  return {
    generated: one.generated + other.generated,
    terminals: one.terminals + other.terminals,
    depthBound: one.depthBound + other.depthBound,
    boundary: one.boundary + other.boundary,
  }
}

/** Moved states from several workers, by their places. */
function inOrder(parts: readonly Int32Array[]): Int32Array {
  const [only, ...others] = parts
  if (only !== undefined && others.length === 0) return only
  const states = parts.flatMap((part) => Array.from({ length: part.length / 3 }, (_, i) => part.subarray(3 * i, 3 * i + 3)))
  states.sort((one, other) => (one[0] ?? 0) - (other[0] ?? 0))
  return Int32Array.from(states.flatMap((state) => [...state]))
}
