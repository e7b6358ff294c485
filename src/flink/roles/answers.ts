/** What an assume file answers, by part. Each answer remembers its place. */
import type { DeliveryGuarantee, Replayability, SinkKind, SourceKind, TransactionTimeout } from './role.js'

/** One answer, and where in the file it stands. */
export interface Answer<T> {
  readonly value: T
  /** `path:line:column` */
  readonly where: string
}

/** Answers of an assume file about a source. */
export interface SourceAnswers {
  readonly kind?: Answer<SourceKind>
  readonly replayable?: Answer<Replayability>
}

/** Answers of an assume file about a sink. */
export interface SinkAnswers {
  readonly kind?: Answer<SinkKind>
  readonly guarantee?: Answer<DeliveryGuarantee>
  readonly transactionTimeout?: Answer<TransactionTimeout>
}

/** Answers of an assume file about an operator. */
export interface OperatorAnswers {
  readonly stateful?: Answer<boolean>
  readonly deterministic?: Answer<boolean>
}

/** An assume file: answers by label of the part. */
export interface Assumptions {
  readonly sources: ReadonlyMap<string, SourceAnswers>
  readonly sinks: ReadonlyMap<string, SinkAnswers>
  readonly operators: ReadonlyMap<string, OperatorAnswers>
  /** `userCode.deterministic`: holds for every operator that has no answer of its own. */
  readonly userCodeDeterministic?: Answer<boolean>
}

/** No answers at all. */
export const noAssumptions: Assumptions = { sources: new Map(), sinks: new Map(), operators: new Map() }
