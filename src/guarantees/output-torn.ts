import { behindWhatIsLeftOpen } from './held-up-readers.js'
import { terminal } from './job-facts.js'
import type { Finding } from './oracle.js'
import type { SinkOutput } from './sink-output.js'

/** Points at which a transaction shows whole or not at all. */
const ATOMIC = new Set(['read_committed', 'external-store', 'finished-files'])

/** Committed transactions of which the reader saw a part only. */
export function tornOutput(output: SinkOutput): Finding[] {
  const { point, facts } = output
  if (!ATOMIC.has(point.at) || !terminal(facts.job)) return []
  const findings: Finding[] = []
  const heldUp = point.at === 'read_committed' ? behindWhatIsLeftOpen(facts, point.sink) : new Set()
  for (const transaction of facts.transactions.all) {
    if (transaction.vertex !== point.sink || transaction.committed === 0) continue
    const missing = transaction.ids.filter((id) => !output.seen.has(id) && !heldUp.has(id))
    if (missing.length === 0 || missing.length === transaction.ids.length) continue
    findings.push({
      anomaly: 'torn-commit',
      rule: 'output-exactly-once',
      message: `${String(missing.length)} of ${String(transaction.ids.length)} records of the committed transaction ${transaction.name} are not visible (${point.at})`,
      records: missing,
      evidence: [transaction.committed],
    })
  }
  return findings
}
