import {
  notReadAgain,
  ordinaryCircumstances,
  questionableSettings,
  recordsReplayed,
  transactionBudget,
  visibilityDelay,
  type Combination,
  type JobDescription,
  type PlanProblem,
} from '../flink/index.js'
import { assumptionsOf, type ImportedReport } from '../report/index.js'
import type { NamedPossibility } from './scenario-source.js'

/** What is to be said of an imported job besides its runs. */
export function jobReport(description: JobDescription, possibilities: readonly NamedPossibility[]): ImportedReport {
  const { plan, problems, notes, possibilities: all, effective } = description
  const [guess] = all.combinations
  return {
    plan: plan.name,
    problems: problems.map(problemInWords),
    notes,
    possibilities: possibilities.map(({ scenario, ...assumed }) => ({ name: scenario.name, ...assumed })),
    advice: adviceOn(all.combinations),
    questionable: guess === undefined ? [] : questionableSettings(guess.model, effective, ordinaryCircumstances(guess.model.configuration)),
  }
}

/** A problem as one sentence. */
export function problemInWords({ vertex, reason }: PlanProblem): string {
  return vertex === undefined ? reason : `'${vertex}': ${reason}`
}

/** Replayed records, how long an outage may last, when output is visible: for the best guess, and where more is assumed and it differs. */
export function adviceOn(combinations: readonly Combination[]): string[] {
  const said: { readonly sentence: string; readonly parts: readonly string[] }[] = []
  return combinations.flatMap(({ model, condition }) => {
    const { configuration, operators } = model
    const circumstances = ordinaryCircumstances(configuration)
    const sinks = operators.filter(({ sink }) => sink !== undefined)
    const sources = operators.filter(({ source }) => source !== undefined)
    const others = configuration.restart.type === 'none' ? [] : sources.flatMap((source) => notReadAgain(source, configuration) ?? [])
    const sentences = [
      ...(others.length < sources.length ? [recordsReplayed(configuration, circumstances).sentence] : []),
      ...others,
      ...sinks.flatMap((sink) => transactionBudget(sink, configuration, circumstances)?.sentence ?? []),
      ...sinks.map((sink) => visibilityDelay(sink, configuration, circumstances).sentence),
    ]
    const parts = assumptionsOf(condition)
    const isNew = (sentence: string): boolean =>
      !said.some((each) => each.sentence === sentence && each.parts.every((part) => parts.includes(part)))
    const fresh = sentences.filter(isNew)
    said.push(...fresh.map((sentence) => ({ sentence, parts })))
    return fresh.map((sentence) => (condition === '' ? sentence : `if ${condition}: ${sentence}`))
  })
}
