import { instant } from './actor-types.js'
import type { Instant } from './behavior.js'

/**
 * What an actor was told about time by a driver without a clock. Such a driver answers `elapsed` by choice, but time does not go back:
 * what has elapsed stays so, for any time that is shorter and any instant that is older. Plain data, never changed, part of the actor.
 *
 * Its instants are numbered, and a new number begins only when something has elapsed: what was noted before is then older than what is
 * noted after. Worlds in which nothing has elapsed still differ by nothing. What was noted under one number is taken for noted at once.
 */
export type ElapsedTimes = readonly ElapsedTime[]

/** `us` have elapsed since this instant and all before it. */
export interface ElapsedTime {
  readonly label: string
  readonly us: number
  readonly since: number
}

/** Nothing has elapsed yet. */
export const NOTHING_ELAPSED: ElapsedTimes = []

/** Whether it follows from what was answered before that so many µs have elapsed. */
export function hasElapsed(times: ElapsedTimes, since: number, us: number, label: string): boolean {
  return times.some((time) => time.label === label && time.us >= us && time.since >= since)
}

/** With another positive answer; sorted, and without those that follow from it. */
export function withElapsed(times: ElapsedTimes, since: number, us: number, label: string): ElapsedTimes {
  const others = times.filter((time) => time.label !== label || time.us > us || time.since > since)
  return [...others, { label, us, since }].sort(compare)
}

/** The present instant: newer than all since which something has elapsed. */
export function presentInstant(times: ElapsedTimes): Instant {
  return instant(times.reduce((newest, { since }) => Math.max(newest, since + 1), 0))
}

function compare(a: ElapsedTime, b: ElapsedTime): number {
  if (a.label !== b.label) return a.label < b.label ? -1 : 1
  return a.us - b.us || a.since - b.since
}
