/** Whose error it is that ends a run: the job's code runs inside of millrace, and its mistakes are not millrace's. */
import { isAbsolute, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MisuseError, NotPlainError, UserCodeError } from '../world/index.js'

/** Everything below is millrace's own, its scenarios too. */
const OWN_FILES = fileURLToPath(new URL('../../', import.meta.url))

/** A frame of a stack that has a file: `at f (file:///job.js:3:5)`, `at /job.js:3:5`. */
const FRAME = /^\s*at (?:.*? \()?(.+):(\d+):\d+\)?$/

/** What the job's code has done wrong; undefined for an error that comes from inside of millrace, which is a defect of it. */
export function errorOfJob(error: unknown): string | undefined {
  // Millrace's own state and messages are plain, which its tests check.
  if (error instanceof UserCodeError || error instanceof NotPlainError) return `the job's code is at fault: ${error.message}`
  // Millrace throws errors only.
  if (!(error instanceof Error)) return `the job's code threw ${String(error)}`
  // Millrace's own code asks a world for nothing that cannot be: where the job's has called, that did.
  const place = error instanceof MisuseError ? frames(error).find(({ file }) => !file.startsWith(OWN_FILES)) : frames(error)[0]
  if (place === undefined || place.file.startsWith(OWN_FILES)) return undefined
  return `the job's code threw ${error.name}: ${error.message} in ${shortened(place.file)}:${place.line}`
}

/** Where it was thrown, and who had called that. What a package or Node.js throws is the mistake of who has called it. */
function frames({ stack = '' }: Error): { readonly file: string; readonly line: string }[] {
  return stack.split('\n').flatMap((text) => {
    const [, location = '', line = ''] = FRAME.exec(text) ?? []
    const file = location.startsWith('file:') ? fileURLToPath(location) : location
    return isAbsolute(file) && (file.startsWith(OWN_FILES) || !file.includes(`${sep}node_modules${sep}`)) ? [{ file, line }] : []
  })
}

/** Results are compared between machines: the directory of the job is not part of them. */
function shortened(file: string): string {
  const short = relative(process.cwd(), file)
  return short.startsWith('..') ? file : short
}
