import { describe, expect, it } from 'vitest'
import { sourceIdentity } from '../record.js'
import type { Source } from '../source.js'
import { narrowedSource } from './narrowed-source.js'
import { OperatorHarness, type HarnessOptions } from './operator-harness.js'
import { sourceOperator } from './source-operator.js'

interface Reader {
  readonly splits: { split: string; offset: number }[]
  noMore: boolean
}

/** Three records in each split, one split after the other. */
function threeEach(splits: readonly string[]): Source<Reader, never> {
  return {
    splits,
    reader: {
      open: () => ({ splits: [], noMore: false }),
      addSplits(state, added) {
        state.splits.push(...added.map(({ split, offset }) => ({ split, offset })))
      },
      noMoreSplits(state) {
        state.noMore = true
      },
      poll(state, emit) {
        const next = state.splits.find(({ offset }) => offset < 3)
        if (next === undefined) return state.noMore ? 'end' : 'nothing'
        emit(next.split, next.offset++, { value: next.split, timestamp: next.offset }, 'k')
        return 'record'
      },
      snapshot: (state) => state.splits,
      answer: () => undefined,
      failure: () => undefined,
    },
  }
}

const harness = (options?: HarnessOptions) => new OperatorHarness(sourceOperator(threeEach(['x', 'y']), 5), options)

describe('source operator', () => {
  it('gives records the identity of split and offset, and says so', () => {
    const source = harness({ vertex: 'Source: a', subtask: 1 })
    source.event({ type: 'add-splits', splits: [{ split: 'y', offset: 2 }] })
    expect(source.poll()).toBe('record')
    expect(source.context.output).toEqual([{ id: sourceIdentity(6, 2), value: 'y', timestamp: 3 }])
    expect(source.facts('source-emit')).toEqual([
      {
        kind: 'source-emit',
        id: sourceIdentity(6, 2),
        split: 'y',
        offset: 2,
        key: 'k',
        vertex: 'Source: a',
        subtask: 1,
        attempt: 0,
        seq: 0,
        t: 0,
      },
    ])
  })

  it('meets the failures of its reader, also where less than all is read; one that meets none is not asked', () => {
    const { splits, reader } = threeEach(['x'])
    const failing: Source<Reader, never> = { splits, reader: { ...reader, failure: ({ noMore }) => (noMore ? 'gone' : undefined) } }
    const less = narrowedSource(failing, [])
    for (const told of [new OperatorHarness(sourceOperator(failing, 0)), new OperatorHarness(sourceOperator(less, 0))]) {
      expect(told.failure).toBeUndefined()
      told.event({ type: 'no-more-splits' })
      expect(told.failure).toBe('gone')
    }
    const { failure: _, ...harmless } = reader
    expect(sourceOperator({ splits, reader: harmless }, 0).failure).toBeUndefined()
    expect(narrowedSource({ splits, reader: harmless }, []).reader.failure).toBeUndefined()
  })

  it('of which less is read leaves records out, and ends where nothing more is kept', () => {
    const { splits, reader } = threeEach(['x'])
    const kept = [{ split: 'x', offsets: [1], end: 2 }]
    const less = narrowedSource({ splits, reader, startOffset: () => -1 }, kept)
    expect(less.startOffset?.('x')).toBe(-1)
    const source = new OperatorHarness(sourceOperator(less, 5))
    expect(source.poll()).toBe('nothing')
    source.event({ type: 'add-splits', splits: [{ split: 'x', offset: 0 }] })
    expect([source.poll(), source.poll(), source.poll()]).toEqual(['record', 'record', 'nothing'])
    source.event({ type: 'no-more-splits' })
    expect(source.poll()).toBe('end')
    expect(source.context.output.map(({ id }) => id)).toEqual([sourceIdentity(5, 1)])
    expect(source.snapshot(1).state.lists[0]?.entries).toEqual([{ split: 'x', offset: 2 }])
  })

  it('of which less is read ends with its own reader where that knows its splits by itself: after a restore it is told of some only', () => {
    const { splits, reader } = threeEach(['x', 'y'])
    const knowing = { ...reader, open: () => ({ splits: [{ split: 'y', offset: 2 }], noMore: true }) }
    const source: Source<Reader, never> = { splits, withoutPositions: true, reader: knowing }
    const less = narrowedSource(source, [{ split: 'x', offsets: [0], end: 3 }])
    expect([less.withoutPositions, narrowedSource({ splits, reader }, []).withoutPositions]).toEqual([true, undefined])
    const restored = new OperatorHarness(sourceOperator(less, 5))
    restored.event({ type: 'add-splits', splits: [{ split: 'x', offset: 3 }] })
    expect([restored.poll(), restored.poll()]).toEqual(['record', 'end'])
  })

  it('of which less is read goes back to no split that it has begun by itself, and waits for none of another subtask', () => {
    const { splits, reader } = threeEach(['x', 'y'])
    const knowing = { ...reader, open: () => ({ splits: [{ split: 'x', offset: 0 }], noMore: true }), addSplits: () => undefined }
    const less = narrowedSource({ splits, withoutPositions: true, reader: knowing }, [{ split: 'x', offsets: [0], end: 1 }])
    const first = new OperatorHarness(sourceOperator(less, 5), { subtask: 0, parallelism: 2 })
    expect(first.poll()).toBe('record')
    first.event({
      type: 'add-splits',
      splits: [
        { split: 'x', offset: 0 },
        { split: 'y', offset: 0 },
      ],
    })
    first.event({ type: 'no-more-splits' })
    expect(first.poll()).toBe('end')
  })

  it('waits for splits, and ends only after it knows that no more will come', () => {
    const source = harness()
    expect(source.poll()).toBe('nothing')
    source.event({ type: 'add-splits', splits: [{ split: 'x', offset: 3 }] })
    expect(source.poll()).toBe('nothing')
    source.event({ type: 'no-more-splits' })
    expect(source.poll()).toBe('end')
  })

  it('goes on after a restore with the record behind the last one emitted', () => {
    const first = harness()
    first.event({
      type: 'add-splits',
      splits: [
        { split: 'x', offset: 0 },
        { split: 'y', offset: 0 },
      ],
    })
    first.poll()
    first.poll()
    const snapshot = first.snapshot(1)
    expect(snapshot.state.lists).toEqual([
      {
        name: 'splits',
        mode: 'SPLIT',
        entries: [
          { split: 'x', offset: 2 },
          { split: 'y', offset: 0 },
        ],
      },
    ])
    first.poll()
    const restored = harness({ restored: snapshot })
    restored.poll()
    restored.poll()
    expect(restored.context.output.map(({ id }) => id)).toEqual([sourceIdentity(5, 2), sourceIdentity(6, 0)])
  })

  it('does not let a snapshot change afterwards', () => {
    const source = harness()
    source.event({ type: 'add-splits', splits: [{ split: 'x', offset: 0 }] })
    const snapshot = source.snapshot(1)
    source.poll()
    expect(snapshot.state.lists[0]?.entries).toEqual([{ split: 'x', offset: 0 }])
  })

  it('refuses a split that its source does not have', () => {
    const source = harness()
    source.event({ type: 'add-splits', splits: [{ split: 'z', offset: 0 }] })
    expect(() => source.poll()).toThrow('read split z, which its source does not have')
  })
})
