/**
 * A guarantee as a property over generated experiments. One file each; what runs them is in `properties.test.ts` and
 * `broken-engine.test.ts`.
 */
import type { ExperimentConstraints } from '../src/fast-check/index.js'
import type { ExperimentResult, Mode } from '../src/search/index.js'
import { MODES } from '../src/search/index.js'
import type { Change } from '../test/breaks/broken-copy.js'

/** What must hold of every run, and how one knows that it would have been seen if it did not. */
export interface Property {
  /** The guarantee, as a sentence. */
  readonly name: string
  /** Modes that promise it. */
  readonly modes: readonly Mode[]
  /** Which jobs and faults it is about. */
  readonly about: Omit<ExperimentConstraints, 'modes'>
  /** Throws when the run does not keep it; what it throws tells why. */
  check(run: ExperimentResult): void
  /** A run that could have broken it: there must be some. */
  couldFail(run: ExperimentResult): boolean
  /** A change of the engine's source that it does not survive in a mode: the id of a break of `test/breaks`, or one of its own. */
  readonly brokenBy: string | Change
  readonly brokenIn: Mode
}

/** All modes there are. */
export const EVERY_MODE = MODES

/** A recovery took records back, which were processed again. */
export function replayed({ verdict }: ExperimentResult): boolean {
  return (verdict?.evidence.recordsReplayed ?? 0) > 0
}

/** A fault hit something. */
export function struck({ verdict }: ExperimentResult): boolean {
  return Object.keys(verdict?.evidence.faults ?? {}).length > 0
}

/** The run's findings of some rules of the protocol, in a sentence; '' when there are none. */
export function findingsOf({ verdict }: ExperimentResult, rules: readonly string[]): string {
  const found = verdict?.protocol.filter(({ rule }) => rules.includes(rule)) ?? []
  return found.map(({ rule, message }) => `${rule}: ${message}`).join('; ')
}

/** Where the output of the run is looked at. */
export function outputOf({ verdict }: ExperimentResult): string {
  const point = verdict?.points.find(({ at }) => at !== 'state')
  if (point === undefined) throw new TypeError('the run has no output')
  return point.at
}
