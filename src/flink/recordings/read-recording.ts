import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { HistoryFormatError, isHistoryHeader, parseHistory } from '../../history/index.js'
import { readText } from '../../history/history-file.js'
import { readConfigurationFile } from '../configuration/index.js'
import { InputError } from '../input-error.js'
import { type ImportedHistory, type NamedSource, type RecordingContext, importRecording } from './import-recording.js'
import { readSummary } from './recording-summary.js'

const NAMES = ['history.jsonl', 'history.jsonl.gz'] as const

/** What is given with a history when it is read. */
export interface ReadOptions {
  /** Configurations that the user gave for the judgement; they win over what lies beside the history. */
  readonly configuration?: readonly NamedSource[]
}

/**
 * Reads a history: one of millrace's own, or a recording of a real Flink with what lies beside it (`summary.json`, `rest/`).
 * A folder stands for the history in it; compressed files are known by their content.
 * @throws InputError with file and line when it cannot be read or is no history
 */
export function readAnyHistory(path: string, options: ReadOptions = {}): ImportedHistory {
  const file = fileOf(path)
  try {
    const text = readText(file)
    if (isHistoryHeader(text.slice(0, text.indexOf('\n') + 1 || undefined))) return ownHistory(text)
    return importRecording(text, contextOf(file, options))
  } catch (error) {
    if (error instanceof HistoryFormatError) {
      throw new InputError(error.line > 0 ? `${file}:${error.line}` : file, error.what, error.allowed)
    }
    throw error
  }
}

function ownHistory(text: string): ImportedHistory {
  const { header, events } = parseHistory(text)
  return {
    header,
    events,
    sources: events.map((event) => event.seq),
    unknown: new Map(),
    refused: undefined,
    promisedBy: header.promises === undefined ? [] : ['header'],
  }
}

function fileOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new InputError(path, 'no such file', 'a history, or a folder with history.jsonl or history.jsonl.gz in it')
  if (!found.isDirectory()) return path
  const inside = NAMES.map((name) => join(path, name)).find((name) => existsSync(name))
  if (inside === undefined) throw new InputError(path, 'a folder without a history', NAMES.join(' or '))
  return inside
}

/**
 * What lies beside a recording: its summary, the answers of the REST interface, the finished files.
 * @throws InputError when one of them cannot be understood
 */
export function contextOf(file: string, options: ReadOptions = {}): RecordingContext {
  const folder = dirname(file)
  const summaryPath = join(folder, 'summary.json')
  const summary = existsSync(summaryPath) ? readSummary(readFileSync(summaryPath, 'utf8'), summaryPath) : undefined
  const rest = ['rest/checkpoints-config.json']
    .filter((name) => existsSync(join(folder, name)))
    .map((name): NamedSource => ({ name, source: readConfigurationFile(readFileSync(join(folder, name), 'utf8'), join(folder, name)) }))
  return {
    scenario: basename(folder),
    rest,
    files: existsSync(join(folder, 'files-tree.tsv')),
    ...(summary === undefined ? {} : { summary }),
    ...(options.configuration === undefined ? {} : { configuration: options.configuration }),
  }
}
