/** Where a model comes from that several threads work on: functions do not travel, so each imports it. */
import type { Model } from '../model.js'

/** An export of a module. */
export interface ModelSource {
  /** Address of the module, which every thread can import: `new URL('./my-model.js', import.meta.url)`. */
  readonly module: URL | string
  /** The name of the export: a model, or a function that returns one; `default` where nothing is said. */
  readonly name?: string
  /** What the function is given: plain data. */
  readonly argument?: unknown
}

/**
 * Imports the model.
 * @throws RangeError when there is none
 */
export async function importModel(source: ModelSource): Promise<Model<unknown, unknown>> {
  const { module, name = 'default', argument } = source
  const address = String(module)
  const exported = await exportsOf(address)
  const found = exported[name]
  if (found === undefined) {
    throw new RangeError(`${address} has no export ${name}; it has ${Object.keys(exported).join(', ') || 'none at all'}`)
  }
  const model: unknown = typeof found === 'function' ? (found as (argument: unknown) => unknown)(argument) : found
  if (isModel(model)) return model
  throw new RangeError(`${name} of ${address} is no model: name, initial, actions, next and properties are needed`)
}

async function exportsOf(address: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(address)) as Readonly<Record<string, unknown>>
  } catch (error) {
    throw new RangeError(`${address} cannot be imported: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function isModel(value: unknown): value is Model<unknown, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const { name, initial, actions, next, properties } = value as Partial<Model<unknown, unknown>>
  const isFunction = (member: unknown): boolean => typeof member === 'function'
  return typeof name === 'string' && [initial, actions, next].every(isFunction) && Array.isArray(properties)
}
