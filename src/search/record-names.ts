import type { HistoryEvent, RecordId } from '../history/index.js'

/** Names of records that a reader can find in the input: split and offset, or what a record was made of. */
export class RecordNames {
  private readonly sources = new Map<RecordId, string>()
  private readonly made = new Map<RecordId, { readonly by: string; readonly causes: readonly RecordId[] }>()

  constructor(history: readonly HistoryEvent[]) {
    for (const event of history) {
      if (event.kind === 'source-emit') {
        const key = event.key === undefined ? '' : ` (key ${event.key})`
        this.sources.set(event.id, `${event.split}:${String(event.offset)}${key}`)
      } else if (event.kind === 'emit') {
        this.made.set(event.id, { by: event.vertex, causes: event.causes })
      }
    }
  }

  /** The name of a record; that of one nobody emitted is its identity. */
  of(id: RecordId): string {
    const source = this.sources.get(id)
    if (source !== undefined) return source
    const made = this.made.get(id)
    if (made === undefined) return `record ${String(id)}`
    const from = [...this.sourcesOf(id)]
    const more = from.length > MOST_CAUSES ? ` and ${String(from.length - MOST_CAUSES)} more` : ''
    return `${made.by}'s record of ${from.slice(0, MOST_CAUSES).join(', ')}${more}`
  }

  private sourcesOf(id: RecordId): Set<string> {
    const names = new Set<string>()
    // A set that grows while it is walked is walked to its new end.
    const open = new Set([id])
    for (const each of open) {
      const source = this.sources.get(each)
      if (source !== undefined) names.add(source)
      else for (const cause of this.made.get(each)?.causes ?? []) open.add(cause)
    }
    return names
  }
}

/** Causes of a record that its name shows. */
const MOST_CAUSES = 3
