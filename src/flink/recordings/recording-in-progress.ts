import type { HistoryEvent, HistoryFact, JobStatus, Where } from '../../history/index.js'
import { AttemptNumbers } from './attempt-numbers.js'
import { linesOfOutlived } from './outlived-attempts.js'
import { ReaderAttempts } from './reader-attempts.js'
import { ReadersInTurn } from './readers-in-turn.js'
import type { RecordedLine } from './recorded-line.js'
import type { RecordingShape } from './recording-shape.js'
import { SourceOfLine } from './source-of-line.js'
import { parallelismOfTasks } from './task-parallelism.js'
import { TransactionNames } from './transaction-names.js'

/** How one type of line becomes events. */
export type LineMapping = (recording: RecordingInProgress, line: RecordedLine) => void

/** A recording while its lines become events: what has been made so far, and what later lines need of earlier ones. */
export class RecordingInProgress {
  readonly events: HistoryEvent[] = []
  /** The recording's own number of the line that each event comes from. */
  readonly sources: number[] = []
  /** Types of lines that nothing is known about, with the first line of each. */
  readonly unknown = new Map<string, number>()
  readonly transactions: TransactionNames
  /** Of what is initialised, where it is known. */
  readonly parallelisms: ReadonlyMap<RecordedLine, number>
  readonly attempts = new AttemptNumbers()
  private readonly outlived: ReadonlySet<RecordedLine>
  /** Operators whose attempts say when they begin. */
  private readonly initialised: ReadonlySet<string>
  readonly sourceOf: SourceOfLine
  readonly turns: ReadersInTurn
  readonly readers: ReaderAttempts
  /** What a reader got before it started, by reader; undefined once it has started. */
  readonly beforeStart = new Map<string, SplitsOfReader | undefined>()
  /** Transactions of Kafka whose commit succeeded, and in which attempt of which job it did first. */
  readonly committedIn = new Map<string, string>()
  /** Transactions that the outside has said to be committed. */
  readonly committed = new Set<string>()
  job = newJob()
  private jobs = 0
  private time = 0

  /** Wall clock of the first line, from which times count. */
  private readonly startMs: number

  constructor(
    readonly shape: RecordingShape,
    lines: readonly RecordedLine[],
  ) {
    this.transactions = new TransactionNames(lines)
    this.initialised = new Set(lines.flatMap((line) => (line.ev === 'init' ? [line.text('op')] : [])))
    this.outlived = linesOfOutlived(lines, shape.operators)
    this.sourceOf = new SourceOfLine(shape, lines)
    this.turns = new ReadersInTurn(lines)
    this.readers = new ReaderAttempts(this.attempts, this.turns)
    this.parallelisms = parallelismOfTasks(lines, shape)
    this.startMs = lines[0]?.ms ?? 0
  }

  /** Adds an event that comes from `line`; takes the fact's object over. */
  add(line: RecordedLine, fact: HistoryFact): void {
    this.time = Math.max(this.time, (line.ms - this.startMs) * 1000)
    this.events.push(Object.assign(fact, { seq: this.events.length + 1, t: this.time }))
    this.sources.push(line.seq)
  }

  /** The subtask and attempt that a line speaks of. Readers count otherwise than tasks. */
  where(line: RecordedLine): Where {
    const vertex = line.optionalText('op') ?? this.shape.sink
    const subtask = line.integer('sub')
    const told = line.optionalInteger('att')
    if (told !== undefined) {
      const attempt = this.attempts.of(subtaskName(vertex, subtask), told, line.ev === 'init', this.outlived.has(line))
      return { vertex, subtask, attempt }
    }
    return { vertex, subtask, attempt: line.has('inc') ? this.readers.of(line) : 0 }
  }

  /**
   * The attempt of the task that a line is about; with its first status it begins, and so do all operators in it that do not say so
   * themselves.
   */
  taskAttempt(line: RecordedLine): number {
    const task = line.text('task')
    const subtask = line.integer('sub')
    const told = line.integer('att')
    const begins = line.text('to') === 'INITIALIZING'
    const chain = begins ? this.shape.operators.filter((operator) => (operator.task ?? operator.name) === task) : []
    for (const { name } of chain) if (!this.initialised.has(name)) this.attempts.of(subtaskName(name, subtask), told, true)
    return this.attempts.of(`task ${subtaskName(task, subtask)}`, told, begins)
  }

  /** A new job begins: attempts count from 0 again, and nothing is known of its checkpoints. */
  startJob(id: string | undefined, startsFromSnapshot: boolean): void {
    this.job = { ...newJob(), number: ++this.jobs, id, startsFromSnapshot, status: 'CREATED' }
    this.attempts.startJob()
    this.readers.startJob()
    this.sourceOf.startJob()
  }
}

function subtaskName(name: string, subtask: number): string {
  return `${name}/${subtask}`
}

/** Splits with the offsets of their next records, and the first line that told of them. */
export interface SplitsOfReader {
  readonly line: RecordedLine
  readonly splits: readonly (readonly [string, number])[]
}

/** What is known of the job that runs. */
interface JobInProgress {
  /** Counted from 1. */
  readonly number: number
  readonly id: string | undefined
  /** It was submitted with a snapshot to start from. */
  readonly startsFromSnapshot: boolean
  status: JobStatus | undefined
  restarts: number
  /** The checkpoint that the job master chose to restore last. */
  chosen: number | undefined
  /** Savepoints by their id; `synchronous` ones stop the job. */
  readonly savepoints: Map<number, SavepointFlags>
  lastSavepoint: number | undefined
  /** Checkpoints whose abort was told, and those of them that may be in the store. */
  readonly aborted: Set<number>
  readonly unsure: Set<number>
}

/** What tells a savepoint from a checkpoint in the events about it. */
export interface SavepointFlags {
  readonly savepoint: true
  readonly synchronous?: true
}

function newJob(): JobInProgress {
  return {
    number: 0,
    id: undefined,
    startsFromSnapshot: false,
    status: undefined,
    restarts: 0,
    chosen: undefined,
    savepoints: new Map(),
    lastSavepoint: undefined,
    aborted: new Set(),
    unsure: new Set(),
  }
}
