import type { SavedSteps } from '../predecessors.js'
import type { ExplorationResult } from './exploration.js'
import type { Spill } from './row-queue.js'

/** What an exploration of rows may spend, and how. */
export interface WorldLimits {
  /** Distinct states, at most. */
  readonly maxStates?: number
  /** Bytes of known states, the ways to them and what waits in memory, at most. */
  readonly maxBytes?: number
  /** Seconds that a single step may take before it is taken for endless; 10 by default. */
  readonly maxStepSeconds?: number
  /** False: every step of an actor is run every time. */
  readonly remember?: boolean
  /**
   * Takes ample sets of actions where they are enough: fewer states, the same ends, verdicts and witnesses. Not with an `inspect`, and
   * not to go on with another time.
   */
  readonly ample?: boolean
  /** What the dead had sent and nobody heeds any more arrives first; likewise. */
  readonly lateWords?: boolean
  /**
   * Of states that differ only in which of the `interchangeable` processes does what, explores one. Where they turn out not to be
   * interchangeable, it ends without a verdict. Neither with an `inspect`, `liveness` or the two before, nor to go on with another time.
   */
  readonly symmetry?: boolean
  /** Compares whole states in place of fingerprints, for small scopes. Not to go on with another time, nor with a `seed`. */
  readonly exact?: boolean
  /** Other fingerprints than the usual ones (0). Not to go on with another time. */
  readonly seed?: number
  /**
   * Keeps all steps (4 bytes each, and 4 to 8 a state) and tells in the end whether every way ends. A state from which no end can be
   * reached is a violation. Neither to go on with another time nor with ample sets or late words.
   */
  readonly liveness?: boolean
  /** Where states wait that do not fit into memory. */
  readonly spill?: Spill
  /** Expanded states between two questions whether to go on; 4096 by default. */
  readonly askEvery?: number
  /**
   * Asked every so many expanded states whether to go on, and told how far the exploration has come. `save` gives all that is needed to
   * go on another time.
   */
  readonly goOn?: (progress: WorldProgress, save: () => SavedSearch) => boolean
  /** Goes on where another exploration of the same was saved. */
  readonly resume?: SavedSearch
}

/** An exploration under way: plain data, which means something to the same exploration by the same code only. */
export interface SavedSearch {
  readonly expanded: number
  readonly layer: number
  readonly layerEnds: number
  readonly depth: number
  readonly generated: number
  readonly terminals: number
  readonly seconds: number
  readonly longestQueue: number
  readonly unseen: readonly string[]
  readonly outcomes: readonly string[]
  readonly timers: readonly string[]
  readonly visited: readonly Int32Array[]
  readonly predecessors: SavedSteps
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
  /**
   * Which bound was hit: `states`, `memory`, `stood still` (the process did not run), or `stopped` by who was asked whether to go on; or
   * why there is no `symmetry`.
   */
  readonly bound: string | undefined
  readonly seconds: number
  /** Share of the steps of actors that were remembered, those of images included. */
  readonly hitRate: number
  /** That two of the states were taken for one: n² / 2⁶⁵. */
  readonly collisionProbability: number
  /** With `liveness`, when all was seen: states from which a way can go on for ever. 0: every way ends, whoever is fair or not. */
  readonly endless?: number
  /** Of known states and the ways to them. */
  readonly visitedBytes: number
  readonly longestQueue: number
  readonly sometimes: readonly { readonly name: string; readonly seen: boolean }[]
  /** What has come of runs that ended, as the fold says it. */
  readonly outcomes: readonly string[]
  /** Names of timers that might have fired where something else might have happened as well: without a clock both are explored. */
  readonly timersBranched: readonly string[]
}
