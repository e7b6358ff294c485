import { durationSyntax, formatDuration, parseDuration } from './duration.js'
import { memorySizeSyntax, parseMemorySize } from './memory-size.js'
import type { ConfigOption, OptionType } from './config-option.js'

/** A value as read: µs for a duration, bytes for a memory size, the first spelling for a choice. */
export type ReadValue = number | boolean | string

/** Reads the text of a value; undefined when it does not fit the option's type. */
export function readValue(type: OptionType, text: string): ReadValue | undefined {
  const trimmed = text.trim()
  if (typeof type === 'object') return readName(type.names, trimmed)
  switch (type) {
    case 'duration':
      return parseDuration(trimmed)
    case 'memory':
      return parseMemorySize(trimmed)
    case 'integer':
      return /^[+-]?\d{1,15}$/.test(trimmed) ? Number(trimmed) : undefined
    case 'decimal':
      return readDecimal(trimmed)
    case 'boolean':
      return /^true$/i.test(trimmed) ? true : /^false$/i.test(trimmed) ? false : undefined
    case 'string':
      return trimmed
  }
}

function readDecimal(text: string): number | undefined {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[fFdD]?$/.test(text) ? Number.parseFloat(text) : NaN
  return Number.isFinite(value) ? value : undefined
}

/** Letter case and `-` against `_` make no difference, as in Flink's enum options. */
function readName(names: readonly (readonly string[])[], text: string): string | undefined {
  const plain = (name: string): string => name.toLowerCase().replaceAll('-', '_')
  return names.find((spellings) => spellings.some((name) => plain(name) === plain(text)))?.[0]
}

/** What values an option takes, for error messages. */
export function allowedValues(option: ConfigOption): string {
  if (typeof option.type === 'object') return option.type.names.map((spellings) => spellings[0]).join(', ')
  const syntax = {
    duration: durationSyntax,
    memory: memorySizeSyntax,
    integer: 'a whole number',
    decimal: 'a number',
    boolean: 'true or false',
    string: 'text',
  }
  return syntax[option.type]
}

/** A read value in Flink's notation. */
export function showValue(type: OptionType, value: ReadValue): string {
  return type === 'duration' && typeof value === 'number' ? formatDuration(value) : String(value)
}
