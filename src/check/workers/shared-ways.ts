/** How each state was reached first, as `Predecessors` keeps it, in memory that all workers share: 6 bytes a state. */
import type { Step } from '../predecessors.js'
import type { WaysPiece } from './protocol.js'

const PIECE_BITS = 16
const PIECE = 2 ** PIECE_BITS

/** States by number. Each is written by one worker, before anybody reads it. */
export class SharedWays {
  private readonly pieces: WaysPiece[] = []

  /** Makes room for so many states; returns the new pieces, for the others. */
  growTo(states: number): WaysPiece[] {
    const added: WaysPiece[] = []
    while (this.pieces.length * PIECE < states) {
      const from = new Int32Array(new SharedArrayBuffer(4 * PIECE))
      const ordinals = new Uint16Array(new SharedArrayBuffer(2 * PIECE))
      added.push({ from, ordinals })
      this.pieces.push({ from, ordinals })
    }
    return added
  }

  /** Takes pieces over that somebody else has made. */
  take(pieces: readonly WaysPiece[]): void {
    this.pieces.push(...pieces)
  }

  set(number: number, from: number, ordinal: number): void {
    const piece = this.pieces[number >>> PIECE_BITS]
    if (piece === undefined) throw new RangeError(`there is no room for state ${number}`)
    piece.from[number & (PIECE - 1)] = from
    piece.ordinals[number & (PIECE - 1)] = ordinal
  }

  /** The step by which the state with this number was reached first. */
  stepTo(number: number): Step {
    const piece = this.pieces[number >>> PIECE_BITS]
    const at = number & (PIECE - 1)
    return { from: piece?.from[at] ?? -1, ordinal: piece?.ordinals[at] ?? 0 }
  }

  /** Ordinals of the steps from an initial state, whose own comes first, to this one. */
  ordinalsTo(number: number): number[] {
    const ordinals: number[] = []
    for (let at = number; at >= 0;) {
      const { from, ordinal } = this.stepTo(at)
      ordinals.push(ordinal)
      at = from
    }
    return ordinals.reverse()
  }

  get bytes(): number {
    return this.pieces.length * PIECE * 6
  }
}
