import type { NotDeterministic } from '../search/index.js'
import { atTime } from './numbers.js'

/** A step that did not come out the same each time: where, what it was, what is wrong and what to do. */
export function notDeterministicLines({ step, timeUs, actor, what, message }: NotDeterministic): string[] {
  return [`step ${String(step)} at ${atTime(timeUs)}, ${actor}: ${what}`, message]
}
