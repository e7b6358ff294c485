/** Every step between the states of an exploration, by number: what only questions about ways that never end need. 4 bytes a step. */
import { Ints } from './ints.js'

export class StepGraph {
  /** Where the steps go, those of a state one after the other. */
  private readonly targets = new Ints()
  /** Where the steps of each state begin among them. */
  private readonly begins = new Ints()
  /** States in which nothing but faults can happen. */
  readonly ends = new Ints()

  /** States whose steps are known: all from 0 on. */
  get size(): number {
    return this.begins.length
  }

  /** Steps of all states. */
  get steps(): number {
    return this.targets.length
  }

  get bytes(): number {
    return this.targets.bytes + this.begins.bytes + this.ends.bytes
  }

  /** The steps that follow are those of the next state, which may be an end. */
  leave(isEnd: boolean): void {
    if (isEnd) this.ends.push(this.size)
    this.begins.push(this.targets.length)
  }

  /** A step of the state that is left leads to this one. */
  step(to: number): void {
    this.targets.push(to)
  }

  /** Where the steps of a state begin; those of the last state end where a state behind it would begin. */
  begin(state: number): number {
    return state < this.begins.length ? this.begins.get(state) : this.targets.length
  }

  /** Where the step at this place among all leads. */
  target(at: number): number {
    return this.targets.get(at)
  }
}
