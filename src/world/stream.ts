import seedrandom from 'seedrandom'

/**
 * A stream of draws with a name: the seed of the run plus what the draws are for. A draw added to one stream shifts nothing in
 * another, which is what lets a recorded failure survive unrelated changes of the code.
 */
export interface Stream {
  readonly name: string
  /** Uniform integer in 0 … n-1. */
  below(n: number): number
  /** Restorable state, plain data. */
  state(): StreamState
}

/** State of an alea generator: four numbers. */
export interface StreamState {
  readonly c: number
  readonly s0: number
  readonly s1: number
  readonly s2: number
}

/** The stream of this name under this seed; with `from`, continued at a saved state. */
export function openStream(seed: string, name: string, from?: StreamState): Stream {
  const prng = seedrandom.alea(`${seed}/${name}`, { state: from ?? true })
  return {
    name,
    below: (n) => Math.floor(prng() * n),
    state: () => prng.state(),
  }
}
