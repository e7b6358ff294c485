/** Ways to a state in words. A way is walked again on the model before it is shown. */
import type { CounterexampleStep } from './check-result.js'
import { contentOf } from './known-states.js'
import type { Model } from './model.js'

/** A way as states, with the action that led to each. */
export interface Walked<S, A> {
  readonly action: A | undefined
  readonly state: S
}

/**
 * Takes the actions with these numbers, an initial state first. Under symmetry the numbers belong to representatives: the way that
 * comes back is one of the model itself, each state of it equal to the representative up to names.
 */
export function walk<S, A>(model: Model<S, A>, ordinals: readonly number[]): Walked<S, A>[] {
  const [first = 0, ...rest] = ordinals
  const initial = model.initial()[first]
  if (initial === undefined) return []
  const way: Walked<S, A>[] = [{ action: undefined, state: initial }]
  let representative: S = model.canonical?.(initial) ?? initial
  let state: S = initial
  for (const ordinal of rest) {
    const action = model.actions(representative)[ordinal]
    if (action === undefined) throw new RangeError(`the way ends: there is no action ${ordinal} in a state where there was one`)
    const next = model.next(representative, action)
    const step = model.canonical === undefined ? { action, state: next } : likeStep(model, state, model.canonical(next))
    representative = model.canonical?.(next) ?? next
    state = step.state
    way.push(step)
  }
  return way
}

/** The action of a state that leads to one with this representative. */
function likeStep<S, A>(model: Model<S, A>, state: S, representative: S): { readonly action: A; readonly state: S } {
  const wanted = contentOf(representative)
  for (const action of model.actions(state)) {
    const next = model.next(state, action)
    if (contentOf(model.canonical?.(next) ?? next) === wanted) return { action, state: next }
  }
  throw new RangeError('no action leads where the representative says: `canonical` is no symmetry of this model')
}

/** A way in words. */
export function inWords<S, A>(model: Model<S, A>, way: readonly Walked<S, A>[]): CounterexampleStep[] {
  return way.map(({ action, state }) => ({ action: action === undefined ? undefined : describe(model, action), state }))
}

/** An action in the words of its model. */
export function describe<S, A>(model: Model<S, A>, action: A): string {
  return model.describe?.(action) ?? JSON.stringify(action)
}
