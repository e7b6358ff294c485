import type { RecordId } from '../history/index.js'
import type { Finding, Oracle } from './oracle.js'
import type { ObservedOutput } from './outputs.js'
import { broken, ruleVerdict } from './protocol-rule.js'
import { createRunFacts, RUN_FACT_STEPS, type RunFacts } from './run-facts.js'
import { lanesOf } from './timeline.js'
import type { Transaction } from './transactions.js'
import { writesOf } from './writes.js'

/** Where a transaction shows whole or not at all, nothing of it shows before somebody has committed it. */
export function visibilityFindings(facts: RunFacts): Finding[] {
  return facts.outputs.points.flatMap((point) => {
    if (!COMMITTED.has(point.at)) return []
    const uses = usesOf(facts, point.sink)
    return uses.size === 0 ? [] : [...uncommitted(point, uses), ...uncommittedWrites(facts, point, uses)]
  })
}

const COMMITTED = new Set(['read_committed', 'external-store', 'finished-files'])

/** A name may be used again: all uses of each transaction of the sink. */
type Uses = ReadonlyMap<string, readonly Transaction[]>

function usesOf({ transactions }: RunFacts, sink: string): Uses {
  const uses = new Map<string, Transaction[]>()
  for (const use of transactions.all) {
    if (use.vertex !== sink) continue
    const same = uses.get(use.name)
    if (same === undefined) uses.set(use.name, [use])
    else same.push(use)
  }
  return uses
}

/** Records of which the reader tells the transaction. */
function uncommitted(point: ObservedOutput, uses: Uses): Finding[] {
  const records: RecordId[] = []
  const evidence: number[] = []
  let name = ''
  let since = 0
  for (let at = 0; at < point.ids.length; at++) {
    const shown = point.transactions[at] ?? ''
    if (shown === '') continue
    if (shown !== name) {
      name = shown
      since = committedSince(uses.get(name) ?? [])
    }
    const seq = point.seqs[at] ?? 0
    if (since < seq) continue
    records.push(point.ids[at] ?? 0)
    evidence.push(seq, ...endsOf(uses.get(name) ?? []))
  }
  return findings(point, records, evidence)
}

/** Records of which the reader does not tell it, but the writer does. One whose writer did not either may be in any transaction. */
function uncommittedWrites({ timeline }: RunFacts, point: ObservedOutput, uses: Uses): Finding[] {
  if (!point.transactions.includes('')) return []
  const writes = writesOf(lanesOf(timeline, point.sink))
  const records: RecordId[] = []
  const evidence: number[] = []
  for (let at = 0; at < point.ids.length; at++) {
    if (point.transactions[at] !== '') continue
    const id = point.ids[at] ?? 0
    const names = (writes.get(id) ?? []).map((write) => write.log.transactions[write.at] ?? '')
    const seq = point.seqs[at] ?? 0
    if (names.length === 0 || names.some((name) => name === '' || committedSince(uses.get(name) ?? []) < seq)) continue
    records.push(id)
    evidence.push(seq, ...names.flatMap((name) => endsOf(uses.get(name) ?? [])))
  }
  return findings(point, records, evidence)
}

function findings(point: ObservedOutput, records: readonly RecordId[], evidence: readonly number[]): Finding[] {
  if (records.length === 0) return []
  const message = `${String(records.length)} records of ${point.sink} are visible (${point.at}) although nobody had committed their transaction`
  return [{ ...broken('visible-only-committed', message, evidence), records }]
}

/** What is known of transactions that should have been committed. */
function endsOf(uses: readonly Transaction[]): number[] {
  return uses.flatMap(({ preCommitted, aborted }) => [preCommitted, aborted])
}

/** From when on one of the uses may have been committed: from the first request that was not refused; Infinity when there is none. */
function committedSince(uses: readonly Transaction[]): number {
  let since = Infinity
  for (const { committed, requested, answered } of uses) {
    const first = requested[0]?.seq ?? Infinity
    const refused = answered.length >= requested.length && answered.every(({ result }) => result === 'aborted' || result === 'failed-known')
    if (committed > 0) since = Math.min(since, committed, first)
    else if (!refused) since = Math.min(since, first)
  }
  return since
}

/** Nothing of a transaction is visible before its commit. */
export const visibleOnlyCommitted: Oracle<RunFacts> = {
  name: 'visibility',
  init: createRunFacts,
  step: RUN_FACT_STEPS,
  verdict: (facts) => ruleVerdict(visibilityFindings(facts)),
}
