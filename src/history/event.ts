/**
 * The history of one run: what became true, in one total order.
 *
 * A fact is recorded where it becomes true: durability by the storage, commit by the external system, visible output by a
 * reader that is independent of the job. The same events come from the simulator, from the model checker and from recordings
 * of a real Flink, so that every oracle judges all three. What an origin cannot know is absent, never guessed.
 */

/** A record's identity. The simulator uses integers (see `src/engine/record.ts`), recordings of Flink use `split:offset`. */
export type RecordId = number | string

/** Where in the job something happened: the operator's name, its subtask index and the attempt of the task. */
export interface Where {
  readonly vertex: string
  readonly subtask: number
  /** Flink's attempt number of the task, counted from 0 within one job. */
  readonly attempt: number
}

/** Where visible output is looked at; a guarantee is always claimed at one of these. */
export type ObservationPoint = 'read_committed' | 'read_uncommitted' | 'finished-files' | 'external-store' | 'log'

/** What an operator's snapshot holds, as far as the origin shows it. Offsets and counts are sorted by their first member. */
export interface SnapshotContent {
  /** Source readers: split and the offset of the next record to read. */
  readonly offsets?: readonly (readonly [split: string, next: number])[]
  /** Keyed state that counts: key and count. */
  readonly counts?: readonly (readonly [key: string, count: number])[]
  /** Keyed state: key, and a digest of all the values that are kept under it; in the order of the keys. */
  readonly values?: readonly (readonly [key: string, digest: number])[]
  /** Identities absorbed in keyed state and not yet released by a firing window: by key, then in the order in which they came. */
  readonly absorbed?: readonly RecordId[]
  /** The part of `absorbed` that is in broadcast state, of which every subtask has a copy, and the key of `counts` that counts it. */
  readonly broadcast?: { readonly counter: string; readonly absorbed: readonly RecordId[] }
  /** Event-time timers, as `<key>@<namespace>#<timestamp>`; told by a restore at another parallelism. */
  readonly timers?: readonly string[]
  /** Committers: transactions (or files) that are pre-committed and not yet committed, in the order they will be committed. */
  readonly committables?: readonly string[]
}

/** How the outside answers a commit: `already` it was committed before, `unknown` no answer tells, `failed-known` it never will be. */
export type CommitResult = 'applied' | 'already' | 'aborted' | 'unknown' | 'failed-known' | 'retry'

/** Flink's `JobStatus`. */
export type JobStatus = 'CREATED' | 'RUNNING' | 'RESTARTING' | 'FAILING' | 'FAILED' | 'CANCELLING' | 'CANCELED' | 'FINISHED' | 'SUSPENDED'

/** Flink's `ExecutionState`. */
export type TaskStatus =
  'CREATED' | 'SCHEDULED' | 'DEPLOYING' | 'INITIALIZING' | 'RUNNING' | 'CANCELING' | 'CANCELED' | 'FAILED' | 'FINISHED'

/** What became true, without its place in the order. */
export type HistoryFact =
  // ---- records on their way from source to sink
  /** A source handed a record to the network. `offset` is its position in `split`. */
  | ({
      readonly kind: 'source-emit'
      readonly id: RecordId
      readonly split: string
      readonly offset: number
      readonly key?: string
      readonly to?: readonly string[]
    } & Where)
  /**
   * An operator emitted a record with an identity of its own; `causes` are the identities that made it. `to` names the operators that get
   * it, where not all consumers do: it went to a side output ('' where nobody reads that), or, where there are none, copies of it follow.
   */
  | ({ readonly kind: 'emit'; readonly id: RecordId; readonly causes: readonly RecordId[]; readonly to?: readonly string[] } & Where)
  /** A stateful operator absorbed a record; `count` is the value of a counting state after it; `again` when the state held it already. */
  | ({ readonly kind: 'state-apply'; readonly id: RecordId; readonly key: string; readonly count?: number; readonly again?: true } & Where)
  /**
   * An operator took a record in that did not go into its state: it handed it on under the same identity (only some origins show it), or
   * made others of it.
   */
  | ({ readonly kind: 'process'; readonly id: RecordId } & Where)
  /**
   * An event-time timer of keyed state: registered (and it was not there), deleted, or fired by a watermark that had reached `at`, µs.
   * `namespace` is the window that it is for; one key may have timers for several.
   */
  | ({
      readonly kind: 'timer'
      readonly action: 'registered' | 'deleted' | 'fired'
      readonly key: string
      readonly namespace: number
      readonly at: number
      readonly watermark?: number
    } & Where)
  /**
   * A record's path ended legitimately; one that is `late` because the watermark had reached `until`, µs, the end of its last window. With
   * a `key`, what the operator has absorbed of it under this key has ended, and under no other (sliding windows).
   */
  | ({
      readonly kind: 'record-ended'
      readonly id: RecordId
      readonly why: 'filtered' | 'late' | 'window-open-at-end' | 'unmatched' | 'broadcast-state'
      readonly until?: number
      readonly watermark?: number
      readonly key?: string
    } & Where)
  /** A record was handed to a sink's writer. A `digest` tells its value, where that is more than `key` and `count`. */
  | ({
      readonly kind: 'sink-write'
      readonly id: RecordId
      readonly key?: string
      readonly count?: number
      readonly digest?: number
      readonly transaction?: string
    } & Where)
  /** A buffering sink handed what it held to the outside: because the buffer was full, before a snapshot, or at the end of its input. */
  | ({
      readonly kind: 'sink-flush'
      readonly why: 'full' | 'checkpoint' | 'end'
      readonly records: number
      readonly ids?: readonly RecordId[]
    } & Where)
  // ---- the outside world, recorded by the outside world
  | ({ readonly kind: 'transaction-begun'; readonly transaction: string } & Where)
  | ({ readonly kind: 'pre-commit'; readonly transaction: string; readonly checkpoint?: number; readonly records?: number } & Where)
  /** A commit was asked for by an attempt. The answer is `commit`. */
  | ({ readonly kind: 'commit-requested'; readonly transaction: string; readonly retries?: number } & Where)
  | ({ readonly kind: 'commit'; readonly transaction: string; readonly result: CommitResult } & Where)
  | ({
      readonly kind: 'abort'
      readonly transaction: string
      readonly why: 'lingering' | 'close' | 'timeout' | 'fenced' | 'recover' | 'abort'
    } & Where)
  /** An independent reader saw a record. `vertex` names the sink that wrote it (in the header's job). Content as in `sink-write`. */
  | {
      readonly kind: 'visible'
      readonly vertex: string
      readonly at: ObservationPoint
      readonly id: RecordId
      readonly key?: string
      readonly count?: number
      readonly digest?: number
      readonly transaction?: string
      readonly partition?: string
      readonly offset?: number
    }
  // ---- checkpoints
  | { readonly kind: 'checkpoint-triggered'; readonly checkpoint: number; readonly savepoint?: true; readonly synchronous?: true }
  /** The synchronous part ran; `content` as the operator saw it (recordings only have this one, the simulator tells values here). */
  | ({ readonly kind: 'snapshot-taken'; readonly checkpoint: number; readonly content?: SnapshotContent } & Where)
  /** An operator's state of a checkpoint is durable; `content` is read from the stored handle, by the storage. */
  | ({ readonly kind: 'snapshot-durable'; readonly checkpoint: number; readonly content?: SnapshotContent } & Where)
  /**
   * `files` when part of the state was uploaded: then the upload must be durable before. Inline state becomes durable with the metadata.
   */
  | ({ readonly kind: 'checkpoint-acknowledged'; readonly checkpoint: number; readonly files?: boolean } & Where)
  | ({ readonly kind: 'checkpoint-declined'; readonly checkpoint: number; readonly reason: string } & Where)
  /** The coordinator received and accepted an acknowledgement for a pending checkpoint. */
  | ({ readonly kind: 'acknowledgement-accepted'; readonly checkpoint: number } & Where)
  /** The checkpoint is in the completed store (a savepoint: its metadata is durable). */
  | { readonly kind: 'checkpoint-completed'; readonly checkpoint: number; readonly savepoint?: true; readonly synchronous?: true }
  | { readonly kind: 'checkpoint-aborted'; readonly checkpoint: number; readonly reason: string }
  /** A task (or, with subtask -1, the source's coordinator) was told that a checkpoint completed or aborted. */
  | ({ readonly kind: 'checkpoint-notified'; readonly checkpoint: number; readonly outcome: 'complete' | 'abort' } & Where)
  | { readonly kind: 'savepoint'; readonly action: 'triggered' | 'done' | 'stop'; readonly path?: string; readonly checkpoint?: number }
  /**
   * A file of the checkpoint storage is durable; its content tells whose state it is, or which files the metadata refers to. `late` when
   * its writer had been told before that nobody knows whether it ever will be.
   */
  | {
      readonly kind: 'file-put'
      readonly path: string
      readonly late?: true
      readonly bytes?: number
      readonly state?: { readonly checkpoint: number } & Where
      readonly metadata?: { readonly checkpoint: number; readonly files: readonly string[] }
    }
  | { readonly kind: 'file-deleted'; readonly path: string; readonly bytes?: number }
  // ---- sources
  | {
      readonly kind: 'split-assigned' | 'split-returned'
      readonly vertex: string
      readonly subtask: number
      readonly split: string
      readonly offset?: number
    }
  /** A reader received a split from its coordinator and will read it from `offset`. What it restores by itself is in `restore`. */
  | ({ readonly kind: 'split-added'; readonly split: string; readonly offset: number } & Where)
  // ---- failure and recovery
  /** The job master chose what to restore; no checkpoint means an empty start. `path` when an operator asked for a snapshot. */
  | { readonly kind: 'restore-chosen'; readonly checkpoint?: number; readonly path?: string }
  /**
   * An operator was initialised; `checkpoint` is what it was restored from, `content` what it read, `local` from a copy on its TaskManager,
   * `parallelism` that of the operator, which an adaptive scheduler changes within a job.
   */
  | ({
      readonly kind: 'restore'
      readonly checkpoint?: number
      readonly content?: SnapshotContent
      readonly local?: true
      readonly parallelism?: number
    } & Where)
  /**
   * Of a task; or of the whole job (a TaskManager is lost, too many checkpoints fail): no vertex then, and -1 for subtask and attempt.
   * `refused`: the job cannot begin with this checkpoint, and is FAILED at once.
   */
  | ({ readonly kind: 'failure'; readonly cause: string; readonly refused?: number } & Where)
  | { readonly kind: 'restart'; readonly restarts: number }
  /** An injected fault hit a live target (`fault` and `point` are names of the catalogue in `src/faults`), and how long it lasts. */
  | { readonly kind: 'fault'; readonly fault: string; readonly point: string; readonly target: string; readonly lastsUs?: number }
  | { readonly kind: 'process-crashed' | 'process-started'; readonly process: string; readonly incarnation: number }
  /**
   * The status of the job. CREATED opens a job: a history may hold several, one after another, and then attempts count from 0 again
   * and checkpoint ids may overlap. `parallelism` is that of this job where it may differ from the header's. FAILING tells how many
   * `restarts` were granted: several regions that fail at once use up one each, and restart together.
   */
  | {
      readonly kind: 'job-status'
      readonly status: JobStatus
      readonly job?: string
      readonly restoredFrom?: string
      readonly parallelism?: number
      readonly restarts?: number
    }
  | ({ readonly kind: 'task-status'; readonly status: TaskStatus } & Where)
  /** The operator closed in an orderly way (an exception or a cancel runs this, a crash does not). */
  | ({ readonly kind: 'closed'; readonly transaction?: string; readonly content?: SnapshotContent } & Where)
  /** The operator saw the end of its input; `content` is its final state. */
  | ({ readonly kind: 'end-of-input'; readonly content?: SnapshotContent } & Where)

/** A fact with its place in the order: `seq` counts from 1 without gaps, `t` is µs since the start of the run. */
export type HistoryEvent = HistoryFact & { readonly seq: number; readonly t: number }

/**
 * A fact that is made often: it is born with room for its place, which the recorder fills in. To add members to an object that was born
 * without them costs more than all else that the recorder does.
 */
export type FrequentFact = HistoryFact & { readonly seq: 0; readonly t: 0 }

/** Name of a kind of event. */
export type HistoryKind = HistoryFact['kind']

/** Events of one kind, or of some; some kinds share their members with another. */
export type EventOf<K extends HistoryKind> = HistoryEvent & { readonly kind: K }
