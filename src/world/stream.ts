import seedrandom from 'seedrandom'
import { mix } from './hash.js'

/** State of an alea generator: four numbers, plain data. */
export interface StreamState {
  readonly c: number
  readonly s0: number
  readonly s1: number
  readonly s2: number
}

/** What a stream is for, in words; or the latency of a link between two actors on a lane, of which a run has many. */
export type StreamLabel = string | LinkLabel

/** A link, by the numbers of its actors. */
export interface LinkLabel {
  readonly from: number
  readonly to: number
  readonly lane: number
}

/**
 * A stream of draws with a name: the seed of the run plus what the draws are for. A draw added to one stream shifts nothing in
 * another, which is what lets a recorded failure survive unrelated changes of the code.
 */
export class Stream {
  /** How many draws were made: the ordinal of the next. */
  drawn: number
  /** Made when somebody asks: few do, and they ask at every draw. */
  private text: string | undefined
  /** Made for the first draw: of the streams of a fork few are drawn from again. */
  private random: seedrandom.StatefulPRNG<seedrandom.State.Alea> | undefined

  /** The stream of this label under this seed; with `from`, which is kept and not changed, continued after `drawn` draws. */
  constructor(
    readonly seed: string,
    private readonly label: StreamLabel,
    private readonly from: StreamState = firstState(seed, label),
    drawn = 0,
  ) {
    this.drawn = drawn
  }

  /** The label as text; that of a link is `link/FROM/TO/LANE`. */
  get name(): string {
    return (this.text ??= typeof this.label === 'string' ? this.label : linkInWords(this.label))
  }

  /** Uniform integer in 0 … n-1. */
  below(n: number): number {
    this.drawn++
    this.random ??= seedrandom.alea('', { state: this.from })
    return Math.floor(this.random() * n)
  }

  /** Where the generator stands, to continue from. */
  state(): StreamState {
    return this.random?.state() ?? this.from
  }

  /** A stream that goes on like this one. */
  fork(): Stream {
    return new Stream(this.seed, this.label, this.state(), this.drawn)
  }
}

function linkInWords({ from, to, lane }: LinkLabel): string {
  return `link/${String(from)}/${String(to)}/${String(lane)}`
}

/** Where a stream begins: 64 bits of hash over seed and label. Four times cheaper than alea's own seeding, and a run opens many streams. */
function firstState(seed: string, label: StreamLabel): StreamState {
  if (recent.seed !== seed) {
    recent.seed = seed
    recent.hash = new NameHash(SEEDLESS).text(`${seed}/`)
  }
  const hash = new NameHash(recent.hash)
  const { a, b } = typeof label === 'string' ? hash.text(label) : hash.link(label)
  return { c: 1, s0: fraction(mix(a, b)), s1: fraction(mix(b, a)), s2: fraction(a ^ b) }
}

/** 64 bits over a name, character by character. */
class NameHash {
  a: number
  b: number

  constructor({ a, b }: { readonly a: number; readonly b: number }) {
    this.a = a
    this.b = b
  }

  text(text: string): this {
    for (let i = 0; i < text.length; i++) this.character(text.charCodeAt(i))
    return this
  }

  /** The name of a link, without making it. */
  link({ from, to, lane }: LinkLabel): this {
    return this.text('link/').integer(from).text('/').integer(to).text('/').integer(lane)
  }

  private integer(value: number): this {
    if (value < 0) this.text('-')
    const size = Math.abs(value)
    let unit = 1
    while (size >= unit * 10) unit *= 10
    for (; unit >= 1; unit = Math.floor(unit / 10)) this.character(DIGIT_0 + (Math.floor(size / unit) % 10))
    return this
  }

  private character(code: number): void {
    this.a = mix(this.a, code)
    this.b = mix(this.b, this.a)
  }
}

const DIGIT_0 = 48
const SEEDLESS = { a: 0x510e527f, b: 0x1f83d9ab }

/** A pure cache of what all streams of a run begin with: it never changes a result. */
const recent = { seed: '', hash: new NameHash(SEEDLESS).text('/') }

/** 32 bits as a number from 0 to 1. */
function fraction(bits: number): number {
  return (bits >>> 0) * 2 ** -32
}
