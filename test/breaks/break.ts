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
  /** Rules of oracles that may name it within the default campaign, wherever they look. */
  readonly expected: readonly string[]
}

/** A change that no history shows, because another guard covers for it or because it only costs: unit tests must notice. */
export interface TestedBreak extends Omit<Break, 'expected'> {
  /** Test files, from the project's root. */
  readonly tests: string
}
