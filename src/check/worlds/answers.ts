/** The questions of one step, and the plan by which they are answered: with the first answer beyond its end. */
export class Answers {
  /** How many were given. */
  count = 0
  private readonly given: number[] = []
  private readonly choices: number[] = []
  private planned = 0

  /** Answers that are planned like this. */
  static planned(given: readonly number[]): Answers {
    const answers = new Answers()
    answers.given.push(...given)
    answers.planned = given.length
    return answers
  }

  /** Before all ways to take a step. */
  restart(): void {
    this.count = 0
    this.planned = 0
  }

  /** The answer to a question that has so many. */
  ask(of: number): number {
    const at = this.count++
    if (at >= this.planned) this.given[at] = 0
    this.choices[at] = of
    return this.given[at] ?? 0
  }

  /** Answers from this one on: those that were given, or those that are planned. */
  from(first: number, given: boolean): readonly number[] {
    return this.given.slice(first, given ? this.count : this.planned)
  }

  /** What was asked and told from this question on: how many answers each has, and which was given. */
  since(first: number): { readonly choices: readonly number[]; readonly answers: readonly number[] } {
    return { choices: this.choices.slice(first, this.count), answers: this.given.slice(first, this.count) }
  }

  /** Whether there is another way to take the step: the last answer that can go up goes up, what came after it is asked anew. */
  next(): boolean {
    for (let last = this.count - 1; last >= 0; last--) {
      const value = (this.given[last] ?? 0) + 1
      if (value >= (this.choices[last] ?? 0)) continue
      this.given[last] = value
      this.planned = last + 1
      this.count = 0
      return true
    }
    return false
  }
}
