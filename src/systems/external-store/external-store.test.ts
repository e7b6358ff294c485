import { describe, expect, it } from 'vitest'
import type { Client } from '../../../test/systems/systems-bench.js'
import { SystemsBench } from '../../../test/systems/systems-bench.js'
import { emptyStore, externalStore, type StoreAnswer, type StoreRequest } from '../index.js'
import type { ActorRef, Caller } from '../../world/index.js'

type Asking = StoreRequest extends infer R ? (R extends StoreRequest ? Omit<R, 'caller' | 'where'> : never) : never

/** A store, and a client that speaks for one subtask. */
class StoreBench extends SystemsBench {
  readonly store: ActorRef<StoreRequest>
  private readonly clients = new Map<string, Client>()

  constructor() {
    super()
    this.store = this.world.add(this.process, externalStore, 'store', emptyStore())
    this.start()
  }

  /** Asks and waits for the answer. */
  ask(request: Asking, subtask = 0, attempt = 0): StoreAnswer | undefined {
    const name = `writer ${subtask}/${attempt}`
    const client = this.clients.get(name) ?? this.client(name)
    this.clients.set(name, client)
    const where = { vertex: 'Sink', subtask, attempt }
    const asked = client.ask<StoreAnswer, StoreRequest>(this.store, (caller: Caller<StoreAnswer>) => ({ ...request, caller, where }))
    this.run(10_000)
    return asked.answers[0]
  }

  /** Writes into a transaction whose name begins with the expected checkpoint. */
  write(transaction: string, ids: readonly number[], from = 0, session = 1): StoreAnswer | undefined {
    const records = ids.map((id) => ({ id, value: id, timestamp: 0 }))
    return this.ask({ kind: 'write', session, transaction, expected: Number(transaction[0]), from, records })
  }

  /** The state of every transaction. */
  states(): readonly string[] {
    const { state } = this.world.inspect(this.store)
    const durable = state.durable as ReturnType<typeof emptyStore>
    return durable.subtasks.flatMap(({ transactions }) => transactions.map(({ name, state: is }) => `${name} ${is}`))
  }
}

const session = { kind: 'open-session', parallelism: 1, restored: 0 } as const

describe('external store', () => {
  it('publishes a transaction by its commit, once', () => {
    const bench = new StoreBench()
    expect(bench.ask(session)).toEqual({ type: 'session', session: 1 })
    bench.write('1a', [1, 2])
    bench.write('1a', [3], 2)
    expect(bench.ask({ kind: 'pre-commit', transaction: '1a', records: 3 })).toEqual({ type: 'pre-committed', transaction: '1a' })
    expect(bench.visible('external-store')).toEqual([])
    const results = [1, 2].map(() => bench.ask({ kind: 'commit', transaction: '1a', subtask: 0 }, 0, 1))
    expect(results).toMatchObject([{ result: 'applied' }, { result: 'already' }])
    expect(bench.visible('external-store')).toEqual([1, 2, 3])
    expect(bench.of('commit')).toMatchObject([{ result: 'applied', attempt: 1 }, { result: 'already' }])
    expect(bench.of('pre-commit')).toMatchObject([{ transaction: '1a', records: 3, attempt: 0 }])
  })

  it('does not publish what was not pre-committed, what is unknown, and what was aborted', () => {
    const bench = new StoreBench()
    bench.ask(session)
    bench.write('1a', [1])
    const open = bench.ask({ kind: 'commit', transaction: '1a', subtask: 0 })
    bench.ask({ kind: 'abort', transaction: '1a', subtask: 0, why: 'close' })
    const aborted = bench.ask({ kind: 'commit', transaction: '1a', subtask: 0 })
    const unknown = bench.ask({ kind: 'commit', transaction: '1b', subtask: 0 })
    expect([open, aborted, unknown]).toMatchObject([{ result: 'unknown' }, { result: 'aborted' }, { result: 'unknown' }])
    expect(bench.visible('external-store')).toEqual([])
  })

  it('aborts at a new session what was begun for a checkpoint after the restored one, and fences the old session', () => {
    const bench = new StoreBench()
    bench.ask(session)
    bench.write('1a', [1])
    bench.ask({ kind: 'pre-commit', transaction: '1a', records: 1 })
    bench.write('2a', [2])
    bench.ask({ kind: 'pre-commit', transaction: '2a', records: 1 })
    bench.write('3a', [3])
    expect(bench.ask({ ...session, restored: 1 }, 0, 1)).toEqual({ type: 'session', session: 2 })
    expect(bench.states()).toEqual(['1a pre-committed', '2a aborted', '3a aborted'])
    expect(bench.of('abort').map(({ transaction, why }) => `${transaction} ${why}`)).toEqual(['2a lingering', '3a lingering'])
    expect(bench.write('2b', [2])).toEqual({ type: 'refused', transaction: '2b', reason: 'fenced' })
    expect(bench.write('2c', [2], 0, 2)).toEqual({ type: 'written', transaction: '2c' })
    expect(bench.states()).toEqual(['1a pre-committed', '2a aborted', '2c open', '3a aborted'])
  })

  it('aborts nothing that has ended, neither when it is asked to nor for a job that begins anew', () => {
    const bench = new StoreBench()
    bench.ask(session)
    bench.write('1a', [1])
    bench.ask({ kind: 'pre-commit', transaction: '1a', records: 1 })
    bench.ask({ kind: 'commit', transaction: '1a', subtask: 0 })
    bench.write('2a', [2])
    for (const transaction of ['1a', '2a']) bench.ask({ kind: 'abort', transaction, subtask: 0, why: 'close' })
    bench.ask(session)
    expect(bench.states()).toEqual(['1a committed', '2a aborted'])
    expect(bench.of('abort')).toHaveLength(1)
  })

  it('leaves other subtasks alone, but for those that this one took over', () => {
    const bench = new StoreBench()
    for (const subtask of [0, 1, 2]) {
      bench.ask({ ...session, parallelism: 3 }, subtask)
      const records = [{ id: subtask, value: 0, timestamp: 0 }]
      bench.ask({ kind: 'write', session: 1, transaction: `1-${subtask}`, expected: 1, from: 0, records }, subtask)
    }
    bench.ask({ ...session, parallelism: 2 }, 0, 1)
    expect(bench.states()).toEqual(['1-0 aborted', '1-1 open', '1-2 aborted'])
  })

  it('adds a repeated write once, and refuses one that leaves a gap or comes too late', () => {
    const bench = new StoreBench()
    bench.ask(session)
    bench.write('1a', [1, 2])
    expect(bench.write('1a', [1, 2])).toMatchObject({ type: 'written' })
    expect(bench.write('1a', [4], 3)).toMatchObject({ reason: 'out of order' })
    expect(bench.ask({ kind: 'pre-commit', transaction: '1a', records: 4 })).toMatchObject({ reason: 'out of order' })
    bench.ask({ kind: 'pre-commit', transaction: '1a', records: 2 })
    expect(bench.write('1a', [3], 2)).toMatchObject({ reason: 'not open' })
  })

  it('refuses to pre-commit what was aborted, and what never began', () => {
    const bench = new StoreBench()
    bench.ask(session)
    bench.write('1a', [1])
    bench.ask({ kind: 'abort', transaction: '1a', subtask: 0, why: 'close' })
    const answers = ['1a', '1b'].map((transaction) => bench.ask({ kind: 'pre-commit', transaction, records: 0 }))
    expect(answers).toMatchObject([{ reason: 'not open' }, { reason: 'not open' }])
    expect(bench.states()).toEqual(['1a aborted'])
  })

  it.each(['failed', 'unknown-lost', 'unknown-applied'] as const)('tells and does the right thing when a commit ends %s', (outcome) => {
    const bench = new StoreBench()
    bench.ask(session)
    bench.write('1a', [1])
    bench.ask({ kind: 'pre-commit', transaction: '1a', records: 1 })
    bench.script.set('store.commit', [outcome])
    const answer = bench.ask({ kind: 'commit', transaction: '1a', subtask: 0 })
    expect(answer?.type).toBe(outcome === 'failed' ? 'refused' : 'timeout')
    expect(bench.visible('external-store')).toEqual(outcome === 'unknown-applied' ? [1] : [])
    expect(bench.of('commit').length).toBe(outcome === 'unknown-applied' ? 1 : 0)
  })

  it('shows appended records at once, and again when they are appended again', () => {
    const bench = new StoreBench()
    const records = [{ id: 1, value: { key: 'a', count: 4 }, timestamp: 0 }]
    bench.script.set('store.append', ['unknown-applied', 'done', 'failed'])
    const answers = [1, 2, 3].map(() => bench.ask({ kind: 'append', slot: 5, records }))
    expect(answers).toMatchObject([
      { slot: 5, result: 'timeout' },
      { slot: 5, result: 'done' },
      { slot: 5, result: 'failed' },
    ])
    expect(bench.of('visible')).toMatchObject([{ id: 1, key: 'a', count: 4 }, { id: 1 }])
  })

  it('keeps everything over a restart', () => {
    const bench = new StoreBench()
    bench.ask(session)
    bench.write('1a', [1])
    bench.ask({ kind: 'pre-commit', transaction: '1a', records: 1 })
    bench.world.crash(bench.process)
    bench.start()
    expect(bench.ask({ kind: 'commit', transaction: '1a', subtask: 0 })).toMatchObject({ result: 'applied' })
    expect(bench.ask(session)).toEqual({ type: 'session', session: 2 })
  })
})
