import { describe, expect, it } from 'vitest'
import { HistoryFormatError, type HistoryEvent } from '../../history/index.js'
import { readSetOption } from '../configuration/index.js'
import { InputError } from '../input-error.js'
import { importRecording } from './import-recording.js'
import { readSummary } from './recording-summary.js'

type Line = Record<string, unknown> & { ev: string }

/** Lines become the text of a recording: numbered, ten milliseconds apart where they do not say otherwise. */
function recording(...lines: Line[]): string {
  return lines.map((line, index) => `${JSON.stringify({ ms: 1000 + index * 10, ...line, seq: index + 1 })}\n`).join('')
}

const submit: Line = { ev: 'job_submit', nth: 1, job: 'j1', par: 1 }
const end: Line = { ev: 'job_end', nth: 1, status: 'SUCCEEDED' }
const log = (msg: string, thrown?: string): Line => ({
  ev: 'log',
  logger: 'CheckpointCoordinator',
  level: 'INFO',
  msg,
  ...(thrown === undefined ? {} : { thrown }),
})
const emit = (offset: number): Line => ({ ev: 'emit', op: 'Src', sub: 0, inc: 1, id: `0:${offset}`, key: 0 })
const trigger = (cp: number, type = "CheckpointType{name='Checkpoint'}"): Line => ({ ev: 'log_cp_trigger', cp, type, triggerTs: 1000 })
const snapshot = (cp: number): Line => ({ ev: 'snapshot', op: 'Count', sub: 0, att: 0, cp, state: { '10': 2, '9': 1 } })
const complete = (cp: number): Line => ({ ev: 'log_cp_complete', cp, bytes: 1, durationMs: 30, finalizeMs: 0 })
const notify = (cp: number): Line => ({ ev: 'notify_complete', op: 'Count', sub: 0, att: 0, cp })

function imported(...lines: Line[]): readonly HistoryEvent[] {
  return importRecording(recording(...lines), { scenario: 'test' }).events
}

function kinds(events: readonly HistoryEvent[]): string[] {
  return events.map((event) => event.kind)
}

function errorOf(text: string): HistoryFormatError {
  try {
    importRecording(text, { scenario: 'test' })
  } catch (error) {
    if (error instanceof HistoryFormatError) return error
    throw error
  }
  throw new Error('nothing was wrong')
}

describe('the import of a recording', () => {
  it('counts events from 1 and times from the first line, and knows which line each came from', () => {
    const { events, sources } = importRecording(recording(submit, { ev: 'cancel' }, emit(0), end), { scenario: 'test' })
    expect(events.map(({ seq, t, kind }) => [seq, t, kind])).toEqual([
      [1, 0, 'job-status'],
      [2, 20_000, 'source-emit'],
      [3, 30_000, 'job-status'],
    ])
    expect(sources).toEqual([1, 3, 4])
  })

  it('sorts the members of state', () => {
    const taken = imported(submit, snapshot(1), end)[1]
    expect(taken).toMatchObject({
      content: {
        counts: [
          ['10', 2],
          ['9', 1],
        ],
      },
    })
  })

  it('puts a completion that was logged late before its first consequence', () => {
    const events = imported(submit, trigger(1), snapshot(1), notify(1), complete(1), end)
    expect(kinds(events).slice(1, 5)).toEqual(['checkpoint-triggered', 'snapshot-taken', 'checkpoint-completed', 'checkpoint-notified'])
  })

  it('leaves a completion where it was logged when the consequence is too early to be one', () => {
    const beforeSnapshot = imported(submit, trigger(1), notify(1), snapshot(1), complete(1), end)
    expect(kinds(beforeSnapshot).slice(1, 5)).toEqual([
      'checkpoint-triggered',
      'checkpoint-notified',
      'snapshot-taken',
      'checkpoint-completed',
    ])
    const beforeItsTime = imported(submit, trigger(1), snapshot(1), { ...notify(1), ms: 1029 }, { ...complete(1), ms: 1040 }, end)
    expect(kinds(beforeItsTime).slice(2, 5)).toEqual(['snapshot-taken', 'checkpoint-notified', 'checkpoint-completed'])
  })

  it('moves a late completion before the commit that it caused, too', () => {
    const committing: Line[] = [
      { ev: 'precommit', op: 'Sink', sub: 0, att: 0, txn: 't', n: 1 },
      { ev: 'snapshot', op: 'Sink', sub: 0, att: 0, cp: 1 },
      { ev: 'commit_req', op: 'Committer', sub: 0, att: 0, txn: 't', retries: 0 },
    ]
    const events = imported(submit, trigger(1), ...committing, complete(1), end)
    expect(kinds(events).slice(3, 6)).toEqual(['snapshot-taken', 'checkpoint-completed', 'commit-requested'])
  })

  it('takes what a reader got before it started for what it restored, and later splits for assigned ones', () => {
    const start = { ev: 'reader_start', op: 'Src', sub: 0, inc: 2, splits: '[0@5]' }
    const add = { ev: 'reader_add', op: 'Src', sub: 0, inc: 2, splits: '[0@5]' }
    const restoring = log('Restoring job j1 from Checkpoint 3 @ 1 for j1 located at file:/x/chk-3.')
    const events = imported(submit, restoring, add, start, { ...add, splits: '[1@0]' }, end)
    expect(events.slice(1, 4)).toMatchObject([
      { kind: 'restore-chosen', checkpoint: 3 },
      { kind: 'restore', vertex: 'Src', attempt: 0, checkpoint: 3, content: { offsets: [['0', 5]] } },
      { kind: 'split-added', split: '1', offset: 0 },
    ])
    expect(kinds(imported(submit, add, { ...start, splits: '[0@6]' }, end)).filter((kind) => kind === 'restore').length).toBe(2)
  })

  it('tells the parallelism of what is restored', () => {
    const reader: Line = { ev: 'reader_start', op: 'Src', sub: 0, inc: 1, splits: '[]', par: 3 }
    const count: Line = { ev: 'init', op: 'Count', sub: 0, att: 0, par: 2 }
    expect(imported(submit, reader, count, end).slice(1, -1)).toMatchObject([{ parallelism: 3 }, { parallelism: 2 }])
  })

  it('counts attempts of readers per job, skipping those that never made a reader', () => {
    const reader = (inc: number): Line => ({ ev: 'reader_start', op: 'Src', sub: 0, inc, splits: '[]' })
    const task = (att: number): Line => ({
      ev: 'task_state',
      task: 'Source: Src',
      sub: 0,
      par: 1,
      att,
      from: 'DEPLOYING',
      to: 'INITIALIZING',
    })
    const events = imported(submit, task(0), reader(1), task(1), task(2), reader(2), end, { ...submit, nth: 2, job: 'j2' }, reader(3), {
      ...end,
      nth: 2,
    })
    expect(events.flatMap((event) => (event.kind === 'restore' ? [event.attempt] : []))).toEqual([0, 2, 0])
  })

  describe('attempts of a job that another JobManager took over', () => {
    const state = (from: string, to: string): Line => ({ ev: 'job_state', job: 'j1', from, to })
    const begins = (att: number): Line => ({ ev: 'task_state', task: 'Count', sub: 0, par: 1, att, from: 'DEPLOYING', to: 'INITIALIZING' })
    const init = (att: number): Line => ({ ev: 'init', op: 'Count', sub: 0, att })
    const close = (att: number): Line => ({ ev: 'close', op: 'Count', sub: 0, att })
    const reader = (inc: number): Line => ({ ev: 'reader_start', op: 'Src', sub: 0, inc, splits: '[]' })
    const first = [submit, state('CREATED', 'RUNNING'), begins(0), init(0), reader(1), state('RUNNING', 'RESTARTING'), begins(1), init(1)]
    const attempts = (...lines: Line[]): string[] =>
      imported(...lines, end)
        .slice(first.length)
        .flatMap((event) => ('attempt' in event ? [`${event.kind} ${String(event.attempt)}`] : []))

    it('go on after those of the JobManager before, which may still close', () => {
      const over = [...first, state('RESTARTING', 'RUNNING'), state('RUNNING', 'SUSPENDED'), state('CREATED', 'RUNNING')]
      expect(attempts(...over, close(1), reader(2), begins(0), init(0), close(0), begins(1), init(1))).toEqual([
        'closed 1',
        ...['restore 2', 'task-status 2', 'restore 2', 'closed 2', 'task-status 3', 'restore 3'],
      ])
    })

    it('go on also where the job was not seen to be suspended, or taken over twice', () => {
      const killed = [...first, state('CREATED', 'RUNNING'), begins(0), init(0)]
      expect(attempts(...killed, state('CREATED', 'RUNNING'), begins(0), init(0)).slice(-4)).toEqual([
        ...['task-status 2', 'restore 2', 'task-status 3', 'restore 3'],
      ])
    })

    it('are as they are told where they do not begin anew', () => {
      const adaptive = [...first, state('RUNNING', 'CANCELED'), state('CREATED', 'RUNNING'), begins(2), init(2)]
      expect(attempts(...adaptive)).toEqual(['task-status 2', 'restore 2'])
      // Nobody took the job over: what is told of attempt 0 is of the old one.
      expect(attempts(...first, state('RESTARTING', 'RUNNING'), begins(0), init(0))).toEqual(['task-status 0', 'restore 0'])
    })
  })

  it('tells savepoints from checkpoints, and those that stop the job from those that do not', () => {
    const plain = trigger(1, "SavepointType{name='Savepoint', postCheckpointAction=NONE, formatType=CANONICAL}")
    const stopping = trigger(2, "SavepointType{name='Suspend Savepoint', postCheckpointAction=SUSPEND, formatType=CANONICAL}")
    const done = { ev: 'savepoint_done', path: 'sp' }
    expect(imported(submit, { ev: 'trigger_savepoint' }, plain, complete(1), stopping, complete(2), done, end).slice(1, -1)).toMatchObject([
      { kind: 'savepoint', action: 'triggered' },
      { kind: 'checkpoint-triggered', checkpoint: 1, savepoint: true },
      { kind: 'checkpoint-completed', checkpoint: 1, savepoint: true },
      { kind: 'checkpoint-triggered', checkpoint: 2, synchronous: true },
      { kind: 'checkpoint-completed', checkpoint: 2, savepoint: true, synchronous: true },
      { kind: 'savepoint', action: 'done', path: 'sp', checkpoint: 2 },
    ])
  })

  it('reads aborts, declines and choices from the log, each once, and passes over the rest', () => {
    const aborted = log(
      'Failed to trigger or complete checkpoint 4 for job j1. (0 consecutive failed attempts so far)',
      'CheckpointException: Checkpoint expired before completing.',
    )
    const declined = log(
      'Decline checkpoint 5 by task ab_cd_0_1 of job j1 at x @ localhost.',
      'SerializedThrowable: a.b.CheckpointException: Task name with subtask : Source: Src (1/2)#1 Failure reason: closing',
    )
    const events = imported(submit, log('No checkpoint found during restore.'), log('Shutting down'), aborted, aborted, declined, end)
    expect(events.slice(1, -1)).toMatchObject([
      { kind: 'restore-chosen' },
      { kind: 'checkpoint-aborted', checkpoint: 4, reason: 'Checkpoint expired before completing.' },
      { kind: 'checkpoint-declined', checkpoint: 5, vertex: 'Source: Src', subtask: 0, attempt: 1 },
    ])
  })

  it('knows a checkpoint that may be in the store by its cause, and that it was by a restore of it', () => {
    const failed = (thrown: string): Line =>
      log('Failed to trigger or complete checkpoint 4 for job j1. (0 consecutive failed attempts so far)', thrown)
    const choice = log('Restoring job j1 from Checkpoint 4 @ 1 for j1 located at file:/x/chk-4.')
    const thrown = 'CheckpointException: Could not complete the pending checkpoint 4.'
    const unsure = failed(`${thrown} <- a.b.PossibleInconsistentStateException: a.b.ConnectionLossException`)
    expect(imported(submit, unsure, choice, choice, end).slice(1, -1)).toMatchObject([
      { kind: 'checkpoint-aborted', reason: 'POSSIBLE_INCONSISTENT_STATE: Could not complete the pending checkpoint 4.' },
      { kind: 'checkpoint-completed', checkpoint: 4 },
      { kind: 'restore-chosen', checkpoint: 4 },
      { kind: 'restore-chosen', checkpoint: 4 },
    ])
    const sure = failed(`${thrown} <- IOException: no PossibleInconsistentStateException`)
    expect(imported(submit, sure, choice, end).slice(1, -1)).toMatchObject([
      { kind: 'checkpoint-aborted', reason: 'Could not complete the pending checkpoint 4.' },
      { kind: 'restore-chosen', checkpoint: 4 },
    ])
  })

  it('does not take the empty store of a job with a savepoint for an empty start', () => {
    const restored = { ...submit, restorePath: 'sp' }
    const choice = log('Restoring job j1 from Savepoint 4 @ 0 for j1 located at file:/sp/x.')
    const events = imported(restored, log('No checkpoint found during restore.'), choice, end)
    expect(events[0]).toMatchObject({ restoredFrom: 'sp', parallelism: 1 })
    expect(events[1]).toMatchObject({ kind: 'restore-chosen', checkpoint: 4, path: 'file:/sp/x' })
    expect(events.length).toBe(3)
  })

  it('tells epochs of one transactional id apart, and a commit repeated by a later attempt from one that took effect', () => {
    const precommit = (epoch: number): Line => ({
      ev: 'precommit',
      op: 'Sink',
      sub: 0,
      att: 0,
      txn: 'p-0-1',
      committable: `KafkaCommittable{producerId=7, epoch=${epoch}, x}`,
    })
    const commit = (att: number): Line => ({ ev: 'commit', op: 'Committer', sub: 0, att, txn: 'p-0-1', result: 'applied' })
    const seen: Line = { ev: 'out_committed', id: '0:0', part: 1, offset: 3 }
    const events = imported(
      submit,
      precommit(0),
      commit(0),
      commit(1),
      precommit(2),
      commit(1),
      { ...commit(1), result: 'failed-unknown' },
      end,
      seen,
    )
    expect(
      events.slice(1, -2).map((event) => ('transaction' in event ? [event.transaction, 'result' in event ? event.result : ''] : [])),
    ).toEqual([
      ['p-0-1/7:0', ''],
      ['p-0-1/7:0', 'applied'],
      ['p-0-1/7:0', 'already'],
      ['p-0-1/7:2', ''],
      ['p-0-1/7:2', 'applied'],
      ['p-0-1/7:2', 'unknown'],
    ])
    expect(events.at(-1)).toMatchObject({ kind: 'visible', at: 'read_committed', partition: '1', offset: 3 })
  })

  it('takes the refused abort of a committed transaction for none', () => {
    const abort = (result: string): Line => ({ ev: 'abort', op: 'Sink', sub: 0, att: 0, txn: 't', why: 'recover', result })
    const commit: Line = { ev: 'commit', op: 'Committer', sub: 0, att: 0, txn: 't', result: 'applied' }
    const aborts = (...lines: Line[]): number => kinds(imported(submit, ...lines, end)).filter((kind) => kind === 'abort').length
    expect(aborts(commit, abort('already'))).toBe(0)
    expect(aborts(commit, abort('aborted'))).toBe(1)
    expect(aborts({ ...commit, result: 'retry' }, abort('already'))).toBe(1)
  })

  it('shows the records of a silent source through the operator chained to it', () => {
    const task: Line = {
      ev: 'task_state',
      task: 'Source: Src -> Map -> Sink: Writer',
      sub: 0,
      par: 1,
      att: 0,
      from: 'DEPLOYING',
      to: 'RUNNING',
    }
    const { events, header } = importRecording(recording(submit, task, { ev: 'process', op: 'Map', sub: 0, att: 0, id: '1:7' }, end), {
      scenario: 'test',
    })
    expect(events.slice(2, 4)).toMatchObject([
      { kind: 'source-emit', vertex: 'Src', split: '1', offset: 7 },
      { kind: 'process', vertex: 'Map', id: '1:7' },
    ])
    expect(header.operators.map(({ name, role, task: chain }) => [name, role, chain])).toEqual([
      ['Src', 'source', 'Source: Src -> Map -> Sink: Writer'],
      ['Map', 'operator', 'Source: Src -> Map -> Sink: Writer'],
      ['Sink', 'sink', 'Source: Src -> Map -> Sink: Writer'],
    ])
  })

  it('passes over a type it does not know, and says so', () => {
    const { events, unknown } = importRecording(recording(submit, { ev: 'weather', sun: true }, end), { scenario: 'test' })
    expect(events.length).toBe(2)
    expect([...unknown]).toEqual([['weather', 2]])
  })
})

describe('a recording that cannot be read', () => {
  const whole = recording(submit, emit(0), end)

  it('is refused with the line where it is cut off', () => {
    expect(errorOf(whole.slice(0, -10))).toMatchObject({ line: 3, what: 'the file ends within this line' })
    expect(errorOf(recording(submit, emit(0)))).toMatchObject({ line: 2, what: 'the file ends before the job submitted in line 1 does' })
    expect(errorOf(whole.split('\n').slice(1).join('\n'))).toMatchObject({ line: 1, what: 'seq is 2' })
  })

  it('is refused when it is something else, or a field is missing or wrong', () => {
    expect(errorOf('{"seq":1,"ms":1,"ev":"weather"}\n').what).toContain('weather')
    expect(errorOf('[1]\n').what).toBe('not a line of a recording')
    expect(errorOf(recording(submit, { ...emit(0), id: undefined }, end))).toMatchObject({ line: 2, what: 'field id of emit is missing' })
    expect(errorOf(recording(submit, { ...snapshot(1), state: { a: 'x' } }, end)).allowed).toBe('a number')
  })
})

describe('promises', () => {
  const withTransactions = recording(
    submit,
    trigger(1),
    { ev: 'precommit', op: 'Sink', sub: 0, att: 0, txn: 't', n: 1 },
    { ev: 'sink_write', op: 'Sink', sub: 0, att: 0, id: '0:0', key: 0, count: 1, txn: 't' },
    end,
  )
  const summary = (mode: string, sink: string) =>
    readSummary(
      JSON.stringify({
        config: { 'execution.checkpointing.mode': mode, 'execution.checkpointing.interval': '1 s' },
        job: { sink, splits: 1, perSplit: 5 },
      }),
      'summary.json',
    )

  it('come from the summary: the weaker of mode and sink', () => {
    const promised = (mode: string, sink: string) =>
      importRecording(withTransactions, { scenario: 's', summary: summary(mode, sink) }).header.promises
    expect(promised('EXACTLY_ONCE', '2pc')).toEqual([{ guarantee: 'exactly-once', at: 'external-store' }])
    expect(promised('AT_LEAST_ONCE', '2pc')).toEqual([{ guarantee: 'at-least-once', at: 'external-store' }])
    expect(promised('EXACTLY_ONCE', 'file')).toEqual([{ guarantee: 'exactly-once', at: 'finished-files' }])
    expect(promised('EXACTLY_ONCE', 'alo')).toEqual([{ guarantee: 'at-least-once', at: 'external-store' }])
    expect(promised('EXACTLY_ONCE', 'none')).toEqual([{ guarantee: 'none', at: 'external-store' }])
  })

  it('come from a given configuration first', () => {
    const source = readSetOption('execution.checkpointing.mode=AT_LEAST_ONCE')
    const given = importRecording(withTransactions, {
      scenario: 's',
      summary: summary('EXACTLY_ONCE', '2pc'),
      configuration: [{ name: 'flink.yaml', source }],
    })
    expect(given.header.mode).toBe('at-least-once')
    expect(given.promisedBy).toEqual(['flink.yaml'])
    const wrong = readSetOption('execution.checkpointing.mood=GOOD')
    expect(() => importRecording(withTransactions, { scenario: 's', configuration: [{ name: 'flink.yaml', source: wrong }] })).toThrow(
      InputError,
    )
  })

  it('are none when nobody tells them', () => {
    const { header, promisedBy } = importRecording(withTransactions, { scenario: 's' })
    expect(header.promises).toBeUndefined()
    expect(promisedBy).toEqual([])
  })
})
