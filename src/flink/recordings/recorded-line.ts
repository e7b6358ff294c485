import { HistoryFormatError, linesOf, parseJsonLine } from '../../history/index.js'

/** One line of a recording: its place, its type, and the fields of that type. */
export class RecordedLine {
  /**
   * @param line line of the file, from 1
   * @param seq the recording's own number of the line
   * @param ms wall clock of the recording machine, milliseconds since the epoch
   */
  constructor(
    readonly line: number,
    readonly seq: number,
    readonly ms: number,
    readonly ev: string,
    private readonly fields: Readonly<Record<string, unknown>>,
  ) {}

  has(name: string): boolean {
    return this.fields[name] !== undefined && this.fields[name] !== null
  }

  /** A field that must be there, as text; numbers are accepted, because keys and splits come as either. */
  text(name: string): string {
    const value = this.fields[name]
    if (typeof value === 'string') return value
    if (typeof value === 'number') return String(value)
    throw this.wrong(name, 'a string')
  }

  /** A field that must be there, as a whole number. */
  integer(name: string): number {
    const value = this.fields[name]
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value
    throw this.wrong(name, 'a whole number')
  }

  optionalText(name: string): string | undefined {
    return this.has(name) ? this.text(name) : undefined
  }

  optionalInteger(name: string): number | undefined {
    return this.has(name) ? this.integer(name) : undefined
  }

  flag(name: string): boolean {
    return this.fields[name] === true
  }

  /** A list of texts. */
  texts(name: string): readonly string[] {
    const value = this.fields[name]
    if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value
    throw this.wrong(name, 'a list of strings')
  }

  /** An object of numbers, as pairs in the order of their names. */
  numbers(name: string): readonly (readonly [string, number])[] {
    const value = this.fields[name]
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.wrong(name, 'an object of numbers')
    const pairs: [string, number][] = []
    for (const [key, each] of Object.entries(value)) {
      if (typeof each !== 'number') throw this.wrong(`${name}.${key}`, 'a number')
      pairs.push([key, each])
    }
    return sortedPairs(pairs)
  }

  /** Splits written as `[0@17, 2@0]`, each with the offset of its next record. */
  splits(name: string): readonly (readonly [string, number])[] {
    const inner = /^\[(.*)\]$/.exec(this.text(name))?.[1]
    if (inner === undefined) throw this.wrong(name, '[split@offset, …]')
    const pairs: [string, number][] = []
    for (const each of inner.split(',')) {
      if (each.trim() === '') continue
      const at = each.lastIndexOf('@')
      const offset = Number(each.slice(at + 1))
      if (at < 0 || !Number.isSafeInteger(offset)) throw this.wrong(name, '[split@offset, …]')
      pairs.push([each.slice(0, at).trim(), offset])
    }
    return sortedPairs(pairs)
  }

  /** The identity of a record, `split:offset`. */
  position(name: string): readonly [split: string, offset: number] {
    const id = this.text(name)
    const colon = id.lastIndexOf(':')
    const offset = /^\d+$/.test(id.slice(colon + 1)) ? Number(id.slice(colon + 1)) : NaN
    if (colon < 1 || !Number.isSafeInteger(offset)) throw this.wrong(name, 'split:offset')
    return [id.slice(0, colon), offset]
  }

  /** The error of a field that is not what it must be. */
  wrong(name: string, wanted: string): HistoryFormatError {
    const value = this.fields[name]
    const found = value === undefined ? 'is missing' : `is ${JSON.stringify(value).slice(0, 40)}`
    return new HistoryFormatError(this.line, `field ${name} of ${this.ev} ${found}`, wanted)
  }
}

/** The parallelism of a job or an operator, where its line tells it. */
export function parallelismOf(line: RecordedLine): { parallelism?: number } {
  const parallelism = line.optionalInteger('par')
  return parallelism === undefined ? {} : { parallelism }
}

function sortedPairs(pairs: [string, number][]): readonly (readonly [string, number])[] {
  return pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
}

/**
 * The lines of a recording.
 * @throws HistoryFormatError when a line is not JSON, has no `seq`, `ms` or `ev`, or a line is missing
 */
export function parseRecordedLines(text: string): RecordedLine[] {
  const lines = linesOf(text)
  const whole = text.endsWith('\n')
  if (lines.length === 0) throw new HistoryFormatError(0, 'the file is empty', 'a recording: one event a line')
  return lines.map((each, index) => parseLine(parseJsonLine(each, index + 1, !whole && index === lines.length - 1), index + 1))
}

function parseLine(value: unknown, line: number): RecordedLine {
  const fields = isObject(value) ? value : {}
  const { ev, seq, ms } = fields
  if (typeof ev !== 'string' || typeof seq !== 'number' || typeof ms !== 'number') {
    throw new HistoryFormatError(line, 'not a line of a recording', '{"seq":…,"ms":…,"ev":"…",…}')
  }
  if (seq !== line) {
    throw new HistoryFormatError(line, `seq is ${seq}`, `${line}: seq counts from 1 without gaps; lines are missing or not in order`)
  }
  return new RecordedLine(line, seq, ms, ev, fields)
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

/** A line as it was parsed; only the fields that every line has are named. */
interface Fields {
  readonly [name: string]: unknown
  readonly seq?: unknown
  readonly ms?: unknown
  readonly ev?: unknown
}
