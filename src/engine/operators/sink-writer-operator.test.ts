import { describe, expect, it } from 'vitest'
import type { Sink } from '../sink.js'
import { readCommittableMessage } from './committable-message.js'
import { OperatorHarness, type HarnessOptions } from './operator-harness.js'
import { sinkWriterOperator } from './sink-writer-operator.js'

interface Writer {
  written: number[]
  /** Flushes that wait for an answer. */
  waiting: boolean
  flushes: boolean[]
  failure: string | undefined
}

type Answer = 'flushed' | 'refused'

/** A sink whose flush waits for an answer; a committable is the list of identities written since the last one. */
function recordingSink(committing: boolean, blocking = true): Sink<Writer, string, Answer, null, never> {
  return {
    writer: {
      open: (_context, restored) => ({ written: restored.map(Number), waiting: false, flushes: [], failure: undefined }),
      write(state, record) {
        state.written.push(record.id)
      },
      flush(state, endOfInput) {
        state.flushes.push(endOfInput)
        state.waiting = blocking
      },
      prepareCommit(state, checkpoint) {
        const name = `${checkpoint}:${state.written.join('+')}`
        const empty = state.written.length === 0
        state.written = []
        return empty ? [] : [name]
      },
      snapshot: (state) => state.written,
      busy: (state) => state.waiting,
      failure: (state) => state.failure,
      answer(state, answer) {
        if (answer === 'refused') state.failure = 'refused'
        state.waiting = false
      },
      woken(state) {
        state.waiting = false
      },
    },
    ...(committing && {
      committer: { open: () => null, commit: () => undefined, answer: () => undefined, nameOf: (name) => name },
    }),
  }
}

function harness(options?: HarnessOptions, committing = true, blocking = true) {
  return new OperatorHarness(sinkWriterOperator(recordingSink(committing, blocking), 7), options)
}

const record = (id: number) => ({ id, value: id, timestamp: 0 })
const messages = (from: ReturnType<typeof harness>) => from.values.map(readCommittableMessage)

describe('sink writer operator', () => {
  it('sends the summary and the committables once the flush is answered, and is busy until then', () => {
    const sink = harness({ subtask: 1 })
    sink.processElement(record(3))
    expect(sink.busy).toBe(false)
    sink.prepareSnapshot(4)
    expect(sink.busy).toBe(true)
    expect(sink.values).toEqual([])
    sink.answer('flushed')
    expect(sink.busy).toBe(false)
    expect(messages(sink)).toEqual([
      { type: 'summary', checkpoint: 4, subtask: 1, count: 1 },
      { type: 'committable', checkpoint: 4, subtask: 1, committable: '4:3' },
    ])
    expect(new Set(sink.context.output.map(({ id }) => id)).size).toBe(2)
  })

  it('sends them at once when the flush does not wait', () => {
    const sink = harness({}, true, false)
    sink.prepareSnapshot(4)
    expect(messages(sink)).toEqual([{ type: 'summary', checkpoint: 4, subtask: 0, count: 0 }])
  })

  it('sends them when the flush is through with a pause of its own', () => {
    const sink = harness()
    sink.prepareSnapshot(4)
    sink.context.wakeAfter('pause', 10)
    sink.wake()
    expect(messages(sink)).toEqual([{ type: 'summary', checkpoint: 4, subtask: 0, count: 0 }])
  })

  it('sends nothing when the flush fails, and reports the failure', () => {
    const sink = harness()
    sink.processElement(record(3))
    sink.prepareSnapshot(4)
    sink.answer('refused')
    expect(sink.values).toEqual([])
    expect(sink.failure).toBe('refused')
  })

  it('fails when a record comes behind the end of input that it was restored with', () => {
    const ended = harness()
    ended.finish()
    ended.answer('flushed')
    const restored = harness({ restored: ended.snapshot(1) })
    expect(restored.failure).toBe(undefined)
    restored.processElement(record(3))
    expect(restored.failure).toBe('received element after endOfInput')
    expect(restored.state.writer.written).toEqual([])
  })

  it('goes on behind the end of input that it was restored with where there is no committer', () => {
    const ended = harness({}, false)
    ended.finish()
    ended.answer('flushed')
    const restored = harness({ restored: ended.snapshot(1) }, false)
    restored.processElement(record(3))
    restored.finish()
    expect([restored.failure, restored.state.writer.written, restored.state.writer.flushes]).toEqual([undefined, [3], [true]])
    ended.processElement(record(4))
    expect(ended.failure).toBe('received element after endOfInput')
  })

  it('remembers the end of input where the sink supports a committer, but needs none', () => {
    const sink = { ...recordingSink(false, false), supportsCommitter: true } as const
    const ended = new OperatorHarness(sinkWriterOperator(sink, 7))
    ended.finish()
    const restored = new OperatorHarness(sinkWriterOperator(sink, 7), { restored: ended.snapshot(1) })
    restored.processElement(record(3))
    expect([restored.failure, restored.values]).toEqual(['received element after endOfInput', []])
  })

  it('only flushes where there is no committer', () => {
    const sink = harness({}, false)
    sink.processElement(record(3))
    sink.prepareSnapshot(1)
    sink.answer('flushed')
    expect(sink.state.writer.flushes).toEqual([false])
    expect(sink.values).toEqual([])
    expect(sink.busy).toBe(false)
  })

  it('sends the last committables under the id after the last known one, once', () => {
    const sink = harness()
    sink.prepareSnapshot(5)
    sink.answer('flushed')
    sink.processElement(record(8))
    sink.finish()
    expect(sink.busy).toBe(true)
    sink.answer('flushed')
    expect(sink.state.writer.flushes).toEqual([false, true])
    expect(messages(sink).slice(1)).toEqual([
      { type: 'summary', checkpoint: 6, subtask: 0, count: 1 },
      { type: 'committable', checkpoint: 6, subtask: 0, committable: '6:8' },
    ])
    sink.prepareSnapshot(9)
    expect(sink.busy).toBe(false)
    expect(sink.values).toHaveLength(3)
  })

  it('counts the restored checkpoint as known', () => {
    const first = harness()
    const restored = harness({ restored: { ...first.snapshot(11), checkpoint: 11 } })
    restored.finish()
    restored.answer('flushed')
    expect(messages(restored)[0]).toMatchObject({ checkpoint: 12 })
  })

  it('hands the writer its state back', () => {
    const first = harness()
    first.processElement(record(8))
    const restored = harness({ restored: first.snapshot(1) })
    expect(restored.state.writer.written).toEqual([8])
  })

  it('does not send the last committables again after a restart from a checkpoint that has them', () => {
    const first = harness()
    first.processElement(record(8))
    first.finish()
    first.answer('flushed')
    const restored = harness({ restored: first.snapshot(2) })
    restored.finish()
    restored.prepareSnapshot(3)
    expect(restored.busy).toBe(false)
    expect(restored.values).toEqual([])
  })

  it('goes on writing when one of several merged subtasks had not seen the end', () => {
    const ended = harness()
    ended.finish()
    ended.answer('flushed')
    const { state, keyed } = ended.snapshot(2)
    const open = harness().snapshot(2)
    const merged = harness({ restored: { checkpoint: 2, keyed, state: { lists: [...state.lists, ...open.state.lists] } } })
    merged.finish()
    expect(merged.busy).toBe(true)
  })
})
