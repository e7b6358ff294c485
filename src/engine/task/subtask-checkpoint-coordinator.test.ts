import { describe, expect, it } from 'vitest'
import { passOn, TaskBench } from '../../../test/engine/task-bench.js'
import type { StreamOperator } from '../operator.js'

/** Passes records on, and emits one more before each barrier; notes the order of its calls. */
function noting(calls: string[]): StreamOperator<null, never> {
  return {
    ...passOn,
    prepareSnapshot(_state, checkpoint, context) {
      calls.push(`prepare ${checkpoint}`)
      context.emit({ id: 1000 + checkpoint, value: 0, timestamp: 0 })
    },
    snapshot(_state, checkpoint) {
      calls.push(`snapshot ${checkpoint}`)
      return { lists: [] }
    },
    notifyAborted(_state, checkpoint) {
      calls.push(`aborted ${checkpoint}`)
    },
  }
}

describe('a task that takes a checkpoint', () => {
  it('prepares its operators, sends the barrier, takes the snapshot, acknowledges', () => {
    const calls: string[] = []
    const bench = new TaskBench({ operators: [noting(calls)] }).deploy()
    bench.record(0, 1)
    bench.barrier(0, 1)
    bench.barrier(1, 1)
    bench.run()
    expect(calls).toEqual(['prepare 1', 'snapshot 1'])
    expect(bench.outputs).toEqual([[1, 1001, 'barrier 1']])
    expect(bench.acknowledged()).toEqual([1])
  })

  it('reads nothing behind a barrier until the others are in, and then lets every channel go on', () => {
    const bench = new TaskBench().deploy()
    bench.barrier(0, 1)
    bench.record(1, 2)
    bench.run()
    expect(bench.resumed).toEqual([])
    expect(bench.outputs).toEqual([[2]])
    bench.barrier(1, 1)
    bench.run()
    expect(bench.resumed).toEqual([0, 1])
    expect(bench.outputs).toEqual([[2, 'barrier 1']])
  })

  it('sends the barrier to every consumer', () => {
    const bench = new TaskBench({ producers: 1, consumers: 3 }).deploy()
    bench.barrier(0, 1)
    bench.run()
    expect(bench.outputs).toEqual([['barrier 1'], ['barrier 1'], ['barrier 1']])
  })

  it('goes through the chain from the head to the tail', () => {
    const calls: string[] = []
    const bench = new TaskBench({ producers: 1, operators: [noting(calls), noting(calls)] }).deploy()
    bench.barrier(0, 1)
    bench.run()
    expect(calls).toEqual(['prepare 1', 'prepare 1', 'snapshot 1', 'snapshot 1'])
    // What the head emits before the barrier goes through the tail as well.
    expect(bench.outputs).toEqual([[1001, 1001, 'barrier 1']])
  })

  it('takes the snapshots of the chain from the tail to the head, and reports them in the order of the chain', () => {
    const calls: string[] = []
    const keeping = (name: string): StreamOperator<null, never> => ({
      ...passOn,
      snapshot() {
        calls.push(name)
        return { lists: [] }
      },
    })
    const bench = new TaskBench({ producers: 1, operators: ['head', 'middle', 'tail'].map(keeping) }).deploy()
    bench.barrier(0, 1)
    bench.run()
    expect(calls).toEqual(['tail', 'middle', 'head'])
    const chain = bench.graph.vertices[1]?.operators ?? []
    expect(bench.facts('snapshot-taken').map(({ vertex }) => vertex)).toEqual(chain.map(({ name }) => name).toReversed())
    const [{ snapshot } = { snapshot: undefined }] = bench.toldOf('acknowledge')
    const stored = snapshot?.handles.map(({ uid, handle }) => [uid, handle.type === 'inline' && handle.content.vertex])
    expect(stored).toEqual(chain.map(({ uid, name }) => [uid, name]))
  })

  it('handles nothing while an operator blocks the thread before the barrier', () => {
    let busy = false
    const calls: string[] = []
    const blocking: StreamOperator<null, never> = { ...noting(calls), busy: () => busy }
    const bench = new TaskBench({ producers: 1, operators: [blocking] }).deploy()
    busy = true
    bench.barrier(0, 1)
    bench.record(0, 7)
    bench.trigger(2)
    bench.run()
    expect(bench.outputs).toEqual([[]])
    busy = false
    bench.mail({ kind: 'notify-complete', checkpoint: 0 })
    bench.run()
    expect(bench.outputs).toEqual([[1001, 'barrier 1', 7]])
  })

  it('fails when the synchronous part throws (FLINK-17350)', () => {
    const bench = new TaskBench({ producers: 1 }).deploy()
    bench.failing.add('task.snapshot.sync')
    bench.barrier(0, 1)
    bench.run()
    expect(bench.statuses().at(-1)).toBe('FAILED')
    expect(bench.acknowledged()).toEqual([])
    expect(bench.facts('closed')).toHaveLength(1)
  })

  it('takes ids in increasing order only', () => {
    const bench = new TaskBench({ producers: 0 }).deploy()
    for (const checkpoint of [2, 1, 2, 3]) bench.trigger(checkpoint)
    bench.run()
    expect(bench.acknowledged()).toEqual([2, 3])
    expect(bench.outputs).toEqual([['barrier 2', 'barrier 3']])
  })
})

describe('a task that will not take a checkpoint', () => {
  it('because a producer does not, declines it, tells those downstream, and lets the others go on', () => {
    const bench = new TaskBench({ consumers: 2 }).deploy()
    bench.barrier(0, 1)
    bench.event(1, { type: 'cancel-marker', checkpoint: 1 })
    bench.run()
    expect(bench.declined()).toEqual(['1 CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER'])
    expect(bench.outputs).toEqual([['cancel-marker 1'], ['cancel-marker 1']])
    expect(bench.resumed).toEqual([0])
  })

  it('because a newer one overtakes it, declines it (SUBSUMED) and takes the newer', () => {
    const bench = new TaskBench().deploy()
    bench.barrier(0, 1)
    bench.barrier(1, 2)
    bench.run()
    expect(bench.declined()).toEqual(['1 CHECKPOINT_DECLINED_SUBSUMED'])
    bench.barrier(0, 2)
    bench.run()
    expect(bench.acknowledged()).toEqual([2])
    expect(bench.outputs).toEqual([['cancel-marker 1', 'barrier 2']])
  })

  it('because the JobManager has aborted it, skips it when its barrier comes, and those downstream get a marker (FLINK-17479)', () => {
    const calls: string[] = []
    const bench = new TaskBench({ producers: 1, operators: [noting(calls)] }).deploy()
    bench.mail({ kind: 'notify-aborted', checkpoint: 1, latestCompleted: 0 })
    bench.barrier(0, 1)
    bench.barrier(0, 2)
    bench.run()
    expect(bench.outputs).toEqual([['cancel-marker 1', 1002, 'barrier 2']])
    expect(calls).toEqual(['aborted 1', 'prepare 2', 'snapshot 2'])
    expect(bench.acknowledged()).toEqual([2])
    expect(bench.declined()).toEqual([])
    expect(bench.state.abortedAhead).toEqual([])
  })

  it('remembers as many aborted ones as may be under way', () => {
    const bench = new TaskBench({ producers: 1, checkpointing: { maxConcurrent: 2 } }).deploy()
    for (const checkpoint of [1, 2, 3]) bench.mail({ kind: 'notify-aborted', checkpoint, latestCompleted: 0 })
    expect(bench.state.abortedAhead).toEqual([2, 3])
  })

  it('skips those, too, that were aborted so long ago that they are not remembered', () => {
    const bench = new TaskBench({ producers: 1 }).deploy()
    for (const checkpoint of [1, 2, 3]) bench.mail({ kind: 'notify-aborted', checkpoint, latestCompleted: 0 })
    bench.barrier(0, 1)
    bench.barrier(0, 4)
    bench.run()
    expect(bench.outputs).toEqual([['cancel-marker 1', 'barrier 4']])
    expect(bench.acknowledged()).toEqual([4])
  })

  it('remembers nothing of one that it has declined when the JobManager aborts it', () => {
    const bench = new TaskBench().deploy()
    bench.event(0, { type: 'cancel-marker', checkpoint: 1 })
    bench.run()
    bench.mail({ kind: 'notify-aborted', checkpoint: 1, latestCompleted: 0 })
    bench.run()
    expect(bench.state.abortedAhead).toEqual([])
  })

  it('forgets aborted ones that a newer abort covers', () => {
    const bench = new TaskBench({ checkpointing: { maxConcurrent: 9 } }).deploy()
    bench.mail({ kind: 'notify-aborted', checkpoint: 1, latestCompleted: 0 })
    bench.event(0, { type: 'cancel-marker', checkpoint: 2 })
    bench.run()
    expect(bench.state.abortedAhead).toEqual([])
  })
})

describe('a trigger of the JobManager', () => {
  it('is declined by a task that does not run yet', () => {
    const bench = new TaskBench({ producers: 0, operators: [{ ...passOn, busy: () => true }] }).deploy()
    bench.trigger(1)
    expect(bench.declined()).toEqual(['1 CHECKPOINT_DECLINED_TASK_NOT_READY'])
  })

  it('is declined by a task that has ended', () => {
    const bench = new TaskBench({ producers: 0, operators: [{ ...passOn, poll: () => 'nothing' }] }).deploy()
    bench.failing.add('task.record')
    bench.mail({ kind: 'operator-event', operator: 0, event: { type: 'no-more-splits' } })
    bench.run()
    expect(bench.statuses().at(-1)).toBe('FAILED')
    bench.trigger(1)
    expect(bench.declined()).toEqual(['1 CHECKPOINT_DECLINED_TASK_NOT_READY'])
  })

  it('waits for the ends of the channels: what finished producers have sent belongs before it (FLIP-147)', () => {
    const bench = new TaskBench({ producers: 2 }).deploy()
    bench.event(0, { type: 'end-of-partition' })
    bench.run()
    bench.trigger(1)
    bench.record(1, 5)
    bench.run()
    expect(bench.outputs).toEqual([[5]])
    bench.event(1, { type: 'end-of-partition' })
    bench.run()
    expect(bench.outputs).toEqual([[5, 'barrier 1']])
    expect(bench.acknowledged()).toEqual([1])
    expect(bench.state.deferredTrigger).toBeNull()
  })

  it('is taken at once when all channels have ended', () => {
    const bench = new TaskBench({ producers: 1 }).deploy()
    bench.event(0, { type: 'end-of-partition' })
    bench.run()
    bench.trigger(1)
    bench.run()
    expect(bench.acknowledged()).toEqual([1])
  })
})

describe('at-least-once mode', () => {
  it('reads on behind a barrier, and takes the checkpoint with the last one', () => {
    const bench = new TaskBench({ checkpointing: { mode: 'AT_LEAST_ONCE' } }).deploy()
    bench.barrier(0, 1)
    bench.record(0, 7)
    bench.run()
    expect(bench.outputs).toEqual([[7]])
    bench.barrier(1, 1)
    bench.run()
    expect(bench.outputs).toEqual([[7, 'barrier 1']])
    expect(bench.resumed).toEqual([])
  })

  it('counts the end of a channel as its barrier, and a marker as an abort', () => {
    const bench = new TaskBench({ checkpointing: { mode: 'AT_LEAST_ONCE' } }).deploy()
    bench.barrier(0, 1)
    bench.event(1, { type: 'cancel-marker', checkpoint: 1 })
    bench.barrier(0, 2)
    bench.event(1, { type: 'end-of-partition' })
    bench.run()
    expect(bench.declined()).toEqual(['1 CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER'])
    expect(bench.acknowledged()).toEqual([2])
  })
})
