import { createRequire } from 'node:module'

/** The version of the package, which knows itself by its name wherever this file lies in it. */
export function packageVersion(): string {
  const json: unknown = createRequire(import.meta.url)('millrace/package.json')
  return typeof json === 'object' && json !== null && 'version' in json ? String(json.version) : 'unknown'
}
