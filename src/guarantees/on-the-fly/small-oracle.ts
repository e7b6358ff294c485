import type { HistoryFact } from '../../history/index.js'

/**
 * An oracle whose state becomes part of every state of an exhaustive search, and therefore is as small as the question allows: plain
 * data without order of arrival, without counters that go on for ever, without places in a history. What is wrong stays wrong.
 */
export interface SmallOracle<S> {
  init(): S
  /** Takes one fact in; mutates `state` in place. */
  step(state: S, fact: HistoryFact): void
  /** What is wrong in the words of Flink; `terminal` when nothing but faults can happen any more. */
  verdict(state: S, terminal: boolean): string | undefined
}
