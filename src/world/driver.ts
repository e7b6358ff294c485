import type { AnyMessage } from './actor-types.js'
import type { Instant, Outcome } from './behavior.js'
import type { Link, Timer } from './slot.js'

/**
 * Whoever decides what the engine leaves open. The world tells it what is waiting; it answers questions and picks the next step.
 * Seeded, replaying, exhaustive and other drivers implement this; the world and the engine do not know which one runs them.
 */
export interface Driver {
  now(): Instant
  elapsed(actor: number, since: Instant, us: number, label: string): boolean
  choose(actor: number, label: string, n: number): number
  /** A message was sent: true when it goes on the link, false when it is lost. The driver notes when it arrives. */
  sent(link: Link, message: AnyMessage): boolean
  /** The head of the link was taken off. */
  taken(link: Link): void
  /** The link is gone, with all that was on it. */
  dropped(link: Link): void
  armed(timer: Timer): void
  disarmed(timer: Timer): void
  /** Whether the process of the actor dies at this step. */
  strikes(actor: number, failpoint: string): boolean
  fails(actor: number, failpoint: string): boolean
  outcome(actor: number, failpoint: string): Outcome
}
