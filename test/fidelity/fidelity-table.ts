/** The comparison as a page of Markdown: `docs/fidelity.md` is made by this. */
import { NOTHING, PROTOCOL_FACTS } from '../../src/guarantees/index.js'
import { groupsOf, type ComparedRecording, type Comparison } from './comparison.js'
import { KNOWN_DIFFERENCES } from './known-differences.js'
import { classInWords } from './outcome-class.js'
import { FACTOR, KAFKA_FACTOR } from './simulated-run.js'

/** The whole page. */
export function fidelityPage(comparison: Comparison): string {
  return [
    INTRODUCTION,
    questions(),
    '## Answers, by configuration\n',
    ...groupsOf(comparison.recordings).map(([group, members]) => answersOfGroup(group, members)),
    classes(comparison.recordings),
    differences(comparison),
    notSimulated(comparison),
  ].join('\n')
}

const INTRODUCTION = `# Fidelity: the simulator beside recordings of a real Flink

This page is made by \`npm run fidelity -- --write\`; a test compares it with the recordings that belong to the project.

A recording is one run of a small job (source, keyed count, sink; or Kafka to Kafka) on a real Flink 1.20 with one failure. Its job,
parallelism, configuration and failure are rebuilt from its \`summary.json\` and simulated under many seeds, on machines of different
speeds. One function asks both histories the same questions. What a recording cannot show (the insides of Flink's own Kafka and file
sinks) is taken out of the simulated history first.

Sizes are scaled down by ${String(FACTOR)} (Kafka: by ${String(KAFKA_FACTOR)}): so many times fewer records, each of which takes as many times longer and weighs as many
times more. Intervals, timeouts, delays and the number of keys are the recorded ones.

A question is a *rule* where its answer follows from the protocol and the configuration; its answer must be the same in all recordings of
one configuration and in all simulated runs. It is a matter of *timing* where it also depends on the moment: then the recorded answer must
be among the simulated ones, what varies in the recordings must vary here, and an answer that no recording of any configuration shows
counts as a difference. \`${NOTHING}\` is the answer of a history that shows nothing of it.
`

/** The questions. */
function questions(): string {
  const rows = PROTOCOL_FACTS.map(({ name, nature, asks }) => [name, nature, asks])
  return `## Questions\n\n${table(['fact', 'nature', 'question'], rows)}\n`
}

/** Recorded and simulated answers of one configuration. */
export function answersOfGroup(group: string, members: readonly ComparedRecording[]): string {
  const rows = PROTOCOL_FACTS.flatMap(({ name }) => {
    const recorded = answers(members.map((member) => member.recorded.get(name)))
    const simulated = answers(members.flatMap((member) => [...(member.simulated.answers.get(name)?.keys() ?? [])]))
    return recorded === NOTHING ? [] : [[name, recorded, simulated]]
  })
  return `### ${group}\n\n${members.map(({ name }) => `\`${name}\``).join(', ')}\n\n${table(['fact', 'recorded', 'simulated'], rows)}\n`
}

function answers(all: readonly (string | undefined)[]): string {
  const shown = [...new Set(all.flatMap((answer) => (answer === undefined || answer === NOTHING ? [] : [answer])))].sort()
  return shown.length === 0 ? NOTHING : shown.join(' \\| ')
}

/** Classes of outcome: the recording's own is simulated, and some never are. */
function classes(recordings: readonly ComparedRecording[]): string {
  const intro =
    'A class is the tuple of the facts that vary. The class of each recording is among those simulated. Those below it never are: the same\n' +
    'class with one member in place of its own, and why.\n'
  return `## Classes of outcome\n\n${intro}\n${recordings.map(classesOf).join('\n')}`
}

/** What the page says of one recording. */
export function classesOf({ name, scenario, outcome, never }: ComparedRecording): string {
  const departures = scenario.departures.map((departure) => `- rebuilt with: ${departure}\n`)
  const impossible = never.map(({ fact, value, because }) => `- never *${fact}: ${value}*: ${because}\n`)
  return `### ${name}\n\n- recorded and simulated: ${classInWords(outcome)}\n${impossible.join('')}${departures.join('')}`
}

function differences({ differences: found }: Comparison): string {
  const known = KNOWN_DIFFERENCES.map(({ fact, because }) => {
    const where = [...new Set(found.filter((one) => one.because === because).map((one) => one.where))]
    return `- *${fact}* (${where.length === 0 ? 'not met' : where.join(', ')}). ${because}\n`
  })
  const defects = found.filter(({ because }) => because === undefined).map(({ where, fact, what }) => `- ${where}, *${fact}*: ${what}\n`)
  const unknown = defects.length === 0 ? 'There are no others.\n' : `Without an explanation, hence defects:\n\n${defects.join('')}`
  return `## Differences\n\nKnown, with the reason:\n\n${known.join('')}\n${unknown}`
}

function notSimulated({ notSimulated: left }: Comparison): string {
  const rows = left.map(({ name, because }) => [name, because])
  return `## Not simulated\n\nRecordings of what the engine does not have. The same questions are asked of them, and their answers count as seen.\n\n${table(['recording', 'because'], rows)}`
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  return line(heading) + line(heading.map(() => '---')) + rows.map(line).join('')
}
