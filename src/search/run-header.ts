import { operatorShapes } from '../engine/index.js'
import { HISTORY_SCHEMA, type HistoryHeader } from '../history/index.js'
import { refusePromise } from '../world/index.js'
import type { JobSetUp, Mode, Scenario } from './scenario.js'

/** The first line of a run's history: what is run, and what is promised of it. */
export function headerOf(
  { scenario, mode, seed }: { readonly scenario: Scenario; readonly mode: Mode; readonly seed: string },
  setUp: JobSetUp,
): HistoryHeader {
  return {
    millrace: 'history',
    schema: HISTORY_SCHEMA,
    origin: 'simulated',
    scenario: scenario.name,
    operators: operatorShapes(setUp.graph, setUp.observed),
    splits: setUp.splits,
    configuration: setUp.configuration,
    mode,
    seed,
    ...(scenario.discipline && { discipline: scenario.discipline }),
    watchedUs: setUp.settleUs,
    promises: refusePromise(scenario.claims(mode), `claims of ${scenario.name}`),
  }
}
