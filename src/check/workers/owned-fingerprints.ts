/** The fingerprints that belong to one worker: those of all states so far, and who found the new ones of this level first. */
import { FingerprintTable } from '../fingerprint-table.js'
import { Ints } from '../worlds/ints.js'

/** Integers of a record: two lanes of the fingerprint, the place of the state that led there, and the step. */
export const RECORD = 4

/** Which worker of so many owns a fingerprint. */
export function ownerOf(low: number, workers: number): number {
  return (low >>> 0) % workers
}

export class OwnedFingerprints {
  private readonly known = new FingerprintTable()
  /** New ones of this level, numbered. */
  private fresh = new FingerprintTable(true)
  /** Of each new one who found it first: the worker, the position among its records, the state and the step. */
  private readonly finder = new Ints()
  private readonly position = new Ints()
  private readonly place = new Ints()
  private readonly ordinal = new Ints()
  /** Records that came from each worker in this level. */
  private readonly taken: number[]

  constructor(private readonly workers: number) {
    this.taken = Array.from({ length: workers }, () => 0)
  }

  get size(): number {
    return this.known.size
  }

  get bytes(): number {
    return this.known.bytes + this.fresh.bytes
  }

  /** Takes records in, in the order in which their finder found them. */
  takeIn(finder: number, records: Int32Array): void {
    for (let at = 0; at < records.length; at += RECORD) {
      this.add(finder, records[at] ?? 0, records[at + 1] ?? 0, records[at + 2] ?? 0, records[at + 3] ?? 0)
    }
  }

  add(finder: number, high: number, low: number, place: number, ordinal: number): void {
    const position = this.taken[finder] ?? 0
    this.taken[finder] = position + 1
    if (this.known.add(high, low)) {
      this.note(this.fresh.size, finder, position, place, ordinal)
      this.fresh.addNumbered(high, low, this.fresh.size)
      return
    }
    const entry = this.fresh.numberOf(high, low)
    if (entry >= 0 && this.isBefore(place, ordinal, entry)) this.note(entry, finder, position, place, ordinal)
  }

  /** Positions of the records that were the first to name a new state, by finder; the level ends with it. */
  settle(): Int32Array[] {
    const positions = this.taken.map(() => new Ints())
    for (let entry = 0; entry < this.fresh.size; entry++) positions[this.finder.get(entry)]?.push(this.position.get(entry))
    this.fresh = new FingerprintTable(true)
    this.taken.fill(0)
    return positions.map((of) => of.flat())
  }

  private isBefore(place: number, ordinal: number, entry: number): boolean {
    const other = this.place.get(entry)
    return place < other || (place === other && ordinal < this.ordinal.get(entry))
  }

  private note(entry: number, finder: number, position: number, place: number, ordinal: number): void {
    this.finder.set(entry, finder)
    this.position.set(entry, position)
    this.place.set(entry, place)
    this.ordinal.set(entry, ordinal)
  }
}
