import type { Instant, World, WorldOptions } from '../../world/index.js'
import type { Losable } from './answering-driver.js'
import type { Budgets } from './budgets.js'
import type { LinkEnds } from './link-places.js'
import type { RivalRule } from './rivals.js'

/** A judge over the recorded facts, whose plain state becomes part of each explored state: an oracle, seen by the checker. */
export interface Fold<F> {
  init(): F
  /** Takes in one fact; mutates `state` in place. */
  step(state: F, fact: { readonly kind: string }, now: Instant): void
  /** Whether the fold does anything with such a fact, in whatever state; with every one unless it says so. */
  hears?(fact: { readonly kind: string }): boolean
  /** What is wrong, if anything; `terminal` when nothing but faults can happen any more. */
  verdict(state: F, terminal: boolean): string | undefined
  /** Facts that must be seen in some state, or the exploration shows less than it seems to; told by `exploreWorld` only. */
  readonly sometimes?: readonly { readonly name: string; holds(state: F): boolean }[]
  /** What has come of a run, in a word: for comparing the ends of explorations; told by `exploreWorld` only. */
  outcome?(state: F): string
}

/** A step of an actor by itself: what it keeps in memory after the step, what it was told, and whether it told anybody anything. */
export type StepListener = (volatile: unknown, message: { readonly kind: string } | undefined, sent: boolean) => void

/** What to explore, and within which bounds. */
export interface Exploration<F = undefined> {
  /** Builds the world with these options and starts its processes. It may ask questions like any step. */
  readonly build: (options: WorldOptions) => World
  readonly budgets?: Budgets
  /** A timer waits for a shorter one that the same actor armed no later. Without it any armed timer may fire next. */
  readonly timersInOrder?: boolean
  /** Which processes may crash, by name, between steps as at failpoints; all by default. */
  readonly mayCrash?: (process: string) => boolean
  /** Which connections may break, by the names of the processes; all by default. */
  readonly mayDisconnect?: (one: string, other: string) => boolean
  /** Which messages the budget of losses may strike; none by default. */
  readonly losable?: Losable
  /** Links whose messages are delivered within the step that sends them: those to systems that no budgeted fault concerns. */
  readonly eager?: (link: LinkEnds) => boolean
  /** A process that dies starts again in the same step, and not in one of its own: what happens while it is down is missed. */
  readonly atomicRestart?: boolean
  readonly fold?: Fold<F>
  /** Of which actors one is meant to be alive at a time. */
  readonly rivals?: RivalRule
  /** Told of every step that some actor can take in some state, once or more often; of rows only. */
  readonly onStep?: StepListener
  /** Processes, by name, of which each could as well do what another one does: for `symmetry`. */
  readonly interchangeable?: readonly string[]
  /** Judges every state; `terminal` when nothing but faults can happen any more. */
  readonly inspect?: (world: World, terminal: boolean) => string | undefined
  /** Stops when so many distinct states are known. */
  readonly maxStates?: number
  /** Executes each step twice from a fork and compares: names the actor that is not deterministic. */
  readonly checkTwice?: boolean
  /** Freezes and audits messages, as in `WorldOptions`. */
  readonly freeze?: boolean
}

/** One step of a counterexample. */
export interface ExploredStep {
  readonly action: string
  /** Which of the steps that are called so, from 0, where it is not the first. */
  readonly nth?: number
  /** What the step asked and was told, where it matters. */
  readonly answers: readonly string[]
}

/** Something wrong, and the way to it from the start. */
export interface ExploredViolation {
  readonly reason: string
  readonly path: readonly ExploredStep[]
  /** The step behind the way does not end. */
  readonly endless?: true
}

/** What an exploration has seen. */
export interface ExplorationResult {
  readonly distinct: number
  /** Steps executed, those that led to known states included. */
  readonly generated: number
  /** Steps of the longest of the shortest ways to a state. */
  readonly depth: number
  /** States in which nothing but faults can happen. */
  readonly terminals: number
  readonly violation?: ExploredViolation
  /** All states within the budgets were seen and judged. */
  readonly exhausted: boolean
}
