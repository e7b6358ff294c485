/** States by all that they consist of: no two are taken for one. For small scopes, because every state is kept as a text. */
export class WholeStates {
  private readonly numbers = new Map<string, number>()
  private characters = 0

  /** -1 for a new state, which has this number then; the number of a known one. */
  add(text: string, number: number): number {
    const known = this.numbers.get(text)
    if (known !== undefined) return known
    this.numbers.set(text, number)
    this.characters += text.length
    return -1
  }

  /** About. */
  get bytes(): number {
    return this.characters + 64 * this.numbers.size
  }
}
