/**
 * The second mode of a campaign: more goes wrong than a correct system must survive, and only *fails cleanly, no wrong answer* is
 * required: no duplicates and no phantoms where they are ruled out, and no loss behind a job that has finished.
 */
import type { JobSetUp, Scenario } from './scenario.js'

/** Behind the name of a scenario in this mode, also in tokens. */
const SUFFIX = '+beyond-budget'

/** Restarts that a job is granted: few, so that they are used up. */
const RESTARTS = 3

/** The job is given up by then, µs: it need not end. */
const LIMIT_US = 20_000_000

/** A scenario beyond the budget. It must have shown nothing: whether its faults let it is not to be known. */
export function beyondBudget(scenario: Scenario): Scenario {
  return {
    ...scenario,
    name: `${scenario.name}${SUFFIX}`,
    about: `${scenario.about}, beyond the budget of faults`,
    discipline: 'beyond-budget',
    witnesses: () => [],
    setUp: (world, mode) => withFewRestarts(scenario.setUp(world, mode)),
  }
}

/** Whether a name is that of a scenario beyond the budget. */
export function isBeyondBudget(name: string): boolean {
  return name.endsWith(SUFFIX)
}

function withFewRestarts(setUp: JobSetUp): JobSetUp {
  const { graph, configuration, limitUs } = setUp
  const restart = { type: 'fixed-delay', attempts: RESTARTS, delayUs: 20_000 } as const
  return {
    ...setUp,
    graph: { ...graph, configuration: { ...graph.configuration, restart } },
    configuration: {
      ...configuration,
      'restart-strategy.type': restart.type,
      'restart-strategy.fixed-delay.attempts': String(RESTARTS),
      'restart-strategy.fixed-delay.delay': '20 ms',
    },
    limitUs: Math.min(limitUs, LIMIT_US),
  }
}
