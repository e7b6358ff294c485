import type { EventOf, RecordId } from '../history/index.js'
import type { Finding, Oracle } from './oracle.js'
import { broken, ruleVerdict } from './protocol-rule.js'

/**
 * What the outside shows is what was written, to the last member of its value. Keys and counts are compared by `output-content`; a record
 * that was never written at all is a phantom, which the claims of output judge.
 */
export interface OutputValues {
  /** Per sink and record: what was written of it, once for each transaction, by any attempt: what recoveries took back may be visible. */
  readonly writes: Map<string, Map<RecordId, Written[]>>
  /** Per sink and place where it is looked at. */
  readonly strange: Map<string, { readonly records: RecordId[]; readonly evidence: number[] }>
}

interface Written {
  readonly digest: number
  readonly transaction: string | undefined
  readonly seq: number
}

/** Readers see the values that were written. */
export const outputValues: Oracle<OutputValues> = {
  name: 'output-values',
  init: () => ({ writes: new Map(), strange: new Map() }),
  step: {
    'sink-write': (state, { vertex, id, digest, transaction, seq }) => {
      if (digest === undefined) return
      let writes = state.writes.get(vertex)
      if (writes === undefined) state.writes.set(vertex, (writes = new Map<RecordId, Written[]>()))
      const known = writes.get(id)
      if (known === undefined) writes.set(id, [{ digest, transaction, seq }])
      else if (!known.some((write) => write.digest === digest && write.transaction === transaction))
        known.push({ digest, transaction, seq })
    },
    visible: (state, event) => {
      const written = event.digest === undefined ? undefined : state.writes.get(event.vertex)?.get(event.id)
      if (written !== undefined && !written.some((write) => isShown(write, event))) noteStrange(state, event, written)
    },
  },
  verdict: ({ strange }) => ruleVerdict([...strange].map(([where, { records, evidence }]) => finding(where, records, evidence))),
}

/** Who does not tell the transaction may have meant any. */
function isShown({ digest, transaction }: Written, shown: EventOf<'visible'>): boolean {
  const sameTransaction = transaction === undefined || shown.transaction === undefined || transaction === shown.transaction
  return digest === shown.digest && sameTransaction
}

function noteStrange({ strange }: OutputValues, { vertex, at, id, seq }: EventOf<'visible'>, written: readonly Written[]): void {
  const where = `${vertex} are visible (${at})`
  const known = strange.get(where) ?? { records: [], evidence: [] }
  strange.set(where, known)
  known.records.push(id)
  known.evidence.push(...written.map((write) => write.seq), seq)
}

function finding(where: string, records: RecordId[], evidence: readonly number[]): Finding {
  const message = `${String(records.length)} records of ${where} with a value that was not written`
  return { ...broken('output-content', message, evidence), records }
}
