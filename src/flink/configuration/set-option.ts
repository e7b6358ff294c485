import { InputError } from '../input-error.js'
import type { ConfigurationSource } from './configuration-source.js'

/**
 * Reads one `key=value`.
 * @throws InputError when there is no `=` or nothing before it
 */
export function readSetOption(text: string): ConfigurationSource {
  const equals = text.indexOf('=')
  if (equals <= 0) throw new InputError(`--set ${text}`, 'not a setting', "key=value, for example 'execution.checkpointing.interval=10 s'")
  const key = text.slice(0, equals).trim()
  return { entries: [{ key, text: text.slice(equals + 1).trim(), where: `--set ${key}` }], warnings: [] }
}
