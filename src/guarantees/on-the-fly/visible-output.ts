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

/** Records that were seen, by `sink at identity`: what they held, and whether one came twice. */
export interface VisibleOutput {
  readonly seen: SortedEntries<Seen>
  finished: boolean
  wrong: string | null
}

interface Seen {
  /** Key and count of each sight, sorted, so that a repetition with another content is another output. */
  readonly contents: string[]
}

/** More sights of one record are counted as this many: the search would have no end. */
const MOST_SIGHTS = 3

/** Visible records by identity: none twice, none that no record explains, and none missing once the job has FINISHED. */
export function visibleOutput(expected: readonly ExpectedOutput[]): SmallOracle<VisibleOutput> {
  return {
    init: () => ({ seen: [], finished: false, wrong: null }),
    step(state, fact) {
      if (fact.kind === 'visible') see(state, expected, fact)
      else if (fact.kind === 'job-status') state.finished = fact.status === 'FINISHED'
    },
    verdict(state, terminal) {
      if (state.wrong !== null) return state.wrong
      return terminal && state.finished ? missing(state, expected) : undefined
    },
  }
}

function see(state: VisibleOutput, expected: readonly ExpectedOutput[], fact: Extract<HistoryFact, { kind: 'visible' }>): void {
  const { vertex: sink, at, id, key = '', count } = fact
  const owed = expected.find((each) => each.sink === sink && each.at === at)
  const name = nameOf(sink, at, String(id))
  const before = valueAt(state.seen, name)?.contents ?? []
  const contents = [...before, count === undefined ? key : `${key}=${String(count)}`].sort()
  if (contents.length <= MOST_SIGHTS) putSorted(state.seen, name, { contents })
  if (owed?.guarantee === undefined || owed.guarantee === 'none') return
  if (!owed.records.includes(String(id)))
    state.wrong ??= `phantom: record ${String(id)} of ${sink} is visible (${at}) and no source record explains it`
  else if (before.length > 0 && owed.guarantee !== 'at-least-once')
    state.wrong ??= `duplicated: record ${String(id)} of ${sink} is visible twice (${at})`
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

/** Whether a record is visible more than once, of those whose name (`sink point identity`) counts. */
export function showsDuplicates({ seen }: VisibleOutput, counts: (name: string) => boolean): boolean {
  return seen.some(([name, { contents }]) => contents.length > 1 && counts(name))
}

/** What is visible, as one line: equal for equal outputs. */
export function outputInWords({ seen }: VisibleOutput, counts: (name: string) => boolean): string {
  return seen
    .filter(([name]) => counts(name))
    .map(([name, { contents }]) => `${name}: ${contents.join(' ')}`)
    .join('; ')
}
