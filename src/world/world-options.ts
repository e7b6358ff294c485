import type { Instant } from './behavior.js'
import type { Driver } from './driver.js'

/** Takes the facts that actors record, with the time in µs. */
export type Recorder = (fact: { readonly kind: string }, at: Instant) => void

/** How a world is built. */
export interface WorldOptions {
  readonly driver: Driver
  /** Without it `context.record` is absent. */
  readonly recorder?: Recorder
  /** Freezes everything that is sent, and fails when it is not plain data or was changed under way (test builds). */
  readonly freeze?: boolean
}
