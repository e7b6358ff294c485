import type { Stream } from '../../world/index.js'
import type { RunChanges } from './driver-name.js'
import type { Finds } from './finds.js'

/** A run that reached something new. */
export interface CorpusEntry {
  readonly seed: string
  readonly changes: RunChanges | undefined
  /** How much was new. */
  readonly worth: number
  /** How often it was taken up again. */
  taken: number
}

/** A new cell of the matrix is worth so many new states. */
const CELL_WORTH = 4

/** Entries that are kept; the least promising makes way for a new one. */
const MOST_ENTRIES = 96

/** What the runs of one scenario in one mode have reached, and those that reached something first. */
export class Corpus {
  private readonly seen = new Set<number | string>()
  private readonly entries: CorpusEntry[] = []

  get size(): number {
    return this.entries.length
  }

  /** Takes a run in; it is kept when something in it is new. */
  add(seed: string, changes: RunChanges | undefined, { landings, states }: Finds): void {
    const worth = CELL_WORTH * this.countNew(landings) + this.countNew(states)
    if (worth === 0) return
    this.entries.push({ seed, changes, worth, taken: 0 })
    if (this.entries.length > MOST_ENTRIES) this.entries.splice(this.leastPromising(), 1)
  }

  private countNew(things: readonly (number | string)[]): number {
    const before = this.seen.size
    for (const thing of things) this.seen.add(thing)
    return this.seen.size - before
  }

  /** The most promising of a few entries: much was new, and it was seldom taken up. */
  take(stream: Stream): CorpusEntry | undefined {
    let best: CorpusEntry | undefined
    for (let i = 0; i < 3 && this.entries.length > 0; i++) {
      const entry = this.entries[stream.below(this.entries.length)]
      if (entry !== undefined && (best === undefined || promise(entry) > promise(best))) best = entry
    }
    if (best !== undefined) best.taken++
    return best
  }

  private leastPromising(): number {
    let least = 0
    this.entries.forEach((entry, place) => {
      const other = this.entries[least]
      if (other !== undefined && promise(entry) < promise(other)) least = place
    })
    return least
  }
}

/** In integers: what decides must not depend on how a machine divides. */
function promise({ worth, taken }: CorpusEntry): number {
  return Math.floor((1000 * Math.min(worth, 50)) / (1 + taken))
}
