/** The failure block of a run: the text that `millrace run` and `replay` print for a violation. */
import type { JudgeVerdict } from '../guarantees/index.js'
import type { DeliveryPromise } from '../history/index.js'
import { counterexampleText } from '../report/index.js'
import { counterexampleOf, formatToken, runExperiment, sightingsOf, type ExperimentResult, type Sighting } from '../search/index.js'

/** Blocks that one is willing to read. */
const MOST_BLOCKS = 2

/** Which of the things that a run shows a matcher complains about. */
export type Concerns = (sighting: Sighting) => boolean

/**
 * Tells what a run shows against some promises. The run is run again with its whole history, where it was not kept.
 * Empty when nothing that it shows concerns the matcher.
 */
export function toldFailure(run: ExperimentResult, promises: readonly DeliveryPromise[], concerns: Concerns): string {
  const told = withHistory(run)
  if (told === undefined) return 'NOT DETERMINISTIC: run again, to tell what happened, it was another run'
  const found = sightingsOf(verdictOf(told), promises).filter(concerns)
  const { experiment } = told
  const { scenario, mode, seed, plan } = experiment
  const token = formatToken({ scenario: scenario.name, mode, seed, plan })
  const blocks = found.slice(0, MOST_BLOCKS).map((sighting) => {
    const example = counterexampleOf({ experiment, result: told, token, faultsBefore: plan.length }, sighting)
    return counterexampleText(example, { replay: replayedBy(run) }).join('\n')
  })
  const others = found.slice(MOST_BLOCKS).map(({ anomaly, at, finding }) => `also  ${anomaly} at ${at}: ${finding.message}`)
  return [...blocks, ...others].join('\n\n')
}

/** The verdict on a run. */
export function verdictOf({ verdict }: ExperimentResult): JudgeVerdict {
  if (verdict === undefined) throw new TypeError('the run was not judged: it was run with the option unjudged')
  return verdict
}

function withHistory(run: ExperimentResult): ExperimentResult | undefined {
  if (run.history.length > 0) return run
  const again = runExperiment(run.experiment, { keepHistory: true })
  return again.traceHash === run.traceHash ? again : undefined
}

/** How the run is run again: in code, because the scenario may be nobody's but the test's. */
function replayedBy({ experiment: { scenario: _, ...others } }: ExperimentResult): string {
  const members = Object.entries(others).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  return `runExperiment({ ${['scenario', ...members].join(', ')} })`
}
