/** What a window keeps, and what it makes of it when it fires (Flink: `AggregateFunction`, `ReduceFunction`, `ProcessWindowFunction`). */
import { refusePromise } from '../../world/index.js'
import type { Key, Value } from '../record.js'
import type { Collector } from './derived-output.js'
import { listOf } from './members.js'
import type { TimeWindow } from './window-assigner.js'

/** Keeps one accumulator per window; pure, but that it may change the accumulator in place. */
export interface AggregateFunction<T extends Value, ACC extends Value, R extends Value> {
  createAccumulator(): ACC
  add(value: T, accumulator: ACC): ACC
  getResult(accumulator: ACC, key: Key, window: TimeWindow): R
  /** The accumulator of both; windows that merge need it. */
  merge?(first: ACC, second: ACC): ACC
}

/** Makes one value of two; pure. */
export interface ReduceFunction<T extends Value> {
  reduce(first: T, second: T): T
}

/** Keeps every element of a window; pure. */
export interface ProcessWindowFunction<T extends Value, R extends Value> {
  process(key: Key, window: TimeWindow, elements: readonly T[], out: Collector<R>): void
}

/** The contents of a window as the operator sees them: a value that grows. */
export interface WindowContents {
  /** Contents pass through user code with each record: it may change them in place. */
  readonly inUserCode: boolean
  add(contents: Value | undefined, value: Value): Value
  /** The contents of two windows that have become one. */
  merge(first: Value, second: Value): Value
  /** False: only windows that never merge can keep such contents. */
  readonly mergeable: boolean
  fire(key: Key, window: TimeWindow, contents: Value, out: Collector<Value>): unknown
}

/** Contents of an aggregate. */
export function aggregated(fn: AggregateFunction<Value, Value, Value>): WindowContents {
  return {
    add: (contents, value) => fn.add(value, contents ?? refusePromise(fn.createAccumulator(), 'createAccumulator')),
    merge: (first, second) => fn.merge?.(first, second) ?? first,
    inUserCode: true,
    mergeable: fn.merge !== undefined,
    fire: (key, window, contents, out) => out.collect(fn.getResult(contents, key, window)),
  }
}

/** Contents of a reduce. */
export function reduced(fn: ReduceFunction<Value>): WindowContents {
  return {
    add: (contents, value) => (contents === undefined ? value : fn.reduce(contents, value)),
    merge: (first, second) => fn.reduce(first, second),
    inUserCode: true,
    mergeable: true,
    fire: (_key, _window, contents, out) => out.collect(contents),
  }
}

/** All elements in the order of their arrival. */
export function processed(fn: ProcessWindowFunction<Value, Value>): WindowContents {
  return {
    add: (contents, value) => [...listOf(contents), value],
    merge: (first, second) => [...listOf(first), ...listOf(second)],
    inUserCode: false,
    mergeable: true,
    fire: (key, window, contents, out) => fn.process(key, window, listOf(contents), out),
  }
}
