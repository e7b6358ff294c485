import type { EventOf, HistoryEvent, HistoryHeader, RecordId } from '../../history/index.js'

/** What the snapshots of one completed checkpoint hold together. */
interface Cut {
  readonly offsets: Map<string, number>
  readonly counts: Map<string, number>
}

/**
 * The strongest checkpointing mode that the completed checkpoints of a history are consistent with, when nobody tells it. Aligned
 * barriers cut exactly: every key has counted what the sources had emitted. Unaligned ones leave records in the channels, so that less
 * is counted. At-least-once counts more than the sources had emitted.
 */
export function observedMode(events: readonly HistoryEvent[]): HistoryHeader['mode'] {
  if (!events.some((event) => event.kind === 'checkpoint-triggered')) return 'off'
  const differences = differencesOfCuts(events)
  if (differences.some((difference) => difference < 0)) return 'at-least-once'
  return differences.some((difference) => difference > 0) ? 'unaligned' : 'aligned'
}

/** Per completed checkpoint and key: records emitted before the source's offsets, less those counted. */
function differencesOfCuts(events: readonly HistoryEvent[]): number[] {
  const keys = keysOfRecords(events)
  let cuts = new Map<number, Cut>()
  const differences: number[] = []
  for (const event of events) {
    if (event.kind === 'job-status' && event.status === 'CREATED') cuts = new Map()
    else if (event.kind === 'snapshot-taken') addSnapshot(cuts, event)
    else if (event.kind === 'checkpoint-completed') differences.push(...differencesOf(cuts.get(event.checkpoint), keys))
  }
  return differences
}

interface RecordsOfSplit {
  /** Key of the record at each offset. */
  readonly keys: string[]
}

function keysOfRecords(events: readonly HistoryEvent[]): Map<string, RecordsOfSplit> {
  const splits = new Map<string, RecordsOfSplit>()
  const seen = new Set<RecordId>()
  for (const event of events) {
    if (event.kind !== 'source-emit' || event.key === undefined || seen.has(event.id)) continue
    seen.add(event.id)
    const split = splits.get(event.split) ?? { keys: [] }
    split.keys[event.offset] = event.key
    splits.set(event.split, split)
  }
  return splits
}

function addSnapshot(cuts: Map<number, Cut>, event: EventOf<'snapshot-taken'>): void {
  const cut: Cut = cuts.get(event.checkpoint) ?? { offsets: new Map(), counts: new Map() }
  cuts.set(event.checkpoint, cut)
  for (const [split, next] of event.content?.offsets ?? []) cut.offsets.set(split, next)
  for (const [key, count] of event.content?.counts ?? []) cut.counts.set(key, (cut.counts.get(key) ?? 0) + count)
}

function differencesOf(cut: Cut | undefined, splits: ReadonlyMap<string, RecordsOfSplit>): number[] {
  if (cut === undefined || cut.offsets.size < splits.size || cut.counts.size === 0) return []
  const differences = new Map<string, number>([...cut.counts].map(([key, count]) => [key, -count]))
  for (const [split, next] of cut.offsets) {
    for (const key of splits.get(split)?.keys.slice(0, next) ?? []) differences.set(key, (differences.get(key) ?? 0) + 1)
  }
  return [...differences.values()]
}
