import { inOrder } from './evidence.js'
import { howMany } from './how-many.js'
import { completedAfterFaults, type JobFacts } from './job-facts.js'
import type { Finding, Oracle, OracleVerdict } from './oracle.js'
import { budgetSpent, grantedRestarts, restartWasDue } from './restart-budget.js'
import { lastCauseInWords } from './restart-causes.js'
import { createRunFacts, RUN_FACT_STEPS, type RunFacts } from './run-facts.js'

/**
 * After the last fault the job finishes; in a recording, which may end before, it goes on: it completes another checkpoint and processes
 * another record. It may also end as FAILED once its restarts are used up, or as CANCELED when somebody asked (liveness L1, L7, L9). What
 * a recorded job failed of may be nothing to recover from.
 * @param waitsFor what a stuck job waits for, in words that go on behind others; asked only then
 */
export function progressVerdict(facts: RunFacts, waitsFor: () => string = () => ''): OracleVerdict {
  const { job, header } = facts
  // Beyond the budget a job may fail, or wait for ever for what does not come back.
  if (header.discipline === 'beyond-budget') return { verdict: 'holds', findings: [] }
  switch (job.status) {
    case 'FINISHED':
    case 'CANCELED':
      return { verdict: 'holds', findings: [] }
    case 'FAILED':
      return failedVerdict(facts)
    default:
      break
  }
  const records = job.lastRecord > job.lastFault
  const checkpoints = header.mode === 'off' || completedAfterFaults(job).length > 0
  if (records && checkpoints) {
    if (header.watchedUs === undefined) return { verdict: 'holds', findings: [] }
    return stuck(facts, `the job went on and never finished, although its input has an end${restartsInWords(job)}${waitsFor()}`)
  }
  const seen = `status ${job.status ?? 'unknown'}, ${records ? 'records' : 'no record'} and ${checkpoints ? 'a checkpoint' : 'no checkpoint'} after the last fault`
  if (header.origin !== 'recorded') return stuck(facts, `the job neither finished nor went on: ${seen}${restartsInWords(job)}${waitsFor()}`)
  return { verdict: 'undecided', findings: [], missing: `the history ends before the job does: ${seen}` }
}

function failedVerdict(facts: RunFacts): OracleVerdict {
  const { job, header } = facts
  if (budgetSpent(header, job)) return { verdict: 'holds', findings: [] }
  const { restarts, causes } = job
  const message = `the job FAILED after ${String(restarts)} of ${String(grantedRestarts(header))} restarts${lastCauseInWords(causes.next)}`
  if (header.origin !== 'recorded' || restartWasDue(header, job)) return stuck(facts, message, causes.next)
  return { verdict: 'undecided', findings: [], missing: `${message}: whether it could recover, and how many failures counted, is not told` }
}

/** @param cause of the end, which no restart follows any more; absent: of the last restart */
function stuck({ job }: RunFacts, message: string, cause = job.causes.last): OracleVerdict {
  const evidence = inOrder([job.lastFault, cause?.seq ?? 0, job.statusSeq])
  const finding: Finding = { anomaly: 'stuck', rule: 'progress', message, records: [], evidence }
  return { verdict: 'violated', findings: [finding] }
}

function restartsInWords({ restarts, causes }: JobFacts): string {
  return restarts === 0 ? '' : `; it restarted ${howMany(restarts, 'time')}${lastCauseInWords(causes.last)}`
}

/** The job goes on after the last fault. */
export const progress: Oracle<RunFacts> = {
  name: 'progress',
  init: createRunFacts,
  step: RUN_FACT_STEPS,
  verdict: (facts) => progressVerdict(facts),
}
