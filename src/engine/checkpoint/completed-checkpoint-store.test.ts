import { describe, expect, it } from 'vitest'
import { DurableBench } from '../../../test/engine/durable-bench.js'
import type { Outcome } from '../../world/index.js'
import type { StoreRequest } from './completed-checkpoint-store.js'

function add(bench: DurableBench, checkpoint: number, leader = 1): StoreRequest & { readonly kind: 'add' } {
  return { kind: 'add', replyTo: bench.asker, leader, pointer: { checkpoint, path: `chk-${checkpoint}` } }
}

function stored(bench: DurableBench): number[] {
  return bench.stored.pointers.map(({ checkpoint }) => checkpoint)
}

describe('the store of completed checkpoints', () => {
  it('tells and applies an addition as its outcome says, and records it where it is applied', () => {
    const told = (outcome: Outcome): [unknown, number[], number] => {
      const bench = new DurableBench()
      const answer = bench.askStore(add(bench, 1), outcome)
      return [answer && 'result' in answer ? answer.result : undefined, stored(bench), bench.facts.length]
    }
    expect(told('done')).toEqual(['done', [1], 1])
    expect(told('failed')).toEqual(['failed', [], 0])
    expect(told('unknown-applied')).toEqual(['unknown', [1], 1])
    expect(told('unknown-lost')).toEqual(['unknown', [], 0])
    expect(told('unknown-later')).toEqual(['unknown', [1], 1])
  })

  it('keeps pointers by id, not by arrival, not as strings (FLINK-6284), and across restarts', () => {
    const bench = new DurableBench()
    for (const checkpoint of [9, 11, 10, 10]) bench.askStore(add(bench, checkpoint))
    bench.crashAndRestart()
    expect(stored(bench)).toEqual([9, 10, 11])
    const remove = { kind: 'remove', replyTo: bench.asker, checkpoints: [9, 10], paths: ['chk-9'] } as const
    expect(bench.askStore(remove)).toEqual({ type: 'removed', paths: ['chk-9'] })
    expect(stored(bench)).toEqual([11])
  })

  it('gives what it holds to whoever loads, or says that it cannot be read', () => {
    const bench = new DurableBench()
    bench.askStore(add(bench, 1))
    const load = { kind: 'load', replyTo: bench.asker, leader: 2 } as const
    expect(bench.askStore(load)).toEqual({ type: 'loaded', pointers: [{ checkpoint: 1, path: 'chk-1' }], result: null })
    for (const outcome of ['failed', 'unknown-applied', 'unknown-lost'] as const)
      expect(bench.askStore(load, outcome)).toEqual({ type: 'unavailable', call: 'load' })
  })

  it('takes nothing more from a JobManager once a later one has loaded (G08)', () => {
    const bench = new DurableBench()
    bench.askStore({ kind: 'load', replyTo: bench.asker, leader: 2 })
    expect(bench.askStore(add(bench, 1, 1))).toBeUndefined()
    expect(bench.askStore({ ...add(bench, 1, 1), late: true })).toBeUndefined()
    expect(stored(bench)).toEqual([])
    expect(bench.askStore({ kind: 'put-result', replyTo: bench.asker, leader: 1, result: 'FAILED' })).toBeUndefined()
    expect(bench.stored.result).toBeNull()
    bench.askStore(add(bench, 2, 2))
    expect(stored(bench)).toEqual([2])
  })

  it('records the first result of the job, and gives it to whoever loads', () => {
    const bench = new DurableBench()
    const stored = { type: 'result-stored', result: 'FINISHED' }
    expect(bench.askStore({ kind: 'put-result', replyTo: bench.asker, leader: 1, result: 'FINISHED' })).toEqual(stored)
    expect(bench.askStore({ kind: 'put-result', replyTo: bench.asker, leader: 1, result: 'FAILED' })).toEqual(stored)
    expect(bench.facts.map((fact) => (fact.kind === 'job-status' ? fact.status : fact.kind))).toEqual(['FINISHED'])
    expect(bench.askStore({ kind: 'load', replyTo: bench.asker, leader: 2 })).toMatchObject({ result: 'FINISHED' })
  })
})

describe('the counter of checkpoint ids', () => {
  it('gives no id twice, whatever becomes of its answers and of itself', () => {
    const bench = new DurableBench()
    const next = (outcome: Outcome) => {
      const answer = bench.askStore({ kind: 'next-id', replyTo: bench.asker }, outcome)
      return answer?.type === 'id' ? answer.checkpoint : answer?.type
    }
    expect(next('done')).toBe(1)
    expect(next('unknown-applied')).toBe('unavailable')
    expect(next('done')).toBe(3)
    expect(next('failed')).toBe('unavailable')
    expect(next('unknown-lost')).toBe('unavailable')
    bench.crashAndRestart()
    expect(next('done')).toBe(4)
  })
})
