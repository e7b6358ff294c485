import { hashNumber, hashString } from '../../world/index.js'
import type { Key } from '../record.js'

/**
 * Key groups: the atomic unit of keyed state (Flink: `KeyGroupRangeAssignment`). Our hash differs from Flink's murmur of the Java
 * hash code, so a key may live in another group than there; nothing depends on which.
 */
export function keyGroupOf(key: Key, maxParallelism: number): number {
  const hash = typeof key === 'number' ? hashNumber(key) : hashString(key)
  return (hash >>> 0) % maxParallelism
}

/** The subtask that owns a key group. */
export function ownerOf(keyGroup: number, parallelism: number, maxParallelism: number): number {
  return Math.floor((keyGroup * parallelism) / maxParallelism)
}
