/**
 * What a world consists of, for those who take worlds apart and put them together again: the checker. Everybody else goes through
 * `index.ts`.
 */
export { Actor, type Process } from './actor.js'
export { actorRef, eraseBehavior, type AnyBehavior, type AnyState } from './actor-types.js'
export { Components } from './components.js'
export { peerDown } from './connection.js'
export { hasElapsed, NOTHING_ELAPSED, presentInstant, withElapsed } from './elapsed.js'
export { hashActor, hashLink, hashProcess, type Hash } from './fingerprint.js'
export { Link } from './link.js'
export { Pending } from './pending.js'
export { Timer } from './timer.js'
