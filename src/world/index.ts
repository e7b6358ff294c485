/**
 * The world: processes, actors, links, timers and choices, run by a driver that owns everything left open. Knows nothing of
 * dataflow; usable alone as `millrace/world` for any event-driven protocol (see `docs/world.md`).
 */
export { actorRef, anyRef, instant, processRef, type AnyMessage, type AnyState } from './actor-types.js'
export * from './behavior.js'
export * from './call.js'
export { areConnected } from './connection.js'
export { copyPlain, copyPlainOf } from './copy.js'
export { beginSequence, digestNumber, digestPlain, endOfMembers } from './digest.js'
export type { Driver } from './driver.js'
export type { Latency, LatencyOptions } from './edges.js'
export * from './hash.js'
export type { Monitoring, Suspicion } from './heartbeats.js'
export type { Link } from './link.js'
export { MisuseError } from './misuse.js'
export type { Pending, Strike } from './pending.js'
export * from './plain.js'
export * from './stream.js'
export * from './timed-driver.js'
export type { Timer } from './timer.js'
export { refusePromise, UserCodeError } from './user-code.js'
export { World } from './world.js'
export type { Recorder, WorldOptions } from './world-options.js'
