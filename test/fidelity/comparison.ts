/** Compares what recordings show with what their rebuilt scenarios show under many seeds. */
import { NOTHING, PROTOCOL_FACTS, type ProtocolFacts } from '../../src/guarantees/index.js'
import { KNOWN_DIFFERENCES } from './known-differences.js'
import { neverShown, type NeverShown } from './never-shown.js'
import { classInWords, classOf, memberOf, type OutcomeClass } from './outcome-class.js'
import type { RecordedRun } from './recorded-facts.js'
import type { RecordedScenario } from './recorded-scenario.js'
import { isSeen, seenAnswersOf, type SeenAnswers } from './seen-answers.js'
import { simulateFacts, type SimulatedFacts } from './simulated-facts.js'

/** A recording beside its simulation. */
export interface ComparedRecording {
  readonly name: string
  /** Recordings of one configuration: of the same sink and checkpointing mode. */
  readonly group: string
  readonly scenario: RecordedScenario
  readonly recorded: ProtocolFacts
  readonly simulated: SimulatedFacts
  readonly outcome: OutcomeClass
  /** Simulated runs that end in the recording's class. */
  readonly inClass: number
  readonly never: readonly NeverShown[]
}

/** Something that is not as in the recordings. */
export interface Difference {
  /** The recording or the group. */
  readonly where: string
  readonly fact: string
  readonly what: string
  /** Why it is known; undefined for a defect. */
  readonly because: string | undefined
}

/** The whole comparison. */
export interface Comparison {
  readonly recordings: readonly ComparedRecording[]
  readonly notSimulated: readonly { readonly name: string; readonly because: string }[]
  readonly differences: readonly Difference[]
}

/** Group of a scenario. */
export function groupOf({ sink, guarantee, configuration }: RecordedScenario): string {
  if (sink === 'kafka') return `Kafka ${guarantee}`
  if (configuration['execution.checkpointing.interval'] === undefined) return `${sink}, without checkpoints`
  return `${sink}, ${String(configuration['execution.checkpointing.mode'])}`
}

/** Simulates every recording of `chosen` and compares; `seen` are answers of further recordings. */
export function compare(
  chosen: readonly RecordedRun[],
  seen: readonly SeenAnswers[],
  seeds: number,
  told?: (name: string) => void,
): Comparison {
  const recordings: ComparedRecording[] = []
  const notSimulated: { name: string; because: string }[] = []
  for (const { name, facts, rebuilt } of chosen) {
    if ('notSimulated' in rebuilt || facts === undefined) {
      notSimulated.push({ name, because: 'notSimulated' in rebuilt ? rebuilt.notSimulated : 'it has no history' })
      continue
    }
    told?.(name)
    recordings.push(compareOne(name, rebuilt.scenario, facts, seeds))
  }
  const seenAnywhere = [...seen, seenAnswersOf(chosen)]
  const differences = [
    ...recordings.flatMap(differencesOf),
    ...groupsOf(recordings).flatMap(([group, members]) => differencesInGroup(group, members, seenAnywhere)),
  ]
  return { recordings, notSimulated, differences }
}

/** Recordings by configuration, in the order of their first. */
export function groupsOf(recordings: readonly ComparedRecording[]): readonly (readonly [string, readonly ComparedRecording[]])[] {
  const names = [...new Set(recordings.map(({ group }) => group))]
  return names.map((name) => [name, recordings.filter(({ group }) => group === name)])
}

function compareOne(name: string, scenario: RecordedScenario, recorded: ProtocolFacts, seeds: number): ComparedRecording {
  const simulated = simulateFacts(scenario, seeds)
  const outcome = classOf(recorded)
  const same = simulated.classes.find((other) => other.outcome.join('|') === outcome.join('|'))
  return { name, group: groupOf(scenario), scenario, recorded, simulated, outcome, inClass: same?.runs ?? 0, never: neverShown(scenario) }
}

/** What one recording shows and its simulation does not, and classes that ought to be impossible. */
function differencesOf({ name, recorded, simulated, outcome, inClass, never }: ComparedRecording): readonly Difference[] {
  const found: Difference[] = []
  for (const [fact, answer] of recorded) {
    const simulatedAnswers = [...(simulated.answers.get(fact)?.keys() ?? [])]
    if (answer === NOTHING || simulatedAnswers.includes(answer)) continue
    found.push(difference(name, fact, `recorded “${answer}”, simulated ${quoted(simulatedAnswers)}`))
  }
  if (inClass === 0) found.push(difference(name, 'class of outcome', `never simulated: ${classInWords(outcome)}`))
  for (const { fact, value } of never) {
    const shown = simulated.classes.find((other) => memberOf(other.outcome, fact) === value)
    if (shown !== undefined) found.push(difference(name, fact, `“${value}” was simulated, which was said to be impossible`))
    if (memberOf(outcome, fact) === value) found.push(difference(name, fact, `“${value}” was recorded, which was said to be impossible`))
  }
  return found
}

/** What is constant over the recordings of a configuration and is not in the simulator, or the other way round. */
function differencesInGroup(
  group: string,
  members: readonly ComparedRecording[],
  seenAnywhere: readonly SeenAnswers[],
): readonly Difference[] {
  return PROTOCOL_FACTS.flatMap(({ name: fact, nature }) => {
    const recorded = members.flatMap((member) => (isKnown(member, fact) ? [] : answersIn(member.recorded.get(fact))))
    const simulated = new Set(members.flatMap((member) => [...(member.simulated.answers.get(fact)?.keys() ?? [])].flatMap(answersIn)))
    const constant = new Set(recorded)
    if (constant.size > 1 && simulated.size === 1)
      return [difference(group, fact, `recorded ${quoted([...constant])}, simulated always ${quoted([...simulated])}`)]
    const [always] = constant
    if (constant.size !== 1 || recorded.length < 2 || always === undefined) return []
    return members.flatMap((member) => {
      const more = [...(member.simulated.answers.get(fact)?.keys() ?? [])].flatMap(answersIn).filter((answer) => {
        return answer !== always && !(nature === 'timing' && isSeen(seenAnywhere, fact, answer))
      })
      if (more.length === 0) return []
      return [difference(member.name, fact, `recorded always “${always}” with ${group}, simulated also ${quoted(more)}`)]
    })
  })
}

/** Whether the answer of a recording is known not to be simulated. */
function isKnown({ name, recorded, simulated }: ComparedRecording, fact: string): boolean {
  const answer = recorded.get(fact) ?? NOTHING
  return simulated.answers.get(fact)?.has(answer) !== true && difference(name, fact, '').because !== undefined
}

function answersIn(answer: string | undefined): readonly string[] {
  return answer === undefined || answer === NOTHING ? [] : [answer]
}

function quoted(answers: readonly string[]): string {
  return answers.length === 0
    ? 'nothing'
    : [...answers]
        .sort()
        .map((answer) => `“${answer}”`)
        .join(', ')
}

function difference(where: string, fact: string, what: string): Difference {
  const known = KNOWN_DIFFERENCES.find((entry) => entry.fact === fact && (entry.where === undefined || entry.where.test(where)))
  return { where, fact, what, because: known?.because }
}

/** Known differences that a comparison of all recordings did not meet: they are no longer any. */
export function unneeded({ differences }: Comparison): readonly string[] {
  return KNOWN_DIFFERENCES.filter(({ because }) => !differences.some((found) => found.because === because)).map(({ fact }) => fact)
}
