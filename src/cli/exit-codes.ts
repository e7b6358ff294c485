/** Exit codes of the command line. */
export const EXIT = {
  /** All claims hold, with their witnesses. */
  holds: 0,
  violated: 1,
  /** Wrong usage, configuration or input. */
  usage: 2,
  /** The same run came out differently. */
  nondeterminism: 3,
  /** A bound was hit, a witness is missing, or a promised claim is undecided. */
  incomplete: 4,
  /** A defect of millrace. */
  internal: 70,
  /** Ended by Ctrl-C twice. */
  killed: 130,
} as const

/** The exit code of a verdict. */
export function exitCodeOf(verdict: 'holds' | 'violated' | 'incomplete'): number {
  return EXIT[verdict]
}
