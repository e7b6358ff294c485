import { describe, expect, it } from 'vitest'
import { importRecording } from './import-recording.js'

type Line = Record<string, unknown> & { ev: string }

const submit: Line = { ev: 'job_submit', nth: 1, job: 'j1', par: 1 }
const state = (from: string, to: string): Line => ({ ev: 'job_state', job: 'j1', from, to })
const init = (att: number, k?: number): Line => ({ ev: 'init', op: 'Count', sub: 0, att, ...(k === undefined ? {} : { state: { k } }) })
const close = (att: number): Line => ({ ev: 'close', op: 'Count', sub: 0, att })
const begins: Line = { ev: 'task_state', task: 'Count', sub: 0, par: 1, att: 0, from: 'DEPLOYING', to: 'INITIALIZING' }
const apply = (att: number, count: number): Line => ({ ev: 'process', op: 'Count', sub: 0, att, id: `0:${count}`, key: 'k', count })
const snapshot = (att: number, cp: number): Line => ({ ev: 'snapshot', op: 'Count', sub: 0, att, cp, state: {} })
const sink = (ev: string, txn: string, more: Record<string, unknown> = {}): Line => ({ ev, op: 'Sink', sub: 0, att: 0, txn, ...more })

/** What operators do, with the attempts that it is told of, and what becomes of the job. */
function told(...lines: Line[]): string[] {
  const all = [submit, state('CREATED', 'RUNNING'), ...lines, { ev: 'job_end', nth: 1, status: 'SUCCEEDED' }]
  const text = all.map((line, index) => `${JSON.stringify({ ms: 1000 + index, ...line, seq: index + 1 })}\n`).join('')
  return importRecording(text, { scenario: 'test' }).events.flatMap((event) => {
    if (event.kind === 'job-status') return event.status === 'SUSPENDED' ? ['suspended'] : []
    return 'attempt' in event ? [`${event.kind} ${String(event.attempt)}`] : []
  })
}

describe('an attempt that outlives its JobManager', () => {
  const over = state('CREATED', 'RUNNING')
  const first = [init(0), apply(0, 1), apply(0, 2), apply(0, 3)]

  it('is told apart by a number that the next JobManager has not reached', () => {
    expect(told(init(0), init(1), over, init(0), apply(1, 1), close(1), init(1), apply(1, 1)).slice(3)).toEqual([
      ...['restore 2', 'state-apply 1', 'closed 1', 'restore 3', 'state-apply 3'],
    ])
  })

  it('is the first of two to close, and until then goes on with its own counts', () => {
    const both = [...first, over, init(0, 2), apply(0, 4), apply(0, 3), close(0), apply(0, 4), close(0)]
    expect(told(...both).slice(5)).toEqual([...['restore 1', 'state-apply 0', 'state-apply 1', 'closed 0', 'state-apply 1', 'closed 1']])
  })

  it('writes into its own transactions', () => {
    const write = (txn: string): Line => sink('sink_write', txn, { id: '0:0', key: 0 })
    const starts: Line = { ev: 'init', op: 'Sink', sub: 0, att: 0 }
    const before = [starts, sink('txn_begin', 'a'), over, starts]
    const ends: Line = { ev: 'close', op: 'Sink', sub: 0, att: 0 }
    expect(told(...before, sink('txn_begin', 'b'), write('a'), write('b'), ends, write('b'), ends).slice(4)).toEqual([
      ...['transaction-begun 1', 'sink-write 0', 'sink-write 1', 'closed 0', 'sink-write 1', 'closed 1'],
    ])
  })

  it('is not told apart by a transaction that its successor has begun, too', () => {
    const starts: Line = { ev: 'init', op: 'Sink', sub: 0, att: 0 }
    const opened = [starts, sink('txn_begin', 'a')]
    expect(told(...opened, over, ...opened, sink('sink_write', 'a', { id: '0:0', key: 0 })).slice(-1)).toEqual(['sink-write 1'])
  })

  it('is told apart by what it goes on with, also where only one of the two closes', () => {
    expect(told(...first, over, init(0, 2), apply(0, 4), close(0)).slice(5)).toEqual(['restore 1', 'state-apply 0', 'closed 1'])
    const goesOn = [...first, over, init(0), apply(0, 4), apply(0, 1), close(0), apply(0, 2), init(1), apply(1, 1)]
    expect(told(...goesOn).slice(6)).toEqual(['state-apply 0', 'state-apply 1', 'closed 0', 'state-apply 1', 'restore 2', 'state-apply 2'])
  })

  it('speaks until its successor is initialised, also where the task of that one has begun', () => {
    const both = [begins, ...first, over, begins, apply(0, 4), init(0), apply(0, 1), close(0), apply(0, 2), close(0)]
    expect(told(...both).slice(6)).toEqual([
      ...['task-status 1', 'state-apply 0', 'restore 1', 'state-apply 1', 'closed 0', 'state-apply 1', 'closed 1'],
    ])
  })

  it('goes on when its successor has ended', () => {
    const ends: Line = { ...begins, from: 'RUNNING', to: 'FAILED' }
    const lost = [...first, over, begins, init(0), ends, apply(0, 4), init(1), apply(1, 1), close(0), apply(1, 2), close(1)]
    const late = ['state-apply 0', 'restore 2', 'state-apply 2', 'closed 0', 'state-apply 2', 'closed 2']
    expect(told(...lost).slice(7)).toEqual(['task-status 1', ...late])
    const failed = [...first, over, begins, init(0), close(0), ends, apply(0, 4), init(1), apply(1, 1), close(0), apply(1, 2), close(1)]
    expect(told(...failed).slice(7)).toEqual(['closed 1', 'task-status 1', ...late])
    const seenBefore = [...first, over, init(0), apply(0, 1), close(0), apply(0, 4), snapshot(0, 1), close(0), close(0)]
    expect(told(...seenBefore).slice(6)).toEqual(['state-apply 1', 'closed 1', 'state-apply 0', 'snapshot-taken 0', 'closed 0', 'closed 1'])
  })

  it('takes the snapshots of checkpoints that its JobManager had triggered', () => {
    const trigger: Line = { ev: 'log_cp_trigger', cp: 1, type: 'CheckpointType', triggerTs: 1000 }
    expect(told(...first, trigger, over, init(0), snapshot(0, 1), snapshot(0, 2), close(0), close(0)).slice(6)).toEqual([
      ...['snapshot-taken 0', 'snapshot-taken 1', 'closed 0', 'closed 1'],
    ])
    const job: Line = { ...submit, nth: 2 }
    expect(told(...first, trigger, job, over, init(0), over, init(0), snapshot(0, 1)).slice(-1)).toEqual(['snapshot-taken 1'])
  })

  it('does not write into what it has pre-committed: that is another transaction of the same name', () => {
    const precommit = sink('precommit', 'p-0-1', { n: 1 })
    const starts: Line = { ev: 'init', op: 'Sink', sub: 0, att: 0 }
    expect(told(starts, sink('txn_begin', 'p-0-1'), precommit, over, starts, precommit).slice(5)).toEqual(['pre-commit 1'])
  })

  it('is not told apart by counts that its successor may have restored untold', () => {
    const restored: Line = { ev: 'init', op: 'Count', sub: 0, att: 0, restoredCp: 1 }
    expect(told(...first, over, restored, apply(0, 4), apply(0, 5)).slice(6)).toEqual(['state-apply 1', 'state-apply 1'])
  })

  it('is over once it has closed', () => {
    const news = ['restore 1', 'state-apply 1', 'closed 1']
    expect(told(...first, close(0), over, init(0, 2), apply(0, 4), close(0), close(0)).slice(6)).toEqual([...news, 'closed 1'])
    expect(told(...first, init(0, 2), apply(0, 4), close(0), close(0)).slice(4)).toEqual([
      'restore 0',
      'state-apply 0',
      'closed 0',
      'closed 0',
    ])
  })

  it('has lost it also where that was not told', () => {
    expect(told(...first, over)).toContain('suspended')
    expect(told(...first, state('RUNNING', 'RESTARTING'), over)).toContain('suspended')
    expect(told(...first, state('RUNNING', 'FAILING'), over)).toContain('suspended')
    expect(told(...first, state('RUNNING', 'SUSPENDED'), over).filter((each) => each === 'suspended')).toHaveLength(1)
    // An adaptive scheduler makes the graph anew for each restart.
    expect(told(...first, state('RUNNING', 'CANCELED'), over)).not.toContain('suspended')
  })
})
