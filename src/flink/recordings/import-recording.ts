import type { DeliveryPromise, History, HistoryHeader } from '../../history/index.js'
import { HISTORY_SCHEMA } from '../../history/index.js'
import type { ConfigurationSource } from '../configuration/index.js'
import { effectiveConfiguration } from '../configuration/index.js'
import { importLines } from './import-lines.js'
import { observedMode } from './observed-mode.js'
import { type RecordedLine, parseRecordedLines } from './recorded-line.js'
import { configuredMode, promisesOf } from './recording-promises.js'
import { type RecordingShape, shapeOf } from './recording-shape.js'
import type { RecordingSummary } from './recording-summary.js'
import { operatorsWithIdentities } from './shared-identities.js'
import { sourcesOfSplits } from './source-of-line.js'

/** A history that was made by somebody else, with what its import has to say. */
export interface ImportedHistory extends History {
  /** For each event the number (`seq`) of the recording's line that it comes from: `sources[event.seq - 1]`. */
  readonly sources: readonly number[]
  /** Types of lines that the import does not know and passed over, with the first line of each. */
  readonly unknown: ReadonlyMap<string, number>
  /** Why Flink refused to run the job at all; there is nothing to judge then. */
  readonly refused: string | undefined
  /** Who told the promises; none when nobody did and the strongest guarantee is to be derived. */
  readonly promisedBy: readonly string[]
}

/** What may lie beside a recording, or is given with it. Later ones win. */
export interface RecordingContext {
  readonly scenario: string
  readonly summary?: RecordingSummary
  /** Answers of the REST interface beside the recording. */
  readonly rest?: readonly NamedSource[]
  /** A configuration that the user gave. */
  readonly configuration?: readonly NamedSource[]
  /** A tree of finished files lies beside the recording. */
  readonly files?: boolean
}

/** A configuration and where it comes from. */
export interface NamedSource {
  readonly name: string
  readonly source: ConfigurationSource
}

/**
 * Imports the text of a recording.
 * @throws HistoryFormatError when the recording cannot be read
 * @throws InputError when the given configuration has an unknown key, a wrong value or a contradiction
 */
export function importRecording(text: string, context: RecordingContext): ImportedHistory {
  return importRecordedLines(parseRecordedLines(text), context)
}

/**
 * Imports lines that have been read already.
 * @throws like `importRecording`
 */
export function importRecordedLines(lines: readonly RecordedLine[], context: RecordingContext): ImportedHistory {
  const { summary } = context
  const sinkKind = summary?.kafkaGuarantee === undefined ? summary?.sink : 'kafka'
  const shape = shapeOf(lines, sinkKind, context.files === true)
  const { events, sources, unknown, turns } = importLines(lines, shape)
  const told: RecordingShape = { ...shape, operators: operatorsWithIdentities(shape.operators, lines, turns) }
  const { header, promisedBy } = headerOf(told, context, () => observedMode(events))
  const splits = splitsOf(shape, summary, lines)
  return { header: { ...header, ...splits, events: events.length }, events, sources, unknown, refused: refusal(lines), promisedBy }
}

function refusal(lines: readonly RecordedLine[]): string | undefined {
  if (lines.some((line) => line.ev === 'job_submit')) return undefined
  return lines.find((line) => line.ev === 'rig_error')?.optionalText('error')
}

function headerOf(
  shape: RecordingShape,
  context: RecordingContext,
  observed: () => HistoryHeader['mode'],
): { header: HistoryHeader; promisedBy: readonly string[] } {
  const { summary } = context
  const { configuration, told } = configurationOf(context)
  const mode = configuredMode(configuration, shape.checkpoints) ?? observed()
  const promises = told.length === 0 ? undefined : promisesBy(shape, mode, summary)
  const header: HistoryHeader = {
    millrace: 'history',
    schema: HISTORY_SCHEMA,
    origin: 'recorded',
    scenario: summary?.scenario ?? context.scenario,
    operators: shape.operators,
    configuration,
    mode,
    ...(promises === undefined ? {} : { promises }),
  }
  return { header, promisedBy: promises === undefined ? [] : told }
}

/** Without a summary nobody tells whether a Kafka sink without transactions flushes: then it promises nothing that is known. */
function promisesBy(shape: RecordingShape, mode: HistoryHeader['mode'], summary: RecordingSummary | undefined): readonly DeliveryPromise[] {
  return promisesOf({
    mode,
    sinkKind: shape.sinkKind,
    kafkaGuarantee: summary?.kafkaGuarantee ?? (shape.transactional ? 'EXACTLY_ONCE' : undefined),
    stateful: shape.operators.some((operator) => operator.stateful === true),
    observed: shape.observed,
  })
}

function splitsOf(
  shape: RecordingShape,
  summary: RecordingSummary | undefined,
  lines: readonly RecordedLine[],
): Pick<HistoryHeader, 'splits'> {
  const sources = shape.operators.filter((operator) => operator.role === 'source')
  if (sources.length === 0 || summary === undefined || summary.splits === 0) return {}
  const names = Array.from({ length: summary.splits }, (_, split) => String(split))
  const readers = sources.length > 1 ? sourcesOfSplits(lines) : undefined
  const splits = names.flatMap((split) => {
    const vertex = readers === undefined ? sources[0]?.name : readers.get(split)
    return vertex === undefined ? [] : [{ vertex, split, records: summary.recordsPerSplit }]
  })
  // How many of them each of several sources has is told only where each split is read by one of them.
  return splits.length === names.length ? { splits } : {}
}

/**
 * Flink's keys from everything that tells them, and who told any. What the user gives is checked; what lies beside is as it was recorded.
 */
function configurationOf(context: RecordingContext): { configuration: Record<string, string>; told: readonly string[] } {
  const configuration: Record<string, string> = {}
  const told: string[] = []
  for (const { name, source } of context.rest ?? []) {
    for (const { key, text } of source.entries) configuration[key] = text
    told.push(name)
  }
  if (context.summary !== undefined) {
    Object.assign(configuration, context.summary.configuration)
    told.push('summary.json')
  }
  const given = context.configuration ?? []
  if (given.length === 0) return { configuration, told }
  const effective = effectiveConfiguration(given.map(({ source }) => source))
  for (const { key, value, isDefault } of effective.values) {
    if (!isDefault || (key === 'execution.checkpointing.mode' && configuration[key] === undefined)) configuration[key] = value
  }
  return { configuration, told: given.map(({ name }) => name) }
}
