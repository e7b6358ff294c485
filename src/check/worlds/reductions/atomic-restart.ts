/**
 * Crash granularity: whether a process that has died starts again in a step of its own, whenever that comes, or in the step in which it
 * died. The second is a reduction. Where a step kills a process, by a crash between steps as at a failpoint, the step goes on: what must
 * not wait is delivered, the process starts, what its start sends and must not wait is delivered, and so on with the next dead process.
 *
 * Lemma. Each way of the reduced exploration is one of the full one: each of its steps is a step of that, followed by starts, each as
 * soon as it is possible. An end of it is an end there, because where a process is dead its start is still possible. So what is found
 * wrong is wrong, and no output is made up.
 *
 * What is missed: all that comes between a death and the start. A step x of another actor commutes with the start of p where x sends
 * nothing to p, watches nobody of p and stops nobody there: the start reads the durable parts of p only, and its messages may be as late
 * as one likes. Otherwise x meets the dead in one order (what it sends is lost, who is watched is gone already) and the living in the
 * other. So ways are missed on which a call is lost because its receiver is down; on which two processes are down at a time; on which a
 * process is noticed to be gone, and what it did is taken over, before it is back, if who notices asks it for anything. With one crash and
 * a caller that would hear of the death in any case it is the same in the end, which is no proof: this is a hunt.
 *
 * What it gives is little where recovery is a protocol: the steps of a failover are those of the others (cancel, allocate, deploy,
 * restore), and the dead process takes part in it only when it registers. Of what a crash adds to a scope the time for which a process is
 * down is a small part.
 */

/** What a start depends on. */
export interface Mortal {
  readonly alive: boolean
  /** 0: it was never started, and does not start by itself. */
  readonly incarnation: number
}

/** The first process that has died and can start again; -1: none. */
export function firstDead(processes: readonly Mortal[]): number {
  return processes.findIndex(({ alive, incarnation }) => !alive && incarnation > 0)
}
