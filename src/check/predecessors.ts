/**
 * How each state was reached first: by which action of which state. 6 bytes a state, in pieces that are never copied. A path is
 * found by taking the same actions again from the start.
 */

const PIECE_BITS = 14
const PIECE = 2 ** PIECE_BITS

/** Actions that one state may have. */
export const MAX_ACTIONS = 2 ** 16

/** The step by which a state was reached: the number of the state before (-1: it is an initial one) and of the action there. */
export interface Step {
  readonly from: number
  readonly ordinal: number
}

/** All steps as they are kept. */
export interface SavedSteps {
  readonly size: number
  readonly from: readonly Int32Array[]
  readonly ordinals: readonly Uint16Array[]
}

/** States by number, in the order of their discovery. */
export class Predecessors {
  size = 0
  private from: Int32Array[] = []
  private ordinals: Uint16Array[] = []

  /** Number of the new state. */
  add(from: number, ordinal: number): number {
    const at = this.size & (PIECE - 1)
    if (at === 0) this.from[this.size >>> PIECE_BITS] ??= new Int32Array(PIECE)
    if (at === 0) this.ordinals[this.size >>> PIECE_BITS] ??= new Uint16Array(PIECE)
    const piece = this.size >>> PIECE_BITS
    const fromPiece = this.from[piece]
    const ordinalPiece = this.ordinals[piece]
    if (fromPiece !== undefined) fromPiece[at] = from
    if (ordinalPiece !== undefined) ordinalPiece[at] = ordinal
    return this.size++
  }

  /** Forgets all states. */
  clear(): void {
    this.size = 0
  }

  /** Ordinals of the steps from an initial state, whose own comes first, to this one. */
  ordinalsTo(index: number): number[] {
    const ordinals: number[] = []
    let at = index
    while (at >= 0) {
      const { from, ordinal } = this.stepTo(at)
      ordinals.push(ordinal)
      at = from
    }
    return ordinals.reverse()
  }

  /** All steps, for `restore`. */
  save(): SavedSteps {
    return { size: this.size, from: this.from.map((piece) => piece.slice()), ordinals: this.ordinals.map((piece) => piece.slice()) }
  }

  /** Takes in what `save` gave out, in place of everything. */
  restore({ size, from, ordinals }: SavedSteps): void {
    this.size = size
    this.from = [...from]
    this.ordinals = [...ordinals]
  }

  /** The step by which the state with this number was reached first. */
  stepTo(index: number): Step {
    const piece = index >>> PIECE_BITS
    const at = index & (PIECE - 1)
    return { from: this.from[piece]?.[at] ?? -1, ordinal: this.ordinals[piece]?.[at] ?? 0 }
  }

  /** Bytes of all arrays. */
  get bytes(): number {
    return this.from.length * PIECE * 6
  }
}
