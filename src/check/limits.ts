import type { Progress } from './progress.js'

/** What a check may spend, and how it works besides its order of search. */
export interface Limits {
  readonly maxStates: number
  readonly maxDepth: number
  readonly maxBytes: number
  readonly maxSeconds: number
  readonly maxStepSeconds: number
  readonly auditEvery: number
  readonly exact: boolean
  readonly seed: number
  readonly secondSeed: boolean
  readonly told?: (progress: Progress) => void
  readonly everySeconds: number
}

/** Nothing is bounded but the length of a single step. */
export const NO_LIMITS: Limits = {
  maxStates: Infinity,
  maxDepth: Infinity,
  maxBytes: Infinity,
  maxSeconds: Infinity,
  maxStepSeconds: 10,
  auditEvery: 256,
  exact: false,
  seed: 0,
  secondSeed: false,
  everySeconds: 1,
}
