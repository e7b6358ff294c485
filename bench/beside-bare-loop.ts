/**
 * A workload beside the yardstick, in one process and in turns, so that a slow machine slows both. What is told is the median round;
 * the first ones only warm up: the engine's code is compiled well after some two million steps, and a campaign takes many more.
 */
import { bareLoop } from './bare-loop.js'

/** Does so many and returns something that depends on all of them. */
export type Workload = (seed: string, count: number) => string

/** What a workload does per second, and the yardstick in the same rounds. */
export interface Rates {
  readonly perSecond: number
  readonly barePerSecond: number
  /** Median over the rounds of one as a part of the other. */
  readonly perBare: number
}

const WARM_UP = 3
const ROUNDS = 7
const BARE_EVENTS = 1_500_000

/** Measures a workload, so many a round. */
export function besideBareLoop(workload: Workload, count: number): Rates {
  const rounds: { readonly rate: number; readonly bare: number }[] = []
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const seed = `round ${round}`
    const bare = rateOf(bareLoop, seed, BARE_EVENTS)
    const rate = rateOf(workload, seed, count)
    if (round >= WARM_UP) rounds.push({ rate, bare })
  }
  return {
    perSecond: Math.round(median(rounds.map(({ rate }) => rate))),
    barePerSecond: Math.round(median(rounds.map(({ bare }) => bare))),
    perBare: Number(median(rounds.map(({ rate, bare }) => rate / bare)).toFixed(3)),
  }
}

function rateOf(workload: Workload, seed: string, count: number): number {
  const start = performance.now()
  workload(seed, count)
  return (1000 * count) / (performance.now() - start)
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}
