import type { Stream } from './stream.js'

/** What a timed driver knows about the links between two actors on one lane: latency, and the stream it is drawn from. */
export interface Edge {
  /** µs. */
  readonly minUs: number
  /** How many different latencies, in µs steps from `minUs` up. */
  readonly spread: number
  readonly stream: Stream
}
