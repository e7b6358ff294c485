import type { Key, Value } from '../record.js'
import { COUNT_STATE, type KeyedProcessFunction } from './keyed-process.js'

/** A key and how many records of it have come. */
export type KeyCount = { readonly key: Key; readonly count: number }

/** Counts the records of each key and emits the new count for each of them. */
export const countFunction: KeyedProcessFunction<Value, KeyCount> = {
  countsRecords: true,
  processElement(_value, context) {
    const before = context.get(COUNT_STATE)
    const count = (typeof before === 'number' ? before : 0) + 1
    context.put(COUNT_STATE, count)
    context.collect({ key: context.key, count })
  },
}
