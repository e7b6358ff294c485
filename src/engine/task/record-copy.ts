/**
 * Records on their way from one operator to the next. Each operator gets values of its own (Flink: `TypeSerializer.copy` within a chain,
 * `serialize` between tasks): it may change in place what it is given, and go on using what it has emitted.
 */
import { copyPlainOf } from '../../world/index.js'
import type { StreamRecord } from '../record.js'

/**
 * The record with a value of its own.
 * @param vertex who emits it
 * @throws NotPlainError naming the member that is no plain data
 */
export function copyOf(record: StreamRecord, vertex: string): StreamRecord {
  const { id, value, timestamp } = record
  return typeof value === 'object' && value !== null ? { id, value: copyPlainOf(vertex, value), timestamp } : record
}
