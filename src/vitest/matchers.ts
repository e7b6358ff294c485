import { notDeterministicLines } from '../report/index.js'
import type { ExperimentResult } from '../search/index.js'
import { judgeCut, judgeGuarantee, judgeProgress, judgePromises, judgeProtocol, type Judged, type Place } from './judged.js'
import { verdictOf } from './told-failure.js'

/** What vitest wants of a matcher. */
interface Matched {
  readonly pass: boolean
  readonly message: () => string
}

/** What a matcher gets from vitest, as far as it is used here. */
interface MatcherState {
  readonly isNot?: boolean
}

type Matcher<A extends readonly unknown[]> = (this: MatcherState, run: ExperimentResult, ...more: A) => Matched

/** The matchers, for `expect.extend`. */
export const matchers = {
  /** Nothing is lost, nothing twice, nothing of a timeline that was taken back. */
  toBeExactlyOnce: matcher('exactly-once', (run, place: Place = {}) => judgeGuarantee(run, 'exactly-once', place)),
  /** Nothing is lost. */
  toBeAtLeastOnce: matcher('at-least-once', (run, place: Place = {}) => judgeGuarantee(run, 'at-least-once', place)),
  /** Nothing is twice. */
  toBeAtMostOnce: matcher('at-most-once', (run, place: Place = {}) => judgeGuarantee(run, 'at-most-once', place)),
  toKeepTheProtocol: matcher('a run that keeps the protocol', judgeProtocol),
  toHaveConsistentCuts: matcher('a run whose completed checkpoints are consistent cuts', judgeCut),
  toMakeProgress: matcher('a run that goes on after its faults', judgeProgress),
  toKeepItsPromises: matcher('a run that keeps what its scenario promises', judgePromises),
}

function matcher<A extends readonly unknown[]>(what: string, judge: (run: ExperimentResult, ...more: A) => Judged): Matcher<A> {
  return function (run, ...more) {
    requireRun(run)
    const { isNot = false } = this
    if (run.notDeterministic !== undefined) return { pass: isNot, message: () => toldNotDeterministic(run, what) }
    const judged = judge(run, ...more)
    switch (judged.is) {
      case 'so':
        return { pass: true, message: () => `the run is ${what}, which was not expected\n\n${seen(run)}` }
      case 'not so':
        return { pass: false, message: () => `the run is not ${what}\n\n${judged.why}` }
      case 'undecided':
        // Neither the one nor the other is shown: the assertion fails either way.
        return { pass: isNot, message: () => `the run does not show whether it is ${what}: ${judged.missing}\n\n${seen(run)}` }
    }
  }
}

function requireRun(run: unknown): void {
  if (typeof run === 'object' && run !== null && 'verdict' in run && 'experiment' in run) return
  throw new TypeError(`expect(…): a result of runExperiment is needed, this is ${run === null ? 'null' : typeof run}`)
}

/** Whatever it shows means nothing: the assertion fails either way. */
function toldNotDeterministic(run: ExperimentResult, what: string): string {
  const { notDeterministic } = run
  const lines = notDeterministic === undefined ? [] : notDeterministicLines(notDeterministic)
  return [`the run does not show whether it is ${what}: it is NOT DETERMINISTIC`, ...lines, '', seen(run)].join('\n')
}

/** What the run shows, so that one sees whether it could have shown anything. */
function seen(run: ExperimentResult): string {
  const { scenario, mode, seed, plan } = run.experiment
  const { checkpointsCompleted, recoveries, recordsReplayed, faults } = verdictOf(run).evidence
  const landed = Object.entries(faults).map(([kind, times]) => `${String(times)} ${kind}`)
  return [
    `scenario ${scenario.name}   mode ${mode}   seed ${seed}   job ${run.status}`,
    `  faults    ${String(plan.length)} planned, landed: ${landed.length === 0 ? 'none' : landed.join(', ')}`,
    `  evidence  ${String(checkpointsCompleted)} checkpoints completed, ${String(recoveries)} recoveries, ${String(recordsReplayed)} records replayed`,
  ].join('\n')
}
