import { InputError } from '../input-error.js'
import type { ConfigOption } from './config-option.js'
import type { ConfigurationEntry, ConfigurationSource } from './configuration-source.js'
import { findOption, optionOf } from './option-catalogue.js'
import { allowedValues, readValue, type ReadValue } from './option-value.js'

/** A value that was given, after reading. */
export interface GivenValue {
  readonly option: ConfigOption
  readonly value: ReadValue
  readonly text: string
  readonly where: string
}

/** The values of all sources together: later ones win, and within one source the current name of an option wins over its older ones. */
export class MergedValues {
  private readonly given = new Map<string, GivenValue>()
  readonly warnings: string[] = []

  /** @throws InputError for an unknown key or a value that does not fit its option */
  constructor(sources: readonly ConfigurationSource[]) {
    for (const source of sources) {
      this.warnings.push(...source.warnings)
      for (const [key, value] of this.readSource(source)) this.given.set(key, value)
    }
  }

  /** What was given for this key; undefined when nothing was. */
  givenFor(key: string): GivenValue | undefined {
    return this.given.get(optionOf(key).key)
  }

  /** Forgets what was given for a key that Flink does not read then, with a warning. */
  ignore(key: string, because: string): void {
    const given = this.givenFor(key)
    if (given === undefined) return
    this.given.delete(given.option.key)
    this.warnings.push(`${given.where}: '${given.option.key}' = ${given.text} has no effect: ${because}`)
  }

  /** The value given or else Flink's default; undefined when there is neither. */
  valueOf(key: string): ReadValue | undefined {
    const option = optionOf(key)
    return this.given.get(option.key)?.value ?? (option.default === null ? undefined : readValue(option.type, option.default))
  }

  /** A number that was given or is Flink's default (µs and bytes for durations and sizes). */
  number(key: string): number {
    return expectType(key, this.valueOf(key), 'number')
  }

  boolean(key: string): boolean {
    return expectType(key, this.valueOf(key), 'boolean')
  }

  text(key: string): string | undefined {
    const value = this.valueOf(key)
    return value === undefined ? undefined : String(value)
  }

  /** Where a key's value comes from, with its key, for messages. */
  where(key: string): string {
    return this.givenFor(key)?.where ?? `default of ${key}`
  }

  private readSource(source: ConfigurationSource): Map<string, GivenValue> {
    const read = new Map<string, GivenValue>()
    const current = new Set<string>()
    for (const entry of source.entries) {
      const option = findOption(entry.key, entry.where)
      if (option === undefined) continue
      const value = readEntry(option, entry)
      if (entry.key === option.key) current.add(option.key)
      else if (current.has(option.key)) {
        this.warnings.push(`${entry.where}: '${entry.key}' is an older name of '${option.key}', which is given too and wins`)
        continue
      }
      read.set(option.key, value)
    }
    return read
  }
}

function readEntry(option: ConfigOption, entry: ConfigurationEntry): GivenValue {
  const value = readValue(option.type, entry.text)
  if (value !== undefined) return { option, value, text: entry.text, where: entry.where }
  throw new InputError(entry.where, `'${entry.key}' cannot be '${entry.text}'`, allowedValues(option))
}

function expectType(key: string, value: ReadValue | undefined, type: 'number'): number
function expectType(key: string, value: ReadValue | undefined, type: 'boolean'): boolean
function expectType(key: string, value: ReadValue | undefined, type: 'number' | 'boolean'): number | boolean {
  if ((type === 'number' && typeof value === 'number') || (type === 'boolean' && typeof value === 'boolean')) return value
  throw new Error(`option ${key} has no ${type} value and no such default`)
}
