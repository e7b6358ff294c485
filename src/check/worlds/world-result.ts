import type { ExplorationResult } from './exploration.js'

/** What an exploration of rows may spend. */
export interface WorldLimits {
  /** Distinct states, at most. */
  readonly maxStates?: number
  /** False: every step of an actor is run every time. */
  readonly remember?: boolean
  /** Asked now and then whether to go on, and told how far the exploration has come. */
  readonly goOn?: (progress: WorldProgress) => boolean
}

/** How far an exploration has come. */
export interface WorldProgress {
  readonly distinct: number
  readonly generated: number
  readonly depth: number
  /** States that are known and not expanded. */
  readonly queue: number
}

/** What it has seen, and what that took. */
export interface WorldResult extends ExplorationResult {
  readonly seconds: number
  /** Share of the steps of actors that were remembered. */
  readonly hitRate: number
  /** That two of the states were taken for one: n² / 2⁶⁵. */
  readonly collisionProbability: number
  /** Of known states and the ways to them. */
  readonly visitedBytes: number
  readonly longestQueue: number
  readonly sometimes: readonly { readonly name: string; readonly seen: boolean }[]
  /** What has come of runs that ended, as the fold says it. */
  readonly outcomes: readonly string[]
}
