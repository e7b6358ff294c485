import type { RecordId } from '../history/index.js'
import { whyStateUnidentified, whyUnidentified } from './determinism.js'
import { inOrder } from './evidence.js'
import { howMany, howManyWere } from './how-many.js'
import { GUARANTEES, type Guarantee, refutes } from './anomalies.js'
import { type Flow, flowsOf, missingRecords } from './flow.js'
import { finished } from './job-facts.js'
import { sourcesOf } from './operator-shapes.js'
import type { AnomalyName, Finding, Oracle, OracleVerdict } from './oracle.js'
import { createRunFacts, RUN_FACT_STEPS, type RunFacts } from './run-facts.js'
import { accountedFor, allRead, unaccounted } from './source-records.js'
import { lanesOf, type VertexLanes } from './timeline.js'

/**
 * Operator state against the records that made it, in the timeline that survived: every record absorbed once (exactly-once), at
 * least once, or at most once. Identity decides; running counts, where the history has them, must agree with it.
 */

/** What is wrong with the state of the stateful operators at the end of the history. */
export function stateFindings(facts: RunFacts): Finding[] {
  const findings: Finding[] = []
  for (const flow of flowsOf(facts.header, facts.timeline)) {
    if (facts.header.operators.find((operator) => operator.name === flow.consumer.name)?.stateful !== true) continue
    if (whyUnidentified(facts.header, flow.consumer.name) !== undefined) continue
    const absorbed = foldState(flow.consumer)
    if (absorbed.repeated.length > 0) findings.push(repeatedFinding(flow.consumer.name, absorbed))
    findings.push(...countFindings(flow.consumer.name, absorbed))
    if (finished(facts.job)) findings.push(...missingFindings(flow, facts), ...unreadFindings(flow, facts))
  }
  return findings
}

/** Why nothing final can be said about loss; undefined when it can. */
export function stateMissing(facts: RunFacts): string | undefined {
  const stateful = facts.header.operators.some((operator) => operator.stateful === true)
  if (!stateful) return 'the job keeps no state that the history shows'
  return finished(facts.job) || facts.header.discipline === 'beyond-budget'
    ? undefined
    : 'the job did not finish: what was still to come cannot be called lost'
}

/** Records absorbed in the lanes of one operator that still count. */
interface Absorbed {
  readonly repeated: RecordId[]
  readonly repeatedSeqs: number[]
  /** Per key: how many records, the newest count said, and the `seq` of the event that said it. */
  readonly byKey: Map<string, KeyCount>
}

interface KeyCount {
  records: number
  count: number
  seq: number
}

function foldState(vertex: VertexLanes): Absorbed {
  const absorbed: Absorbed = { repeated: [], repeatedSeqs: [], byKey: new Map() }
  const keyOf = new Map<RecordId, string>()
  const furtherKeys = new Set<string>()
  for (const lane of vertex.lanes) {
    const { ids, keys, counts, seqs } = lane.applied
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at] ?? 0
      const key = keys[at] ?? ''
      const again = !firstUnderKey(keyOf, furtherKeys, id, key)
      const seq = seqs[at] ?? 0
      if (again) {
        absorbed.repeated.push(id)
        absorbed.repeatedSeqs.push(seq)
      }
      takeCount(absorbed, key, again ? 0 : 1, counts[at] ?? -1, seq)
    }
  }
  return absorbed
}

/** Notes a record under a key; false when it was there. A record may be absorbed under several keys (sliding windows). */
function firstUnderKey(keyOf: Map<RecordId, string>, furtherKeys: Set<string>, id: RecordId, key: string): boolean {
  const first = keyOf.get(id)
  if (first === undefined) {
    keyOf.set(id, key)
    return true
  }
  if (first === key) return false
  const further = `${String(id)} ${key}`
  if (furtherKeys.has(further)) return false
  furtherKeys.add(further)
  return true
}

function takeCount(absorbed: Absorbed, key: string, records: number, count: number, seq: number): void {
  const entry = absorbed.byKey.get(key)
  if (entry === undefined) {
    absorbed.byKey.set(key, { records, count, seq })
    return
  }
  entry.records += records
  if (seq > entry.seq) {
    entry.seq = seq
    entry.count = count
  }
}

function repeatedFinding(operator: string, absorbed: Absorbed): Finding {
  return {
    anomaly: 'duplicated',
    rule: 'state-exactly-once',
    message: `${howManyWere(absorbed.repeated.length, 'record')} absorbed again in the state of ${operator}`,
    records: absorbed.repeated,
    evidence: inOrder(absorbed.repeatedSeqs),
  }
}

/** One finding each for counts that are wrong, too low (something is lost), or too high with nothing absorbed again. */
function countFindings(operator: string, absorbed: Absorbed): Finding[] {
  const wrong = [...absorbed.byKey].filter(([, { records, count }]) => count >= 0 && count !== records)
  const findings: Finding[] = []
  addCounts(findings, 'wrong-state', operator, wrong)
  addCounts(
    findings,
    'lost',
    operator,
    wrong.filter(([, { records, count }]) => count < records),
  )
  if (absorbed.repeated.length === 0) {
    addCounts(
      findings,
      'duplicated',
      operator,
      wrong.filter(([, { records, count }]) => count > records),
    )
  }
  return findings
}

function addCounts(findings: Finding[], anomaly: AnomalyName, operator: string, wrong: readonly [string, KeyCount][]): void {
  const [first] = wrong
  if (first === undefined) return
  const [key, { count, records }] = first
  const message = `${operator} has wrong counts for ${howMany(wrong.length, 'key')}, such as ${String(count)} for key ${key}, which ${howMany(records, 'record')} should make up`
  findings.push({
    anomaly,
    rule: 'state-exactly-once',
    message,
    records: [],
    count: wrong.length,
    evidence: inOrder(wrong.map(([, { seq }]) => seq)),
  })
}

function missingFindings(flow: Flow, facts: RunFacts): Finding[] {
  const missing = missingRecords(flow, facts.timeline)
  if (missing.length === 0) return []
  const { name } = flow.consumer
  return [
    {
      anomaly: 'lost',
      rule: 'state-at-least-once',
      message: `${String(missing.length)} records sent to ${name} are not in its state and did not end on purpose`,
      records: missing.map(([id]) => id),
      evidence: inOrder(missing.map(([, seq]) => seq)),
    },
  ]
}

/** Records that the sources did not emit, or not again after a recovery had taken them back. */
function unreadFindings({ consumer: { name } }: Flow, facts: RunFacts): Finding[] {
  if (allRead(facts)) return []
  const { timeline, header } = facts
  const emitted = [...sourcesOf(header, name)].flatMap((source) => lanesOf(timeline, source).lanes.flatMap((lane) => lane.emitted.ids))
  const { ids, unseen } = unaccounted(facts, name, accountedFor(facts, name, emitted))
  const count = ids.size + unseen
  if (count === 0) return []
  const message = `${String(count)} records of the sources never came to ${name}: they were not emitted in the timeline that survived`
  return [{ anomaly: 'lost', rule: 'state-at-least-once', message, records: [...ids.keys()], count, evidence: inOrder([...ids.values()]) }]
}

/** The verdict on one guarantee of state, from what was found. */
export function stateVerdict(facts: RunFacts, guarantee: Guarantee): OracleVerdict {
  const findings = stateFindings(facts).filter((finding) => refutes(finding.anomaly, guarantee))
  if (findings.length > 0) return { verdict: 'violated', findings }
  const missing = whyStateUnidentified(facts.header) ?? (guarantee === 'at-most-once' ? undefined : stateMissing(facts))
  return missing === undefined ? { verdict: 'holds', findings } : { verdict: 'undecided', findings, missing }
}

/** The oracles of operator state, by guarantee. */
export const STATE_ORACLES: readonly Oracle<RunFacts>[] = GUARANTEES.map((guarantee) => ({
  name: `state-${guarantee}`,
  init: createRunFacts,
  step: RUN_FACT_STEPS,
  verdict: (facts) => stateVerdict(facts, guarantee),
}))
