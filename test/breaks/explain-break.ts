/** Explains the violation by which a break was found, from a broken copy; prints the explanation as one line of JSON. */
import { pathToFileURL } from 'node:url'
import { scenarios } from '../../scenarios/index.js'
import { eventInWords } from '../../src/report/event-in-words.js'
import { CellRunner, cellsOf, seedOf } from '../../src/search/cell.js'
import { explainSighting } from '../../src/search/explanation.js'
import { runExperiment, type Experiment } from '../../src/search/experiment.js'
import { planInWords } from '../../src/search/plan-in-words.js'
import { RecordNames } from '../../src/search/record-names.js'
import { CAMPAIGN_SHRINK_RUNS } from '../../src/search/explain-violations.js'
import { shrinkRun } from '../../src/search/shrinking/shrink.js'
import { kindOf, sightingsOf, type Sighting } from '../../src/search/sighting.js'

/** An explanation, as far as it is compared. */
export interface BreakExplained {
  readonly rule: string
  readonly scenario: string
  readonly seed: string
  readonly plan: readonly string[]
  readonly because: readonly { readonly kind: string; readonly words: string; readonly timeUs: number }[]
  readonly certain: { readonly words: string; readonly before: number; readonly after: number; readonly timeUs: number } | null
  readonly seconds: number
  readonly tries: number
}

/** The first run of the default campaign that shows what is to be explained. */
function found(rule: string, says: string, maxRuns: number): { readonly experiment: Experiment; readonly sighting: Sighting } | undefined {
  const cells = cellsOf(scenarios)
  const runner = new CellRunner(cells)
  for (let run = 0; run < maxRuns; run++) {
    const experiment = runner.experiment(run % cells.length, seedOf('default', Math.floor(run / cells.length)))
    const sighting = sightingsIn(experiment).find((each) => {
      return each.standing === 'violation' && each.rule === rule && each.finding.message.includes(says)
    })
    if (sighting !== undefined) return { experiment, sighting }
  }
  return undefined
}

function sightingsIn(experiment: Experiment): readonly Sighting[] {
  const { verdict } = runExperiment(experiment)
  return verdict === undefined ? [] : sightingsOf(verdict, experiment.scenario.claims(experiment.mode))
}

/**
 * Hunts for a break with the default campaign, and explains the first violation of the rule whose message says so, as a campaign does: made
 * small.
 */
export function explainBreak(rule: string, says: string, maxRuns: number, forks: number): BreakExplained | null {
  const hunted = found(rule, says, maxRuns)
  if (hunted === undefined) return null
  const { sighting } = hunted
  const { experiment } = shrinkRun(hunted.experiment, kindOf(sighting), CAMPAIGN_SHRINK_RUNS)
  const began = performance.now()
  const explanation = explainSighting(experiment, kindOf(sighting), { forks })
  const seconds = (performance.now() - began) / 1000
  if (explanation === undefined) return null
  const names = new RecordNames(runExperiment(experiment, { keepHistory: true }).history)
  const { because, certain, tries } = explanation
  return {
    rule,
    scenario: `${experiment.scenario.name} ${experiment.mode}`,
    seed: experiment.seed,
    plan: planInWords(experiment.plan),
    because: because.map((event) => ({ kind: event.kind, words: eventInWords(event, (id) => names.of(id)), timeUs: event.t })),
    certain: certain === undefined ? null : { words: certain.words, before: certain.before, after: certain.after, timeUs: certain.timeUs },
    seconds,
    tries,
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , rule = '', says = '', maxRuns = '2000', forks = '20'] = process.argv
  console.log(JSON.stringify(explainBreak(rule, says, Number(maxRuns), Number(forks))))
}
