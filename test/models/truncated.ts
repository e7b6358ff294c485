/** Counts with fingerprints that are too short: how many states are lost is known, and nothing else betrays it. */
import { Fingerprinter } from '../../src/check/fingerprint.js'
import { Queue } from '../../src/check/frontier.js'
import type { Model } from '../../src/check/index.js'
import { ByFingerprint } from '../../src/check/known-states.js'
import { Search } from '../../src/check/search.js'
import { mix } from '../../src/world/index.js'
import type { Counts } from './golden.js'

/** A breadth-first search with these fingerprints. */
export function countWith<S, A>(model: Model<S, A>, fingerprinter: Fingerprinter): Counts {
  const bounds = { maxDepth: Infinity, maxStates: Infinity, auditEvery: 64 }
  const search = new Search(model, { frontier: new Queue(), known: new ByFingerprint(), fingerprinter, ...bounds })
  search.run(() => false)
  if (search.broken !== undefined) throw new RangeError(`${model.name}: ${search.broken.property.name}`)
  return { distinct: search.distinct, generated: search.generated, depth: search.depth }
}

/** Fingerprints of so many bits, at most 32, made from all 64. */
export class Truncated extends Fingerprinter {
  private readonly mask: number

  constructor(bits: number, seed = 0) {
    super(seed)
    this.mask = 2 ** bits - 1
  }

  override whole(state: unknown): void {
    super.whole(state)
    this.truncate()
  }

  override follow(_before: unknown, _high: number, _low: number, after: unknown): void {
    super.whole(after)
    this.truncate()
  }

  private truncate(): void {
    const short = (mix(this.high, this.low) & this.mask) >>> 0
    this.high = mix(1, short)
    this.low = mix(2, short)
  }
}
