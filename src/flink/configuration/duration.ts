/**
 * Durations in Flink's notation (`TimeUtils.parseDuration`): a whole number and a unit, milliseconds without one; also ISO-8601 (`PT10M`),
 * which is how Flink prints them itself.
 */

const second = 1_000_000

const units: readonly (readonly [microseconds: number, labels: readonly string[]])[] = [
  [86_400 * second, ['d', 'day', 'days']],
  [3_600 * second, ['h', 'hour', 'hours']],
  [60 * second, ['m', 'min', 'minute', 'minutes']],
  [second, ['s', 'sec', 'secs', 'second', 'seconds']],
  [1_000, ['', 'ms', 'milli', 'millis', 'millisecond', 'milliseconds']],
  [1, ['µs', 'micro', 'micros', 'microsecond', 'microseconds']],
  [1 / 1_000, ['ns', 'nano', 'nanos', 'nanosecond', 'nanoseconds']],
]

/** What `parseDuration` accepts, for error messages. */
export const durationSyntax = "a duration such as '100 ms', '10 s', '10 min', '1 h', '1 d' or 'PT10M'"

/**
 * Microseconds of a duration, at most 2^53 - 1 (Flink's "for ever" is larger); undefined when it is not one. Fractions of a µs are dropped.
 */
export function parseDuration(text: string): number | undefined {
  const simple = /^(\d+)\s*([a-zµ]*)$/.exec(text.trim().toLowerCase().replace('μ', 'µ'))
  if (simple === null) return parseIsoDuration(text.trim().toUpperCase())
  const unit = units.find(([, labels]) => labels.includes(simple[2] ?? ''))
  return unit === undefined ? undefined : clamp(Number(simple[1]) * unit[0])
}

function parseIsoDuration(text: string): number | undefined {
  const parts = /^P(?:(\d+)D)?(?:T(?=[\d.])(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,9})?)S)?)?$/.exec(text)
  if (parts === null || parts.slice(1).every((part) => part === undefined)) return undefined
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0))
  return clamp(Math.round((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 * second + (seconds ?? 0) * second))
}

function clamp(us: number): number {
  return Math.min(Math.floor(us), Number.MAX_SAFE_INTEGER)
}

/** Writes µs in the largest unit that leaves a whole number, for example `10 min`. */
export function formatDuration(us: number): string {
  if (us >= Number.MAX_SAFE_INTEGER) return 'for ever'
  if (us === 0) return '0 ms'
  const [unitUs, label] = formats.find(([unit]) => us % unit === 0) ?? [1, 'µs']
  return `${String(us / unitUs)} ${label}`
}

const formats: readonly (readonly [number, string])[] = [
  [86_400 * second, 'd'],
  [3_600 * second, 'h'],
  [60 * second, 'min'],
  [second, 's'],
  [1_000, 'ms'],
]
