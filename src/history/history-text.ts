import type { z } from 'zod'
import type { HistoryEvent } from './event.js'
import { eventSchema } from './event-schema.js'
import { HISTORY_SCHEMA, type HistoryHeader } from './header.js'
import { headerSchema } from './header-schema.js'
import { HistoryFormatError } from './history-format-error.js'
import { HISTORY_KINDS } from './history-kinds.js'

/** A history as a whole. */
export interface History {
  readonly header: HistoryHeader
  readonly events: readonly HistoryEvent[]
}

/**
 * A history as JSON lines, the header first. Keys are sorted, so that the same history has the same bytes everywhere.
 * Every line, also the last, ends with a line feed.
 */
export function formatHistory({ header, events }: History): string {
  const lines = [sortedJson({ ...header, events: events.length }), ...events.map(sortedJson)]
  return `${lines.join('\n')}\n`
}

/** JSON without spaces, the keys of every object in code unit order. */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${sortedJson(each)}`).join(',')}}`
}

/**
 * Reads what `formatHistory` wrote.
 * @throws HistoryFormatError when it is no history, of a newer schema, cut off, or not in order
 */
export function parseHistory(text: string): History {
  const lines = linesOf(text)
  const first = lines[0]
  if (first === undefined) throw new HistoryFormatError(0, 'the file is empty', 'a history: a header and one event a line')
  const whole = text.endsWith('\n')
  const header = parseHeader(parseJsonLine(first, 1, lines.length === 1 && !whole))
  const events: HistoryEvent[] = []
  for (let index = 1; index < lines.length; index++) {
    const value = parseJsonLine(lines[index] ?? '', index + 1, index === lines.length - 1 && !whole)
    events.push(parseEvent(value, index + 1))
  }
  if (header.events !== undefined && header.events > events.length) {
    throw new HistoryFormatError(
      lines.length,
      `the file ends after ${events.length} of ${header.events} events`,
      'the whole file; this one was truncated',
    )
  }
  return { header, events }
}

/** True when a first line claims to be the header of a history (of whatever schema version). */
export function isHistoryHeader(line: string): boolean {
  return /^\s*\{/.test(line) && /"millrace"\s*:\s*"history"/.test(line)
}

/** The lines of a text; an empty one at the end does not count. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/**
 * One line as JSON.
 * @param cut the text ends within this line, so that an error there means a truncated file
 * @throws HistoryFormatError
 */
export function parseJsonLine(line: string, number: number, cut: boolean): unknown {
  try {
    return JSON.parse(line)
  } catch {
    if (cut) throw new HistoryFormatError(number, 'the file ends within this line', 'the whole file; this one was truncated')
    throw new HistoryFormatError(number, `not JSON: ${line.slice(0, 40)}`, 'one JSON object a line')
  }
}

function parseHeader(value: unknown): HistoryHeader {
  if (typeof value !== 'object' || value === null || !('millrace' in value)) {
    throw new HistoryFormatError(1, 'the first line is no header', '{"millrace":"history","schema":1,…}')
  }
  if ('schema' in value && typeof value.schema === 'number' && value.schema > HISTORY_SCHEMA) {
    throw new HistoryFormatError(
      1,
      `schema ${value.schema} is newer than this millrace`,
      `schema ${HISTORY_SCHEMA} or older; or a newer millrace`,
    )
  }
  const parsed = headerSchema.safeParse(value)
  if (!parsed.success) throw formatError(1, parsed.error)
  return parsed.data
}

function parseEvent(value: unknown, line: number): HistoryEvent {
  const parsed = eventSchema.safeParse(value)
  if (!parsed.success) throw kindError(value, line) ?? formatError(line, parsed.error)
  if (parsed.data.seq !== line - 1) {
    throw new HistoryFormatError(
      line,
      `seq is ${parsed.data.seq}`,
      `${line - 1}: seq counts from 1 without gaps; lines are missing or not in order`,
    )
  }
  return parsed.data
}

function kindError(value: unknown, line: number): HistoryFormatError | undefined {
  if (typeof value !== 'object' || value === null) return new HistoryFormatError(line, 'not an object', 'one event a line')
  const kind = 'kind' in value ? value.kind : undefined
  if (typeof kind === 'string' && HISTORY_KINDS.includes(kind)) return undefined
  return new HistoryFormatError(line, `unknown kind ${kind === undefined ? '(none)' : JSON.stringify(kind)}`, HISTORY_KINDS.join(', '))
}

function formatError(line: number, error: z.ZodError): HistoryFormatError {
  const issue = error.issues[0]
  const path = (issue?.path ?? []).map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return new HistoryFormatError(line, `$${path} is wrong`, issue?.message ?? 'what the schema says')
}
