import { Stream, type Interference, type Link } from '../../src/world/index.js'

/** A fault plan for seeded runs: processes die at failpoints and when messages arrive for them, and start again after a while. */
export class RandomCrashes implements Interference {
  private readonly stream: Stream

  /** At most so many crashes, each with a chance of 1 in `oneIn` at each opportunity. */
  constructor(
    seed: string,
    private left: number,
    private readonly oneIn: number,
  ) {
    this.stream = new Stream(seed, 'faults')
  }

  strikes(): boolean {
    if (this.left === 0 || this.stream.below(this.oneIn) > 0) return false
    this.left--
    return true
  }

  fails(): boolean {
    return false
  }

  outcome(): 'done' {
    return 'done'
  }

  /** Now and then a message takes long enough to arrive after a restart. */
  transit(_link: Link): number {
    return this.stream.below(5) === 0 ? this.stream.below(10_000) : 0
  }

  restartAfter(): number {
    return 500 + this.stream.below(5_000)
  }
}
