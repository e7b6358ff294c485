import { paint, plain, type Paint } from '../report/index.js'

/** Where a command writes: results on standard output, everything else on standard error. */
export interface Terminal {
  /** Lines of the result. */
  out(lines: readonly string[]): void
  /** The one document of `--json`. */
  document(value: unknown): void
  /** A note or an error. */
  note(line: string): void
  readonly paint: Paint
  /** Standard error shows one line that is written again and again. */
  readonly refreshes: boolean
  /** Writes to standard error as it is. */
  raw(text: string): void
}

/** The terminal of this process. Colours only where a person looks, and not where NO_COLOR is set. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process
  const colours = stdout.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
  // Whoever reads may stop early (`| head`): that is no error of ours.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  return {
    out: (lines) => stdout.write(lines.map((line) => `${line}\n`).join('')),
    document: (value) => stdout.write(`${JSON.stringify(value, undefined, 2)}\n`),
    note: (line) => stderr.write(`${line}\n`),
    paint: colours ? paint(true) : plain,
    refreshes: stderr.isTTY,
    raw: (text) => stderr.write(text),
  }
}
