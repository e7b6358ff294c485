import { describe, expect, it } from 'vitest'
import type { HistoryFact } from '../history/index.js'
import { at, events, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'
import { createWaits, WAIT_STEPS, waitsInWords } from './waits.js'
import { take } from './steps.js'

function words(...facts: HistoryFact[]): string {
  const waits = createWaits()
  for (const event of events(facts)) take(WAIT_STEPS, waits, event)
  return waitsInWords(waits, events(facts).at(-1)?.t ?? 0)
}

const RUNNING: readonly HistoryFact[] = [
  { kind: 'job-status', status: 'RUNNING' },
  { kind: 'task-status', ...at('Src', 0, 0), status: 'RUNNING' },
  { kind: 'task-status', ...at('Count', 1, 0), status: 'INITIALIZING' },
]

describe('what a job waits for', () => {
  it('is its tasks, as long as they do not run', () => {
    expect(words()).toBe('CREATED for 0.0 s; no task was ever deployed; no checkpoint has completed, none is pending')
    expect(words(...RUNNING)).toContain('1 of 2 tasks are not RUNNING: Count (1) is INITIALIZING')
    const running: HistoryFact = { kind: 'task-status', ...at('Count', 1, 1), status: 'RUNNING' }
    expect(words(...RUNNING, running, { kind: 'task-status', ...at('Count', 1, 0), status: 'CANCELED' })).toContain(
      'all 2 tasks are RUNNING;',
    )
    expect(words(...RUNNING, { ...running, status: 'FINISHED' })).toContain('all 2 tasks are RUNNING or, 1 of them, FINISHED')
  })

  it('is a checkpoint, and its acknowledgements', () => {
    const pending: HistoryFact[] = [
      { kind: 'checkpoint-triggered', checkpoint: 3 },
      { kind: 'acknowledgement-accepted', ...at('Src', 0, 0), checkpoint: 3 },
    ]
    expect(words(...pending)).toContain('no checkpoint has completed, 3 is pending with 1 acknowledgements')
    expect(words(...pending, { kind: 'checkpoint-completed', checkpoint: 3 })).toContain(
      'checkpoint 3 was the last to complete, none is pending',
    )
    expect(words(...pending, { kind: 'checkpoint-aborted', checkpoint: 3, reason: 'CHECKPOINT_EXPIRED' })).toContain('none is pending')
  })

  it('is a commit, and how it was answered', () => {
    const prepared: HistoryFact = { kind: 'pre-commit', ...at('Sink', 0, 0), transaction: 't1' }
    const answered: HistoryFact = { kind: 'commit', ...at('Committer', 0, 0), transaction: 't1', result: 'retry' }
    expect(words(prepared)).toContain('1 transactions are pre-committed and not committed: t1 is not asked for')
    expect(words(prepared, answered)).toContain('t1 is retry')
    expect(words(prepared, { ...answered, result: 'applied' })).not.toContain('pre-committed')
    expect(words(prepared, { kind: 'abort', ...at('Sink', 0, 0), transaction: 't1', why: 'close' })).not.toContain('pre-committed')
  })

  it('is told with the last fault when the job is stuck', () => {
    const facts: HistoryFact[] = [...RUNNING, { kind: 'fault', fault: 'crash', point: 'time', target: 'TaskManager-1' }]
    const { progress } = judge({ ...SMALL_JOB, origin: 'simulated' }, events(facts))
    expect(progress.findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^the job neither finished nor went on: .*; it is RUNNING for .*Count \(1\) is INITIALIZING.*the last fault was crash of TaskManager-1/,
      ),
    ])
  })

  it('is told with the restarts and what the last one came of, which is part of the evidence', () => {
    const failure = (cause: string): HistoryFact => ({ kind: 'failure', ...at('Sink: Writer', 0, 1), cause })
    const again: HistoryFact[] = [
      failure('lost'),
      { kind: 'restart', restarts: 1 },
      failure('timed out'),
      { kind: 'failure', vertex: '', subtask: -1, attempt: -1, cause: 'follows from it' },
      { kind: 'restart', restarts: 2 },
      ...RUNNING,
    ]
    const progressOf = (facts: HistoryFact[]) => judge({ ...SMALL_JOB, origin: 'simulated' }, events(facts)).progress.findings
    const [finding] = progressOf(again)
    expect(finding?.message).toContain('; it restarted 2 times, last because timed out in Sink: Writer (0); it is RUNNING')
    expect(finding?.evidence).toContain(3)
    const [silent] = progressOf([...again, { kind: 'restart', restarts: 3 }, ...RUNNING])
    expect(silent?.message).toContain('; it restarted 3 times; it is RUNNING')
    const [failed] = progressOf([...again, failure('no more'), { kind: 'job-status', status: 'FAILED' }])
    expect(failed?.message).toMatch(/^the job FAILED after 2 of .* restarts, last because no more in Sink: Writer \(0\)$/)
    expect(failed?.evidence).toContain(9)
  })
})
