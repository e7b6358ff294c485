import { describe, expect, it } from 'vitest'
import { noting } from '../../../test/engine/noting-operator.js'
import { passOn, TaskBench, type TaskBenchOptions } from '../../../test/engine/task-bench.js'
import { MAX_WATERMARK } from '../network/buffer.js'
import type { StreamOperator } from '../operator.js'

/** A task whose two inputs have come to the end of their data. */
function atEndOfData(options: TaskBenchOptions = {}): { readonly bench: TaskBench; readonly calls: string[] } {
  const calls: string[] = []
  const bench = new TaskBench({ operators: [noting(calls)], ...options }).deploy()
  bench.event(0, { type: 'end-of-data' })
  bench.run()
  expect(calls).toEqual([])
  bench.event(1, { type: 'end-of-data' })
  bench.run()
  return { bench, calls }
}

/** Its producers have ended; runs for so long, µs. */
function producersEnd(bench: TaskBench, us?: number): void {
  for (const channel of [0, 1]) bench.event(channel, { type: 'end-of-partition' })
  bench.run(us)
}

describe('a task at the end of its input', () => {
  it('finishes its operators, tells those downstream and the JobManager, and stays', () => {
    const { bench, calls } = atEndOfData()
    expect(calls).toEqual(['finish'])
    expect(bench.outputs).toEqual([[`watermark ${MAX_WATERMARK}`, 99, 'end-of-data']])
    expect(bench.toldOf('end-of-data')).toHaveLength(1)
    expect(bench.statuses().at(-1)).toBe('RUNNING')
  })

  it('ends with the completion of the first checkpoint that it took behind its last record (FLINK-23408)', () => {
    const { bench, calls } = atEndOfData()
    for (const channel of [0, 1]) bench.barrier(channel, 5)
    bench.run()
    expect(bench.acknowledged()).toEqual([5])
    expect(bench.toldOf('acknowledge')[0]?.snapshot.finished).toBe(true)
    producersEnd(bench)
    expect(bench.statuses().at(-1)).toBe('RUNNING')
    bench.mail({ kind: 'notify-complete', checkpoint: 5 })
    bench.run()
    expect(bench.statuses().at(-1)).toBe('FINISHED')
    expect(calls).toEqual(['finish', 'complete 5', 'close finished'])
    expect(bench.outputs[0]?.slice(3)).toEqual(['barrier 5', 'end-of-partition'])
  })

  it('does not end with the completion of a checkpoint from before', () => {
    const calls: string[] = []
    const bench = new TaskBench({ operators: [noting(calls)] }).deploy()
    for (const channel of [0, 1]) bench.barrier(channel, 4)
    bench.run()
    for (const channel of [0, 1]) bench.event(channel, { type: 'end-of-data' })
    bench.run()
    bench.mail({ kind: 'notify-complete', checkpoint: 4 })
    bench.run()
    expect(bench.statuses().at(-1)).toBe('RUNNING')
    for (const channel of [0, 1]) bench.barrier(channel, 5)
    bench.run()
    producersEnd(bench)
    expect(bench.statuses().at(-1)).toBe('RUNNING')
    bench.mail({ kind: 'notify-complete', checkpoint: 5 })
    bench.run()
    expect(bench.statuses().at(-1)).toBe('FINISHED')
  })

  it('does not end before its producers, which may wait for a later checkpoint that only it can acknowledge', () => {
    const { bench } = atEndOfData()
    for (const channel of [0, 1]) bench.barrier(channel, 5)
    bench.run()
    bench.mail({ kind: 'notify-complete', checkpoint: 5 })
    bench.event(1, { type: 'end-of-partition' })
    bench.run()
    expect(bench.statuses().at(-1)).toBe('RUNNING')
    bench.barrier(0, 6)
    bench.run()
    expect(bench.acknowledged()).toEqual([5, 6])
    expect(bench.statuses().at(-1)).toBe('RUNNING')
    bench.event(0, { type: 'end-of-partition' })
    bench.run()
    expect(bench.statuses().at(-1)).toBe('FINISHED')
  })

  it('takes the checkpoint that the end of the last channel lets begin before it ends', () => {
    const { bench } = atEndOfData()
    for (const channel of [0, 1]) bench.barrier(channel, 5)
    bench.run()
    bench.mail({ kind: 'notify-complete', checkpoint: 5 })
    bench.mail({ kind: 'trigger-checkpoint', checkpoint: 6, options: { alignment: 'ALIGNED' } })
    bench.run()
    expect(bench.acknowledged()).toEqual([5])
    producersEnd(bench)
    expect(bench.acknowledged()).toEqual([5, 6])
    expect(bench.statuses().at(-1)).toBe('FINISHED')
  })

  it('ends with a later completion, too, when that of its final checkpoint was lost', () => {
    const { bench } = atEndOfData()
    for (const checkpoint of [5, 6]) {
      for (const channel of [0, 1]) bench.barrier(channel, checkpoint)
      bench.run()
    }
    producersEnd(bench)
    bench.mail({ kind: 'notify-complete', checkpoint: 6 })
    bench.run()
    expect(bench.statuses().at(-1)).toBe('FINISHED')
  })

  it('takes the checkpoint whose trigger waits in its mailbox before it ends', () => {
    let busy = false
    const committing: StreamOperator<null, never> = {
      ...passOn,
      open: () => null,
      notifyComplete: () => void (busy = true),
      busy: () => busy,
    }
    const { bench } = atEndOfData({ operators: [committing] })
    for (const channel of [0, 1]) bench.barrier(channel, 5)
    producersEnd(bench)
    bench.mail({ kind: 'notify-complete', checkpoint: 5 })
    bench.run()
    bench.mail({ kind: 'trigger-checkpoint', checkpoint: 6, options: { alignment: 'ALIGNED' } })
    bench.run()
    expect(bench.declined()).toEqual([])
    busy = false
    // Anything that wakes the task's thread.
    bench.giveCredit(0, 1)
    bench.run()
    expect(bench.statuses().at(-1)).toBe('FINISHED')
    expect(bench.declined()).toEqual([])
    expect(bench.acknowledged()).toEqual([5, 6])
    expect(bench.outputs[0]?.slice(-2)).toEqual(['barrier 6', 'end-of-partition'])
  })

  it('waits for the acknowledgement of a later checkpoint whose state it still writes: that waits for it', () => {
    const { bench, calls } = atEndOfData({ checkpointing: { inlineThresholdBytes: 0 } })
    for (const channel of [0, 1]) bench.barrier(channel, 5)
    bench.run()
    bench.storageDelayUs = 50_000
    for (const channel of [0, 1]) bench.barrier(channel, 6)
    producersEnd(bench, 5_000)
    bench.mail({ kind: 'notify-complete', checkpoint: 5 })
    bench.run(5_000)
    // It waits for the storage, and has nothing to do.
    expect([bench.state.phase, bench.state.working]).toEqual(['CLOSING', false])
    expect(calls).toEqual(['finish', 'complete 5'])
    bench.mail({ kind: 'trigger-checkpoint', checkpoint: 7, options: { alignment: 'ALIGNED' } })
    bench.mail({ kind: 'notify-complete', checkpoint: 7 })
    bench.run(100_000)
    expect(calls).toEqual(['finish', 'complete 5', 'close finished'])
    expect(bench.declined()).toEqual(['7 CHECKPOINT_DECLINED_TASK_CLOSING'])
    expect(bench.acknowledged()).toEqual([5, 6])
    expect(bench.statuses().at(-1)).toBe('FINISHED')
    expect(calls.at(-1)).toBe('close finished')
    expect(bench.files.size).toBe(2)
  })

  it('ends, too, when the state of a later checkpoint cannot be written', () => {
    const { bench } = atEndOfData({ checkpointing: { inlineThresholdBytes: 0 } })
    for (const channel of [0, 1]) bench.barrier(channel, 5)
    bench.run()
    bench.storageDelayUs = 50_000
    bench.outcomes.set('storage.put', ['failed'])
    for (const channel of [0, 1]) bench.barrier(channel, 6)
    producersEnd(bench, 5_000)
    bench.mail({ kind: 'notify-complete', checkpoint: 5 })
    bench.run(100_000)
    expect(bench.declined()).toEqual(['6 CHECKPOINT_ASYNC_EXCEPTION'])
    expect(bench.statuses().at(-1)).toBe('FINISHED')
  })

  it('ends when it is cancelled while it waits for an acknowledgement', () => {
    const { bench } = atEndOfData({ checkpointing: { inlineThresholdBytes: 0 } })
    for (const channel of [0, 1]) bench.barrier(channel, 5)
    bench.run()
    bench.storageDelayUs = 50_000
    for (const channel of [0, 1]) bench.barrier(channel, 6)
    producersEnd(bench, 5_000)
    bench.mail({ kind: 'notify-complete', checkpoint: 5 })
    bench.run(5_000)
    bench.mail({ kind: 'cancel' })
    bench.run()
    expect(bench.statuses().at(-1)).toBe('CANCELED')
    expect(bench.acknowledged()).toEqual([5])
  })

  it('ends with its producers where there are no checkpoints', () => {
    const { bench } = atEndOfData({ checkpointing: { enabled: false } })
    expect(bench.statuses().at(-1)).toBe('RUNNING')
    producersEnd(bench)
    expect(bench.statuses().at(-1)).toBe('FINISHED')
    expect(bench.outputs[0]?.slice(-2)).toEqual(['end-of-data', 'end-of-partition'])
  })

  it('ends with its producers where finished tasks wait for no checkpoint', () => {
    const { bench } = atEndOfData({ checkpointing: { afterTasksFinish: false } })
    producersEnd(bench)
    expect(bench.statuses().at(-1)).toBe('FINISHED')
  })

  it('waits for no acknowledgement there either: what it still writes goes with it', () => {
    const bench = new TaskBench({ checkpointing: { afterTasksFinish: false, inlineThresholdBytes: 0 } }).deploy()
    bench.storageDelayUs = 50_000
    for (const channel of [0, 1]) bench.barrier(channel, 5)
    bench.run(5_000)
    for (const channel of [0, 1]) bench.event(channel, { type: 'end-of-data' })
    producersEnd(bench, 5_000)
    expect(bench.statuses().at(-1)).toBe('FINISHED')
    bench.run(200_000)
    expect(bench.acknowledged()).toEqual([])
    expect(bench.declined()).toEqual([])
    expect(bench.files.size).toBe(0)
  })

  it('waits in an operator that blocks while it finishes', () => {
    let busy = true
    const blocking: StreamOperator<null, never> = { ...passOn, open: () => null, finish: () => undefined, busy: () => busy }
    busy = false
    const bench = new TaskBench({ producers: 1, operators: [blocking] }).deploy()
    busy = true
    bench.event(0, { type: 'end-of-data' })
    bench.run()
    expect(bench.outputs[0]).not.toContain('end-of-data')
    busy = false
    bench.mail({ kind: 'notify-complete', checkpoint: 0 })
    bench.run()
    expect(bench.outputs[0]).toContain('end-of-data')
  })
})

describe('a task that has ended', () => {
  it('still lets go what is queued for its consumers, as they make room', () => {
    const bench = new TaskBench({ producers: 1, credit: 0, checkpointing: { enabled: false } }).deploy()
    bench.record(0, 1)
    bench.event(0, { type: 'end-of-data' })
    bench.event(0, { type: 'end-of-partition' })
    bench.run()
    expect(bench.statuses().at(-1)).toBe('FINISHED')
    expect(bench.outputs).toEqual([[]])
    bench.giveCredit(0, 9)
    bench.run()
    expect(bench.outputs).toEqual([[1, `watermark ${MAX_WATERMARK}`, 'end-of-data', 'end-of-partition']])
  })

  it('still serves a consumer that comes late', () => {
    const bench = new TaskBench({ producers: 1, credit: 0, checkpointing: { enabled: false } }).deploy()
    bench.record(0, 1)
    bench.event(0, { type: 'end-of-data' })
    bench.event(0, { type: 'end-of-partition' })
    bench.run()
    expect(bench.outputs).toEqual([[]])
    bench.askFor(0, 9)
    bench.run()
    expect(bench.outputs).toEqual([[1, `watermark ${MAX_WATERMARK}`, 'end-of-data', 'end-of-partition']])
  })

  it('keeps nothing else, and waits for no time: ended tasks look alike', () => {
    const operator: StreamOperator<null, never> = {
      ...passOn,
      process(_state, _record, _input, context) {
        context.wakeAfter('later', 1_000_000)
      },
      close: (_state, _reason, context) => {
        context.cancelWakeUp('later')
        context.cancelWakeUp('never')
      },
    }
    const ended = [1, 2].map((records) => {
      const bench = new TaskBench({ producers: 1, checkpointing: { enabled: false }, operators: [operator] }).deploy()
      for (let id = 1; id <= records; id++) bench.record(0, id)
      bench.event(0, { type: 'end-of-data' })
      bench.event(0, { type: 'end-of-partition' })
      bench.run()
      expect(bench.statuses().at(-1)).toBe('FINISHED')
      expect(bench.world.actors[bench.task]?.timers.filter(({ armed }) => armed)).toEqual([])
      return { ...bench.state, partitions: [] }
    })
    expect(ended[0]).toEqual(ended[1])
    expect(ended[0]).toMatchObject({ phase: 'ENDED', operators: [{ state: undefined }], inputEnded: false, working: false })
  })

  it('answers a cancel, and goes', () => {
    const bench = new TaskBench({ producers: 1, checkpointing: { enabled: false } }).deploy()
    bench.event(0, { type: 'end-of-data' })
    bench.event(0, { type: 'end-of-partition' })
    bench.run()
    const { task } = bench
    bench.mail({ kind: 'cancel' })
    bench.run()
    expect(bench.world.inspect(task).alive).toBe(false)
    expect(bench.statuses().slice(-2)).toEqual(['FINISHED', 'CANCELED'])
    expect(bench.facts('task-status').at(-1)).toMatchObject({ status: 'FINISHED' })
  })
})

describe('a task that fails', () => {
  it('closes its operators, tells the JobManager once, and does nothing more', () => {
    const calls: string[] = []
    const bench = new TaskBench({ producers: 1, operators: [noting(calls)] }).deploy()
    bench.failing.add('task.record')
    for (const id of [1, 2, 3]) bench.record(0, id)
    bench.barrier(0, 1)
    bench.run()
    expect(calls).toEqual(['close failure'])
    expect(bench.statuses().filter((status) => status === 'FAILED')).toHaveLength(1)
    expect(bench.outputs).toEqual([[]])
    expect(bench.acknowledged()).toEqual([])
  })

  it('keeps nothing: ended tasks look alike', () => {
    const bench = new TaskBench({ keyed: true }).deploy()
    bench.record(0, 1)
    bench.barrier(1, 1)
    bench.run()
    bench.failing.add('task.record')
    bench.record(0, 2)
    bench.run()
    expect(bench.state).toMatchObject({ phase: 'ENDED', activity: null, mailbox: [], snapshots: [], restoring: [], deferredTrigger: null })
    expect(bench.state.operators).toEqual([{ state: undefined, keyed: null, watermark: -Infinity }])
    expect(bench.state.gate.channels.every(({ queue }) => queue.length === 0)).toBe(true)
  })

  it('fails with what an operator met', () => {
    let failure: string | undefined
    const bench = new TaskBench({
      producers: 1,
      operators: [{ ...passOn, process: () => (failure = 'no'), failure: () => failure }],
    }).deploy()
    bench.record(0, 1)
    bench.run()
    expect(bench.facts('failure').map(({ cause }) => cause)).toEqual(['no'])
    expect(bench.statuses().at(-1)).toBe('FAILED')
  })
})

describe('a TaskManager that crashes', () => {
  it('runs none of its tasks’ code', () => {
    const calls: string[] = []
    const bench = new TaskBench({ producers: 1, operators: [noting(calls)] }).deploy()
    bench.record(0, 1)
    bench.crash()
    bench.run()
    expect(calls).toEqual([])
    expect(bench.statuses()).not.toContain('FAILED')
  })
})
