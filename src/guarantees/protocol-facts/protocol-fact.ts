import type { RunView } from './run-view.js'

/**
 * One question about the protocol that every history can be asked, recorded or simulated: the same function answers for both.
 * Its answer is one of a few words, so that histories of different sizes compare.
 */
export interface ProtocolFact {
  readonly name: string
  /** The question, as a report prints it. */
  readonly asks: string
  /** Whether the answer follows from the protocol and the configuration alone, or also from the moment at which things happen. */
  readonly nature: 'rule' | 'timing'
  /** `NOTHING` where the history cannot show it. */
  readonly of: (run: RunView) => string
}
