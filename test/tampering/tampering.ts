import type { Line, Recorded } from './recorded.js'

/** A recording with one change, and the lines of which a finding must name at least one. */
export interface Tampered {
  readonly lines: readonly Line[]
  readonly named: readonly Line[]
}

/** One kind of change that no correct Flink could have recorded. */
export interface Tampering {
  readonly name: string
  /** The rules that may find it; one of them must. */
  readonly rules: readonly string[]
  /** Changes a recording in one place; undefined when it has no such place. */
  apply(recorded: Recorded): Tampered | undefined
}

/** The candidate in the middle: neither the first, where little has happened, nor the last, where nothing follows. */
export function middle<T>(candidates: readonly T[]): T | undefined {
  return candidates[Math.floor(candidates.length / 2)]
}

/** A line with other fields. */
export function changed(line: Line, fields: Record<string, unknown>): Line {
  return { ...line, ...fields }
}

/** The lines without some of them. */
export function without(lines: readonly Line[], ...gone: readonly Line[]): Line[] {
  return lines.filter((line) => !gone.includes(line))
}

/** The lines with one replaced by others. */
export function replaced(lines: readonly Line[], old: Line, ...by: readonly Line[]): Line[] {
  return lines.flatMap((line) => (line === old ? by : [line]))
}

/** The lines with others put before one of them; they take its time. */
export function before(lines: readonly Line[], anchor: Line, ...more: readonly Line[]): Line[] {
  return replaced(lines, anchor, ...more, anchor)
}

/** The lines with others put after one of them; they take its time. */
export function after(lines: readonly Line[], anchor: Line, ...more: readonly Line[]): Line[] {
  return replaced(lines, anchor, anchor, ...more)
}

/** A line as it would be had it been written when `anchor` was. */
export function at(line: Line, anchor: Line): Line {
  return changed(line, { ms: anchor.ms })
}

/** Lines of a type, and whatever else is asked of them. */
export function all(lines: readonly Line[], ev: string, fields: Record<string, unknown> = {}): Line[] {
  return lines.filter((line) => line.ev === ev && Object.entries(fields).every(([name, value]) => line[name] === value))
}

/** The lines of the last job only. */
export function lastJob(lines: readonly Line[]): Line[] {
  const start = lines.findLastIndex((line) => line.ev === 'job_submit')
  return lines.slice(Math.max(0, start))
}

/** The lines of the first job only. */
export function firstJob(lines: readonly Line[]): Line[] {
  const next = lines.findIndex((line, index) => index > 0 && line.ev === 'job_submit')
  return next < 0 ? [...lines] : lines.slice(0, next)
}

/** A number of a line and another one. */
export function plus(number: unknown, by: unknown): number {
  return Number(number) + Number(by)
}
