import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument, type ParsedNode } from 'yaml'
import { InputError } from '../input-error.js'
import type { ConfigurationEntry, ConfigurationSource } from './configuration-source.js'

/**
 * Reads `config.yaml`: standard YAML, keys nested or written with dots, both mixed as one likes. Lists are joined with `;` as Flink does.
 * @throws InputError with line and column for what is not YAML or not a mapping
 */
export function readConfigYaml(text: string, path: string): ConfigurationSource {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, schema: 'failsafe', prettyErrors: false })
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${String(line)}:${String(col)}`
  }
  const fault = document.errors[0]
  if (fault !== undefined)
    throw new InputError(place(fault.pos[0]), `not YAML, ${fault.message}`, 'one mapping of configuration keys to values')
  const entries: ConfigurationEntry[] = []
  if (document.contents !== null) collect(document.contents, '', place, entries)
  return { entries, warnings: [] }
}

function collect(node: ParsedNode, prefix: string, place: (offset: number) => string, into: ConfigurationEntry[]): void {
  if (!isMap(node)) {
    if (prefix === '' && isScalar(node) && node.source === '') return
    throw new InputError(
      place(node.range[0]),
      `found ${prefix === '' ? 'no mapping' : 'an unexpected node'}`,
      'a mapping of configuration keys to values',
    )
  }
  for (const { key: keyNode, value } of node.items) {
    if (!isScalar(keyNode)) throw new InputError(place(keyNode.range[0]), 'a key that is not plain text', 'a configuration key')
    const key = prefix === '' ? String(keyNode.value) : `${prefix}.${String(keyNode.value)}`
    if (isMap(value)) collect(value, key, place, into)
    else into.push({ key, text: valueText(value, key, place), where: place((value ?? keyNode).range[0]) })
  }
}

function valueText(node: ParsedNode | null, key: string, place: (offset: number) => string): string {
  if (node === null) return ''
  if (isScalar(node)) return typeof node.value === 'string' ? node.value : ''
  if (isSeq(node) && node.items.every((item) => isScalar(item))) return node.items.map((item) => valueText(item, key, place)).join(';')
  throw new InputError(
    place(node.range[0]),
    `'${key}' has ${isAlias(node) ? 'an alias' : 'a nested list'} as its value`,
    'a plain value or a list of plain values',
  )
}
