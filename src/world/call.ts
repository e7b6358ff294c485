import type { ActorRef } from './behavior.js'

/** Answer to a request; `tag` is the caller's own (which of its parts asked). */
export interface Reply<A> {
  readonly kind: 'reply'
  readonly tag: number
  readonly answer: A
}

/** Who asks: travels in every request that is answered. A request of a dead incarnation may still be served; its reply is lost. */
export interface Caller<A> {
  readonly ref: ActorRef<Reply<A>>
  readonly tag: number
}
