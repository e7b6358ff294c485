import { inOrder } from './evidence.js'
import type { AnomalyName, Finding, OracleVerdict } from './oracle.js'

/** A rule of the protocol that the history breaks; the events prove it, the last one mostly breaks it. */
export function broken(rule: string, message: string, evidence: readonly number[], anomaly: AnomalyName = 'protocol'): Finding {
  return { anomaly, rule, message, records: [], evidence: inOrder(evidence) }
}

/** The verdict of an oracle that only looks for broken rules. */
export function ruleVerdict(findings: readonly Finding[]): OracleVerdict {
  return { verdict: findings.length === 0 ? 'holds' : 'violated', findings }
}
