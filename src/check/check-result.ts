/** What a check has to say. */
import type { DefectKind } from './defect.js'
import type { PropertyKind } from './model.js'

/** `holds` only if all states within no bound at all were seen, and every property was judged. */
export type CheckVerdict = 'holds' | 'violated' | 'incomplete'

/** One step of a counterexample: what happened, and the state after it. */
export interface CounterexampleStep {
  /** Undefined: an initial state. */
  readonly action: string | undefined
  readonly state: unknown
}

/** A way to a state, or into a circle, that contradicts a property. */
export interface Counterexample {
  readonly property: string
  readonly kind: PropertyKind
  readonly steps: readonly CounterexampleStep[]
  /** The way goes on for ever: from the last step back to the state after this one. */
  readonly backTo?: number
}

/** The model is not what a model must be; where that was seen. */
export interface Defect {
  readonly kind: DefectKind
  /** In which function of the model: `initial`, `actions`, `next` and its action, or a property. */
  readonly during: string
  readonly message: string
  /** The way to the state that was being expanded. */
  readonly steps: readonly CounterexampleStep[]
}

/**
 * A bound that was hit: `states`, `depth`, `boundary`, `memory`, `seconds`, `stood still` (the process did not run), or `walks`, which
 * never see everything.
 */
export interface HitBound {
  readonly bound: string
  /** States that were not left because of it. */
  readonly states: number
}

/** The result of a check. */
export interface CheckResult {
  readonly model: string
  readonly search: string
  readonly verdict: CheckVerdict
  /** Every state was seen: no bound was hit and nothing was found that ended the search. */
  readonly exhausted: boolean
  readonly distinct: number
  /** Initial states and steps taken, those to known states included. */
  readonly generated: number
  /** States on the longest of the ways by which states were found first, the initial one included; breadth-first: of the shortest ways. */
  readonly depth: number
  /** States in which nothing can happen. */
  readonly terminals: number
  readonly seconds: number
  /** That two of the states were taken for one: n² / 2⁶⁵; 0 where whole states were compared. */
  readonly collisionProbability: number
  /** Of known states and the ways to them. */
  readonly visitedBytes: number
  /** The greatest number of states that waited. */
  readonly longestQueue: number
  readonly bounds: readonly HitBound[]
  readonly sometimes: readonly { readonly name: string; readonly seen: boolean }[]
  readonly counterexample?: Counterexample
  readonly defect?: Defect
  /** Counts under another seed, where that was asked for: anything that differs means a collision. */
  readonly secondSeed?: { readonly distinct: number; readonly generated: number; readonly equal: boolean }
}
