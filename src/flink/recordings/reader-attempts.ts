import type { AttemptNumbers } from './attempt-numbers.js'
import { readerOf, type ReadersInTurn } from './readers-in-turn.js'
import { sourceOfTask } from './recording-shape.js'
import type { RecordedLine } from './recorded-line.js'

/**
 * Attempts of source readers. A reader's lines tell how often a reader of that subtask was made in the whole recording (`inc`), not
 * the attempt of its task. Within one job the first reader belongs to attempt 0 and every further one to a later attempt: the next,
 * or the one that the task's own status lines have reached by then (an attempt may end before it makes its reader), and one of those that
 * the JobManager of the time counts. Only one that follows another in its attempt belongs to that.
 */
export class ReaderAttempts {
  private readonly attempts = new Map<string, number>()
  /** The attempt of the newest reader of each subtask of a source, and the one that its task has reached. */
  private readonly last = new Map<string, number>()
  private readonly reached = new Map<string, number>()

  constructor(
    private readonly numbers: AttemptNumbers,
    private readonly turns: ReadersInTurn,
  ) {}

  /** A new job: attempts count from 0 again. */
  startJob(): void {
    this.last.clear()
    this.reached.clear()
  }

  /** Takes in a status line of a source's task, and the attempt that it is of. */
  taskStatus(line: RecordedLine, attempt: number): void {
    const source = sourceOfTask(line.text('task'))
    if (source !== undefined) this.reached.set(subtaskOf(source, line), attempt)
  }

  /** The attempt of the reader that a line speaks of. */
  of(line: RecordedLine): number {
    const subtask = subtaskOf(line.text('op'), line)
    const reader = readerOf(line)
    let attempt = this.attempts.get(reader)
    if (attempt === undefined) {
      const last = this.last.get(subtask) ?? -1
      attempt = this.turns.follows(line) ? last : Math.max(last + 1, this.reached.get(subtask) ?? 0, this.numbers.least)
      this.attempts.set(reader, attempt)
      this.last.set(subtask, attempt)
    }
    return attempt
  }
}

function subtaskOf(source: string, line: RecordedLine): string {
  return `${source}/${line.text('sub')}`
}
