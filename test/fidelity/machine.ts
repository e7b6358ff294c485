import { RPC_LANE } from '../../src/engine/index.js'
import { Stream, type Latency } from '../../src/world/index.js'

/**
 * The machine of a run: two cores that are idle, or have more to do than they can, so that a call waits for its turn. Recordings of one
 * and the same job differ by that: their first checkpoints took from 20 to 400 ms, and tasks of one job started up to 150 ms apart.
 */
export interface Machine {
  latency(from: number, to: number, lane: number): Latency
  /** How long the next task takes to start, µs. */
  startUs(): number
  /** Time that a record takes in the source, µs. */
  readonly sourceUs: number
  /** How long whoever shuts TaskManagers down takes to notice that it is time, µs. */
  readonly reactionUs: number
}

/** Draws a machine. */
export function machineOf(seed: string): Machine {
  const stream = new Stream(seed, 'fidelity/machine')
  const pick = (...choices: readonly [number, ...number[]]): number => choices[stream.below(choices.length)] ?? choices[0]
  const callUs = pick(1_000, 4_000, 15_000, 50_000)
  const dataUs = pick(300, 3_000, 15_000)
  const startUs = pick(1, 5_000, 40_000)
  return {
    latency: (_from, _to, lane) => (lane === RPC_LANE || lane < 0 ? { minUs: 100, maxUs: callUs } : { minUs: 20, maxUs: dataUs }),
    startUs: () => stream.below(startUs),
    sourceUs: pick(50, 50, 3_000),
    reactionUs: stream.below(60_000),
  }
}
