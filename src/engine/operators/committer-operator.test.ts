import { describe, expect, it } from 'vitest'
import type { Committer, CommitSignal } from '../sink.js'
import { committableRecords } from './committable-message.js'
import { committerOperator } from './committer-operator.js'
import { listOf, membersOf } from './members.js'
import { OperatorHarness, type HarnessOptions } from './operator-harness.js'

/** What a committer was asked to commit, and with how many retries. */
interface Asked {
  readonly asked: [name: string, retries: number][]
}

const committer: Committer<Asked, string, CommitSignal> = {
  open: () => ({ asked: [] }),
  commit(state, name, retries) {
    state.asked.push([name, retries])
  },
  answer: (_state, answer) => (typeof answer === 'string' ? answer : undefined),
  nameOf: (name) => name,
}

function harness(options: HarnessOptions = {}, retries = 10, checkpointing = true) {
  return new OperatorHarness(committerOperator(committer, { retries, checkpointing }), options)
}
type Harness = ReturnType<typeof harness>

function receive(to: Harness, checkpoint: number, names: readonly string[], subtask = 0): void {
  for (const record of committableRecords(checkpoint, subtask, names, 1)) to.processElement(record)
}

const names = (of: Harness) => of.state.committer.asked.map(([name]) => name)
const stored = (of: Harness) =>
  of.snapshot(99).state.lists.flatMap(({ entries }) => entries.flatMap((entry) => listOf(membersOf(entry)?.['committables'])))

describe('committer operator', () => {
  it('notes each request as the committer gets it, so that no connector has to', () => {
    const sink = harness({ vertex: 'Sink: Committer', subtask: 1, attempt: 2 })
    receive(sink, 1, ['a'])
    sink.notifyComplete(1)
    sink.answer('retry-later')
    sink.wake()
    const request = { kind: 'commit-requested', transaction: 'a', vertex: 'Sink: Committer', subtask: 1, attempt: 2 }
    expect(sink.context.facts).toEqual([
      { ...request, retries: 0 },
      { ...request, retries: 1 },
    ])
  })

  it('commits nothing before its checkpoint is complete', () => {
    const sink = harness()
    receive(sink, 1, ['a'])
    sink.notifyComplete(0)
    expect(names(sink)).toEqual([])
    expect(sink.busy).toBe(false)
    sink.notifyComplete(1)
    expect(names(sink)).toEqual(['a'])
    expect(sink.busy).toBe(true)
  })

  it('commits what earlier, aborted checkpoints left, in order and one after the other, but nothing later', () => {
    const sink = harness()
    receive(sink, 3, ['e'])
    receive(sink, 1, ['c'], 1)
    receive(sink, 1, ['a', 'b'], 0)
    receive(sink, 2, ['d'])
    sink.notifyComplete(2)
    expect(names(sink)).toEqual(['a'])
    for (const so of [
      ['a', 'b'],
      ['a', 'b', 'c'],
      ['a', 'b', 'c', 'd'],
    ]) {
      sink.answer('committed')
      expect(names(sink)).toEqual(so)
    }
    sink.answer('already-committed')
    expect(sink.busy).toBe(false)
    expect(stored(sink)).toEqual([{ name: 'e', checkpoint: 3, subtask: 0, committable: 'e' }])
  })

  it('keeps everything in its snapshot until it is committed', () => {
    const sink = harness()
    receive(sink, 1, ['a', 'b'])
    expect(stored(sink)).toEqual([
      { name: 'a', checkpoint: 1, subtask: 0, committable: 'a' },
      { name: 'b', checkpoint: 1, subtask: 0, committable: 'b' },
    ])
  })

  it('tries again what is to be retried, after the others of its round and a pause', () => {
    const sink = harness()
    receive(sink, 1, ['a', 'b'])
    sink.notifyComplete(1)
    sink.answer('retry-later')
    sink.answer('committed')
    expect(sink.busy).toBe(true)
    expect(sink.context.wakeUps).toHaveLength(1)
    sink.wake()
    expect(sink.state.committer.asked).toEqual([
      ['a', 0],
      ['b', 0],
      ['a', 1],
    ])
    sink.answer('committed')
    expect(sink.busy).toBe(false)
    expect(stored(sink)).toEqual([])
  })

  it('begins the next checkpoint with a first round', () => {
    const sink = harness()
    receive(sink, 1, ['a'])
    receive(sink, 2, ['b'])
    sink.notifyComplete(2)
    sink.answer('retry-later')
    sink.wake()
    sink.answer('committed')
    expect(sink.state.committer.asked.at(-1)).toEqual(['b', 0])
  })

  it('fails after the configured number of extra rounds', () => {
    const sink = harness({}, 2)
    receive(sink, 1, ['a'])
    sink.notifyComplete(1)
    for (let tried = 0; tried < 2; tried++) {
      sink.answer('retry-later')
      expect(sink.failure).toBeUndefined()
      sink.wake()
    }
    sink.answer('retry-later')
    expect(sink.failure).toBe('failed to commit 1 committables after 2 retries')
    expect(sink.state.committer.asked).toHaveLength(3)
  })

  it('drops what failed for a known reason and goes on', () => {
    const sink = harness()
    receive(sink, 1, ['a', 'b'])
    sink.notifyComplete(1)
    sink.answer('failed-with-known-reason')
    sink.answer('committed')
    expect(names(sink)).toEqual(['a', 'b'])
    expect(sink.failure).toBeUndefined()
    expect(stored(sink)).toEqual([])
  })

  it('fails for an unknown reason and keeps the committable', () => {
    const sink = harness()
    receive(sink, 1, ['a', 'b'])
    sink.notifyComplete(1)
    sink.answer('failed-with-unknown-reason')
    expect(sink.failure).toBe('commit of a failed')
    expect(names(sink)).toEqual(['a'])
    expect(stored(sink)).toHaveLength(2)
  })

  it('fails where an exception strikes before a commit', () => {
    const sink = harness({ failing: ['sink.commit'] })
    receive(sink, 1, ['a'])
    sink.notifyComplete(1)
    expect(sink.failure).toBe('exception in commit')
    expect(names(sink)).toEqual([])
  })

  it('fails when announced committables are missing', () => {
    const sink = harness()
    for (const record of committableRecords(1, 0, ['a', 'b'], 1).slice(0, 2)) sink.processElement(record)
    sink.notifyComplete(1)
    expect(sink.failure).toBe('checkpoint 1: 1 of 2 committables of writer 0 have arrived')
    expect(names(sink)).toEqual([])
  })

  it('fails when a writer sends two summaries for a checkpoint, also when the first one was restored', () => {
    const sink = harness()
    receive(sink, 2, [], 1)
    receive(sink, 2, ['a'], 0)
    expect(sink.failure).toBeUndefined()
    const restored = harness({ restored: sink.snapshot(1) })
    for (const again of [sink, restored]) {
      receive(again, 2, [], 0)
      expect(again.failure).toBe('a second summary of writer 0 for checkpoint 2')
    }
  })

  it('fails when a committable comes that was not announced', () => {
    const [summary, ...committables] = committableRecords(1, 0, ['a'], 1)
    if (summary === undefined || committables[0] === undefined) throw new Error('there are two messages')
    for (const messages of [committables, [summary, ...committables, ...committables]]) {
      const sink = harness()
      for (const message of messages) sink.processElement(message)
      expect(sink.failure).toBe('a committable of writer 0 for checkpoint 1 that was not announced')
    }
  })

  it('ignores an answer when it has asked nothing', () => {
    const sink = harness()
    receive(sink, 1, ['a'])
    sink.answer('committed')
    expect(stored(sink)).toHaveLength(1)
    sink.notifyComplete(1)
    expect(names(sink)).toEqual(['a'])
  })

  it('commits what the restored checkpoint covers before anything else', () => {
    const first = harness()
    receive(first, 2, ['b'])
    receive(first, 1, ['a'])
    const restored = harness({ restored: first.snapshot(2) })
    expect(restored.busy).toBe(true)
    restored.answer('already-committed')
    restored.answer('committed')
    expect(names(restored)).toEqual(['a', 'b'])
    expect(restored.busy).toBe(false)
    expect(stored(restored)).toEqual([])
  })

  it('begins the next checkpoint as it began the first: nothing of a commit stays in its state', () => {
    const sink = harness()
    const { committer: _asked, ...before } = structuredClone(sink.state)
    receive(sink, 1, ['a'])
    sink.notifyComplete(1)
    sink.answer('retry-later')
    sink.wake()
    sink.answer('committed')
    expect(sink.state).toMatchObject(before)
  })

  it('commits all that one subtask had', () => {
    const first = harness()
    receive(first, 1, ['a', 'b'])
    const restored = harness({ restored: first.snapshot(1) })
    restored.answer('committed')
    restored.answer('committed')
    expect(names(restored)).toEqual(['a', 'b'])
    expect(restored.failure).toBeUndefined()
  })

  it('merges what several subtasks had', () => {
    const one = harness()
    receive(one, 1, ['a'], 0)
    const other = harness()
    receive(other, 1, ['b'], 1)
    const { state, keyed } = other.snapshot(1)
    const lists = [...state.lists, ...one.snapshot(1).state.lists]
    const merged = harness({ restored: { checkpoint: 1, keyed, state: { lists } } })
    merged.answer('committed')
    expect(names(merged)).toEqual(['a', 'b'])
  })

  it('leaves what belongs to the end of input to the final checkpoint', () => {
    const sink = harness()
    receive(sink, 6, ['last'])
    sink.finish()
    sink.notifyComplete(5)
    expect(names(sink)).toEqual([])
    sink.notifyComplete(7)
    expect(names(sink)).toEqual(['last'])
  })

  it('commits everything at the end of input without checkpoints', () => {
    const sink = harness({}, 10, false)
    receive(sink, 1, ['last'])
    sink.finish()
    expect(names(sink)).toEqual(['last'])
    expect(sink.busy).toBe(true)
  })

  it('refuses records that no writer sends', () => {
    const sink = harness()
    expect(() => {
      sink.processElement({ id: 1, value: 'a', timestamp: 0 })
    }).toThrow('a committer received "a", which is not a committable')
  })
})
