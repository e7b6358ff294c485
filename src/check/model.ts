/**
 * What is checked: a model gives initial states, the actions that a state allows, and the state after an action. States and actions
 * are plain data, and a state is never changed once it is made: the next one shares what stayed as it was.
 */

/** A system of states and actions, and what is claimed of it. */
export interface Model<S, A> {
  readonly name: string
  /** Where it begins. */
  initial(): readonly S[]
  /** What can happen in this state, always in the same order; nothing: the state is terminal. */
  actions(state: S): readonly A[]
  /** The state after the action, a new one. */
  next(state: S, action: A): S
  readonly properties: readonly Property<S>[]
  /** Whether to go on from this state. A state outside is judged and not left, and the verdict can no longer be `holds`. */
  boundary?(state: S): boolean
  /**
   * Symmetry: one state for all that differ only in the names of interchangeable parts. It must be reachable-equivalent to the
   * given one under a permutation that no property sees. Liveness is judged without it.
   */
  canonical?(state: S): S
  /**
   * Whose action it is: weak fairness, for `eventually`. A way that goes on for ever is judged only if everybody who can act from
   * some point on, without a break, does so again and again. Without it every way counts on which anything happens for ever.
   */
  fairness?(action: A): string
  /** An action in words, for counterexamples; as JSON by default. */
  describe?(action: A): string
}

/**
 * A claim about the states of a model.
 * - `always`: it holds in every state.
 * - `sometimes`: it holds in at least one, or the check shows less than it seems to.
 * - `eventually`: on every way that cannot be continued, or goes on for ever and is fair, it holds somewhere.
 * - `finally`: it holds in every terminal state.
 * - `possible`: from every state one can be reached in which it holds.
 */
export interface Property<S> {
  readonly kind: PropertyKind
  readonly name: string
  holds(state: S): boolean
}

/** See `Property`. */
export type PropertyKind = 'always' | 'sometimes' | 'eventually' | 'finally' | 'possible'

/** It holds in every state. */
export function always<S>(name: string, holds: (state: S) => boolean): Property<S> {
  return { kind: 'always', name, holds }
}

/** It holds in at least one state. */
export function sometimes<S>(name: string, holds: (state: S) => boolean): Property<S> {
  return { kind: 'sometimes', name, holds }
}

/** On every complete way it holds somewhere. */
export function eventually<S>(name: string, holds: (state: S) => boolean): Property<S> {
  return { kind: 'eventually', name, holds }
}

/** It holds in every terminal state. */
export function atTheEnd<S>(name: string, holds: (state: S) => boolean): Property<S> {
  return { kind: 'finally', name, holds }
}

/** From every state one can be reached in which it holds. */
export function alwaysPossible<S>(name: string, holds: (state: S) => boolean): Property<S> {
  return { kind: 'possible', name, holds }
}
