import { describe, expect, it } from 'vitest'
import { MAX_WATERMARK } from '../network/buffer.js'
import { OperatorHarness } from './operator-harness.js'
import { timestampsAndWatermarksOperator } from './timestamps-and-watermarks.js'

const record = (id: number, timestamp: number) => ({ id, value: { at: timestamp + 1000 }, timestamp })

describe('timestamps and watermarks', () => {
  it('follow the highest event time at a distance, and never go back', () => {
    const generator = new OperatorHarness(timestampsAndWatermarksOperator({ maxOutOfOrdernessUs: 10 }))
    for (const [id, at] of [100, 105, 95, 105, 120].entries()) generator.processElement(record(id, at))
    expect(generator.context.watermarks).toEqual([89, 94, 109])
  })

  it('let no record within the distance be late', () => {
    const generator = new OperatorHarness(timestampsAndWatermarksOperator({ maxOutOfOrdernessUs: 10 }))
    generator.processElement(record(0, 100))
    expect(generator.context.watermarks.every((watermark) => watermark < 100 - 10)).toBe(true)
  })

  it('may be sent after several records', () => {
    const generator = new OperatorHarness(timestampsAndWatermarksOperator({ maxOutOfOrdernessUs: 0, everyRecords: 2 }))
    for (const [id, at] of [100, 101, 102, 103, 104].entries()) generator.processElement(record(id, at))
    expect(generator.context.watermarks).toEqual([100, 102])
  })

  it('assign event times and keep identities', () => {
    const generator = new OperatorHarness(
      timestampsAndWatermarksOperator({
        maxOutOfOrdernessUs: 0,
        extractTimestamp: (value) => (typeof value === 'object' && value !== null && 'at' in value ? Number(value['at']) : 0),
      }),
    )
    generator.processElement(record(7, 100))
    expect(generator.context.output).toEqual([{ id: 7, value: { at: 1100 }, timestamp: 1100 }])
    expect(generator.context.watermarks).toEqual([1099])
  })

  it('take the place of those from upstream, but for the last', () => {
    const generator = new OperatorHarness(timestampsAndWatermarksOperator({ maxOutOfOrdernessUs: 0 }))
    generator.processWatermark(50)
    expect(generator.context.watermarks).toEqual([])
    generator.processWatermark(MAX_WATERMARK)
    expect(generator.context.watermarks).toEqual([MAX_WATERMARK])
  })

  it('are not part of a checkpoint', () => {
    const generator = new OperatorHarness(timestampsAndWatermarksOperator({ maxOutOfOrdernessUs: 0 }))
    generator.processElement(record(0, 100))
    expect(generator.snapshot(1).state.lists).toEqual([])
  })
})
