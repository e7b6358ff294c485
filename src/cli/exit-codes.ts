import type { CampaignResult, CheckedScopes, Replay } from '../search/index.js'

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

/**
 * The exit code of a campaign: a defect of millrace outweighs everything, because then nothing else can be trusted. A job whose code throws
 * has failed as if a claim were violated.
 */
export function exitCodeOfCampaign({
  verdict,
  violations,
  defects,
  repeated,
  notDeterministic,
}: Pick<CampaignResult, 'verdict' | 'violations' | 'defects' | 'repeated' | 'notDeterministic'>): number {
  if (defects.some(({ ofJob }) => ofJob !== true)) return EXIT.internal
  if (defects.length > 0) return EXIT.violated
  if (repeated?.verdict === 'differs' || notDeterministic !== undefined) return EXIT.nondeterminism
  return violations.some(({ nondeterministic }) => nondeterministic) ? EXIT.nondeterminism : exitCodeOf(verdict)
}

/** The exit code of a replay. */
export function exitCodeOfReplay({
  traceHash,
  traceHashAgain,
  notDeterministic,
  verdict,
}: Pick<Replay, 'traceHash' | 'traceHashAgain' | 'notDeterministic' | 'verdict'>): number {
  return traceHash === traceHashAgain && notDeterministic === undefined ? exitCodeOf(verdict.verdict) : EXIT.nondeterminism
}

/** The exit code of a check. */
export function exitCodeOfCheck({ verdict, checked }: Pick<CheckedScopes, 'verdict' | 'checked'>): number {
  return checked.some(({ violation }) => violation?.nondeterministic) ? EXIT.nondeterminism : exitCodeOf(verdict)
}
