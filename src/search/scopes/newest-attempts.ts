import type { HistoryFact } from '../../history/index.js'

/** The newest attempt that was initialised, by operator and subtask, sorted. */
export type NewestAttempts = [where: string, attempt: number][]

/** Takes one fact in; mutates `attempts` in place. */
export function stepAttempts(attempts: NewestAttempts, fact: HistoryFact): void {
  if (fact.kind !== 'restore') return
  const where = nameOf(fact)
  const place = attempts.findIndex(([known]) => known >= where)
  if (place < 0) attempts.push([where, fact.attempt])
  else if (attempts[place]?.[0] === where) attempts[place] = [where, Math.max(fact.attempt, attempts[place][1])]
  else attempts.splice(place, 0, [where, fact.attempt])
}

/** Whether an outside system hears of an attempt whose successor was initialised already. */
export function isHeardLate(attempts: NewestAttempts, fact: HistoryFact): boolean {
  if (fact.kind !== 'commit' && fact.kind !== 'transaction-begun' && fact.kind !== 'pre-commit') return false
  const where = nameOf(fact)
  return attempts.some(([known, attempt]) => known === where && attempt > fact.attempt)
}

function nameOf({ vertex, subtask }: { readonly vertex: string; readonly subtask: number }): string {
  return `${vertex} ${String(subtask)}`
}
