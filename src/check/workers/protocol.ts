/**
 * A check by several workers, each a thread, and a coordinator that passes their messages on.
 *
 * Every fingerprint belongs to one worker, its owner, which knows whether it was found before. The state itself stays with the worker
 * that found it first, and is expanded there: states hardly ever travel. All go from level to level together, nearest states first:
 *
 *     coordinator                       worker
 *     expand (a level)           ->     takes all steps of its states of this level, in their order, and keeps where they lead
 *                                <-     found (fingerprints), for their owner; passed on
 *                                <-     expanded
 *     settle, when all have      ->     who of them all was the first to find each new state, says its owner
 *                                <-     new (positions), for the finder; passed on
 *                                <-     counted (what is wrong), when it has heard from every owner
 *     number (until where)       ->     its new states get their numbers, what others had found before is dropped
 *                                <-     numbered (how many, sums)
 *     give (to, how many)        ->     only where one has much more to do than another
 *                                <-     moved (numbers of states), for the receiver; passed on. It walks the ways to them once more.
 *
 * "First" means: from the state with the smallest number, by the first of its steps. The numbers are those that the states have in the
 * search of a single thread, so that everything that search counts and finds is the same for any number of workers.
 */
import type { DefectKind } from '../defect.js'

/** States with as many steps on the shortest way to each. */
export interface Level {
  /** Number of the first of them; -1: this is what comes before the initial states. */
  readonly start: number
  readonly size: number
  /** How many states each of them was the first to lead to: shared, and written by whoever expands it. */
  readonly children: Int32Array
}

/** Something that ends the search. */
export type Finding =
  /** A property of the model does not hold. */
  | { readonly kind: 'broken'; readonly property: number }
  /** A state of a world is wrong; of those in the same level the one with the fewest faults is wanted. */
  | { readonly kind: 'wrong'; readonly reason: string; readonly faults: number }
  /** A step of a world failed, or does not end. */
  | { readonly kind: 'failed'; readonly reason: string; readonly endless?: true }
  /** The model is none. */
  | { readonly kind: 'defect'; readonly defect: { readonly kind: DefectKind; readonly message: string; readonly during: string } }

/** Where it was found. */
export interface Found {
  /** Place in its level of the state that was expanded. */
  readonly place: number
  /** The step that led to what is broken; -1: the expanded state itself. */
  readonly ordinal: number
  readonly finding: Finding
}

/** Something seen by a worker: a fact of a `sometimes`, an outcome, a timer that branched, or what a listener has heard. */
export interface Note {
  readonly about: 'sometimes' | 'outcome' | 'timer' | 'heard'
  readonly text: string
}

/** Pieces of the ways to all states, in shared memory; see `SharedWays`. */
export interface WaysPiece {
  readonly from: Int32Array
  readonly ordinals: Uint16Array
}

/** From the coordinator. */
export type Order =
  | { readonly kind: 'expand'; readonly level: Level }
  | { readonly kind: 'found'; readonly from: number; readonly records: Int32Array }
  | { readonly kind: 'settle' }
  | { readonly kind: 'new'; readonly from: number; readonly positions: Int32Array }
  /** `next`: number of the first new state; `until`: the place of the last state of the level that counts; `pieces`: more room for ways. */
  | { readonly kind: 'number'; readonly next: number; readonly until: number; readonly pieces: readonly WaysPiece[] }
  | { readonly kind: 'give'; readonly to: number; readonly count: number }
  | { readonly kind: 'moved'; readonly states: Int32Array }

/** What a worker adds to the result. */
export interface Sums {
  readonly generated: number
  readonly terminals: number
  /** States that were not left, by the bound. */
  readonly depthBound: number
  readonly boundary: number
}

/** To the coordinator; what has a `to` is passed on. */
export type Report =
  | { readonly kind: 'found'; readonly to: number; readonly records: Int32Array }
  | { readonly kind: 'under-way'; readonly known: number; readonly generated: number; readonly bytes: number }
  | { readonly kind: 'expanded' }
  | { readonly kind: 'new'; readonly to: number; readonly positions: Int32Array }
  | { readonly kind: 'counted'; readonly found: readonly Found[] }
  | { readonly kind: 'numbered'; readonly kept: number; readonly sums: Sums; readonly notes: readonly Note[]; readonly use: Use }
  | { readonly kind: 'moved'; readonly to: number; readonly states: Int32Array }
  /** The process did not run for so long that the step which was being taken has been cut off. */
  | { readonly kind: 'stood-still' }
  /** What it should work on cannot be had. */
  | { readonly kind: 'refused'; readonly reason: string }

/** What a worker has needed so far. */
export interface Use {
  /** Of known states and what waits. */
  readonly visitedBytes: number
  readonly waitingBytes: number
  /** Steps of actors that were asked for, and those of them that had to be run. */
  readonly asked: number
  readonly fresh: number
}
