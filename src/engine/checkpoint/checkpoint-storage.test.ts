import { describe, expect, it } from 'vitest'
import { DurableBench } from '../../../test/engine/durable-bench.js'
import type { Outcome } from '../../world/index.js'
import type { StorageRequest } from './checkpoint-storage.js'
import type { OperatorHandle, OperatorSnapshot, StoredContent } from './state-handle.js'

function snapshot(checkpoint: number, subtask = 0): OperatorSnapshot {
  const splits = { name: 'splits', mode: 'SPLIT' as const, entries: [{ split: 's', offset: checkpoint * 10 }] }
  return { checkpoint, vertex: 'V', subtask, attempt: 0, state: { lists: [splits] }, keyed: null }
}

function put(bench: DurableBench, path: string, content: StoredContent): StorageRequest {
  return { kind: 'put', replyTo: bench.asker, path, bytes: 7, content }
}

function state(checkpoint: number, subtask = 0): StoredContent {
  return { type: 'state', state: snapshot(checkpoint, subtask) }
}

function durable(bench: DurableBench) {
  return bench.facts.flatMap((fact) => (fact.kind === 'snapshot-durable' ? [[fact.subtask, fact.checkpoint, fact.content?.offsets]] : []))
}

describe('the checkpoint storage', () => {
  it('tells and applies a call as its outcome says', () => {
    const told = (outcome: Outcome): [unknown, boolean, number] => {
      const bench = new DurableBench()
      const answer = bench.askStorage(put(bench, 'p', state(1)), outcome)
      return [answer && 'result' in answer ? answer.result : undefined, bench.files.has('p'), bench.facts.length]
    }
    expect(told('done')).toEqual(['done', true, 2])
    expect(told('failed')).toEqual(['failed', false, 0])
    expect(told('unknown-applied')).toEqual(['unknown', true, 2])
    expect(told('unknown-lost')).toEqual(['unknown', false, 0])
    expect(told('unknown-later')).toEqual(['unknown', true, 2])
  })

  it('says what was put, and that it came late only where it did', () => {
    const said = (content: StoredContent, outcome: Outcome): unknown => {
      const bench = new DurableBench()
      bench.askStorage(put(bench, 'p', content), outcome)
      return bench.facts.find(({ kind }) => kind === 'file-put')
    }
    const metadata: StoredContent = { type: 'metadata', metadata: { checkpoint: 1, operators: [], tasks: [], enumerators: [] } }
    for (const [content, what] of [
      [state(1), { state: { checkpoint: 1, vertex: 'V', subtask: 0, attempt: 0 } }],
      [metadata, { metadata: { checkpoint: 1, files: [] } }],
    ] as const) {
      const fact = { kind: 'file-put', path: 'p', bytes: 7, ...what, seq: expect.any(Number) as number, t: expect.any(Number) as number }
      expect(said(content, 'done')).toEqual(fact)
      expect(said(content, 'unknown-later')).toEqual({ ...fact, late: true })
    }
  })

  it('gives back what was put, also after a restart, and nothing where nothing is or the call fails', () => {
    const bench = new DurableBench()
    bench.askStorage(put(bench, 'p', state(1)))
    bench.crashAndRestart()
    const get = { kind: 'get', replyTo: bench.asker, path: 'p' } as const
    expect(bench.askStorage(get)).toEqual({ type: 'got', path: 'p', content: state(1) })
    expect(bench.askStorage({ ...get, path: 'q' })).toEqual({ type: 'got', path: 'q', content: null })
    expect(bench.askStorage(get, 'failed')).toEqual({ type: 'got', path: 'p', content: null })
  })

  it('deletes files, once, and answers whoever wants to know', () => {
    const bench = new DurableBench()
    for (const path of ['p', 'q']) bench.askStorage(put(bench, path, state(1)))
    const remove = { kind: 'delete', replyTo: bench.asker, paths: ['p', 'r'] } as const
    expect(bench.askStorage(remove)).toEqual({ type: 'deleted', paths: ['p', 'r'] })
    expect(bench.askStorage({ ...remove, replyTo: null })).toBeUndefined()
    expect([...bench.files.keys()]).toEqual(['q'])
    expect(bench.facts.filter(({ kind }) => kind === 'file-deleted')).toHaveLength(1)
  })

  it('deletes the files that were named, and none whose names begin like theirs (FLINK-3651)', () => {
    const bench = new DurableBench()
    for (const path of ['chk-1/a-1', 'chk-1/a-11', 'chk-1/a-1-0']) bench.askStorage(put(bench, path, state(1)))
    bench.askStorage({ kind: 'delete', replyTo: null, paths: ['chk-1/a-1'] })
    expect([...bench.files.keys()]).toEqual(['chk-1/a-11', 'chk-1/a-1-0'])
  })

  it('keeps files whose deletion fails', () => {
    const bench = new DurableBench()
    bench.askStorage(put(bench, 'p', state(1)))
    bench.askStorage({ kind: 'delete', replyTo: null, paths: ['p'] }, 'failed')
    expect(bench.files.has('p')).toBe(true)
  })
})

describe('what becomes durable', () => {
  it('is a state file at once', () => {
    const bench = new DurableBench()
    bench.askStorage(put(bench, 'p', state(1)))
    expect(durable(bench)).toEqual([[0, 1, [['s', 10]]]])
  })

  it('is inline state with the metadata, and the final snapshots that a checkpoint takes over from an earlier one', () => {
    const bench = new DurableBench()
    for (const [path, content] of [
      ['chk-1/V-1', state(1, 1)],
      ['chk-2/V-2', state(2, 2)],
    ] as const)
      bench.askStorage(put(bench, path, content))
    const before = bench.facts.length
    const handles: OperatorHandle['handle'][] = [
      { type: 'inline', bytes: 1, content: snapshot(2, 0) },
      { type: 'file', bytes: 1, path: 'chk-1/V-1', scope: 'exclusive', lists: [], keyed: false },
      { type: 'file', bytes: 1, path: 'chk-2/V-2', scope: 'exclusive', lists: [], keyed: false },
    ]
    const tasks = handles.map((handle, subtask) => ({ vertex: 0, subtask, handles: [{ uid: 'V', handle }], finished: false }))
    bench.askStorage(
      put(bench, 'chk-2/_metadata', { type: 'metadata', metadata: { checkpoint: 2, operators: [], tasks, enumerators: [] } }),
    )
    expect(bench.facts.length).toBe(before + 3)
    expect(durable(bench).slice(2)).toEqual([
      [0, 2, [['s', 20]]],
      [1, 2, [['s', 10]]],
    ])
  })
})
