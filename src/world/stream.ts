import seedrandom from 'seedrandom'
import { mix } from './hash.js'

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
    from: StreamState = firstState(seed, name),
    drawn = 0,
  ) {
    this.random = seedrandom.alea('', { state: { ...from } })
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

/** Where a stream begins: 64 bits of hash over seed and name. Four times cheaper than alea's own seeding, and a run opens many streams. */
function firstState(seed: string, name: string): StreamState {
  if (recent.seed !== seed) {
    recent.seed = seed
    recent.hash = hashOn(SEEDLESS, `${seed}/`)
  }
  const { a, b } = hashOn(recent.hash, name)
  return { c: 1, s0: fraction(mix(a, b)), s1: fraction(mix(b, a)), s2: fraction(a ^ b) }
}

interface StreamHash {
  readonly a: number
  readonly b: number
}

const SEEDLESS: StreamHash = { a: 0x510e527f, b: 0x1f83d9ab }

/** A pure cache of what all streams of a run begin with: it never changes a result. */
const recent = { seed: '', hash: hashOn(SEEDLESS, '/') }

function hashOn({ a, b }: StreamHash, text: string): StreamHash {
  for (let i = 0; i < text.length; i++) {
    a = mix(a, text.charCodeAt(i))
    b = mix(b, a)
  }
  return { a, b }
}

/** 32 bits as a number from 0 to 1. */
function fraction(bits: number): number {
  return (bits >>> 0) * 2 ** -32
}
