/** States that wait to be expanded, first come, first served: their numbers one after the other, in pieces of flat memory. */
import type { Row } from './row.js'

const PIECE = 2 ** 18
/** What follows is in the next piece. */
const END = -1

export class RowQueue {
  size = 0
  /** The most that have waited. */
  longest = 0
  private readonly pieces: Int32Array[] = [new Int32Array(PIECE)]
  private writeAt = 0
  private readAt = 0

  /** Lets the row wait, with the number of its state. */
  push(index: number, row: Row): void {
    const room = row.size + 2
    let piece = this.pieces[this.pieces.length - 1] ?? new Int32Array(0)
    if (this.writeAt + room > piece.length) {
      if (this.writeAt < piece.length) piece[this.writeAt] = END
      piece = new Int32Array(Math.max(PIECE, room))
      this.pieces.push(piece)
      this.writeAt = 0
    }
    piece[this.writeAt] = index
    this.writeAt = row.save(piece, this.writeAt + 1)
    if (++this.size > this.longest) this.longest = this.size
  }

  /** Loads the next state into the row and returns its number; -1: there is none. */
  pop(row: Row): number {
    if (this.size === 0) return -1
    this.size--
    let piece = this.pieces[0] ?? new Int32Array(0)
    if (this.readAt >= piece.length || piece[this.readAt] === END) {
      this.pieces.shift()
      piece = this.pieces[0] ?? new Int32Array(0)
      this.readAt = 0
    }
    const index = piece[this.readAt] ?? 0
    this.readAt = row.load(piece, this.readAt + 1)
    return index
  }

  get bytes(): number {
    return this.pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
  }
}
