/** An answer to a question about a job: what is known, or what is most likely and what else it may be. */
export interface Guess<T> {
  /** The answer, or the best guess. */
  readonly value: T
  /** Best guess first; a single one is settled. */
  readonly possibilities: readonly T[]
  /** Where it comes from, for the user. */
  readonly because: string
}

/** An answer beyond doubt. */
export function settled<T>(value: T, because: string): Guess<T> {
  return { value, possibilities: [value], because }
}

/** Whether there is nothing to ask. */
export function isSettled({ possibilities }: Guess<unknown>): boolean {
  return possibilities.length === 1
}

/** An open question: the first possibility is the best guess. */
export function open<T>(possibilities: readonly [T, ...T[]], because: string): Guess<T> {
  return { value: possibilities[0], possibilities, because }
}
