import type { ConfigurationEntry, ConfigurationSource } from './configuration-source.js'

/**
 * Reads the older `flink-conf.yaml` as Flink's own loader does: one `key: value` a line, everything from `#` on is comment,
 * the first `: ` separates. A line that does not split is ignored there with a warning, and here too.
 */
export function readFlinkConf(text: string, path: string): ConfigurationSource {
  const entries: ConfigurationEntry[] = []
  const warnings: string[] = []
  text.split(/\r?\n/).forEach((line, index) => {
    const content = (line.split('#', 1)[0] ?? '').trim()
    if (content === '' || content === '---') return
    const separator = content.indexOf(': ')
    const where = `${path}:${String(index + 1)}:${String(line.indexOf(content) + 1)}`
    if (separator <= 0) warnings.push(`${where}: Flink ignores this line, because it is not 'key: value': ${content}`)
    else entries.push({ key: content.slice(0, separator).trim(), text: content.slice(separator + 2).trim(), where })
  })
  return { entries, warnings }
}
