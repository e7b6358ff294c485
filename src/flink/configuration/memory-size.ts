/** Memory sizes in Flink's notation (`MemorySize.parse`): a whole number and a unit, bytes without one; units are powers of 1024. */

const units: readonly (readonly [power: number, labels: readonly string[]])[] = [
  [0, ['', 'b', 'bytes']],
  [1, ['k', 'kb', 'kibibytes']],
  [2, ['m', 'mb', 'mebibytes']],
  [3, ['g', 'gb', 'gibibytes']],
  [4, ['t', 'tb', 'tebibytes']],
]

/** What `parseMemorySize` accepts, for error messages. */
export const memorySizeSyntax = "a memory size such as '32 kb', '1 mb', '4096' (bytes)"

/** Bytes of a memory size; undefined when it is not one. */
export function parseMemorySize(text: string): number | undefined {
  const parts = /^(\d+)\s*([a-z]*)$/.exec(text.trim().toLowerCase())
  const unit = units.find(([, labels]) => labels.includes(parts?.[2] ?? '-'))
  if (parts === null || unit === undefined) return undefined
  const bytes = Number(parts[1]) * 1024 ** unit[0]
  return Number.isSafeInteger(bytes) ? bytes : undefined
}
