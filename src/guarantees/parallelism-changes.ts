import type { EventOf } from '../history/index.js'

/**
 * The parallelism of each operator of the current job. It may change within the job: an adaptive scheduler goes on with as many subtasks as
 * there are slots. What is told of an operator's restores shows it.
 */
export type Parallelisms = Map<string, number>

/** The parallelism before and after a restore, where it has changed with that; the first of the operator in its job changes nothing. */
export function changedBy(parallelisms: Parallelisms, event: EventOf<'restore'>): { from: number; to: number } | undefined {
  const { vertex, parallelism: to } = event
  if (to === undefined) return undefined
  const from = parallelisms.get(vertex)
  parallelisms.set(vertex, to)
  return from === undefined || from === to ? undefined : { from, to }
}
