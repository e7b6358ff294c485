/** Which states were found already: by fingerprint, by their whole content, or by fingerprint and depth. */
import { FingerprintTable } from './fingerprint-table.js'

/** A set of states. */
export interface KnownStates<S> {
  /** Distinct states. */
  readonly size: number
  readonly bytes: number
  /**
   * A step with this ordinal leads to the state. `new`: never seen. `nearer`: seen, but only further from the start, so that it is to be
   * expanded again.
   */
  add(state: S, high: number, low: number, depth: number, ordinal: number): 'new' | 'nearer' | 'known'
}

/** By fingerprint alone. */
export class ByFingerprint<S> implements KnownStates<S> {
  private readonly table = new FingerprintTable()

  get size(): number {
    return this.table.size
  }

  get bytes(): number {
    return this.table.bytes
  }

  add(_state: S, high: number, low: number): 'new' | 'known' {
    return this.table.add(high, low) ? 'new' : 'known'
  }
}

/** By fingerprint, each with the smallest depth at which it was found: for searches that stop at a depth. */
export class ByDepth<S> implements KnownStates<S> {
  private readonly table = new FingerprintTable(true)

  get size(): number {
    return this.table.size
  }

  get bytes(): number {
    return this.table.bytes
  }

  add(_state: S, high: number, low: number, depth: number): 'new' | 'nearer' | 'known' {
    const found = this.table.addNumbered(high, low, depth)
    if (found < 0) return 'new'
    if (found <= depth) return 'known'
    this.table.renumber(high, low, depth)
    return 'nearer'
  }
}

/** By content: no two states are taken for one, whatever their fingerprints. For small scopes, because it keeps every state as a text. */
export class ByContent<S> implements KnownStates<S> {
  private readonly depths = new Map<string, number>()
  private characters = 0

  get size(): number {
    return this.depths.size
  }

  get bytes(): number {
    return this.characters + 64 * this.size
  }

  add(state: S, _high: number, _low: number, depth: number): 'new' | 'nearer' | 'known' {
    const text = contentOf(state)
    const found = this.depths.get(text)
    if (found !== undefined && found <= depth) return 'known'
    this.depths.set(text, depth)
    if (found !== undefined) return 'nearer'
    this.characters += text.length
    return 'new'
  }
}

/** A text that two values share only if they are equal: members of objects in the order of their names, absent where undefined. */
export function contentOf(value: unknown): string {
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'string') return JSON.stringify(value)
    return String(Object.is(value, -0) ? 0 : value)
  }
  if (Array.isArray(value)) return `[${value.map(contentOf).join()}]`
  if (value instanceof Map) return `Map${contentOf([...value])}`
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}${contentOf(numbersOf(value))}`
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  members.sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${contentOf(member)}`).join()}}`
}

function numbersOf(view: ArrayBufferView): readonly number[] {
  return view instanceof Int32Array || view instanceof Uint32Array || view instanceof Float64Array ? [...view] : []
}
