import type { AnomalyName, Finding } from './oracle.js'

/** What can be promised about delivery, strongest first. `none` promises nothing. */
export type Guarantee = 'exactly-once' | 'at-least-once' | 'at-most-once' | 'none'

/** The guarantees that can be violated, strongest first. */
export const GUARANTEES = ['exactly-once', 'at-least-once', 'at-most-once'] as const satisfies readonly Guarantee[]

/** What an anomaly means, and which guarantees do not survive it. */
interface AnomalyMeaning {
  readonly meaning: string
  readonly refutes: readonly Guarantee[]
}

/**
 * The anomalies and their order of implication: exactly-once is refuted by all that concern records; at-least-once by loss only;
 * at-most-once by repetition only. Those that refute nothing are defects of the protocol, which a delivery guarantee may survive.
 */
export const ANOMALIES: Readonly<Record<AnomalyName, AnomalyMeaning>> = {
  lost: { meaning: 'a record that was owed is missing', refutes: ['exactly-once', 'at-least-once'] },
  duplicated: { meaning: 'a record took effect more than once', refutes: ['exactly-once', 'at-most-once'] },
  phantom: { meaning: 'output of a timeline that was taken back is visible', refutes: ['exactly-once'] },
  'reordered-in-key': { meaning: 'records of one key came out in another order than they were written', refutes: ['exactly-once'] },
  'torn-commit': { meaning: 'only a part of a committed transaction is visible', refutes: ['exactly-once'] },
  'zombie-commit': { meaning: 'a transaction of a timeline that was taken back was committed', refutes: ['exactly-once'] },
  'premature-commit': { meaning: 'a transaction was committed before its checkpoint completed', refutes: [] },
  'inconsistent-cut': { meaning: 'a completed checkpoint is not a consistent cut', refutes: [] },
  'wrong-state': { meaning: 'keyed state is not what its records make', refutes: ['exactly-once'] },
  unrestorable: { meaning: 'a completed checkpoint is not there whole, or what was restored is not what it held', refutes: [] },
  leaked: { meaning: 'something nobody uses was never cleaned up', refutes: [] },
  stuck: { meaning: 'the job neither finished nor made progress after the faults had stopped', refutes: [] },
  protocol: { meaning: 'a rule of the checkpointing protocol was broken', refutes: [] },
}

/** True when an anomaly is proof against a guarantee. */
export function refutes(anomaly: AnomalyName, guarantee: Guarantee): boolean {
  return ANOMALIES[anomaly].refutes.includes(guarantee)
}

/** The strongest guarantee that is still consistent with what was found. */
export function strongestConsistent(findings: readonly Finding[]): Guarantee {
  for (const guarantee of GUARANTEES) {
    if (!findings.some((finding) => refutes(finding.anomaly, guarantee))) return guarantee
  }
  return 'none'
}

/** True when whoever keeps `promise` keeps `guarantee`, too. */
export function includes(promise: Guarantee, guarantee: Guarantee): boolean {
  return promise === guarantee || promise === 'exactly-once' || guarantee === 'none'
}

/** How many records (or keys; or how often, where neither is known) each anomaly struck. */
export function countAnomalies(findings: readonly Finding[]): Partial<Record<AnomalyName, number>> {
  const counts: Partial<Record<AnomalyName, number>> = {}
  for (const finding of findings)
    counts[finding.anomaly] = (counts[finding.anomaly] ?? 0) + (finding.count ?? Math.max(1, finding.records.length))
  return counts
}
