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
  const place = error instanceof MisuseError ? innermostOfJob(frames(error)) : frames(error)[0]
  if (place === undefined || isOwn(place)) return undefined
  return `the job's code threw ${error.name}: ${error.message} in ${shortened(place.file)}:${place.line}`
}

/** Where in a stack. */
interface Frame {
  readonly file: string
  readonly line: string
}

function isOwn({ file }: Frame): boolean {
  return file.startsWith(OWN_FILES)
}

/** The job's code that was running: millrace had called it. Who had called millrace is not meant. */
function innermostOfJob(stack: readonly Frame[]): Frame | undefined {
  const outermostOwn = stack.findLastIndex(isOwn)
  return stack.find((frame, i) => i < outermostOwn && !isOwn(frame))
}

/** Where it was thrown, and who had called that. What a package or Node.js throws is the mistake of who has called it. */
function frames({ stack = '' }: Error): Frame[] {
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
