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

/** Key groups from `start` to `end`, both included (Flink: `KeyGroupRange`). */
export interface KeyGroupRange {
  readonly start: number
  readonly end: number
}

/** The key groups that a subtask owns (Flink: `KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex`). */
export function keyGroupRangeOf(subtask: number, parallelism: number, maxParallelism: number): KeyGroupRange {
  const start = Math.floor((subtask * maxParallelism + parallelism - 1) / parallelism)
  const end = Math.floor(((subtask + 1) * maxParallelism - 1) / parallelism)
  return { start, end }
}

/** The key groups of both ranges; null when there are none (Flink: `KeyGroupRange.getIntersection`). */
export function intersectionOf(one: KeyGroupRange, other: KeyGroupRange): KeyGroupRange | null {
  const start = Math.max(one.start, other.start)
  const end = Math.min(one.end, other.end)
  return start <= end ? { start, end } : null
}
