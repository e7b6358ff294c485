/** What one worker does, apart from being a thread: see `protocol.ts`. */
import { RecentFingerprints } from '../recent-fingerprints.js'
import { Ints } from '../worlds/ints.js'
import { ExpandedStates } from './expanded-states.js'
import type { Explorer } from './explorer.js'
import { KeptStates } from './kept-states.js'
import { ownerOf, OwnedFingerprints, RECORD } from './owned-fingerprints.js'
import type { Finding, Level, Order, Report } from './protocol.js'
import { SharedWays } from './shared-ways.js'
import { WaitingStates } from './waiting-states.js'

/** Records in one message. */
const BATCH = 4096
/** Integers of a state that is moved: its place, and its fingerprint. */
const MOVED = 3

export class Share {
  readonly ways = new SharedWays()
  private explorer: Explorer | undefined
  private expanding = false
  private level: Level = { start: -1, size: 0, children: new Int32Array(0) }
  /** Number of the first state of the next level. */
  private next = 0
  /** The place of the state that is expanded, and how many steps had been taken before. */
  private place = 0
  private before = 0
  private readonly owned: OwnedFingerprints
  private readonly recent = new RecentFingerprints()
  private readonly outboxes: readonly Ints[]
  private readonly kept: KeptStates
  private readonly expanded = new ExpandedStates()
  private readonly waiting = new WaitingStates()
  /** Owners that have told which states are new. */
  private heardFrom = 0
  /** A state that it was given, and to which the way does not lead. */
  private lost = -1
  private onlyJudges = false
  private stopped = false

  constructor(
    private readonly me: number,
    private readonly workers: number,
    private readonly post: (report: Report) => void,
  ) {
    this.owned = new OwnedFingerprints(workers)
    this.kept = new KeptStates(workers)
    this.outboxes = Array.from({ length: workers }, () => new Ints())
  }

  /** Gets what it works on, which offers its steps to `offer`. */
  begin(explorer: Explorer): void {
    this.explorer = explorer
  }

  /** Whether there are states to be expanded now. */
  get isExpanding(): boolean {
    return this.expanding
  }

  /** A step leads to a state. It is kept unless it is known that this worker has found it before. */
  readonly offer = (ordinal: number, high: number, low: number): boolean => {
    if (!this.recent.add(high, low) && (high !== 0 || low !== 0)) return false
    const owner = ownerOf(low, this.workers)
    this.kept.add(owner, high, low, this.place, ordinal)
    if (owner === this.me) this.owned.add(owner, high, low, this.place, ordinal)
    else this.tell(owner, high, low, ordinal)
    return true
  }

  handle(order: Order): void {
    switch (order.kind) {
      case 'expand':
        this.expandLevel(order.level)
        return
      case 'found':
        this.owned.takeIn(order.from, order.records)
        return
      case 'settle':
        this.settle()
        return
      case 'new':
        this.hear(order.from, order.positions)
        return
      case 'number':
        this.ways.take(order.pieces)
        this.number(order.next, order.until)
        return
      case 'give':
        this.give(order.to, order.count)
        return
      case 'moved':
        this.receive(order.states)
    }
  }

  /** Expands states until there are none left in this level, or it is enough. */
  slice(enough: () => boolean): void {
    while (this.expanding) {
      if (!this.expandNext()) this.endExpansion()
      else if (enough()) return
    }
  }

  /** The step that was being taken has failed. */
  fail(error: unknown): void {
    this.abandon(this.working.failure(error))
  }

  /** The step that was being taken does not end. */
  cutOff(seconds: number): void {
    this.abandon(this.working.endless(seconds))
  }

  /** The process did not run, and the step that was being taken is cut off: the search is over. */
  standStill(): void {
    this.expanding = false
    this.post({ kind: 'stood-still' })
  }

  /** Tells how far it has come. */
  tellProgress(): void {
    const { generated, use } = this.working
    const bytes = this.owned.bytes + use.waitingBytes + this.kept.bytes
    this.post({ kind: 'under-way', known: this.owned.size, generated, bytes })
  }

  private get working(): Explorer {
    if (this.explorer === undefined) throw new Error('there is nothing to work on')
    return this.explorer
  }

  // ---- states of a level are expanded

  private expandLevel(level: Level): void {
    this.level = level
    this.expanding = true
    this.kept.clear()
    if (this.lost < 0) return
    this.place = this.lost
    this.before = this.working.generated
    this.abandon(this.working.elsewhere())
  }

  /** Whether there was a state left. */
  private expandNext(): boolean {
    const { waiting, working } = this
    if (this.stopped) return false
    if (this.level.start < 0) return this.expandNothing()
    for (let unwanted = waiting.unwanted(); unwanted > 0; unwanted--) working.drop()
    const { source } = waiting
    if (source === undefined) return false
    this.place = waiting.take(source)
    this.before = working.generated
    if (this.onlyJudges) this.note(-1, working.judge(source))
    else this.expandState(source)
    return true
  }

  /** What comes before the initial states is expanded by one worker. */
  private expandNothing(): boolean {
    this.place = 0
    this.before = this.working.generated
    if (this.me === 0) this.note(-1, this.working.begin())
    this.end()
    this.stopped = true
    return true
  }

  private expandState(source: 'kept' | 'received'): void {
    const located = this.working.expand(this.level.start + this.place, source)
    this.end()
    if (located !== undefined) this.note(located.ordinal, located.finding)
  }

  private end(): void {
    const { generated, mark } = this.working
    this.expanded.add(this.place, generated - this.before, mark, this.working.notes())
  }

  private note(ordinal: number, finding: Finding | undefined): void {
    if (finding === undefined) return
    this.expanded.find({ place: this.place, ordinal, finding })
    if (finding.kind === 'wrong' || finding.kind === 'failed') this.onlyJudges = true
    else this.stopped = true
  }

  private abandon(finding: Finding): void {
    this.end()
    this.note(-1, finding)
    this.endExpansion()
  }

  private endExpansion(): void {
    this.expanding = false
    this.stopped = false
    this.outboxes.forEach((_, owner) => {
      this.flush(owner)
    })
    this.post({ kind: 'expanded' })
  }

  private tell(owner: number, high: number, low: number, ordinal: number): void {
    const outbox = this.outboxes[owner]
    if (outbox === undefined) return
    outbox.push(high)
    outbox.push(low)
    outbox.push(this.place)
    outbox.push(ordinal)
    if (outbox.length >= BATCH * RECORD) this.flush(owner)
  }

  private flush(owner: number): void {
    const outbox = this.outboxes[owner]
    if (outbox === undefined || outbox.length === 0) return
    this.post({ kind: 'found', to: owner, records: outbox.flat() })
    outbox.length = 0
  }

  // ---- those that are new get their numbers

  private settle(): void {
    this.owned.settle().forEach((positions, to) => {
      if (to === this.me) this.hear(to, positions)
      else this.post({ kind: 'new', to, positions })
    })
  }

  /** An owner has told which of the states are new that it was told of. */
  private hear(owner: number, positions: Int32Array): void {
    const { kept, level } = this
    kept.markNew(owner, positions)
    if (++this.heardFrom < this.workers) return
    this.heardFrom = 0
    for (let i = 0; i < kept.size; i++) {
      const parent = kept.parent.get(i)
      if (kept.place.get(i) === 0) level.children[parent] = (level.children[parent] ?? 0) + 1
    }
    this.post({ kind: 'counted', found: this.expanded.found })
  }

  /** States are numbered by the places of those they come from, then by steps. All states of one are with one worker. */
  private number(next: number, until: number): void {
    const { kept, level, expanded, working, owned } = this
    let [parent, place, siblings, count] = [0, 0, 0, 0]
    for (let i = 0; i < kept.size; i++) {
      if (kept.place.get(i) < 0) continue
      for (; parent < kept.parent.get(i); parent++) {
        place += level.children[parent] ?? 0
        siblings = 0
      }
      kept.place.set(i, parent <= until ? place + siblings : -1)
      if (parent > until) continue
      this.ways.set(next + place + siblings, level.start < 0 ? -1 : level.start + parent, kept.ordinal.get(i))
      siblings++
      count++
    }
    this.next = next
    this.waiting.begin(kept.place.flat())
    working.endLevel()
    const use = { ...working.use, visitedBytes: owned.bytes }
    this.post({ kind: 'numbered', kept: count, sums: expanded.sums(until), notes: expanded.notes(until), use })
    expanded.clear()
  }

  // ---- one has more to do than another

  /** Gives away the last of its states. */
  private give(to: number, count: number): void {
    const { kept } = this
    const states = new Ints()
    let first = kept.size
    for (let left = count; left > 0 && first > 0; first--) if (kept.place.get(first - 1) >= 0) left--
    for (let i = first; i < kept.size; i++) {
      if (kept.place.get(i) < 0) continue
      states.push(kept.place.get(i))
      states.push(kept.high.get(i))
      states.push(kept.low.get(i))
      kept.place.set(i, -1)
    }
    this.waiting.begin(kept.place.flat())
    this.post({ kind: 'moved', to, states: states.flat() })
  }

  private receive(states: Int32Array): void {
    for (let at = 0; at < states.length; at += MOVED) {
      const [place = 0, high = 0, low = 0] = states.subarray(at, at + MOVED)
      this.waiting.receive(place)
      const isThere = this.working.receive(this.ways.ordinalsTo(this.next + place), high, low)
      if (!isThere && this.lost < 0) this.lost = place
    }
  }
}
