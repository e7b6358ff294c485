import type { HistoryHeader, RecordId } from '../history/index.js'
import type { Steps } from './steps.js'

/**
 * An oracle judges a history by its events alone. Its state is plain data and it is fed one event at a time, so that the
 * simulator judges while it runs, `verify` judges a file, and the model checker makes the state a part of its own.
 */
export interface Oracle<S> {
  readonly name: string
  init(header: HistoryHeader): S
  /** What events of each kind change in the state. `take(oracle.step, state, event)` takes one in. */
  readonly step: Steps<S>
  /** What can be said after the events seen so far. Does not change `state`. */
  verdict(state: S): OracleVerdict
}

/** Names of what can go wrong; see `docs/concepts.md` for their order of implication. */
export type AnomalyName =
  | 'lost'
  | 'duplicated'
  | 'phantom'
  | 'reordered-in-key'
  | 'torn-commit'
  | 'zombie-commit'
  | 'premature-commit'
  | 'inconsistent-cut'
  | 'wrong-state'
  | 'unrestorable'
  | 'leaked'
  | 'stuck'
  | 'protocol'

/** One anomaly, what found it, and its proof. */
export interface Finding {
  readonly anomaly: AnomalyName
  /** Which rule or claim found it, e.g. `output-exactly-once` or `ids-increase`. */
  readonly rule: string
  /** One sentence in the words of Flink, with numbers. */
  readonly message: string
  readonly records: readonly RecordId[]
  /** How many it struck, where `records` cannot name them: keys, or records nobody has seen. */
  readonly count?: number
  /** `seq` of the events that prove it, in order. */
  readonly evidence: readonly number[]
}

/** What an oracle says about the events so far. */
export interface OracleVerdict {
  readonly verdict: 'holds' | 'violated' | 'undecided'
  readonly findings: readonly Finding[]
  /** What was missing, when undecided. */
  readonly missing?: string
}
