/**
 * The one place of this room where types are erased and restored.
 *
 * A task runs operators of all kinds from one table, so the types of an operator's state and answers are erased in the job graph.
 * This is sound: a state is made by its own operator's `open` and handed to that operator only, and an answer carries the index of
 * the operator that asked, whose request was typed with it.
 */
import type { ActorRef, Caller } from '../world/index.js'
import type { StreamOperator } from './operator.js'

/** An operator with its types erased. */
export type AnyOperator = StreamOperator<unknown, unknown>

/** Erases the types of an operator. */
export function eraseOperator<S, A>(operator: StreamOperator<S, A>): AnyOperator {
  return operator
}

/** A task's own address, for systems that will answer one of its operators. */
export function callerOf<A>(self: number, tag: number): Caller<A> {
  return { ref: self as ActorRef<{ readonly kind: 'reply'; readonly tag: number; readonly answer: A }>, tag }
}

/** The address of an actor that was given as a bare index (the world's own `self`). */
export function refOf<M>(index: number): ActorRef<M> {
  return index as ActorRef<M>
}
