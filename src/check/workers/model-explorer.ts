/** A model, as one worker explores it. */
import { defectShownBy, DefectOfModel } from '../defect.js'
import { Fingerprinter } from '../fingerprint.js'
import { Queue, type Node } from '../frontier.js'
import type { Limits } from '../limits.js'
import type { Model } from '../model.js'
import { duringWhat } from '../run-check.js'
import { Search } from '../search.js'
import type { Explorer, Located, Offer } from './explorer.js'
import type { Finding, Note } from './protocol.js'

/** What a waiting state takes besides its content, and its content, as long as nobody has counted. */
const NODE_BYTES = 400

export class ModelExplorer<S, A> implements Explorer {
  mark: Explorer['mark']
  private readonly search: Search<S, A>
  private readonly kept = new Queue<S>()
  private readonly received = new Queue<S>()
  private readonly fingerprinter: Fingerprinter
  private seen: number
  /** The way that was walked last: the representatives of its states, by depth. */
  private walked: { readonly ordinal: number; readonly state: S }[] = []

  constructor(
    private readonly model: Model<S, A>,
    { seed, maxDepth, auditEvery }: Pick<Limits, 'seed' | 'maxDepth' | 'auditEvery'>,
    offer: Offer,
  ) {
    this.fingerprinter = new Fingerprinter(seed)
    const add = (_state: S, high: number, low: number, _depth: number, ordinal: number) => (offer(ordinal, high, low) ? 'new' : 'known')
    const known = { size: 0, bytes: 0, add }
    this.search = new Search(model, {
      ...{ known, frontier: this.kept, fingerprinter: new Fingerprinter(seed), maxDepth, maxStates: Infinity, auditEvery },
    })
    this.seen = this.search.unseen.size
  }

  get generated(): number {
    return this.search.generated
  }

  begin(): Finding | undefined {
    return this.take(undefined)?.finding
  }

  expand(number: number, source: 'kept' | 'received'): Located | undefined {
    this.search.expanded = number
    return this.take(this.next(source))
  }

  judge(source: 'kept' | 'received'): undefined {
    this.next(source)
  }

  drop(): void {
    this.kept.pop()
  }

  receive(ordinals: readonly number[], high: number, low: number): boolean {
    try {
      const state = this.walk(ordinals)
      this.fingerprinter.whole(state)
      this.received.push({ state, index: 0, depth: ordinals.length, high, low, first: true })
      return this.fingerprinter.high === high && this.fingerprinter.low === low
    } catch {
      // What throws here did not throw when the way was found.
      return false
    }
  }

  endLevel(): void {
    this.search.predecessors.clear()
  }

  notes(): Note[] {
    const { unseen } = this.search
    if (unseen.size === this.seen) return []
    this.seen = unseen.size
    const seen = this.model.properties.filter((property) => property.kind === 'sometimes' && !unseen.has(property))
    return seen.map(({ name }) => ({ about: 'sometimes', text: name }))
  }

  failure(error: unknown): Finding {
    const { kind, message } = defectShownBy(error)
    return { kind: 'defect', defect: { kind, message, during: duringWhat(this.model, this.search) } }
  }

  endless(seconds: number): Finding {
    return this.failure(new DefectOfModel('does-not-end', `it was still running after ${seconds} s`))
  }

  elsewhere(): Finding {
    const message = 'the way to a state led to another one when it was walked again'
    return { kind: 'defect', defect: { kind: 'not-deterministic', message, during: 'walking the way to a state again' } }
  }

  get use(): { readonly waitingBytes: number; readonly asked: number; readonly fresh: number } {
    return { waitingBytes: NODE_BYTES * (this.kept.size + this.received.size), asked: 0, fresh: 0 }
  }

  private next(source: 'kept' | 'received'): Node<S> {
    const node = this[source].pop()
    if (node === undefined) throw new Error('no state waits')
    return node
  }

  private take(node: Node<S> | undefined): Located | undefined {
    const { search } = this
    const { terminals } = search
    search.cut.clear()
    this.mark = undefined
    search.take(node)
    if (search.terminals > terminals) this.mark = 'terminal'
    if (search.cut.size > 0) this.mark = search.cut.has('depth') ? 'depth' : 'boundary'
    if (search.broken === undefined) return undefined
    const { property, index } = search.broken
    const ordinal = property.kind === 'finally' ? -1 : search.predecessors.stepTo(index).ordinal
    return { ordinal, finding: { kind: 'broken', property: this.model.properties.indexOf(property) } }
  }

  /** The representative at the end of a way. Ways that are walked one after the other have their beginning in common. */
  private walk(ordinals: readonly number[]): S {
    const { model, walked } = this
    let same = 0
    while (same < walked.length && walked[same]?.ordinal === ordinals[same]) same++
    walked.length = same
    for (const ordinal of ordinals.slice(same)) {
      const before = walked.at(-1)
      const state = before === undefined ? model.initial()[ordinal] : this.after(before.state, ordinal)
      if (state === undefined) throw new RangeError('the way ends')
      walked.push({ ordinal, state: model.canonical?.(state) ?? state })
    }
    const last = walked.at(-1)
    if (last === undefined) throw new RangeError('an empty way')
    return last.state
  }

  private after(state: S, ordinal: number): S | undefined {
    const action = this.model.actions(state)[ordinal]
    return action === undefined ? undefined : this.model.next(state, action)
  }
}
