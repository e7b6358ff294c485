import type { HistoryEvent } from '../history/index.js'
import type { Step, Steps } from './steps.js'

/** A state and what changes it. Its type is forgotten, so that folds of many states stand side by side. */
export interface Fold<S = unknown> {
  readonly steps: Steps<S>
  readonly state: S
}

/** A fold of this state: nobody calls its steps with another one. */
export function fold<S>(steps: Steps<S>, state: S): Fold {
  return { steps, state }
}

/** What one fold does with events of one kind. */
interface Taker {
  readonly step: Step<unknown, HistoryEvent>
  readonly state: unknown
}

/** The steps of a table in their order. Tables are constants of the rules: each is read once, and not for every run. A pure cache. */
const entriesByTable = new WeakMap<object, readonly (readonly [string, Taker['step']])[]>()

function entriesOf(steps: Steps<unknown>): readonly (readonly [string, Taker['step']])[] {
  let entries = entriesByTable.get(steps)
  if (entries === undefined) entriesByTable.set(steps, (entries = Object.entries<Taker['step']>(steps)))
  return entries
}

/** Hands each event to those that want its kind, in their order: records are the many, and concern the fewest. */
export function dispatching(folds: readonly Fold[]): (event: HistoryEvent) => void {
  const byKind = new Map<string, Taker[]>()
  for (const { steps, state } of folds) {
    for (const [kind, step] of entriesOf(steps)) {
      const takers = byKind.get(kind)
      if (takers === undefined) byKind.set(kind, [{ step, state }])
      else takers.push({ step, state })
    }
  }
  return (event) => {
    const takers = byKind.get(event.kind)
    if (takers !== undefined) for (const { step, state } of takers) step(state, event)
  }
}
