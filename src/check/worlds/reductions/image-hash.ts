/** Hash of the image of a row, as the image itself would have it: a sum over what stands for its parts. */
import { Ints } from '../ints.js'
import type { RowWorldParts } from '../row-world.js'
import type { Row } from '../row.js'
import type { Mirror } from './mirror.js'

export class ImageHash {
  /** The hash that is being summed up, and that of the row as it was loaded. */
  private sum = { high: 0, low: 0 }
  private before: { readonly hash: readonly [number, number]; readonly circumstances: number; readonly fold: number } = {
    hash: [0, 0],
    circumstances: 0,
    fold: 0,
  }
  /** Places that have been summed up in this round. */
  private readonly marks = new Ints()
  private round = 0

  constructor(
    private readonly mirror: Mirror,
    private readonly parts: RowWorldParts,
  ) {}

  /** That of the image of a row, two lanes. */
  of(row: Row): readonly [number, number] {
    const sum = (this.sum = { high: 0, low: 0 })
    const { circumstances, actors, links } = this.parts
    this.exchange(circumstances.hashes, 0, this.mirror.circumstancesOf(row.circumstances))
    this.exchangeFolds(0, row.fold)
    for (let place = 0; place < row.count; place++) this.exchange(actors.hashes, 0, this.mirror.actor(row.actor(place)))
    for (let i = 0; i < row.present.length; i++) this.exchange(links.hashes, 0, this.mirror.link(row.link(row.present.get(i))))
    return [sum.high, sum.low]
  }

  /** The row was loaded: its hash is that from which those of its successors are made. */
  loaded(row: Row): void {
    this.before = { hash: this.of(row), circumstances: row.circumstances, fold: row.fold }
  }

  /** That of the image of a row that was changed since it was loaded. */
  now(row: Row): readonly [number, number] {
    const { before, marks } = this
    const [high, low] = before.hash
    const sum = (this.sum = { high, low })
    const { circumstances, actors, links } = this.parts
    if (row.circumstances !== before.circumstances)
      this.exchange(circumstances.hashes, this.mirror.circumstancesOf(before.circumstances), this.mirror.circumstancesOf(row.circumstances))
    if (row.fold !== before.fold) this.exchangeFolds(before.fold, row.fold)
    this.round++
    for (let i = 0; i < row.changes; i += 2) {
      const place = row.changed.get(i)
      const isActor = place >= 0
      const mark = isActor ? 2 * place : -1 - 2 * place
      // What was there first when it was loaded, and what is there now.
      if (marks.get(mark) === this.round) continue
      marks.set(mark, this.round)
      const was = row.changed.get(i + 1)
      if (isActor) this.exchange(actors.hashes, this.mirror.actor(was), this.mirror.actor(row.actor(place)))
      else this.exchange(links.hashes, this.mirror.link(was), this.mirror.link(row.link(-1 - place)))
    }
    return [sum.high, sum.low]
  }

  private exchangeFolds(before: number, after: number): void {
    const { fold } = this.parts
    if (fold !== undefined) this.exchange(fold.states.hashes, this.mirror.fold(before), this.mirror.fold(after))
  }

  /** One part of the image takes the place of another. */
  private exchange(hashes: Ints, before: number, after: number): void {
    const { sum } = this
    sum.high = (sum.high - hashes.get(2 * before) + hashes.get(2 * after)) | 0
    sum.low = (sum.low - hashes.get(2 * before + 1) + hashes.get(2 * after + 1)) | 0
  }
}
