import type { HistoryEvent, HistoryKind } from '../history/index.js'

/** Takes in the kinds of events that it names; others may be handed to it and change nothing. S is its state, which nobody else knows. */
export interface Fold<S = unknown> {
  readonly kinds: readonly HistoryKind[]
  readonly state: S
  step(state: S, event: HistoryEvent): void
}

/** A fold of this state; its type is forgotten, for the folds of a history stand side by side. */
export function fold<S>(kinds: readonly HistoryKind[], state: S, step: (state: S, event: HistoryEvent) => void): Fold {
  const typed: Fold<S> = { kinds, state, step }
  return typed
}

/** Hands each event to those that want it, in their order: records are the many, and concern the fewest. */
export function dispatching(folds: readonly Fold[]): (event: HistoryEvent) => void {
  const byKind = new Map<HistoryKind, Fold[]>()
  for (const fold of folds) {
    for (const kind of fold.kinds) {
      const interested = byKind.get(kind)
      if (interested === undefined) byKind.set(kind, [fold])
      else interested.push(fold)
    }
  }
  return (event) => {
    const interested = byKind.get(event.kind)
    if (interested !== undefined) for (const fold of interested) fold.step(fold.state, event)
  }
}
