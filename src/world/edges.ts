import type { Lane } from './behavior.js'
import { wrongLatency } from './misuse.js'
import { Stream, type LinkLabel } from './stream.js'

/** How long messages take, µs, both ends included. */
export interface Latency {
  readonly minUs: number
  readonly maxUs: number
}

/** What a timed driver knows about the links between two actors on one lane: latency, and the stream it is drawn from. */
export interface Edge {
  readonly link: LinkLabel
  /** µs. */
  readonly minUs: number
  /** How many different latencies, in µs steps from `minUs` up. */
  readonly spread: number
  readonly stream: Stream
}

/** What determines latencies. */
export interface LatencyOptions {
  readonly seed: string
  /** Latency of a link between two actors on a lane. */
  latency(from: number, to: number, lane: Lane): Latency
}

/** More than all lanes: receiver and lane have a number together. */
const LANES = 2 ** 12

/** The edges of a run; each is made with the first message that is sent there. */
export class Edges {
  /** By sender, then by receiver and lane. */
  private readonly edges: Map<number, Edge>[] = []

  constructor(private readonly options: LatencyOptions) {}

  /** That of a link. */
  of({ from, to, lane }: LinkLabel): Edge {
    const edges = (this.edges[from] ??= new Map<number, Edge>())
    const place = to * LANES + lane
    let edge = edges.get(place)
    if (edge === undefined) {
      const link = { from, to, lane }
      edges.set(place, (edge = this.make(link, new Stream(this.options.seed, link))))
    }
    return edge
  }

  /** Takes over the streams of another run's edges, each where it stands; latencies are this run's own. */
  continue({ edges }: Edges): void {
    edges.forEach((each, from) => {
      const own = (this.edges[from] = new Map<number, Edge>())
      for (const [place, { link, stream }] of each) own.set(place, this.make(link, stream.fork()))
    })
  }

  private make(link: LinkLabel, stream: Stream): Edge {
    const { minUs, maxUs } = this.options.latency(link.from, link.to, link.lane)
    if (!(minUs >= 0 && maxUs >= minUs)) throw wrongLatency(link, minUs, maxUs)
    return { link, minUs, spread: maxUs - minUs + 1, stream }
  }
}
