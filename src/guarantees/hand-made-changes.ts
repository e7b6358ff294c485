import type { HistoryFact } from '../history/index.js'
import { goodRun } from './hand-made-history.js'

/** Changes to hand-made histories, one at a time, for the tests that show that a rule bites. */

/** Picks a fact. */
export type Pick = (fact: HistoryFact) => boolean

/** One change to a history. */
export type Tamper = (facts: HistoryFact[]) => HistoryFact[]

/** Facts of a kind, of a checkpoint, of an operator. */
export function is(kind: HistoryFact['kind'], checkpoint?: number, vertex?: string): Pick {
  return (fact) =>
    fact.kind === kind &&
    (checkpoint === undefined || ('checkpoint' in fact && fact.checkpoint === checkpoint)) &&
    (vertex === undefined || ('vertex' in fact && fact.vertex === vertex))
}

/** The facts without those that `drop` picks. */
export function without(facts: readonly HistoryFact[], drop: (fact: HistoryFact, index: number) => boolean): HistoryFact[] {
  return facts.filter((fact, index) => !drop(fact, index))
}

/** The facts with each one that `pick` knows replaced by what it gives. */
export function changed(facts: readonly HistoryFact[], pick: (fact: HistoryFact) => HistoryFact | undefined): HistoryFact[] {
  return facts.map((fact) => pick(fact) ?? fact)
}

/** The facts with others put before the first one that `before` picks. */
export function inserted(facts: readonly HistoryFact[], before: (fact: HistoryFact) => boolean, ...more: HistoryFact[]): HistoryFact[] {
  const index = facts.findIndex(before)
  if (index < 0) throw new RangeError('nothing to insert before')
  return [...facts.slice(0, index), ...more, ...facts.slice(index)]
}

/** Takes out what `what` picks. */
export function drop(what: Pick): Tamper {
  return (facts) => without(facts, what)
}

/** Puts `more` before the first fact that `where` picks. */
export function insert(where: Pick, ...more: HistoryFact[]): Tamper {
  return (facts) => inserted(facts, where, ...more)
}

/** Moves the first fact that `what` picks to before the first one that `where` picks. */
export function move(what: Pick, where: Pick): Tamper {
  return (facts) => {
    const index = facts.findIndex(what)
    const fact = facts[index]
    if (fact === undefined) throw new RangeError('nothing to move')
    return inserted(facts.toSpliced(index, 1), where, fact)
  }
}

/** The first and the last transaction that was pre-committed. */
export function transactionsOf(facts: readonly HistoryFact[]): { first: string; last: string } {
  const names = facts.flatMap((fact) => (fact.kind === 'pre-commit' ? [fact.transaction] : []))
  return { first: names[0] ?? '', last: names.at(-1) ?? '' }
}

/** The end of the job. */
export function status(to: 'FINISHED' | 'FAILED'): (fact: HistoryFact) => boolean {
  return (fact) => fact.kind === 'job-status' && fact.status === to
}

/** The good run, cut off where the job begins to run again. */
export function untilRestart(): HistoryFact[] {
  const run = goodRun()
  return run.slice(0, run.findIndex((fact) => fact.kind === 'restart') + 1)
}
