import type { HistoryEvent, HistoryKind } from '../history/index.js'

/**
 * Takes in the kinds of events that it names; others may be handed to it and change nothing. `step` is called with this `state` and no
 * other, so that whoever dispatches need not know its type.
 */
export interface Fold<S = unknown> {
  readonly kinds: readonly HistoryKind[]
  readonly state: S
  step(state: S, event: HistoryEvent): void
}

/** A fold of this state, whose type is forgotten: folds of many stand side by side. TypeScript allows it because `step` is a method. */
export function fold<S>(kinds: readonly HistoryKind[], state: S, step: (state: S, event: HistoryEvent) => void): Fold {
  const typed: Fold<S> = { kinds, state, step }
  return typed
}

/** Hands each event to those that want it, in their order: records are the many, and concern the fewest. */
export function dispatching(folds: readonly Fold[]): (event: HistoryEvent) => void {
  const byKind = new Map<HistoryKind, Fold[]>()
  for (const each of folds) {
    for (const kind of each.kinds) {
      const interested = byKind.get(kind)
      if (interested === undefined) byKind.set(kind, [each])
      else interested.push(each)
    }
  }
  return (event) => {
    const interested = byKind.get(event.kind)
    if (interested !== undefined) for (const each of interested) each.step(each.state, event)
  }
}
