/** States that wait to be expanded, first come, first served: their numbers one after the other, in pieces of flat memory. */
import type { Row } from './row.js'

/** Numbers in a piece: a megabyte. */
const PIECE = 2 ** 18
/** Pieces in memory. */
const MAX_PIECES = 64
/** What follows is in the next piece. */
const END = -1

const NOTHING = new Int32Array(0)

/** Keeps what waits long somewhere else than in memory. Pieces come back in the order in which they went. */
export interface Spill {
  write(piece: Int32Array): void
  read(): Int32Array
}

export class RowQueue {
  size = 0
  /** The most that have waited. */
  longest = 0
  /** The piece that is read, those that follow it, and the one that is written; between these and those is what is spilled. */
  private reading: Int32Array = NOTHING
  private readonly pieces: Int32Array[] = []
  private spilled = 0
  private writing: Int32Array
  /** A piece that was read, to be written again. */
  private spare: Int32Array = NOTHING
  private writeAt = 0
  private readAt = 0

  /** @param maxPieces in memory; what is beyond goes to the spill */
  constructor(
    private readonly spill?: Spill,
    private readonly maxPieces = MAX_PIECES,
    private readonly piece = PIECE,
  ) {
    this.writing = new Int32Array(piece)
  }

  /** Lets the row wait, with the number of its state. */
  push(index: number, row: Row): void {
    const room = row.size + 2
    if (this.writeAt + room > this.writing.length) this.nextToWrite(room)
    this.writing[this.writeAt] = index
    this.writeAt = row.save(this.writing, this.writeAt + 1)
    if (++this.size > this.longest) this.longest = this.size
  }

  /** Loads the next state into the row and returns its number; -1: there is none. */
  pop(row: Row): number {
    if (this.size === 0) return -1
    this.size--
    if (this.readAt >= this.reading.length || this.reading[this.readAt] === END) this.nextToRead()
    const index = this.reading[this.readAt] ?? 0
    this.readAt = row.load(this.reading, this.readAt + 1)
    return index
  }

  /** In memory. */
  get bytes(): number {
    return [this.reading, ...this.pieces, this.writing].reduce((sum, piece) => sum + piece.byteLength, 0)
  }

  private nextToWrite(room: number): void {
    if (this.writeAt < this.writing.length) this.writing[this.writeAt] = END
    if (this.spill !== undefined && (this.spilled > 0 || this.pieces.length >= this.maxPieces)) {
      this.spill.write(this.writing)
      this.spilled++
    } else {
      this.pieces.push(this.writing)
    }
    this.writing = this.spare.length >= room ? this.spare : new Int32Array(Math.max(this.piece, room))
    this.spare = NOTHING
    this.writeAt = 0
  }

  private nextToRead(): void {
    this.readAt = 0
    this.spare = this.reading
    const next = this.pieces.shift()
    if (next !== undefined) {
      this.reading = next
    } else if (this.spill !== undefined && this.spilled > 0) {
      this.spilled--
      this.reading = this.spill.read()
    } else {
      this.reading = this.writing
      if (this.writeAt < this.writing.length) this.writing[this.writeAt] = END
      this.writing = this.spare.length >= this.piece ? this.spare : new Int32Array(this.piece)
      this.spare = NOTHING
      this.writeAt = 0
    }
  }
}
