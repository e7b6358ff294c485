import type { HistoryEvent } from '../history/index.js'
import { causesOf } from './causes.js'
import { certaintyOf, type Certainty, type CertaintyOptions } from './certainty.js'
import type { Experiment, ExperimentResult } from './experiment.js'
import { RewindableRun } from './rewindable-run.js'
import { enoughUs, firstSeen, showsSighting } from './violation-seen.js'

/** Why a run shows a violation, and since when it could not but show it. */
export interface Explanation {
  /** The few events, in order, without any of which this violation would not have come about. */
  readonly because: readonly HistoryEvent[]
  /** Undefined when too many steps would have been needed to find out. */
  readonly certain: Certainty | undefined
  /** Time at which the violation can first be seen, µs. */
  readonly seenUs: number
  /** Runs and forks that it took. */
  readonly tries: number
}

/**
 * Explains a violation by replaying the run without its events, and by forking it at its steps. It knows the history and the verdict, and
 * nothing of what is wrong with the code.
 * @param kind the sighting to be explained, as `kindOf` names it; undefined is returned when the run does not show it
 */
export function explainSighting(experiment: Experiment, kind: string, options: CertaintyOptions = {}): Explanation | undefined {
  const run = new RewindableRun(experiment)
  const seen = firstSeen(run, kind)
  if (seen === undefined) return undefined
  const seenStep = seen.atTheEnd ? run.steps : run.stepOf(seen.events)
  const question = {
    shows: (result: ExperimentResult) => showsSighting(run, result, kind),
    enoughUs: (fromUs: number) => enoughUs(run, seen.sighting, fromUs),
  }
  const certain = certaintyOf(run, question, seenStep, options)
  const { events, tries } = causesOf(run, seen, kind, certain)
  const forks = certain?.probes.reduce((sum, probe) => sum + probe.forks, 0) ?? 0
  return { because: events, certain, seenUs: seen.timeUs, tries: tries + forks }
}
