import type { Instant, Outcome, ProcessRef } from './behavior.js'
import type { Monitoring } from './heartbeats.js'
import type { Link } from './link.js'
import type { Pending } from './pending.js'
import type { Timer } from './timer.js'

/**
 * Whoever decides what the engine leaves open. The world tells it what is waiting; it answers questions and picks the next step.
 * Seeded, replaying, exhaustive and other drivers implement this; the world and the engine do not know which one runs them.
 */
export interface Driver {
  /** It keeps no link, message or timer from one call to the next, so that forks may share them until they change. */
  readonly forgetful?: boolean
  /** It has no clock: `elapsed` is a choice, which the world asks for only where it does not follow from what was answered before. */
  readonly timeless?: boolean
  /** The time; for an actor, what the clock of its process shows. */
  now(actor?: number): Instant
  elapsed(actor: number, since: Instant, us: number, label: string): boolean
  choose(actor: number, label: string, n: number): number
  /** A message is sent: true when it is appended to its link, false when it is lost. */
  sent(pending: Pending, link: Link): boolean
  /** A message was taken off the link. */
  taken(link: Link): void
  /** The link is gone, with all that is on it. */
  dropped(link: Link): void
  armed(timer: Timer): void
  disarmed(timer: Timer): void
  /** An actor monitors another from now on. */
  monitored?(monitoring: Monitoring): void
  /**
   * A process, which has these actors, dies: whether its host is lost with it. Then what they have sent and nobody has received yet is
   * lost, that which the driver itself holds as well.
   */
  losesHost?(process: ProcessRef, actors: readonly number[]): boolean
  /** A process has died; who restarts it is up to the driver. */
  crashed(process: ProcessRef): void
  /** Whether the actor's process, which is given by its name, dies at this step. */
  strikes(actor: number, failpoint: string, process: string): boolean
  fails(actor: number, failpoint: string): boolean
  outcome(actor: number, failpoint: string): Outcome
}
