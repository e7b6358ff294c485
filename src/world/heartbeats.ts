import type { Heartbeat, Lane } from './behavior.js'
import type { World } from './world.js'

/** Who suspects whom. */
export interface Suspicion {
  readonly watcher: number
  readonly peer: number
  /** Incarnation of the peer. */
  readonly incarnation: number
  readonly lane: Lane
}

/** Who watches whom, and how. */
export interface Monitoring extends Suspicion {
  readonly watcherIncarnation: number
  readonly heartbeat: Heartbeat
}

/** One side of an exchange of heartbeats; plain data. */
interface Monitor extends Monitoring {
  /** When the peer was heard of last, and when it is asked next, µs. */
  heardUs: number
  nextUs: number
  /** The watcher was paused when its turn came. */
  overslept: boolean
}

/** What heartbeats must know of the run. Times in µs. */
export interface Airwaves {
  /** Whether what one actor sends now gets to the other without delay; for an actor and itself, whether it runs at all. */
  heard(from: number, to: number, now: number): boolean
  /** Calls `beat` with this monitor at a time. */
  wake(monitor: number, atUs: number): void
  /** Who comes first after a pause: the overdue timeout (true) or the heartbeats that have been waiting. */
  timeoutFirst(watcher: number, peer: number): boolean
}

/**
 * Heartbeats without messages. At each interval whoever asks is taken to have asked, and been answered, when both ways are open at
 * that moment and both processes run; who is only asked has heard of the peer when the way to it is open. As long as nothing can
 * silence a process for longer than a timeout this says the same as messages would: latencies and slow links are shorter than any
 * sensible timeout, and a death is told by `peer-down`. So a run whose faults silence nobody needs none of this. What differs: a
 * heartbeat takes no time, and one that was held up does not arrive later, the next does.
 * (Flink: HeartbeatManagerSenderImpl asks, HeartbeatManagerImpl answers, HeartbeatMonitorImpl times out.)
 */
export class Heartbeats {
  private monitors: (Monitor | undefined)[] = []

  constructor(private readonly airwaves: Airwaves) {}

  /** A peer is monitored from now on; it counts as heard. */
  begin(monitoring: Monitoring, now: number): void {
    const { watcher, watcherIncarnation, peer, incarnation, lane, heartbeat } = monitoring
    const earlier = this.monitors.findIndex((monitor) => monitor?.watcher === watcher && monitor.peer === peer)
    if (earlier >= 0) this.monitors[earlier] = undefined
    const nextUs = now + heartbeat.intervalUs
    // Member by member, for its hidden class: see "Speed" in docs/world.md.
    this.monitors.push({ watcher, watcherIncarnation, peer, incarnation, lane, heartbeat, heardUs: now, nextUs, overslept: false })
    this.airwaves.wake(this.monitors.length - 1, nextUs)
  }

  /** The turn of one monitor. */
  beat(world: World, index: number, now: number): void {
    const monitor = this.monitors[index]
    if (monitor === undefined) return
    const { watcher, peer, heartbeat } = monitor
    if (!lives(world, watcher, monitor.watcherIncarnation)) {
      this.monitors[index] = undefined
    } else if (!this.airwaves.heard(watcher, watcher, now)) {
      monitor.overslept = true
      this.airwaves.wake(index, now + heartbeat.intervalUs)
    } else {
      const late = monitor.overslept
      monitor.overslept = false
      if (late && this.airwaves.timeoutFirst(watcher, peer)) return this.judge(world, index, monitor, now)
      // Behind a pause the requests of the meantime are waiting, also those of a peer that has given up since.
      if (late && !heartbeat.asks) monitor.heardUs = now
      this.ask(world, monitor, now)
      this.judge(world, index, monitor, now)
    }
  }

  private judge(world: World, index: number, monitor: Monitor, now: number): void {
    const { heartbeat, heardUs } = monitor
    const expiryUs = heardUs + heartbeat.timeoutUs
    if (now >= expiryUs) {
      this.monitors[index] = undefined
      world.suspect(monitor)
    } else {
      this.airwaves.wake(index, heartbeat.asks ? Math.min(monitor.nextUs, expiryUs) : expiryUs)
    }
  }

  private ask(world: World, monitor: Monitor, now: number): void {
    const { watcher, watcherIncarnation, peer, incarnation, heartbeat } = monitor
    if (!heartbeat.asks || now < monitor.nextUs) return
    monitor.nextUs = now + heartbeat.intervalUs
    if (!lives(world, peer, incarnation) || !this.airwaves.heard(watcher, peer, now)) return
    for (const other of this.monitors) {
      if (other?.watcher === peer && other.peer === watcher && other.incarnation === watcherIncarnation) other.heardUs = now
    }
    if (this.airwaves.heard(peer, watcher, now)) monitor.heardUs = now
  }

  /** A copy for a fork of the run. */
  fork(airwaves: Airwaves): Heartbeats {
    const copy = new Heartbeats(airwaves)
    copy.monitors = this.monitors.map((monitor) => monitor && { ...monitor })
    return copy
  }
}

function lives(world: World, index: number, incarnation: number): boolean {
  const actor = world.actors[index]
  return actor?.alive === true && actor.incarnation === incarnation
}
