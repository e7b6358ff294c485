/** The questions of one step, and the plan by which they are answered: with the first answer beyond its end. */
export class Answers {
  private readonly planned: number[] = []
  private readonly given: number[] = []
  private readonly choices: number[] = []

  /** Before all ways to take a step. */
  restart(): void {
    this.planned.length = 0
    this.begin()
  }

  private begin(): void {
    this.given.length = 0
    this.choices.length = 0
  }

  /** The answer to a question that has so many. */
  ask(of: number): number {
    const value = this.planned[this.given.length] ?? 0
    this.given.push(value)
    this.choices.push(of)
    return value
  }

  /** What is planned for the questions still to come. */
  rest(): readonly number[] {
    return this.planned.slice(this.given.length)
  }

  /** Whether there is another way to take the step: the last answer that can go up goes up, what came after it is asked anew. */
  next(): boolean {
    for (let last = this.given.length - 1; last >= 0; last--) {
      const value = (this.given[last] ?? 0) + 1
      if (value >= (this.choices[last] ?? 0)) continue
      this.planned.length = 0
      for (let i = 0; i < last; i++) this.planned.push(this.given[i] ?? 0)
      this.planned.push(value)
      this.begin()
      return true
    }
    return false
  }
}
