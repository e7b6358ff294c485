import type { History, HistoryEvent, OperatorShape } from '../../src/history/index.js'
import type { RecordedScenario } from './recorded-scenario.js'

/**
 * The recorded jobs wrote down what their own operators saw; Flink's connectors tell less. What a recording of this sink cannot show is
 * taken out of the simulated history, too, so that both are asked the same questions.
 */
export function asRecorded({ sink }: Pick<RecordedScenario, 'sink'>, { header, events }: History): History {
  const hidden = HIDDEN[sink]
  if (hidden === undefined) return { header, events }
  const roles = new Map(header.operators.map(({ name, role }) => [name, role]))
  return { header, events: events.filter((event) => !isHidden(event, hidden, roles)) }
}

/** What the recordings of a sink do not show. */
interface Hidden {
  readonly kinds: ReadonlySet<HistoryEvent['kind']>
  /** Operators whose life (restore, snapshot, close) is not shown. */
  readonly operators: ReadonlySet<OperatorShape['role']>
}

const HIDDEN: Readonly<Partial<Record<RecordedScenario['sink'], Hidden>>> = {
  // KafkaSource and KafkaSink are Flink's own: only the writer's snapshots and the committer's calls are seen.
  kafka: {
    kinds: new Set([
      'abort',
      'transaction-begun',
      'checkpoint-notified',
      'split-assigned',
      'split-returned',
      'split-added',
      'end-of-input',
    ]),
    operators: new Set(['source', 'operator', 'committer']),
  },
  // So is FileSink: what it does with its files is seen only in the end.
  file: {
    kinds: new Set(['transaction-begun', 'pre-commit', 'commit-requested', 'commit', 'abort']),
    operators: new Set(['sink', 'committer']),
  },
}

function isHidden(event: HistoryEvent, { kinds, operators }: Hidden, roles: ReadonlyMap<string, OperatorShape['role']>): boolean {
  if (kinds.has(event.kind)) return true
  switch (event.kind) {
    case 'restore':
    case 'snapshot-taken':
    case 'snapshot-durable':
    case 'closed':
      return operators.has(roles.get(event.vertex) ?? 'operator')
    default:
      return false
  }
}
