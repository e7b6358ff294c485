import seedrandom from 'seedrandom'

/** State of an alea generator: four numbers, plain data. */
export interface StreamState {
  readonly c: number
  readonly s0: number
  readonly s1: number
  readonly s2: number
}

/**
 * A stream of draws with a name: the seed of the run plus what the draws are for. A draw added to one stream shifts nothing in
 * another, which is what lets a recorded failure survive unrelated changes of the code.
 */
export class Stream {
  /** How many draws were made: the ordinal of the next. */
  drawn: number
  private readonly random: seedrandom.StatefulPRNG<seedrandom.State.Alea>

  /** The stream of this name under this seed; with `from`, continued after `drawn` draws. */
  constructor(
    readonly seed: string,
    readonly name: string,
    from?: StreamState,
    drawn = 0,
  ) {
    this.random = from === undefined ? seedrandom.alea(`${seed}/${name}`, { state: true }) : seedrandom.alea('', { state: { ...from } })
    this.drawn = drawn
  }

  /** Uniform integer in 0 … n-1. */
  below(n: number): number {
    this.drawn++
    return Math.floor(this.random() * n)
  }

  /** Where the generator stands, to continue from. */
  state(): StreamState {
    return this.random.state()
  }

  /** A stream that goes on like this one. */
  fork(): Stream {
    return new Stream(this.seed, this.name, this.state(), this.drawn)
  }
}
