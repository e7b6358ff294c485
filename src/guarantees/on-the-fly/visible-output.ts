import type { DeliveryPromise, HistoryFact } from '../../history/index.js'
import type { SmallOracle } from './small-oracle.js'
import { putSorted, valueAt, type SortedEntries } from './sorted-entries.js'

/** What one sink owes at one observation point. */
export interface ExpectedOutput {
  readonly sink: string
  readonly at: string
  /** What is claimed there; undefined: nothing, it is only looked at. */
  readonly guarantee: DeliveryPromise['guarantee'] | undefined
  /** Identities of the records that a run without faults makes visible. */
  readonly records: readonly string[]
}

/** Records that were seen. A second sight leaves no trace: it is wrong, or it may be. */
export interface VisibleOutput {
  /** Key and count by `sink point identity`; null where records may come twice, because then they may differ. */
  readonly seen: SortedEntries<string | null>
  finished: boolean
  wrong: string | null
}

/**
 * Visible records by identity: none twice, none that no record explains, and none missing once the job has FINISHED.
 * @param repeated told of each record that is seen again where that may be
 */
export function visibleOutput(expected: readonly ExpectedOutput[], repeated?: () => void): SmallOracle<VisibleOutput> {
  return {
    init: () => ({ seen: [], finished: false, wrong: null }),
    step(state, fact) {
      if (fact.kind === 'visible') see(state, fact)
      else if (fact.kind === 'job-status') state.finished = fact.status === 'FINISHED'
    },
    verdict(state, terminal) {
      if (state.wrong !== null) return state.wrong
      return terminal && state.finished ? missing(state, expected) : undefined
    },
  }

  function see(state: VisibleOutput, fact: Extract<HistoryFact, { kind: 'visible' }>): void {
    const { vertex: sink, at, key = '', count } = fact
    const owed = expected.find((each) => each.sink === sink && each.at === at)
    if (owed?.guarantee === undefined || owed.guarantee === 'none') return
    const id = String(fact.id)
    const name = nameOf(sink, at, id)
    const again = valueAt(state.seen, name) !== undefined
    const once = owed.guarantee !== 'at-least-once'
    if (!again) putSorted(state.seen, name, !once ? null : count === undefined ? key : `${key}=${String(count)}`)
    if (!owed.records.includes(id)) state.wrong ??= `phantom: record ${id} of ${sink} is visible (${at}) and no source record explains it`
    else if (again && once) state.wrong ??= `duplicated: record ${id} of ${sink} is visible twice (${at})`
    else if (again) repeated?.()
  }
}

function missing(state: VisibleOutput, expected: readonly ExpectedOutput[]): string | undefined {
  for (const { sink, at, guarantee, records } of expected) {
    if (guarantee !== 'exactly-once' && guarantee !== 'at-least-once') continue
    const lost = records.filter((id) => valueAt(state.seen, nameOf(sink, at, id)) === undefined)
    if (lost.length > 0) return `lost: the job has FINISHED and record ${lost.join(', ')} of ${sink} is not visible (${at})`
  }
  return undefined
}

function nameOf(sink: string, at: string, id: string): string {
  return `${sink} ${at} ${id}`
}

/** What is visible where records come once, as one line: equal for equal outputs. */
export function outputInWords({ seen }: VisibleOutput): string {
  return seen
    .filter(([, content]) => content !== null)
    .map(([name, content]) => (content === '' ? name : `${name}: ${String(content)}`))
    .join('; ')
}
