import { GUARANTEES, type Guarantee, refutes } from './anomalies.js'
import { whyOutputUnidentified, whyUnidentified } from './determinism.js'
import { completedAfterFaults, finished, terminal } from './job-facts.js'
import type { Finding, Oracle, OracleVerdict } from './oracle.js'
import { duplicatedOutput } from './output-duplicated.js'
import { lostOutput } from './output-lost.js'
import { reorderedOutput } from './output-order.js'
import { phantomOutput } from './output-phantom.js'
import { tornOutput } from './output-torn.js'
import type { ObservedOutput } from './outputs.js'
import { isPerfect } from './perfect-output.js'
import { createRunFacts, RUN_FACT_STEPS, type RunFacts } from './run-facts.js'
import { hasWaiting, sinkOutput } from './sink-output.js'

/** All that is wrong with what one reader saw of one sink. */
export function outputFindings(facts: RunFacts, point: ObservedOutput): Finding[] {
  return whyUnidentified(facts.header, point.sink) !== undefined || isPerfect(facts, point) ? [] : analyseOutput(facts, point)
}

/** The same, without asking first whether anything can be wrong at all. */
export function analyseOutput(facts: RunFacts, point: ObservedOutput): Finding[] {
  const output = sinkOutput(facts, point)
  return [...lostOutput(output), ...duplicatedOutput(output), ...phantomOutput(output), ...reorderedOutput(output), ...tornOutput(output)]
}

/** Why loss of output cannot be judged; undefined when it can. A job that FAILED or was cancelled owes nothing more. */
export function outputMissing(facts: RunFacts): string | undefined {
  const { job } = facts
  // Beyond the budget nothing is owed before the end.
  if (facts.header.discipline === 'beyond-budget') return undefined
  if (finished(job)) return undefined
  if (facts.outputs.points.some((point) => hasWaiting(sinkOutput(facts, point)))) {
    return 'a transaction of a completed checkpoint waits for its commit: what is in it cannot be called lost'
  }
  if (completedAfterFaults(job).length >= 2 || job.status === 'FAILED') return undefined
  return terminal(job)
    ? `the job ended as ${String(job.status)}: what was still to come cannot be called lost`
    : 'the job neither finished nor completed two checkpoints after the last fault'
}

/** The verdict on one guarantee, from what was found. */
export function outputVerdict(
  findings: readonly Finding[],
  guarantee: Guarantee,
  missing: string | undefined,
  unidentified: string | undefined,
): OracleVerdict {
  const against = findings.filter((finding) => refutes(finding.anomaly, guarantee))
  if (against.length > 0) return { verdict: 'violated', findings: against }
  if (unidentified !== undefined) return { verdict: 'undecided', findings: [], missing: unidentified }
  if (missing === undefined || guarantee === 'at-most-once') return { verdict: 'holds', findings: [] }
  return { verdict: 'undecided', findings: [], missing }
}

/** The oracles of output over all observation points of the history, by guarantee. */
export const OUTPUT_ORACLES: readonly Oracle<RunFacts>[] = GUARANTEES.map((guarantee) => ({
  name: `output-${guarantee}`,
  init: createRunFacts,
  step: RUN_FACT_STEPS,
  verdict: (facts) => {
    const findings = facts.outputs.points.flatMap((point) => outputFindings(facts, point))
    return outputVerdict(findings, guarantee, outputMissing(facts), whyOutputUnidentified(facts.header))
  },
}))
