import { protocolFacts } from '../../src/guarantees/index.js'
import { asRecorded } from './as-recorded.js'
import { classOf, type OutcomeClass } from './outcome-class.js'
import type { RecordedScenario } from './recorded-scenario.js'
import { scaledDown, simulate } from './simulated-run.js'

/** What many runs of one scenario showed. */
export interface SimulatedFacts {
  readonly seeds: number
  /** How many runs gave which answer, by fact. */
  readonly answers: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** How many runs ended in which class. */
  readonly classes: readonly { readonly outcome: OutcomeClass; readonly runs: number }[]
}

/** Runs a scenario under many seeds. */
export function simulateFacts(scenario: RecordedScenario, seeds: number): SimulatedFacts {
  const scaled = scaledDown(scenario)
  const answers = new Map<string, Map<string, number>>()
  const classes = new Map<string, { readonly outcome: OutcomeClass; runs: number }>()
  for (let seed = 0; seed < seeds; seed++) {
    const { header, events } = asRecorded(scenario, simulate(scaled, `fidelity-${String(seed)}`))
    const facts = protocolFacts(header, events)
    for (const [fact, answer] of facts) count(answers, fact, answer)
    const outcome = classOf(facts)
    const known = classes.get(outcome.join('|'))
    if (known === undefined) classes.set(outcome.join('|'), { outcome, runs: 1 })
    else known.runs++
  }
  return { seeds, answers, classes: [...classes.values()].sort((a, b) => b.runs - a.runs) }
}

function count(answers: Map<string, Map<string, number>>, fact: string, answer: string): void {
  const known = answers.get(fact)
  if (known === undefined) answers.set(fact, new Map([[answer, 1]]))
  else known.set(answer, (known.get(answer) ?? 0) + 1)
}
