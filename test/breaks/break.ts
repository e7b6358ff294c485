/** A one-line change to the engine's source that makes it wrong, and who must notice. */
export interface Break {
  readonly id: string
  /** What is wrong then, in one sentence. */
  readonly about: string
  /** From the project's root. */
  readonly file: string
  /** Source text that occurs exactly once in the file. */
  readonly find: string
  readonly replace: string
  /** Rules or guarantees that may name it: a finding's rule, wherever it was found. */
  readonly expected: readonly string[]
}
