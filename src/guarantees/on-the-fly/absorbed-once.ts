import type { SmallOracle } from './small-oracle.js'

/** Whether a state has absorbed a record that it held already. */
export interface AbsorbedOnce {
  wrong: string | null
}

/** Keyed state absorbs no record twice: the small form of the exactly-once claim on state, for aligned barriers. */
export const absorbedOnce: SmallOracle<AbsorbedOnce> = {
  init: () => ({ wrong: null }),
  step(state, fact) {
    if (fact.kind === 'state-apply' && fact.again === true)
      state.wrong ??= `duplicated: the state of ${fact.vertex} (${String(fact.subtask)}) absorbs record ${String(fact.id)} a second time`
  },
  verdict: ({ wrong }) => wrong ?? undefined,
}
