import { InputError } from '../flink/input-error.js'
import type { ViolationResult } from './campaign-result.js'
import { experimentOf, type Cell } from './cell.js'
import type { Failure } from './failure-file.js'
import { replayRun, type Replay } from './replay.js'
import { parseToken } from './replay-token.js'
import { samePlan } from './shrinking/shrink.js'
import { kindOf } from './sighting.js'

/** What became of a failure that was stored earlier. */
export interface RetriedFailure {
  readonly failure: Failure
  /** The violation, when the run still shows it. */
  readonly violation: ViolationResult | undefined
  /** How the run differs from the one that was stored. */
  readonly drift: Replay['drift']
  /** Why it cannot be run any more: the job has changed. */
  readonly unfit?: string
}

/** Runs a stored failure again, with its own plan even where the seed would draw another one by now. */
export function replayFailure(cell: Cell, failure: Failure): Replay {
  const name = parseToken(failure.token)
  const { plan } = experimentOf(cell, name)
  return replayRun(cell, samePlan(plan, failure.plan) ? name : { ...name, plan: failure.plan }, { recorded: failure, repeatSteps: false })
}

/** Runs a stored failure again, and tells whether it still fails in the same way. One that the job has left behind is no error. */
export function retryFailure(cell: Cell, failure: Failure): RetriedFailure {
  try {
    return retried(cell, failure)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { failure, violation: undefined, drift: undefined, unfit: error.what }
  }
}

function retried(cell: Cell, failure: Failure): RetriedFailure {
  const { seed, verdict, scenario, mode } = failure
  const replay = replayFailure(cell, failure)
  const kind = kindOf({ ...verdict, standing: 'violation' })
  const counterexample = replay.counterexamples.find((each) => kindOf(each) === kind)
  if (counterexample === undefined) return { failure, violation: undefined, drift: replay.drift }
  const violation: ViolationResult = {
    ...verdict,
    message: counterexample.message,
    standing: 'violation',
    scenario,
    mode,
    seed,
    run: 0,
    runs: 1,
    beyond: [],
    token: replay.token,
    traceHash: replay.traceHash,
    counterexample,
    nondeterministic: replay.traceHash !== replay.traceHashAgain,
  }
  return { failure, violation, drift: replay.drift }
}
