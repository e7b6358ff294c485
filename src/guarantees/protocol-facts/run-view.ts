import type { EventOf, HistoryEvent, HistoryHeader, HistoryKind, OperatorShape } from '../../history/index.js'

/** What a fact asks of a subtask's attempt; attempts of different jobs of one history differ. */
interface Attempt {
  readonly vertex: string
  readonly subtask: number
  readonly attempt: number
  readonly seq: number
}

/** A history, looked at by kinds of events, by jobs and by what its operators do. */
export class RunView {
  private readonly byKind = new Map<string, HistoryEvent[]>()
  /** `seq` of the first event of each job. */
  private readonly jobs: readonly number[]
  private readonly roles: ReadonlyMap<string, OperatorShape['role']>

  constructor(
    readonly header: HistoryHeader,
    readonly events: readonly HistoryEvent[],
  ) {
    for (const event of events) {
      const known = this.byKind.get(event.kind)
      if (known === undefined) this.byKind.set(event.kind, [event])
      else known.push(event)
    }
    const starts = this.of('job-status').flatMap(({ status, seq }) => (status === 'CREATED' ? [seq] : []))
    this.jobs = starts.length === 0 ? [1] : starts
    this.roles = new Map(header.operators.map(({ name, role }) => [name, role]))
  }

  /** All events of a kind, in order. */
  of<K extends HistoryKind>(kind: K): readonly EventOf<K>[] {
    const events = this.byKind.get(kind)
    return events !== undefined && areOf(events, kind) ? events : []
  }

  /** What an operator does; undefined for names of tasks and for operators that the header does not know. */
  role(vertex: string): OperatorShape['role'] | undefined {
    return this.roles.get(vertex)
  }

  /** Number of the job, from 1, that an event belongs to. */
  job(seq: number): number {
    return this.jobs.filter((start) => start <= seq).length
  }

  /** `seq` at which each job begins. */
  get jobStarts(): readonly number[] {
    return this.jobs
  }

  /** Attempts in the order of a subtask's life, over all jobs. */
  life({ attempt, seq }: Pick<Attempt, 'attempt' | 'seq'>): number {
    return this.job(seq) * ATTEMPTS_PER_JOB + attempt
  }

  /** Name of an attempt of an operator or a task. */
  attemptName(event: Attempt): string {
    return `${event.vertex}/${String(event.subtask)}/${String(this.life(event))}`
  }

  /** The first event of a kind with `seq` after the given one. */
  firstAfter<K extends HistoryKind>(kind: K, seq: number): EventOf<K> | undefined {
    return this.of(kind).find((event) => event.seq > seq)
  }
}

/** Events are kept by kind: the first speaks for all. */
function areOf<K extends HistoryKind>(events: readonly HistoryEvent[], kind: K): events is readonly EventOf<K>[] {
  return events[0]?.kind === kind
}

/** More than any job makes. */
const ATTEMPTS_PER_JOB = 1_000_000

/** Value of a fact of which a history shows nothing. */
export const NOTHING = '–'

/** How often something was so: of all times that it could be. */
export function tally(answers: readonly boolean[]): string {
  if (answers.length === 0) return NOTHING
  if (answers.every((answer) => answer)) return 'always'
  return answers.some((answer) => answer) ? 'sometimes' : 'never'
}

/** A set of names, in order. */
export function names(values: Iterable<string>): string {
  const sorted = [...new Set(values)].sort()
  return sorted.length === 0 ? NOTHING : sorted.join(' + ')
}

/** Whether something was seen. */
export function seen(answer: boolean): string {
  return answer ? 'yes' : 'no'
}
