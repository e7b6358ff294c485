/**
 * What an actor is: pure code (`Behavior`) over plain state, which reaches everything else through a `Context`.
 */

declare const accepts: unique symbol

/** Address of an actor that accepts messages of type M: a dense integer, so that it can be stored and sent. */
export type ActorRef<M> = number & { readonly [accepts]: (message: M) => void }

/** A process: actors with shared fate. A dense integer. */
export type ProcessRef = number & { readonly process: never }

/** A point in time, µs since the start of the run. Opaque: compare it with `elapsed` only. */
export type Instant = number & { readonly instant: never }

/**
 * Links between two actors are told apart by lane. On lanes >= 0 messages arrive in the order they were sent; on the lane
 * `UNORDERED` they may overtake each other.
 */
export type Lane = number
/** The lane on which messages may overtake each other. */
export const UNORDERED: Lane = -1

/** A timer that the actor armed has fired. */
export interface TimerFired {
  readonly kind: 'timer'
  readonly name: string
}

/** The peer on a watched link is gone: nothing more will arrive on this lane from that incarnation. */
export interface PeerDown {
  readonly kind: 'peer-down'
  readonly peer: number
  /** Incarnation of the peer's process that is gone: a late word about an old one says nothing about its successor. */
  readonly incarnation: number
  readonly lane: Lane
  /** The process died or the connection broke; false when the peer ended in order. */
  readonly crashed: boolean
  /** Only suspected: nothing was heard of a monitored peer for too long. It may live, go on, and be heard of again. */
  readonly silent?: true
}

/** How the silence of a peer is noticed. Times in µs. */
export interface Heartbeat {
  readonly intervalUs: number
  /** Silence after which the peer is suspected. */
  readonly timeoutUs: number
  /** The watcher asks at each interval, and the peer answers; otherwise the peer asks, and to be asked is to hear of it. */
  readonly asks: boolean
}

/** What the world itself delivers besides the messages of other actors. */
export type WorldMessage = TimerFired | PeerDown

/**
 * What a call to an outside system comes to when a fault may strike it. `unknown-later`: no answer comes, and it is applied after a while;
 * whoever cannot do that loses it.
 */
export const OUTCOMES = ['done', 'failed', 'unknown-applied', 'unknown-lost', 'unknown-later'] as const
/** See `OUTCOMES`: explorations take every one of them. */
export type Outcome = (typeof OUTCOMES)[number]

/** One per kind of actor; it holds no state itself. V is the volatile, D the durable part of the state, M the messages. */
export interface Behavior<V, D, M extends { readonly kind: string }> {
  readonly kind: string
  /** First start, and every restart of the process it was set up with. */
  start(durable: D, context: Context): V
  /** One step: one message (or timer) of one actor. Mutates the state in place. */
  receive(state: ActorState<V, D>, message: M | WorldMessage, context: Context): void
  /** The message as an integer that covers all its fields, for the trace hash. */
  digest(message: M | WorldMessage): number
}

/** A crash of the process drops the volatile part; the durable part is what the next start begins with. */
export interface ActorState<V, D> {
  volatile: V
  durable: D
}

/** The only way in which a step reaches anything but its own actor. */
export interface Context {
  readonly self: number
  readonly process: ProcessRef
  /** How often the process was started, from 1. Distinguishes incarnations of one process. */
  readonly incarnation: number
  /** Messages belong to the receiver once sent: the sender keeps no reference to a mutable part. */
  send<M extends { readonly kind: string }>(to: ActorRef<M>, message: M, lane?: Lane): void
  /** Starts an actor in a process of the same fate; `durable` is what it begins with. */
  spawn<V, D, M extends { readonly kind: string }>(behavior: Behavior<V, D, M>, name: string, durable: D): ActorRef<M>
  /** Ends an actor of the same process (or oneself) when this step ends. What it has sent still arrives. */
  stop(actor: ActorRef<never>): void
  /** Asks to be told by a `peer-down` message, behind everything the peer has sent on that lane, when it is gone. */
  watch(peer: ActorRef<never>, lane: Lane): void
  /** Asks to be told by a `peer-down` message that is `silent` when no heartbeat of a living peer has come for so long. */
  monitor(peer: ActorRef<never>, lane: Lane, heartbeat: Heartbeat): void
  /** Arms a named timer; arming it again replaces it. */
  timer(name: string, delayUs: number): void
  cancel(name: string): void
  now(): Instant
  /** Whether `us` have passed since then. A driver without time answers by choice. */
  elapsed(since: Instant, us: number, label: string): boolean
  /** 0 … n-1, answered by the driver. */
  choose(label: string, n: number): number
  /** A named step of the protocol; a fault may end the process here, and nothing after it happens. */
  reach(failpoint: string): void
  /** The process ends itself: nothing after it happens, as at a strike. */
  halt(): never
  /** A named step that may fail by itself: whether an exception is thrown here. */
  fails(failpoint: string): boolean
  /** A named call into an outside system: how it ends. */
  outcome(failpoint: string): Outcome
  /** Records a fact in the history; absent when nobody listens, so that arguments cost nothing: `context.record?.(fact)`. */
  readonly record: (<F extends { readonly kind: string }>(fact: F) => void) | undefined
}
