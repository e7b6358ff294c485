/**
 * A check under way as a file: written now and then, read by the next call with the same check, gone when the check has come to its end.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { deserialize, serialize } from 'node:v8'
import { z } from 'zod'
import type { SavedSearch } from '../../check/index.js'
import { InputError } from '../../flink/input-error.js'
import { formatScope } from './scope.js'
import type { ScopedCheck } from './scope-exploration.js'
import { SOMETIMES_NAMES, type SometimesName } from './sometimes-facts.js'

/** Where and how often a check is saved. */
export interface Saving {
  readonly path: string
  readonly everySeconds: number
  /** Of millrace: what another version has saved means nothing to this one. */
  readonly version: string
}

/** What is in the file. */
export interface SavedCheck {
  readonly sometimes: readonly SometimesName[]
  readonly outputs: readonly string[]
  readonly search: SavedSearch
}

const FORMAT = 'millrace check 1'

const words = z.array(z.string())
const numbers = z.array(z.instanceof(Int32Array))
const count = z.number()
const search = z.object({
  ...{ expanded: count, layer: count, layerEnds: count, depth: count, generated: count, terminals: count, seconds: count },
  ...{ longestQueue: count, unseen: words, outcomes: words, timers: words, visited: numbers },
  predecessors: z.object({ size: count, from: numbers, ordinals: z.array(z.instanceof(Uint16Array)) }),
})
const saved = z.object({
  format: z.literal(FORMAT),
  check: z.string(),
  sometimes: z.array(z.enum(SOMETIMES_NAMES)),
  outputs: words,
  search,
})

/** Writes the file, whole or not at all. */
export function writeSavedCheck({ path, version }: Saving, check: ScopedCheck, { sometimes, outputs, search }: SavedCheck): void {
  const unfinished = `${path}.unfinished`
  writeFileSync(unfinished, serialize({ format: FORMAT, check: nameOf(check, version), sometimes, outputs, search }))
  renameSync(unfinished, path)
}

/**
 * What was saved of this check; undefined: nothing.
 * @throws InputError when the file is something else, or of another check
 */
export function readSavedCheck({ path, version }: Saving, check: ScopedCheck): SavedCheck | undefined {
  const content = contentOf(path)
  if (content === undefined) return undefined
  const { success, data } = saved.safeParse(content)
  if (!success) throw new InputError(path, 'no saved check, or one that was cut short', 'a file that --save has written, or a new name')
  const name = nameOf(check, version)
  if (data.check === name) return data
  throw new InputError(path, `saved by another check: ${data.check}`, `the file of this one: ${name}`)
}

/** Removes the file of a check that has come to its end. */
export function removeSavedCheck({ path }: Saving): void {
  rmSync(path, { force: true })
}

function contentOf(path: string): unknown {
  try {
    return deserialize(readFileSync(path))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    return null
  }
}

function nameOf({ scenario, mode, scope, reductions }: ScopedCheck, version: string): string {
  const reduced = reductions.length === 0 ? 'no reductions' : `reductions ${reductions.join()}`
  return `${scenario.name}, ${mode}, ${formatScope(scope)}, ${reduced}, millrace ${version}`
}
