import { InputError } from '../input-error.js'
import { editDistance, nearestName } from '../nearest-name.js'
import { checkpointingOptions } from './checkpointing-options.js'
import type { ConfigOption } from './config-option.js'
import { irrelevantBecause } from './irrelevant-keys.js'
import { recoveryOptions } from './recovery-options.js'
import { runtimeOptions } from './runtime-options.js'
import { unmodelledOptions } from './unmodelled-options.js'

/** Every option that is known by name, sorted by key. */
export const configOptions: readonly ConfigOption[] = [
  ...checkpointingOptions,
  ...recoveryOptions,
  ...runtimeOptions,
  ...unmodelledOptions,
].sort((a, b) => (a.key < b.key ? -1 : 1))

const bySpelling = new Map(
  configOptions.flatMap((option) => [option.key, ...option.aliases].map((spelling) => [spelling, option] as const)),
)

/** How much a key under an accepted prefix may differ from a known one before it is taken for something else: a slip of the pen. */
const slip = 2

/**
 * The option that a key names, by its own or an older name.
 * @returns undefined for a key that is known to have nothing to do with delivery guarantees
 * @throws InputError for an unknown key, with the nearest known one if it is like one
 */
export function findOption(key: string, where: string): ConfigOption | undefined {
  const option = bySpelling.get(key)
  if (option !== undefined) return option
  const nearest = nearestName(key, [...bySpelling.keys()])
  const mistyped = nearest !== undefined && editDistance(key, nearest) <= slip
  if (!mistyped && irrelevantBecause(key) !== undefined) return undefined
  const allowed = nearest === undefined ? "a key of Flink's configuration" : `'${nearest}' is the nearest known key`
  throw new InputError(where, `unknown configuration key '${key}'`, allowed)
}

/** The option of this exact key; a defect of the catalogue when absent. */
export function optionOf(key: string): ConfigOption {
  const option = bySpelling.get(key)
  if (option === undefined) throw new Error(`no option ${key} in the catalogue`)
  return option
}
