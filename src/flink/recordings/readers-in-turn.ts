import type { RecordedLine } from './recorded-line.js'
import { sourceOfTask } from './recording-shape.js'
import { makesGraph } from './task-parallelism.js'

/**
 * Readers that follow another within one attempt of their task: a hybrid source goes on from one source to the next, and its reader closes
 * the one that it has and makes another (`HybridSourceReader.setCurrentReader`). By the status lines of the task, which the JobManager
 * writes before it deploys the next attempt, that one has not ended in between.
 */
export class ReadersInTurn {
  /** Readers that follow another one, and how many went before them. */
  private readonly following = new Map<string, number>()
  private readonly followed = new Set<string>()

  /** @param lines the whole recording: what a reader closes is the end of its task or not, by what comes later */
  constructor(lines: readonly RecordedLine[]) {
    const turn: Turn = { running: new Map(), newest: new Map() }
    const seen = new Set<string>()
    for (const line of lines) {
      takeStatus(turn, line)
      if (!line.has('inc') || !BEGINS.has(line.ev)) continue
      const reader = readerOf(line)
      if (seen.has(reader)) continue
      seen.add(reader)
      this.add(turn, reader, placeOf(line.text('op'), line))
    }
  }

  /** The reader that a line speaks of goes on behind another one in the same attempt. */
  follows(line: RecordedLine): boolean {
    return this.following.has(readerOf(line))
  }

  /** How many readers went before it in its attempt. */
  turnOf(line: RecordedLine): number {
    return this.following.get(readerOf(line)) ?? 0
  }

  /** There are readers that follow another one. */
  get any(): boolean {
    return this.following.size > 0
  }

  /** Another one goes on behind the reader that a line speaks of: its end is not that of its task. */
  isFollowed(line: RecordedLine): boolean {
    return line.has('inc') && this.followed.has(readerOf(line))
  }

  private add({ running, newest }: Turn, reader: string, place: string): void {
    const before = newest.get(place)
    newest.set(place, reader)
    if (before === undefined || !running.has(place)) return
    this.following.set(reader, (this.following.get(before) ?? 0) + 1)
    this.followed.add(before)
  }
}

/** Name of the reader that a line speaks of. */
export function readerOf(line: RecordedLine): string {
  return `${line.text('op')}/${line.text('sub')}/${line.text('inc')}`
}

/** Subtasks of sources that run, with their attempts, and the newest reader of each since its attempt began. */
interface Turn {
  readonly running: Map<string, string>
  readonly newest: Map<string, string>
}

/** What a reader does first. */
const BEGINS: ReadonlySet<string> = new Set(['reader_start', 'reader_add', 'emit'])

const ENDED: ReadonlySet<string> = new Set(['CANCELED', 'FAILED', 'FINISHED'])

function takeStatus({ running, newest }: Turn, line: RecordedLine): void {
  if (makesGraph(line)) {
    running.clear()
    newest.clear()
  }
  const source = line.ev === 'task_state' ? sourceOfTask(line.text('task')) : undefined
  if (source === undefined) return
  const place = placeOf(source, line)
  const attempt = line.text('att')
  if (ENDED.has(line.text('to')) || (running.get(place) ?? attempt) !== attempt) newest.delete(place)
  if (ENDED.has(line.text('to'))) running.delete(place)
  else running.set(place, attempt)
}

function placeOf(source: string, line: RecordedLine): string {
  return `${source}/${line.text('sub')}`
}
