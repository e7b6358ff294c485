import { describe, expect, it } from 'vitest'
import { passOn, TaskBench, type TaskBenchOptions } from '../../../test/engine/task-bench.js'

/** A task whose operator notes what it is told. */
function told(options: TaskBenchOptions = {}): { readonly bench: TaskBench; readonly calls: string[] } {
  const calls: string[] = []
  const noting = {
    ...passOn,
    notifyComplete: (_state: null, checkpoint: number) => void calls.push(`complete ${checkpoint}`),
    notifyAborted: (_state: null, checkpoint: number) => void calls.push(`aborted ${checkpoint}`),
  }
  const bench = new TaskBench({ producers: 1, operators: [noting], ...options }).deploy()
  return { bench, calls }
}

function complete(bench: TaskBench, checkpoint: number): void {
  bench.mail({ kind: 'notify-complete', checkpoint })
  bench.run()
}

describe('a completion', () => {
  it('reaches the operators once, and never behind a newer one (FLINK-10377)', () => {
    const { bench, calls } = told()
    for (const checkpoint of [1, 1, 3, 2]) complete(bench, checkpoint)
    expect(calls).toEqual(['complete 1', 'complete 3'])
    expect(bench.facts('checkpoint-notified').map(({ checkpoint }) => checkpoint)).toEqual([1, 3])
  })

  it('of the restored checkpoint, or of an older one, does not reach them', () => {
    const { bench, calls } = told({ restore: { checkpoint: 4, handles: [] } })
    for (const checkpoint of [3, 4, 5]) complete(bench, checkpoint)
    expect(calls).toEqual(['complete 5'])
  })

  it('that was lost is made up for by the next abort', () => {
    const { bench, calls } = told()
    bench.mail({ kind: 'notify-aborted', checkpoint: 2, latestCompleted: 1 })
    bench.run()
    expect(calls).toEqual(['complete 1', 'aborted 2'])
    bench.mail({ kind: 'notify-aborted', checkpoint: 3, latestCompleted: 1 })
    bench.run()
    expect(calls.slice(2)).toEqual(['aborted 3'])
  })

  it('that was lost is made up for by every operator before any is told of the abort', () => {
    const calls: string[] = []
    let busy = false
    const committing = {
      ...passOn,
      notifyComplete: () => void (busy = calls.push('complete') > 0),
      notifyAborted: () => void calls.push('aborted'),
      busy: () => busy,
    }
    const bench = new TaskBench({
      producers: 1,
      operators: [committing, { ...committing, notifyComplete: () => void calls.push('complete'), busy: () => false }],
    }).deploy()
    bench.mail({ kind: 'notify-aborted', checkpoint: 2, latestCompleted: 1 })
    bench.run()
    expect(calls).toEqual(['complete'])
    busy = false
    // Anything that wakes the task's thread.
    bench.giveCredit(0, 1)
    bench.run()
    expect(calls).toEqual(['complete', 'complete', 'aborted', 'aborted'])
  })

  it('fails the task when an operator throws', () => {
    const { bench } = told()
    bench.failing.add('task.notify-complete')
    complete(bench, 1)
    expect(bench.statuses().at(-1)).toBe('FAILED')
  })

  it('goes before records that wait', () => {
    const order: string[] = []
    const noting = {
      ...passOn,
      process: () => void order.push('record'),
      notifyComplete: () => void order.push('complete'),
    }
    const bench = new TaskBench({ producers: 1, operators: [noting], workUs: 1000 }).deploy()
    for (const id of [1, 2, 3]) bench.record(0, id)
    bench.run(1_500)
    complete(bench, 1)
    expect(order).toEqual(['record', 'complete', 'record', 'record'])
  })
})

describe('a mail', () => {
  it('of another attempt does not reach the task', () => {
    const { bench, calls } = told()
    bench.toExecutor({
      kind: 'to-task',
      execution: { vertex: 1, subtask: 0, attempt: 1 },
      jobMasterId: 1,
      mail: { kind: 'notify-complete', checkpoint: 1 },
    })
    bench.run()
    expect(calls).toEqual([])
  })

  it('of another JobManager does not reach the task', () => {
    const { bench, calls } = told()
    bench.toExecutor({
      kind: 'to-task',
      execution: { vertex: 1, subtask: 0, attempt: 0 },
      jobMasterId: 2,
      mail: { kind: 'notify-complete', checkpoint: 1 },
    })
    bench.run()
    expect(calls).toEqual([])
  })

  it('with an operator event reaches the operator', () => {
    const events: string[] = []
    const bench = new TaskBench({
      producers: 0,
      operators: [
        { ...passOn, poll: () => 'nothing' as const, event: (_state: null, event: { type: string }) => void events.push(event.type) },
      ],
    }).deploy()
    bench.mail({ kind: 'operator-event', operator: 0, event: { type: 'no-more-splits' } })
    bench.run()
    expect(events).toEqual(['no-more-splits'])
  })
})
