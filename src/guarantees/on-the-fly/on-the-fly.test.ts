import { describe, expect, it } from 'vitest'
import type { HistoryFact } from '../../history/index.js'
import { hashPlain } from '../../world/index.js'
import {
  absorbedOnce,
  checkpointFates,
  coveredCommits,
  jobEnd,
  openedBehind,
  outputInWords,
  restoredCommits,
  smallCut,
  visibleOutput,
  wholeCheckpoints,
  type SmallOracle,
} from './index.js'

/** The state behind some facts. */
function after<S>(oracle: SmallOracle<S>, facts: readonly HistoryFact[]): S {
  const state = oracle.init()
  for (const fact of facts) oracle.step(state, fact)
  return state
}

/** What is wrong behind some facts. */
function wrong<S>(oracle: SmallOracle<S>, facts: readonly HistoryFact[], terminal = false): string | undefined {
  return oracle.verdict(after(oracle, facts), terminal)
}

const at = { vertex: 'Sink', subtask: 0, attempt: 0 }
const finished: HistoryFact = { kind: 'job-status', status: 'FINISHED' }

describe('visible output', () => {
  const owed = { sink: 'Sink', at: 'log', records: ['a', 'b'] }
  const seen = (id: string, count?: number): HistoryFact => ({
    kind: 'visible',
    vertex: 'Sink',
    at: 'log',
    id,
    ...(count !== undefined && { count }),
  })
  const exactlyOnce = visibleOutput([{ ...owed, guarantee: 'exactly-once' }])
  const atLeastOnce = visibleOutput([{ ...owed, guarantee: 'at-least-once' }])

  it('holds each record, and under exactly once none twice', () => {
    expect(wrong(exactlyOnce, [seen('b'), seen('a'), finished], true)).toBeUndefined()
    expect(wrong(exactlyOnce, [seen('a'), seen('a')])).toMatch(/^duplicated: record a/)
    expect(wrong(atLeastOnce, [seen('a'), seen('a'), seen('b'), finished], true)).toBeUndefined()
  })

  it('misses none once the job has finished, and owes nothing before', () => {
    for (const oracle of [exactlyOnce, atLeastOnce]) {
      expect(wrong(oracle, [seen('a'), finished], true)).toMatch(/^lost: .*record b/)
      expect(wrong(oracle, [seen('a'), finished])).toBeUndefined()
      expect(wrong(oracle, [seen('a')], true)).toBeUndefined()
    }
  })

  it('has no record that nothing explains, where something is claimed', () => {
    expect(wrong(exactlyOnce, [seen('z')])).toMatch(/^phantom: record z/)
    expect(wrong(visibleOutput([{ ...owed, guarantee: undefined }]), [seen('z'), seen('z'), finished], true)).toBeUndefined()
  })

  it('is one state for one output, whatever the order, and another one for another content', () => {
    const hash = (facts: readonly HistoryFact[]): number => hashPlain(after(exactlyOnce, facts), 1)
    expect(hash([seen('a', 1), seen('b', 2)])).toBe(hash([seen('b', 2), seen('a', 1)]))
    expect(hash([seen('a', 1)])).not.toBe(hash([seen('a', 2)]))
    expect(outputInWords(after(exactlyOnce, [seen('b', 2), seen('a', 1)]))).toBe('Sink log a: =1; Sink log b: =2')
    expect(outputInWords(after(exactlyOnce, [seen('b'), seen('a')]))).toBe('Sink log a; Sink log b')
  })

  it('tells of repetitions where they may be, and does not remember them', () => {
    let repetitions = 0
    const oracle = visibleOutput([{ ...owed, guarantee: 'at-least-once' }], () => repetitions++)
    const twice = after(oracle, [seen('a', 1), seen('a', 2)])
    expect(repetitions).toBe(1)
    expect(twice).toEqual(after(oracle, [seen('a', 1)]))
    expect(outputInWords(twice)).toBe('')
  })
})

describe('the end of the job', () => {
  const status = (to: 'RUNNING' | 'FAILED'): HistoryFact => ({ kind: 'job-status', status: to })

  it('is FINISHED, or FAILED for a reason', () => {
    expect(wrong(jobEnd, [finished], true)).toBeUndefined()
    expect(wrong(jobEnd, [{ kind: 'failure', cause: 'x', ...at }, status('FAILED')], true)).toBeUndefined()
    expect(wrong(jobEnd, [status('FAILED')], true)).toMatch(/no failure tells why/)
  })

  it('is anything as long as something can happen, and then it is stuck', () => {
    expect(wrong(jobEnd, [status('RUNNING')])).toBeUndefined()
    expect(wrong(jobEnd, [status('RUNNING')], true)).toBe('stuck: nothing can happen any more, and the job is RUNNING')
  })
})

describe('what becomes of checkpoints', () => {
  const triggered = (checkpoint: number): HistoryFact => ({ kind: 'checkpoint-triggered', checkpoint })
  const completed = (checkpoint: number): HistoryFact => ({ kind: 'checkpoint-completed', checkpoint })
  const aborted = (checkpoint: number, reason = 'x'): HistoryFact => ({ kind: 'checkpoint-aborted', checkpoint, reason })
  const told = (checkpoint: number, outcome: 'complete' | 'abort'): HistoryFact => ({
    kind: 'checkpoint-notified',
    checkpoint,
    outcome,
    ...at,
  })
  const restored = (checkpoint?: number): HistoryFact => ({ kind: 'restore-chosen', ...(checkpoint !== undefined && { checkpoint }) })
  const fates = (...facts: readonly HistoryFact[]): string | undefined => wrong(checkpointFates, facts)

  it('is one thing', () => {
    expect(fates(triggered(1), completed(1), triggered(2), aborted(2))).toBeUndefined()
    expect(fates(triggered(1), aborted(1), completed(1))).toBe('checkpoint 1 completed after it had aborted')
    expect(fates(triggered(1), completed(1), aborted(1))).toBe('checkpoint 1 aborted after it had completed')
    expect(fates(triggered(1), completed(1), completed(1))).toBe('checkpoint 1 completed after it had completed')
    expect(fates(completed(1))).toBe('checkpoint 1 completed without having been triggered')
    expect(fates(triggered(1), triggered(1))).toBe('checkpoint 1 was triggered twice')
  })

  it('goes up', () => {
    expect(fates(triggered(9), triggered(10), completed(9), completed(10))).toBeUndefined()
    expect(fates(triggered(9), triggered(10), completed(10), completed(9))).toBe('checkpoint 9 completed after 10')
  })

  it('is what tasks are told', () => {
    expect(fates(triggered(1), completed(1), told(1, 'complete'), triggered(2), aborted(2), told(2, 'abort'))).toBeUndefined()
    expect(fates(triggered(1), told(1, 'complete'))).toMatch(/was told that checkpoint 1 completed, which it had not/)
    expect(fates(triggered(1), completed(1), told(1, 'abort'))).toMatch(/was told that checkpoint 1 aborted, which had completed/)
  })

  it('decides what a failover restores', () => {
    expect(fates(restored(), triggered(1), completed(1), restored(1))).toBeUndefined()
    expect(fates(triggered(1), completed(1), restored())).toBe('nothing was restored, and the newest that completed is 1')
    expect(fates(triggered(1), completed(1), triggered(2), completed(2), restored(1))).toMatch(/^checkpoint 1 was restored/)
    expect(fates(triggered(1), restored(1))).toMatch(/the newest that completed is none/)
  })

  it('may be open when the answer of the store was lost', () => {
    const lost = aborted(2, 'POSSIBLE_INCONSISTENT_STATE')
    const before = [triggered(1), completed(1), triggered(2)]
    expect(fates(...before, lost, restored(2))).toBeUndefined()
    expect(fates(...before, lost, restored(1))).toBeUndefined()
    expect(fates(...before, completed(2), lost, restored(1))).toBeUndefined()
    expect(fates(...before, lost, told(2, 'complete'))).toMatch(/which it had not/)
    // It excuses no other restore than that of the one before it.
    expect(fates(...before, lost, restored())).toMatch(/^nothing was restored, and the newest that completed is 1/)
    const behind = [...before, lost, triggered(3), completed(3)]
    expect(fates(...behind, restored(3))).toBeUndefined()
    for (const checkpoint of [1, 2]) expect(fates(...behind, restored(checkpoint))).toMatch(/^checkpoint . was restored, .* is 3/)
  })
})

describe('commits', () => {
  const durable = (checkpoint: number, ...committables: string[]): HistoryFact => ({
    kind: 'snapshot-durable',
    checkpoint,
    content: { committables },
    ...at,
  })
  const completed = (checkpoint: number): HistoryFact => ({ kind: 'checkpoint-completed', checkpoint })
  const commit = (transaction: string): HistoryFact => ({ kind: 'commit-requested', transaction, ...at })

  it('are of transactions that a completed checkpoint holds', () => {
    expect(wrong(coveredCommits, [durable(1, 't'), completed(1), commit('t'), commit('t')])).toBeUndefined()
    expect(wrong(coveredCommits, [durable(1, 't'), commit('t')])).toMatch(/commits t, which no completed checkpoint holds/)
    expect(wrong(coveredCommits, [durable(1, 't'), durable(2, 'u'), completed(2), commit('t')])).toMatch(/commits t/)
  })

  it('leave no trace of the order of snapshots', () => {
    const hash = (facts: readonly HistoryFact[]): number => hashPlain(after(coveredCommits, facts), 1)
    expect(hash([durable(1, 't'), durable(1, 'u')])).toBe(hash([durable(1, 'u'), durable(1, 't')]))
  })
})

describe('commits of a restored checkpoint', () => {
  const oracle = restoredCommits([{ committer: 'Committer', writer: 'Sink' }])
  const who = (attempt: number, subtask = 0) => ({ vertex: 'Committer', subtask, attempt })
  const restored = (attempt: number, ...committables: string[]): HistoryFact => ({
    kind: 'restore',
    checkpoint: 1,
    content: { committables },
    ...who(attempt),
  })
  const asked = (transaction: string, attempt: number, subtask = 0): HistoryFact => ({
    kind: 'commit-requested',
    transaction,
    ...who(attempt, subtask),
  })
  const writerRestored = (attempt: number, vertex = 'Sink'): HistoryFact => ({
    kind: 'restore',
    checkpoint: 1,
    vertex,
    subtask: 0,
    attempt,
  })

  it('are asked for before the writer is restored', () => {
    expect(wrong(oracle, [restored(1, 't', 'u'), asked('u', 1), asked('t', 1), writerRestored(1)])).toBeUndefined()
    expect(wrong(oracle, [restored(1, 't', 'u'), asked('u', 1), writerRestored(1)])).toBe(
      'Committer (0) was restored with t and has not committed it, and Sink begins anew',
    )
    // Neither what another attempt or another subtask asks for nor what comes behind.
    for (const other of [asked('t', 0), asked('t', 1, 1)])
      expect(wrong(oracle, [restored(1, 't'), other, writerRestored(1)])).toMatch(/restored with t/)
    expect(wrong(oracle, [restored(1, 't'), writerRestored(1), asked('t', 1)])).toMatch(/restored with t/)
  })

  it('are not owed by other sinks and other attempts', () => {
    expect(wrong(oracle, [restored(1, 't'), writerRestored(1, 'Other'), writerRestored(0)])).toBeUndefined()
    expect(wrong(oracle, [restored(1, 't'), restored(2), writerRestored(2)])).toBeUndefined()
    expect(wrong(oracle, [restored(1, 't'), restored(2, 't'), asked('t', 1), writerRestored(2)])).toMatch(/restored with t/)
  })

  it('leave no trace once they were asked for', () => {
    expect(after(oracle, [restored(1, 't'), asked('t', 1)])).toEqual(oracle.init())
  })
})

describe('the cut', () => {
  const places = [
    { id: '0', split: 's', offset: 0 },
    { id: '1', split: 's', offset: 1 },
  ]
  const source = (checkpoint: number, next: number): HistoryFact => ({
    kind: 'snapshot-durable',
    checkpoint,
    content: { offsets: [['s', next]] },
    ...at,
  })
  const state = (checkpoint: number, ...absorbed: number[]): HistoryFact => ({
    kind: 'snapshot-durable',
    checkpoint,
    content: { absorbed },
    ...at,
    vertex: 'Count',
  })
  const completed = (checkpoint: number): HistoryFact => ({ kind: 'checkpoint-completed', checkpoint })
  const counting = { vertex: 'Count', records: ['0', '1'], keeps: true }
  const exact = smallCut(places, [counting], true)

  it('holds what the sources have handed out, and nothing else', () => {
    expect(wrong(exact, [source(1, 1), state(1, 0), completed(1)])).toBeUndefined()
    expect(wrong(exact, [source(1, 0), completed(1)])).toBeUndefined()
    expect(wrong(exact, [source(1, 2), state(1, 0), completed(1)])).toMatch(/record 1 is before the position of s and not in/)
    expect(wrong(exact, [source(1, 1), completed(1)])).toMatch(/record 0 is before the position/)
    expect(wrong(exact, [source(1, 0), state(1, 0), completed(1)])).toMatch(/record 0 is behind the position of s and in/)
  })

  it('is judged when it completes', () => {
    expect(wrong(exact, [source(1, 0), state(1, 0)])).toBeUndefined()
    expect(wrong(exact, [source(1, 0), state(1, 0), source(2, 1), state(2, 0), completed(2)])).toBeUndefined()
  })

  it('may hold more where barriers are not aligned, and less where windows fire', () => {
    const more = [source(1, 0), state(1, 0), completed(1)]
    expect(wrong(smallCut(places, [counting], false), more)).toBeUndefined()
    expect(wrong(smallCut(places, [{ ...counting, keeps: false }], true), [source(1, 1), completed(1)])).toBeUndefined()
    expect(wrong(smallCut(places, [{ ...counting, keeps: false }], true), more)).toMatch(/behind/)
  })
})

describe('files', () => {
  const put = (path: string): HistoryFact => ({ kind: 'file-put', path, state: { checkpoint: 1, ...at } })
  const metadata = (checkpoint: number, ...files: string[]): HistoryFact => ({
    kind: 'file-put',
    path: `chk-${String(checkpoint)}`,
    metadata: { checkpoint, files },
  })
  const deleted = (path: string): HistoryFact => ({ kind: 'file-deleted', path })
  const completed = (checkpoint: number): HistoryFact => ({ kind: 'checkpoint-completed', checkpoint })
  const unknown: HistoryFact = { kind: 'checkpoint-aborted', checkpoint: 1, reason: 'POSSIBLE_INCONSISTENT_STATE' }

  it('that a checkpoint refers to are there when it completes, and so is its metadata', () => {
    expect(wrong(wholeCheckpoints, [put('b'), put('a'), metadata(1, 'a', 'b'), completed(1)])).toBeUndefined()
    expect(wrong(wholeCheckpoints, [put('a'), metadata(1, 'a', 'b'), completed(1)])).toBe('checkpoint 1 completed without b')
    expect(wrong(wholeCheckpoints, [put('a'), metadata(1, 'a'), deleted('a'), completed(1)])).toBe('checkpoint 1 completed without a')
    expect(wrong(wholeCheckpoints, [metadata(1), completed(2)])).toBe('checkpoint 2 completed without its metadata')
    expect(wrong(wholeCheckpoints, [metadata(1), deleted('chk-1'), completed(1)])).toBe('checkpoint 1 completed without its metadata')
  })

  it('may be gone where the coordinator has given the checkpoint up, and nobody knows whether it is stored', () => {
    expect(wrong(wholeCheckpoints, [metadata(1, 'a'), unknown, completed(1)])).toBeUndefined()
    expect(wrong(wholeCheckpoints, [metadata(1, 'a'), { ...unknown, reason: 'CHECKPOINT_EXPIRED' }, completed(1)])).toMatch(/without a/)
  })

  it('are not looked for when a savepoint completes', () => {
    expect(wrong(wholeCheckpoints, [{ kind: 'checkpoint-completed', checkpoint: 1, savepoint: true }])).toBeUndefined()
  })

  it('leave no trace when they are gone', () => {
    expect(after(wholeCheckpoints, [put('a'), metadata(1, 'a'), deleted('a'), deleted('chk-1')])).toEqual(wholeCheckpoints.init())
  })
})

describe('state', () => {
  it('absorbs nothing twice', () => {
    const apply = (again: boolean): HistoryFact => ({ kind: 'state-apply', id: 3, key: 'k', ...(again && { again: true }), ...at })
    expect(wrong(absorbedOnce, [apply(false)])).toBeUndefined()
    expect(wrong(absorbedOnce, [apply(true)])).toMatch(/absorbs record 3 a second time/)
  })
})

describe('a writer that opens behind its successor', () => {
  const begun = (attempt: number): HistoryFact => ({ kind: 'transaction-begun', transaction: 't', ...at, attempt })
  const aborted = (attempt: number, why: 'lingering' | 'close' = 'lingering'): HistoryFact => ({
    ...{ kind: 'abort', transaction: 't', why, ...at },
    attempt,
  })
  const broken = (...facts: readonly HistoryFact[]): boolean => after(openedBehind, facts).broken

  it('breaks a precondition, and is no verdict', () => {
    expect(broken(begun(1), aborted(0))).toBe(true)
    expect(wrong(openedBehind, [begun(1), aborted(0)], true)).toBeUndefined()
  })

  it('is not one that aborts what an older attempt has left, or its own', () => {
    expect(broken(begun(0), aborted(1))).toBe(false)
    expect(broken(begun(1), aborted(1))).toBe(false)
    expect(broken(begun(1), aborted(0, 'close'))).toBe(false)
    expect(broken(aborted(0))).toBe(false)
  })

  it('remembers nothing of first attempts, and nothing any more once it was seen', () => {
    expect(after(openedBehind, [begun(0)])).toEqual(openedBehind.init())
    expect(after(openedBehind, [begun(1), aborted(0), begun(2)])).toEqual({ begun: [], broken: true })
  })
})
