import { describe, expect, it } from 'vitest'
import { passOn, TaskBench, type TaskBenchOptions } from '../../../test/engine/task-bench.js'
import type { StreamOperator } from '../operator.js'
import { NOTES } from '../state/heap-keyed-state.js'

/** Counts records by their value in keyed state. */
const counting: StreamOperator<null, never> = {
  ...passOn,
  process(_state, _record, _input, _context, keyed) {
    const count = keyed?.get('count')
    keyed?.put('count', (typeof count === 'number' ? count : 0) + 1)
  },
}

const UPLOADED: TaskBenchOptions = { producers: 1, checkpointing: { inlineThresholdBytes: 0 } }

function counts(bench: TaskBench, path: string): (readonly [unknown, unknown])[] {
  const content = bench.files.get(path)?.content
  if (content?.type !== 'state') throw new Error(`there is no state in ${path}`)
  return (content.state.keyed?.entries ?? []).map(({ key, cells }) => [key, cells[0]?.values['count']] as const)
}

describe('the asynchronous part of a snapshot', () => {
  it('puts small state into the acknowledgement, and uploads nothing', () => {
    const bench = new TaskBench({ producers: 1 }).deploy()
    bench.barrier(0, 1)
    bench.run()
    expect(bench.toldOf('acknowledge')[0]?.snapshot.handles.map(({ handle }) => handle.type)).toEqual(['inline'])
    expect(bench.files.size).toBe(0)
  })

  it('uploads larger state, and everything to the JobManager where that is the storage', () => {
    const uploaded = new TaskBench(UPLOADED).deploy()
    uploaded.barrier(0, 1)
    uploaded.run()
    expect([...uploaded.files.keys()]).toEqual(['chk-1/O0-0-0'])
    expect(uploaded.facts('checkpoint-acknowledged').map(({ files }) => files)).toEqual([true])
    const inline = new TaskBench({ ...UPLOADED, checkpointing: { inlineThresholdBytes: 0, storage: 'jobmanager' } }).deploy()
    inline.barrier(0, 1)
    inline.run()
    expect(inline.files.size).toBe(0)
    expect(inline.acknowledged()).toEqual([1])
    expect(inline.facts('checkpoint-acknowledged').map(({ files }) => files)).toEqual([undefined])
  })

  it('uploads a list that is long, and keeps a short one in the acknowledgement', () => {
    const listing = (length: number): StreamOperator<null, never> => ({
      ...passOn,
      snapshot: () => ({ lists: [{ name: 'l', mode: 'SPLIT', entries: Array.from({ length }, (_, index) => index) }] }),
    })
    const bench = new TaskBench({
      producers: 1,
      operators: [listing(2), listing(9)],
      checkpointing: { inlineThresholdBytes: 200 },
    }).deploy()
    bench.barrier(0, 1)
    bench.run()
    expect(bench.toldOf('acknowledge')[0]?.snapshot.handles.map(({ handle }) => handle.type)).toEqual(['inline', 'file'])
  })

  it.each([
    [NOTES, 'inline'],
    [0, 'file'],
  ])('counts no notes: what Flink does not hold is not what is too large for the acknowledgement (namespace %i: %s)', (namespace, type) => {
    const noting: StreamOperator<null, never> = {
      ...passOn,
      process(_state, record, _input, _context, keyed) {
        keyed?.put('n', record.id, namespace)
      },
    }
    const bench = new TaskBench({ producers: 1, keyed: true, operators: [noting], checkpointing: { inlineThresholdBytes: 33 } }).deploy()
    bench.record(0, 1, 2, 3)
    bench.barrier(0, 1)
    bench.run()
    expect(bench.toldOf('acknowledge')[0]?.snapshot.handles.map(({ handle }) => handle.type)).toEqual([type])
  })

  it('acknowledges when the last upload is durable, and not before', () => {
    const bench = new TaskBench({ ...UPLOADED, keyed: true, operators: [passOn, passOn] }).deploy()
    bench.storageDelayUs = 50_000
    bench.barrier(0, 1)
    bench.run(40_000)
    expect(bench.files.size).toBe(2)
    expect(bench.acknowledged()).toEqual([])
    // What is written out already is not kept for it any longer.
    expect(bench.state.operators.map(({ keyed }) => keyed?.views)).toEqual([[], []])
    bench.run()
    expect(bench.acknowledged()).toEqual([1])
    expect(bench.toldOf('acknowledge')[0]?.snapshot.handles.map(({ uid }) => uid)).toEqual(['O0', 'O1'])
  })

  it('declines when an upload fails, or nobody knows whether it did, and deletes what was uploaded', () => {
    for (const outcome of ['failed', 'unknown-applied', 'unknown-lost'] as const) {
      const bench = new TaskBench({ ...UPLOADED, operators: [passOn, passOn] }).deploy()
      bench.outcomes.set('storage.put', ['done', outcome])
      bench.barrier(0, 1)
      bench.run()
      expect(bench.declined()).toEqual(['1 CHECKPOINT_ASYNC_EXCEPTION'])
      expect(bench.acknowledged()).toEqual([])
      expect(bench.files.size).toBe(0)
      expect(bench.state.snapshots).toEqual([])
    }
  })

  it('declines when it throws, and the task goes on', () => {
    const bench = new TaskBench({ producers: 1, keyed: true, operators: [counting] }).deploy()
    bench.failing.add('task.snapshot.async')
    bench.record(0, 1)
    bench.barrier(0, 1)
    bench.barrier(0, 2)
    bench.run()
    expect(bench.declined()).toEqual(['1 CHECKPOINT_ASYNC_EXCEPTION'])
    expect(bench.acknowledged()).toEqual([2])
    expect(bench.state.operators[0]?.keyed?.views).toEqual([])
  })

  it('writes what the state was at the barrier, while records change it', () => {
    const bench = new TaskBench({ ...UPLOADED, keyed: true, operators: [counting], workUs: 10 }).deploy()
    const keys = Array.from({ length: 20 }, (_, key) => key)
    for (const key of keys) bench.record(0, key)
    bench.barrier(0, 1)
    for (const key of keys) bench.record(0, key)
    bench.run()
    expect(counts(bench, 'chk-1/O0-0-0')).toEqual(keys.map((key) => [key, 1]))
    bench.barrier(0, 2)
    bench.run()
    expect(counts(bench, 'chk-2/O0-0-0')).toEqual(keys.map((key) => [key, 2]))
  })

  it('stops when its checkpoint is aborted: nothing is acknowledged, uploads are deleted, views released', () => {
    const bench = new TaskBench({ ...UPLOADED, keyed: true, operators: [counting], workUs: 1000 }).deploy()
    for (let key = 0; key < 20; key++) bench.record(0, key)
    bench.run(50_000)
    bench.barrier(0, 1)
    bench.run(3_000)
    expect(bench.state.snapshots).toHaveLength(1)
    bench.mail({ kind: 'notify-aborted', checkpoint: 1, latestCompleted: 0 })
    bench.run()
    expect(bench.acknowledged()).toEqual([])
    expect(bench.state.snapshots).toEqual([])
    expect(bench.state.operators[0]?.keyed?.views).toEqual([])
    expect(bench.files.size).toBe(0)
  })

  it('deletes an upload that ends after its checkpoint was aborted', () => {
    const bench = new TaskBench(UPLOADED).deploy()
    bench.storageDelayUs = 5_000
    bench.barrier(0, 1)
    bench.run(1_000)
    expect(bench.files.size).toBe(1)
    bench.mail({ kind: 'notify-aborted', checkpoint: 1, latestCompleted: 0 })
    bench.run()
    expect(bench.files.size).toBe(0)
    expect(bench.acknowledged()).toEqual([])
  })

  it('of two checkpoints goes on side by side', () => {
    const bench = new TaskBench({ ...UPLOADED, keyed: true, operators: [counting], workUs: 1000 }).deploy()
    for (let key = 0; key < 20; key++) bench.record(0, key)
    bench.run(50_000)
    bench.barrier(0, 1)
    bench.record(0, 0)
    bench.barrier(0, 2)
    bench.run(100_000)
    expect(bench.acknowledged()).toEqual([1, 2])
    expect(counts(bench, 'chk-1/O0-0-0')[0]).toEqual([0, 1])
    expect(counts(bench, 'chk-2/O0-0-0')[0]).toEqual([0, 2])
  })
})
