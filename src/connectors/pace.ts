import type { OperatorContext } from '../engine/operator.js'

/** How fast a reader hands out records: `burst` of them, then a pause. Without a pace it never waits. */
export interface Pace {
  /** Pause after a burst, µs. */
  readonly intervalUs: number
  /** Records in a burst; at least 1. */
  readonly burst: number
}

/** Part of a paced reader's state. */
export interface PaceState {
  /** Records that may be handed out before the next pause. */
  left: number
}

/** Name of the wake-up that ends a pause. */
export const PACE_WAKE_UP = 'pace'

/** The state at the start: a first burst is due. */
export function startPace(pace: Pace | undefined): PaceState {
  return { left: pace?.burst ?? 1 }
}

/** Notes that a record was handed out; after a burst the reader sleeps. */
export function recordPaced(state: PaceState, pace: Pace | undefined, context: OperatorContext): void {
  if (pace === undefined) return
  state.left--
  if (state.left === 0) context.wakeAfter(PACE_WAKE_UP, pace.intervalUs)
}

/** Takes the wake-up in. */
export function wokenPaced(state: PaceState, pace: Pace | undefined, name: string): void {
  if (name === PACE_WAKE_UP && pace !== undefined) state.left = pace.burst
}
