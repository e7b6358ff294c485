import type { RecordedLine } from './recorded-line.js'
import type { RecordingShape } from './recording-shape.js'

/**
 * The source that a line of a coordinator is about, for such lines do not name it. Of several sources it is the one whose readers get the
 * split, if the names of splits tell them apart. What all coordinators are told of a checkpoint is told once for each.
 */
export class SourceOfLine {
  private readonly sources: readonly string[]
  private readonly bySplit: ReadonlyMap<string, string | undefined>
  /** How often coordinators of the current job were told of each checkpoint. */
  private readonly told = new Map<string, number>()

  constructor({ operators }: RecordingShape, lines: readonly RecordedLine[]) {
    this.sources = operators.filter(({ role }) => role === 'source').map(({ name }) => name)
    this.bySplit = this.sources.length > 1 ? sourcesOfSplits(lines) : new Map()
  }

  /** A new job: checkpoints count from 1 again. */
  startJob(): void {
    this.told.clear()
  }

  has(operator: string): boolean {
    return this.sources.includes(operator)
  }

  /** Whose coordinator hands out a split; undefined when nothing tells which of several. */
  ofSplit(line: RecordedLine, split: string): string | undefined {
    return line.optionalText('op') ?? (this.sources.length > 1 ? this.bySplit.get(split) : this.first())
  }

  /** Whose coordinator is told of a checkpoint. */
  ofNotification(line: RecordedLine): string {
    const named = line.optionalText('op')
    if (named !== undefined || this.sources.length < 2) return named ?? this.first()
    const name = `${line.ev}/${line.text('cp')}`
    const times = this.told.get(name) ?? 0
    this.told.set(name, times + 1)
    return this.sources[Math.min(times, this.sources.length - 1)] ?? this.first()
  }

  private first(): string {
    return this.sources[0] ?? 'Source'
  }
}

/** The source whose readers get a split, by its name; undefined where several do. */
export function sourcesOfSplits(lines: readonly RecordedLine[]): ReadonlyMap<string, string | undefined> {
  const sources = new Map<string, string | undefined>()
  for (const line of lines) {
    if (line.ev !== 'reader_add' && line.ev !== 'reader_start') continue
    const source = line.text('op')
    for (const [split] of line.splits('splits')) {
      sources.set(split, sources.has(split) && sources.get(split) !== source ? undefined : source)
    }
  }
  return sources
}
