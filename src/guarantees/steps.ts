import { HISTORY_KINDS, type EventOf, type HistoryEvent, type HistoryKind } from '../history/index.js'

/** What events of each kind change in a state, in place; those of kinds that are not named change nothing. */
export type Steps<S> = { readonly [K in HistoryKind]?: Step<S, EventOf<K>> }

/** Declared as a method, so that a table of them may be asked by the kind of any event. */
export type Step<S, E> = { step(state: S, event: E): void }['step']

/** Takes one event in. */
export function take<S>(steps: Steps<S>, state: S, event: HistoryEvent): void {
  const step: Step<S, HistoryEvent> | undefined = steps[event.kind]
  step?.(state, event)
}

/** The same step for events of every kind. */
export function atEvery<S>(step: (state: S, event: HistoryEvent) => void): Steps<S> {
  return Object.fromEntries(HISTORY_KINDS.map((kind) => [kind, step]))
}

/** The steps of a part of a state. */
export function stepsOfPart<W, S>(part: (whole: W) => S, steps: Steps<S>): Steps<W> {
  return atEvery((whole, event) => {
    take(steps, part(whole), event)
  })
}
