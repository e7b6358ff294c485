/**
 * Matchers for vitest, as `millrace/vitest`: `expect(run).toBeExactlyOnce()` and others, with the failure block that `millrace replay`
 * prints. Importing it adds them to `expect`. Needs `vitest`, which the rest of millrace does not.
 */
import { expect } from 'vitest'
import type { Place } from './judged.js'
import { matchers } from './matchers.js'

export type { Place } from './judged.js'
export { matchers } from './matchers.js'

/** The matchers, as `expect` shows them. */
export interface MillraceMatchers<R = unknown> {
  /** Nothing is lost, nothing twice, nothing of a timeline that was taken back; everywhere, or at one place. */
  toBeExactlyOnce(place?: Place): R
  /** Nothing is lost. */
  toBeAtLeastOnce(place?: Place): R
  /** Nothing is twice. */
  toBeAtMostOnce(place?: Place): R
  /** Every rule of the checkpointing protocol is kept. */
  toKeepTheProtocol(): R
  /** Every completed checkpoint is a consistent cut. */
  toHaveConsistentCuts(): R
  /** The job finishes or goes on after the faults. */
  toMakeProgress(): R
  /** What the scenario promises holds, within its preconditions, and protocol and progress with it. */
  toKeepItsPromises(): R
}

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- this is how vitest is told of matchers: what they are stands above
  interface Matchers<T> extends MillraceMatchers<T> {}
}

expect.extend(matchers)
