/**
 * The one place of this room where types of actors are erased and restored.
 *
 * The world keeps actors of all kinds in one table, so a behavior's V, D and M are erased there. This is sound: an actor's
 * state is created by its own behavior's `start` and handed to its own `receive` only, and `send` takes an `ActorRef<M>` that
 * only `spawn` or `reserve` of a `Behavior<V, D, M>` can have made.
 */
import type { ActorRef, ActorState, Behavior, Instant, ProcessRef } from './behavior.js'

/** A message, seen by the world. */
export interface AnyMessage {
  readonly kind: string
}

/** A behavior with its types erased. */
export type AnyBehavior = Behavior<unknown, unknown, AnyMessage>

/** State with its types erased. */
export type AnyState = ActorState<unknown, unknown>

/** Erases the types of a behavior. */
export function eraseBehavior<V, D, M extends AnyMessage>(behavior: Behavior<V, D, M>): AnyBehavior {
  return behavior
}

/** The address of an actor of the given behavior. */
export function actorRef<V, D, M extends AnyMessage>(_behavior: Behavior<V, D, M>, index: number): ActorRef<M> {
  return index as ActorRef<M>
}

/** The address of an actor, for those who only stop or watch it. */
export function anyRef(index: number): ActorRef<never> {
  return index as ActorRef<never>
}

/** A process by its index in the world's table. */
export function processRef(index: number): ProcessRef {
  return index as ProcessRef
}

/** A point in time of the driver. */
export function instant(us: number): Instant {
  return us as Instant
}
