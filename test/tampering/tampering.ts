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
  const wanted = Object.entries(fields)
  return (typesOf(lines).get(ev) ?? []).filter((line) => wanted.every(([name, value]) => line[name] === value))
}

/** Recordings are looked through dozens of times; their lines are sorted by type once. */
const types = new WeakMap<readonly Line[], Map<string, Line[]>>()

function typesOf(lines: readonly Line[]): Map<string, Line[]> {
  let found = types.get(lines)
  if (found === undefined) {
    found = new Map()
    for (const line of lines) {
      const same = found.get(line.ev)
      if (same === undefined) found.set(line.ev, [line])
      else same.push(line)
    }
    types.set(lines, found)
  }
  return found
}

const jobs = new WeakMap<readonly Line[], readonly (readonly Line[])[]>()

/** The lines of each job. */
function jobsOf(lines: readonly Line[]): readonly (readonly Line[])[] {
  let found = jobs.get(lines)
  if (found === undefined) {
    const starts = all(lines, 'job_submit').map((line) => lines.indexOf(line))
    found = starts.map((start, job) => lines.slice(start, starts[job + 1]))
    jobs.set(lines, found)
  }
  return found
}

/** The lines of the last job only. */
export function lastJob(lines: readonly Line[]): readonly Line[] {
  return jobsOf(lines).at(-1) ?? []
}

/** The lines of the first job only. */
export function firstJob(lines: readonly Line[]): readonly Line[] {
  return jobsOf(lines)[0] ?? []
}

/** A number of a line and another one. */
export function plus(number: unknown, by: unknown): number {
  return Number(number) + Number(by)
}
