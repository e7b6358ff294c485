import { describe, expect, it } from 'vitest'
import type { HistoryFact } from '../history/index.js'
import { checkpointFiles } from './checkpoint-files.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import { leakedFiles } from './leaked-files.js'
import type { Oracle } from './oracle.js'
import { take } from './steps.js'

const OWNER = at('Count', 0, 0)
const BEGIN: readonly HistoryFact[] = [
  { kind: 'job-status', status: 'RUNNING' },
  { kind: 'restore', ...OWNER },
]
const END: HistoryFact = { kind: 'job-status', status: 'FINISHED' }

const stateOf = (checkpoint: number): string => `chk-${String(checkpoint)}/count`
const metadataOf = (checkpoint: number): string => `chk-${String(checkpoint)}/_metadata`
const putState = (checkpoint: number): HistoryFact => ({ kind: 'file-put', path: stateOf(checkpoint), state: { checkpoint, ...OWNER } })
const putMetadata = (checkpoint: number, files = [stateOf(checkpoint)]): HistoryFact => ({
  kind: 'file-put',
  path: metadataOf(checkpoint),
  metadata: { checkpoint, files },
})
const accepted = (checkpoint: number): HistoryFact => ({ kind: 'acknowledgement-accepted', ...OWNER, checkpoint })
const triggered = (checkpoint: number): HistoryFact => ({ kind: 'checkpoint-triggered', checkpoint })
const completed = (checkpoint: number): HistoryFact => ({ kind: 'checkpoint-completed', checkpoint })
const aborted = (checkpoint: number, reason = 'CHECKPOINT_EXPIRED'): HistoryFact => ({ kind: 'checkpoint-aborted', checkpoint, reason })
const deleted = (checkpoint: number): HistoryFact[] =>
  [stateOf(checkpoint), metadataOf(checkpoint)].map((path) => ({ kind: 'file-deleted', path }))
const fault = (kind: string, target: string, point = 'time'): HistoryFact => ({ kind: 'fault', fault: kind, point, target })

const completes = (checkpoint: number): HistoryFact[] => [
  triggered(checkpoint),
  putState(checkpoint),
  accepted(checkpoint),
  putMetadata(checkpoint),
  completed(checkpoint),
]

function found<S>(oracle: Oracle<S>, facts: readonly HistoryFact[], configuration: Readonly<Record<string, string>> = {}) {
  const state = oracle.init({
    ...SMALL_JOB,
    watchedUs: 500_000,
    configuration: { 'high-availability.type': 'zookeeper', ...configuration },
  })
  for (const event of events([...BEGIN, ...facts])) take(oracle.step, state, event)
  return oracle.verdict(state).findings.map(({ anomaly, rule, message }) => ({ anomaly, rule, message }))
}

describe('files that nothing refers to', () => {
  const leaks = (...facts: HistoryFact[]) => found(leakedFiles, [...facts, END]).length

  it('are none when subsumed checkpoints, and the last one at the end, are deleted', () => {
    expect(leaks(...completes(1), ...completes(2), ...deleted(1), ...deleted(2))).toBe(0)
  })

  it('are those of a subsumed checkpoint, and of the last one', () => {
    expect(found(leakedFiles, [...completes(1), ...completes(2), ...deleted(2), END])).toEqual([
      {
        anomaly: 'leaked',
        rule: 'no-leaked-files',
        message: 'the job is FINISHED, and chk-1/count and 1 more of the checkpoint storage are left, which nothing refers to',
      },
    ])
    expect(leaks(...completes(1))).toBe(1)
  })

  it('are not looked for while the job goes on, or where the history ends with the job', () => {
    expect(found(leakedFiles, [...completes(1), ...completes(2)])).toEqual([])
    const cut = leakedFiles.init(SMALL_JOB)
    for (const event of events([...BEGIN, ...completes(1), END])) take(leakedFiles.step, cut, event)
    expect(leakedFiles.verdict(cut).findings).toEqual([])
  })

  it('are not those of a FAILED job that are to be retained', () => {
    const facts: HistoryFact[] = [...completes(1), ...deleted(1), ...completes(2), { kind: 'job-status', status: 'FAILED' }]
    const retain = { 'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION' }
    expect(found(leakedFiles, facts)).toHaveLength(1)
    expect(found(leakedFiles, facts, retain)).toEqual([])
    expect(found(leakedFiles, [...completes(1), ...facts.slice(7)], retain)).toHaveLength(1)
  })

  it('are not those that a retained checkpoint needs, however old: state of a task that has finished', () => {
    const retain = { 'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION' }
    const subsumed: HistoryFact = { kind: 'file-deleted', path: metadataOf(1) }
    const second: HistoryFact[] = [triggered(2), putMetadata(2, [stateOf(1)]), completed(2), subsumed]
    const failed: HistoryFact = { kind: 'job-status', status: 'FAILED' }
    expect(found(leakedFiles, [...completes(1), ...second, failed], retain)).toEqual([])
    // Nor does it need what an aborted one behind it left.
    expect(
      found(leakedFiles, [...completes(1), ...second, triggered(3), putState(3), accepted(3), aborted(3), failed], retain),
    ).toHaveLength(1)
    // The one behind it does not need it any more.
    expect(found(leakedFiles, [...completes(1), ...second, triggered(3), putMetadata(3, []), completed(3), failed], retain)).toHaveLength(1)
  })

  it('are not those of the newest checkpoint that is known to be complete, behind one of which nobody knows', () => {
    const retain = { 'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION' }
    const failed: HistoryFact = { kind: 'job-status', status: 'FAILED' }
    const unsure: HistoryFact[] = [...completes(2), aborted(2, 'POSSIBLE_INCONSISTENT_STATE')]
    expect(found(leakedFiles, [...completes(1), ...unsure, failed], retain)).toEqual([])
    // It is subsumed by the next one that completes.
    expect(found(leakedFiles, [...completes(1), ...unsure, ...completes(3), failed], retain)).toHaveLength(1)
    expect(found(leakedFiles, [...completes(1), ...unsure, ...completes(3), ...deleted(1), failed], retain)).toEqual([])
  })

  it('are those behind one that a later JobManager found in the store and restored', () => {
    const retain = { 'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION' }
    const failed: HistoryFact = { kind: 'job-status', status: 'FAILED' }
    const restored: HistoryFact[] = [
      ...completes(1),
      ...completes(2),
      aborted(2, 'POSSIBLE_INCONSISTENT_STATE'),
      { kind: 'restore-chosen', checkpoint: 2 },
    ]
    expect(found(leakedFiles, [...restored, ...deleted(1), failed], retain)).toEqual([])
    expect(found(leakedFiles, [...restored, failed], retain)).toHaveLength(1)
    // A JobManager without high availability that dies behind it has forgotten it.
    const subsumed: HistoryFact[] = [...restored, ...deleted(1), ...completes(3), fault('crash', 'JobManager')]
    expect(found(leakedFiles, [...subsumed, failed], { ...retain, 'high-availability.type': 'NONE' })).toEqual([])
    // And its own, when the next one has taken its place.
    expect(found(leakedFiles, [...restored, ...deleted(1), ...completes(3), failed], retain)).toHaveLength(1)
  })

  it('are those of an aborted checkpoint, unless nobody knows whether it is in the store', () => {
    expect(leaks(triggered(1), putState(1), accepted(1), aborted(1))).toBe(1)
    expect(leaks(triggered(1), putState(1), aborted(1))).toBe(1)
    expect(leaks(triggered(1), putState(1), accepted(1), putMetadata(1), aborted(1, 'POSSIBLE_INCONSISTENT_STATE'))).toBe(0)
  })

  it('may be left by a late write, of which its writer was told that nobody knows; not where the checkpoint is complete', () => {
    const late: HistoryFact = { kind: 'file-put', path: stateOf(1), late: true, state: { checkpoint: 1, ...OWNER } }
    expect(leaks(triggered(1), aborted(1), late)).toBe(0)
    expect(leaks(triggered(1), late, accepted(1), putMetadata(1), completed(1), { kind: 'file-deleted', path: metadataOf(1) })).toBe(1)
  })

  it('may be left by a deletion that fails', () => {
    expect(leaks(...completes(1), fault('call', 'storage', 'storage.delete'))).toBe(0)
    expect(leaks(fault('call', 'storage', 'storage.delete'), ...completes(1))).toBe(1)
  })

  it('may be left by a JobManager that dies before it has completed or aborted the checkpoint', () => {
    const crash = fault('crash', 'JobManager')
    expect(leaks(triggered(1), putState(1), accepted(1), crash)).toBe(0)
    expect(leaks(triggered(1), putState(1), accepted(1), aborted(1), crash)).toBe(1)
    expect(leaks(...completes(1), crash)).toBe(1)
    expect(found(leakedFiles, [...completes(1), crash, END], { 'high-availability.type': 'NONE' })).toEqual([])
    expect(leaks(crash, { kind: 'restore', ...OWNER }, triggered(1), putState(1), accepted(1), aborted(1))).toBe(1)
  })

  it('may be left by a JobManager that dies between taking a pointer away and deleting the files', () => {
    const [crash, lost] = [fault('crash', 'JobManager'), fault('host-loss', 'JobManager')]
    expect(leaks(...completes(1), ...completes(2), crash, ...deleted(2))).toBe(0)
    expect(leaks(...completes(1), crash, ...completes(2), ...deleted(2))).toBe(1)
    expect(leaks(triggered(1), putState(1), accepted(1), aborted(1), lost)).toBe(0)
    expect(leaks(triggered(1), putState(1), accepted(1), lost, aborted(1))).toBe(0)
    expect(leaks(lost, { kind: 'restore', ...OWNER }, triggered(1), putState(1), accepted(1), aborted(1))).toBe(1)
  })

  it('may be left by a task that is cut off before its acknowledgement is accepted', () => {
    for (const cut of [fault('crash', 'TaskManager-0'), fault('pause', 'TaskManager-0'), fault('rpc', 'JobManager', 'acknowledge')]) {
      expect(leaks(triggered(1), putState(1), cut, aborted(1))).toBe(0)
      expect(leaks(triggered(1), putState(1), accepted(1), cut, aborted(1))).toBe(1)
    }
    expect(leaks(triggered(1), putState(1), fault('exception', 'TaskManager-0'), aborted(1))).toBe(1)
  })

  it('are not left by an upload that ends behind its task: its deletion is behind it', () => {
    const closed: HistoryFact = { kind: 'closed', ...OWNER }
    expect(leaks(triggered(1), closed, putState(1), aborted(1))).toBe(1)
    expect(leaks(triggered(1), putState(1), closed, aborted(1))).toBe(1)
  })

  it('of a job that was taken away are not owed by the next one', () => {
    const next: HistoryFact[] = [
      { kind: 'job-status', status: 'CREATED', job: 'first' },
      ...completes(1),
      { kind: 'job-status', status: 'CREATED', job: 'second' },
    ]
    expect(leaks(...next)).toBe(0)
    expect(leaks(...next, ...completes(2))).toBe(1)
  })
})

describe('a retained checkpoint', () => {
  const broken = (...facts: HistoryFact[]) => found(checkpointFiles, facts)

  it('is whole from its completion until it is subsumed', () => {
    expect(broken(...completes(1), ...completes(2), ...deleted(1), END, ...deleted(2))).toEqual([])
  })

  it('that is stored when its coordinator has given it up is not promised to be whole, until it is restored', () => {
    const givenUp = aborted(1, 'POSSIBLE_INCONSISTENT_STATE')
    const late = [triggered(1), putState(1), accepted(1), putMetadata(1), givenUp, completed(1)]
    expect(broken(...late, ...deleted(1))).toEqual([])
    expect(broken(...late, { kind: 'restore-chosen', checkpoint: 1 }, ...deleted(1)).map(({ rule }) => rule)).toContain(
      'retained-files-stay',
    )
    // Whoever loads both may count it among those that are retained.
    expect(broken(...completes(2), ...late, ...completes(3), ...deleted(2))).toEqual([])
    expect(broken(...completes(2), ...late, ...deleted(2))).toHaveLength(2)
  })

  it('has metadata, and all files that it refers to, when it completes', () => {
    expect(broken(...completes(1), completed(2))).toEqual([
      {
        anomaly: 'unrestorable',
        rule: 'completed-checkpoint-is-whole',
        message: 'checkpoint 2 completed without the metadata of checkpoint 2',
      },
    ])
    expect(broken(putState(1), ...deleted(1), putMetadata(1), completed(1)).map(({ message }) => message)).toEqual([
      'checkpoint 1 completed without chk-1/count',
    ])
    expect(broken(putMetadata(2, [stateOf(1)]), completed(2))).toHaveLength(1)
    expect(broken(putState(1), putMetadata(2, [stateOf(1)]), completed(2))).toEqual([])
  })

  it('keeps its files as long as it is one of the newest', () => {
    expect(broken(...completes(1), ...deleted(1)).map(({ rule }) => rule)).toEqual(['retained-files-stay', 'retained-files-stay'])
    const two = { 'execution.checkpointing.num-retained': '2' }
    expect(found(checkpointFiles, [...completes(1), ...completes(2), ...deleted(1)], two)).toHaveLength(2)
    expect(found(checkpointFiles, [...completes(1), ...completes(2), ...completes(3), ...deleted(1)], two)).toEqual([])
  })

  it('keeps what it shares with an older one', () => {
    expect(broken(...completes(1), putState(2), putMetadata(2, [stateOf(1), stateOf(2)]), completed(2), ...deleted(1))).toHaveLength(1)
  })

  it('of a job that has FAILED stays where it is to be retained', () => {
    const failed: HistoryFact[] = [...completes(1), { kind: 'job-status', status: 'FAILED' }, ...deleted(1)]
    expect(broken(...failed)).toEqual([])
    expect(
      found(checkpointFiles, failed, { 'execution.checkpointing.externalized-checkpoint-retention': 'RETAIN_ON_CANCELLATION' }),
    ).toHaveLength(2)
  })

  it('is not judged where the storage does not tell what metadata holds', () => {
    expect(broken({ kind: 'file-put', path: 'chk-1/_metadata' }, completed(1))).toEqual([])
  })
})
