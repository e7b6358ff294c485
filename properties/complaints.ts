/** What can be wrong with a run, in a sentence; undefined when nothing is. */
import type { Finding, Guarantee } from '../src/guarantees/index.js'
import type { GeneratedRun } from './run-generated.js'

/** A guarantee is violated or cannot be judged at a point. A job without such a point promises nothing there. */
export function claimBroken({ verdict }: GeneratedRun, guarantee: Guarantee, at: string): string | undefined {
  const claim = verdict.claims.find((each) => each.guarantee === guarantee && each.at === at)
  if (claim === undefined || claim.verdict === 'holds') return undefined
  const why = claim.verdict === 'undecided' ? (claim.missing ?? '') : inWords(claim.findings)
  return `${guarantee} at ${at} is ${claim.verdict}: ${why}`
}

/** Findings in a sentence; undefined when there are none. */
export function inWords(findings: readonly Finding[]): string | undefined {
  return findings.length === 0 ? undefined : findings.map(({ rule, message }) => `${rule}: ${message}`).join('; ')
}
