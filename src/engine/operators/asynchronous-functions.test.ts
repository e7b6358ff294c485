/** User functions that are `async`, as a caller without types may give them: they must not be taken for ones that emit nothing. */
import { describe, expect, it } from 'vitest'
import { UserCodeError } from '../../world/index.js'
import { sliceConfiguration } from '../../../test/engine/slice-job.js'
import { keySelector } from '../graph/key-selector.js'
import { StreamExecutionEnvironment } from '../graph/stream-environment.js'
import { openSources } from '../jobmaster/source-coordinator.js'
import type { StreamOperator } from '../operator.js'
import type { Value } from '../record.js'
import { broadcastProcessOperator } from './broadcast-process.js'
import { coFlatMapOperator } from './co-flat-map.js'
import { filterOperator } from './filter.js'
import { flatMapOperator } from './flat-map.js'
import { keyedBroadcastProcessOperator } from './keyed-broadcast-process.js'
import { keyedCoProcessOperator } from './keyed-co-process.js'
import { keyedProcessOperator } from './keyed-process.js'
import { mapOperator } from './map.js'
import { OperatorHarness, type HarnessSnapshot } from './operator-harness.js'
import { processOperator } from './process.js'
import { reduceFunction } from './reduce.js'
import { sessionWindowOperator } from './session-window-operator.js'
import { committableRecords } from './committable-message.js'
import { committerOperator } from './committer-operator.js'
import { sinkWriterOperator } from './sink-writer-operator.js'
import { sourceOperator } from './source-operator.js'
import { timestampsAndWatermarksOperator } from './timestamps-and-watermarks.js'
import { EventTimeSessionWindows, TumblingEventTimeWindows } from './window-assigner.js'
import { aggregated, processed, reduced, type WindowContents } from './window-functions.js'
import { windowJoinOperator } from './window-join.js'
import { windowOperator } from './window-operator.js'

/** A function of any type that returns a promise. */
const later = (): never => Promise.resolve(1) as never
const nothing = () => undefined
const registers = (_value: Value, context: { registerEventTimeTimer(timestamp: number): void }) => context.registerEventTimeTimer(5)
const aggregate = { createAccumulator: () => 0, add: () => 1, getResult: () => 1 }
const windows = (contents: WindowContents) => windowOperator(TumblingEventTimeWindows.of(10), contents, 1)
const sessions = (contents: WindowContents) => sessionWindowOperator(EventTimeSessionWindows.withGap(10), contents, 1)

const reader = { open: nothing, addSplits: nothing, noMoreSplits: nothing, snapshot: () => [], answer: nothing }
const writer = {
  open: nothing,
  write: nothing,
  flush: nothing,
  prepareCommit: () => [],
  snapshot: () => [],
  answer: nothing,
  busy: () => false,
  failure: nothing,
}
const committer = { open: nothing, commit: nothing, answer: nothing as () => never, nameOf: () => 'c' }
const often = { retries: 1, checkpointing: true }

/** Runs an operator with two records for each input, and a watermark that makes everything due. */
function run<S>(operator: StreamOperator<S, never>, inputs: readonly number[] = [0]): void {
  const key = () => 'k'
  const harness = new OperatorHarness(operator, { vertex: 'mine', keyOf: [key, key] })
  for (const id of [1, 2]) for (const input of inputs) harness.processElement({ id, value: id, timestamp: 1 }, input)
  harness.processWatermark(1_000)
}

const one: Readonly<Record<string, StreamOperator<null, never>>> = {
  map: mapOperator({ map: later }, 1),
  filter: filterOperator({ filter: later }),
  'flat map': flatMapOperator({ flatMap: later }, 1),
  process: processOperator({ processElement: later }, 1),
  'keyed process': keyedProcessOperator({ processElement: later }, 1),
  'keyed process, timer': keyedProcessOperator({ processElement: registers, onTimer: later }, 1),
  reduce: keyedProcessOperator(reduceFunction({ reduce: later }), 1),
  'window, accumulator': windows(aggregated({ ...aggregate, createAccumulator: later })),
  'window, add': windows(aggregated({ ...aggregate, add: later })),
  'window, result': windows(aggregated({ ...aggregate, getResult: later })),
  'window, reduce': windows(reduced({ reduce: later })),
  'window, process': windows(processed({ process: later })),
  'session, add': sessions(aggregated({ ...aggregate, add: later })),
  'session, process': sessions(processed({ process: later })),
}

describe('a function that returns a promise is refused', () => {
  for (const [name, operator] of Object.entries(one)) {
    it(`by ${name}`, () => {
      expect(() => run(operator)).toThrow(UserCodeError)
      expect(() => run(operator)).toThrow(/^(mine|createAccumulator): a function returned a promise; user code must be synchronous/)
    })
  }

  it('by operators of two inputs, on either', () => {
    for (const [input, functions] of [
      { flatMap1: later, flatMap2: nothing },
      { flatMap1: nothing, flatMap2: later },
    ].entries())
      expect(() => run(coFlatMapOperator(functions, 1), [input])).toThrow('mine: a function returned a promise')
    const keyed = { processElement1: later, processElement2: later }
    for (const input of [0, 1]) expect(() => run(keyedCoProcessOperator(keyed, 1), [input])).toThrow('mine: ')
    const timed = { processElement1: registers, processElement2: nothing, onTimer: later }
    expect(() => run(keyedCoProcessOperator(timed, 1))).toThrow('mine: ')
    expect(() => run(windowJoinOperator(TumblingEventTimeWindows.of(10), { join: later }, 1), [0, 1])).toThrow('mine: ')
  })

  it('by operators with broadcast state, on either input and by a timer', () => {
    const functions = { processElement: later, processBroadcastElement: later }
    for (const input of [0, 1]) {
      expect(() => run(broadcastProcessOperator(functions, [], 1), [input])).toThrow('mine: ')
      expect(() => run(keyedBroadcastProcessOperator(functions, [], 1), [input])).toThrow('mine: ')
    }
    const timed = { processElement: registers, processBroadcastElement: nothing, onTimer: later }
    expect(() => run(keyedBroadcastProcessOperator(timed, [], 1))).toThrow('mine: ')
  })

  it('by what reads keys and timestamps', () => {
    expect(() => keySelector(later)(1)).toThrow('keyBy: ')
    const strategy = { maxOutOfOrdernessUs: 0, extractTimestamp: later }
    const stamped = new OperatorHarness(timestampsAndWatermarksOperator(strategy), { vertex: 'mine' })
    expect(() => stamped.processElement({ id: 1, value: 1, timestamp: 1 })).toThrow('mine: ')
  })

  it('by sessions that become one', () => {
    const merging = sessions(aggregated({ ...aggregate, merge: later }))
    const harness = new OperatorHarness(merging, { vertex: 'mine', keyOf: [() => 'k'] })
    for (const timestamp of [0, 15]) harness.processElement({ id: timestamp, value: 1, timestamp })
    expect(() => harness.processElement({ id: 8, value: 1, timestamp: 8 })).toThrow('mine: ')
  })

  it('by connectors', () => {
    const source = new OperatorHarness(sourceOperator({ splits: [], reader: { ...reader, poll: later } }, 0), { vertex: 'mine' })
    expect(() => source.poll()).toThrow('mine: ')
    const waiting = {
      ...reader,
      poll: () => 'nothing' as const,
      noMoreSplits: later,
      addSplits: later,
      answer: later,
      notifyComplete: later,
    }
    const asked = new OperatorHarness(sourceOperator({ splits: [], reader: waiting }, 0), { vertex: 'mine' })
    expect(() => asked.event({ type: 'no-more-splits' })).toThrow('mine: ')
    expect(() => asked.event({ type: 'add-splits', splits: [] })).toThrow('mine: ')
    expect(() => asked.answer(nothing() as never)).toThrow('mine: ')
    expect(() => asked.notifyComplete(1)).toThrow('mine: ')
    const sink = new OperatorHarness(sinkWriterOperator({ writer: { ...writer, write: later, flush: later } }, 1), { vertex: 'mine' })
    expect(() => sink.processElement({ id: 1, value: 1, timestamp: 1 })).toThrow('mine: ')
    expect(() => sink.prepareSnapshot(1)).toThrow('mine: ')
    const answering = new OperatorHarness(sinkWriterOperator({ writer: { ...writer, answer: later } }, 1), { vertex: 'mine' })
    expect(() => answering.answer(nothing() as never)).toThrow('mine: ')
    const committing = new OperatorHarness(committerOperator({ ...committer, commit: later, answer: later }, often), { vertex: 'mine' })
    expect(() => committing.answer(nothing() as never)).toThrow('mine: ')
    for (const each of committableRecords(1, 0, [1], 1)) committing.processElement(each)
    expect(() => committing.notifyComplete(1)).toThrow('mine: ')
  })

  it('by connectors, where they open, are restored, and are woken', () => {
    const opening = <S>(operator: StreamOperator<S, never>, restored?: HarnessSnapshot) =>
      new OperatorHarness(operator, { vertex: 'mine', ...(restored && { restored }) })
    const source = (own: object) => sourceOperator({ splits: [], reader: { ...reader, poll: () => 'end' as const, ...own } }, 0)
    const sink = (own: object) => sinkWriterOperator({ writer: { ...writer, ...own } }, 1)
    const commits = (own: object) => committerOperator({ ...committer, ...own }, often)
    for (const own of [source, sink, commits]) {
      expect(() => opening<unknown>(own({ open: later }))).toThrow('mine: ')
      const woken = opening<unknown>(own({ woken: later }))
      woken.context.wakeAfter('tick', 1)
      expect(() => woken.wake()).toThrow('mine: ')
    }
    const taken = opening(source({ snapshot: () => [{ split: 'a', offset: 1 }] })).snapshot(1)
    expect(() => opening(source({ addSplits: later }), taken)).toThrow('mine: ')
  })

  it('by connectors, where they prepare, are asked, name, and close', () => {
    const harness = <S>(operator: StreamOperator<S, never>) => new OperatorHarness(operator, { vertex: 'mine' })
    const source = (own: object) => harness(sourceOperator({ splits: [], reader: { ...reader, poll: () => 'end' as const, ...own } }, 0))
    const sink = (own: object) => harness(sinkWriterOperator({ writer: { ...writer, ...own }, committer }, 1))
    const commits = (own: object) => harness(committerOperator({ ...committer, ...own }, often))
    for (const closing of [source, sink, commits]) expect(() => closing({ close: later }).close('finished')).toThrow('mine: ')
    for (const taken of [source, sink]) expect(() => taken({ snapshot: later }).snapshot(1)).toThrow('mine: ')
    for (const asked of [source, sink])
      expect(() => asked({ failure: later }).failure).toThrow(/^failure of a (source reader|sink writer): /)
    expect(() => sink({ prepareCommit: later }).prepareSnapshot(1)).toThrow('mine: ')
    expect(() => sink({ busy: later }).busy).toThrow('busy of a sink writer: ')
    expect(() => sink({ busy: later }).prepareSnapshot(1)).toThrow('busy of a sink writer: ')
    const named = commits({ nameOf: later })
    for (const each of committableRecords(1, 0, [1], 1)) named.processElement(each)
    expect(() => named.snapshot(1)).toThrow('mine: ')
    expect(() => named.notifyComplete(1)).toThrow('mine: ')
  })

  it('by a source that says where its splits begin', () => {
    const env = new StreamExecutionEnvironment(sliceConfiguration)
    const own = { splits: ['a'], startOffset: later, reader: { ...reader, poll: () => 'end' as const } }
    env.fromSource(own, 'Src').sinkTo({ writer }, 'Sink')
    expect(() => openSources(env.build('promising'))).toThrow('Source: Src: ')
  })
})
