import type { Finding } from '../../guarantees/index.js'
import type { HistoryEvent, RecordId } from '../../history/index.js'
import { runExperiment } from '../experiment.js'
import { kindOf, sightingsOf } from '../sighting.js'
import type { Shown } from './pass.js'

/** A record of a source. */
export interface SourceRecord {
  readonly vertex: string
  readonly split: string
  readonly offset: number
}

/** Records of a finding that are followed to their sources. */
const MOST_FOLLOWED = 4

/** The source records that the anomaly of a run is about: a first guess of those that it takes. Runs it once more, for its history. */
export function concernedRecords({ experiment, kind }: Shown): readonly SourceRecord[] {
  const { verdict, history } = runExperiment(experiment, { keepHistory: true })
  if (verdict === undefined) return []
  const sighting = sightingsOf(verdict, experiment.scenario.claims(experiment.mode)).find((each) => kindOf(each) === kind)
  return sighting === undefined ? [] : sourcesOf(history, idsOf(history, sighting.finding))
}

/** What a finding names: records, or transactions with what was written into them. */
function idsOf(history: readonly HistoryEvent[], { records, evidence }: Finding): readonly RecordId[] {
  const proof = new Set(evidence)
  const events = history.filter(({ seq }) => proof.has(seq))
  const transactions = new Set(
    events.flatMap((event) => ('transaction' in event && event.transaction !== undefined ? [event.transaction] : [])),
  )
  const written = history.flatMap((event) =>
    event.kind === 'sink-write' && event.transaction !== undefined && transactions.has(event.transaction) ? [event.id] : [],
  )
  const told = events.flatMap((event) => ('id' in event ? [event.id] : []))
  return [...new Set([...records, ...told, ...written])].slice(0, MOST_FOLLOWED)
}

function sourcesOf(history: readonly HistoryEvent[], ids: readonly RecordId[]): SourceRecord[] {
  const causes = new Map(history.flatMap((event) => (event.kind === 'emit' ? [[event.id, event.causes] as const] : [])))
  // A set that grows while it is walked is walked to its new end.
  const open = new Set(ids)
  for (const id of open) for (const cause of causes.get(id) ?? []) open.add(cause)
  const found = new Map<RecordId, SourceRecord>()
  for (const event of history) {
    if (event.kind !== 'source-emit' || !open.has(event.id)) continue
    found.set(event.id, { vertex: event.vertex, split: event.split, offset: event.offset })
  }
  return [...found.values()]
}
