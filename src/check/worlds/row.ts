/** A state of a world as numbers of its parts: the one that is looked at, changed by a step, and put back for the next. */
import { Ints } from './ints.js'
import type { Actors, AllCircumstances, Numbered } from './parts.js'
import type { Links } from './links.js'

/** Where the numbers come from. */
export interface PartsOfRows {
  readonly circumstances: AllCircumstances
  readonly folds: Numbered<unknown>
  readonly actors: Actors
  readonly links: Links
}

/** Circumstances, fold, how many actors and the hash; then the actors, then the links with their places. */
const ACTORS_AT = 5

export class Row {
  circumstances = 0
  fold = 0
  /** How many actors there are. */
  count = 0
  /** Hash of the whole row, two lanes: a sum over its parts. */
  high = 0
  low = 0
  /** Places on which there is or was a link since the row was loaded. */
  readonly present = new Ints()
  private readonly actors = new Ints()
  private readonly links = new Ints()
  /** Places that have changed since the row was loaded, and what was there before each change, in pairs; links at -1 - place. */
  readonly changed = new Ints()
  /** Numbers that count in `changed`. */
  changes = 0
  private readonly isPresent = new Ints()
  /** How it was when it was loaded. */
  private loadedCircumstances = 0
  private loadedFold = 0
  private loadedCount = 0
  private loadedHigh = 0
  private loadedLow = 0
  private loadedPresent = 0

  constructor(private readonly parts: PartsOfRows) {}

  actor(place: number): number {
    return place < this.count ? this.actors.get(place) : 0
  }

  link(place: number): number {
    return this.links.get(place)
  }

  setCircumstances(number: number): void {
    if (number === this.circumstances) return
    this.exchange(this.parts.circumstances.hashes, this.circumstances, number)
    this.circumstances = number
  }

  setFold(number: number): void {
    if (number === this.fold) return
    this.exchange(this.parts.folds.hashes, this.fold, number)
    this.fold = number
  }

  setActor(place: number, number: number): void {
    const before = this.actor(place)
    if (before === number) return
    this.note(place, before)
    this.exchange(this.parts.actors.hashes, before, number)
    this.actors.set(place, number)
    if (place >= this.count) this.count = place + 1
  }

  setLink(place: number, number: number): void {
    const before = this.links.get(place)
    if (before === number) return
    this.note(-1 - place, before)
    this.exchange(this.parts.links.hashes, before, number)
    this.links.set(place, number)
    if (this.isPresent.get(place) === 0) {
      this.isPresent.set(place, 1)
      this.present.push(place)
    }
  }

  /** Returns to the state that was loaded. */
  reset(): void {
    const { changed, present } = this
    for (let i = this.changes - 2; i >= 0; i -= 2) {
      const place = changed.get(i)
      if (place >= 0) this.actors.set(place, changed.get(i + 1))
      else this.links.set(-1 - place, changed.get(i + 1))
    }
    this.changes = 0
    while (present.length > this.loadedPresent) this.isPresent.set(present.get(--present.length), 0)
    this.circumstances = this.loadedCircumstances
    this.fold = this.loadedFold
    this.count = this.loadedCount
    this.high = this.loadedHigh
    this.low = this.loadedLow
  }

  /** The state as it is counts as loaded. */
  loaded(): void {
    this.changes = 0
    this.loadedCircumstances = this.circumstances
    this.loadedFold = this.fold
    this.loadedCount = this.count
    this.loadedHigh = this.high
    this.loadedLow = this.low
    this.loadedPresent = this.present.length
  }

  /** Takes the state over that begins at this place of the numbers; returns where it ends. */
  load(numbers: Int32Array, at: number): number {
    this.clear()
    this.circumstances = numbers[at] ?? 0
    this.fold = numbers[at + 1] ?? 0
    const count = (this.count = numbers[at + 2] ?? 0)
    this.high = numbers[at + 3] ?? 0
    this.low = numbers[at + 4] ?? 0
    for (let place = 0; place < count; place++) this.actors.set(place, numbers[at + ACTORS_AT + place] ?? 0)
    const links = at + ACTORS_AT + count
    const end = links + 1 + 2 * (numbers[links] ?? 0)
    for (let i = links + 1; i < end; i += 2) {
      const place = numbers[i] ?? 0
      this.links.set(place, numbers[i + 1] ?? 0)
      this.isPresent.set(place, 1)
      this.present.push(place)
    }
    this.loaded()
    return end
  }

  /** How many numbers `save` writes at most. */
  get size(): number {
    return ACTORS_AT + this.count + 1 + 2 * this.present.length
  }

  /** Writes the state as numbers; returns where they end. */
  save(numbers: Int32Array, at: number): number {
    numbers[at] = this.circumstances
    numbers[at + 1] = this.fold
    numbers[at + 2] = this.count
    numbers[at + 3] = this.high
    numbers[at + 4] = this.low
    let end = at + ACTORS_AT
    for (let place = 0; place < this.count; place++) numbers[end++] = this.actors.get(place)
    const links = end++
    const { present } = this
    for (let i = 0; i < present.length; i++) {
      const place = present.get(i)
      const link = this.links.get(place)
      if (link === 0) continue
      numbers[end++] = place
      numbers[end++] = link
    }
    numbers[links] = (end - links - 1) / 2
    return end
  }

  /** The state as numbers. */
  saved(): Int32Array {
    const numbers = new Int32Array(this.size)
    this.save(numbers, 0)
    return numbers
  }

  /** A row of the same parts. */
  another(): Row {
    return new Row(this.parts)
  }

  /** What the state consists of, as a text: the same wherever the same actors and links are. */
  get text(): string {
    const actors = Array.from({ length: this.count }, (_, place) => this.actors.get(place))
    const links = Array.from({ length: this.present.length }, (_, i) => this.links.get(this.present.get(i)))
    const sorted = links.filter((link) => link !== 0).sort((one, other) => one - other)
    return `${[this.circumstances, this.fold, ...actors].join(' ')} | ${sorted.join(' ')}`
  }

  /** Nothing is there. */
  clear(): void {
    const { present } = this
    for (let i = 0; i < present.length; i++) {
      this.links.set(present.get(i), 0)
      this.isPresent.set(present.get(i), 0)
    }
    present.length = 0
    this.changes = 0
    this.circumstances = this.fold = this.count = this.high = this.low = 0
  }

  private note(place: number, before: number): void {
    this.changed.set(this.changes, place)
    this.changed.set(this.changes + 1, before)
    this.changes += 2
  }

  /** One part of the row takes the place of another. */
  private exchange(hashes: Ints, before: number, after: number): void {
    this.high = (this.high - hashes.get(2 * before) + hashes.get(2 * after)) | 0
    this.low = (this.low - hashes.get(2 * before + 1) + hashes.get(2 * after + 1)) | 0
  }
}
