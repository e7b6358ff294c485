/**
 * The `description` of a node in a job plan names the operators of its chain. Flink writes it as a tree, one operator a line
 * (`pipeline.vertex-description-mode` TREE), or as `A -> (B -> C, D)` (CASCADING); both arrive with HTML escapes from `JsonPlanGenerator`.
 */
import { wellFormed } from '../json-text.js'
import type { PlanOperator } from './imported-plan.js'

/** Operators of a chain, head first, then depth first. */
export function readChainDescription(description: string): PlanOperator[] {
  const lines = description
    .split(/<br\s*\/?>|\n/)
    .map((line) => wellFormed(unescapeHtml(line)))
    .filter((line) => line.trim() !== '')
  return lines.length === 1 ? readCascade(lines[0] ?? '') : readTree(lines)
}

/** The name Flink gives the vertex of this chain (`StreamingJobGraphGenerator.createChainedName`). */
export function chainedName(operators: readonly PlanOperator[]): string {
  const outputsOf = operators.map((): string[] => [])
  // From the last one back: what a name is put together of stands behind it.
  return operators.reduceRight((_, { name, chainedTo }, index) => {
    const outputs = outputsOf[index] ?? []
    const onwards = outputs.length < 2 ? outputs.map((output) => ` -> ${output}`).join('') : ` -> (${outputs.toReversed().join(', ')})`
    if (chainedTo !== undefined) outputsOf[chainedTo]?.push(`${name}${onwards}`)
    return `${name}${onwards}`
  }, '')
}

/** `+- ` or `:- ` before the name, and three columns for each level above. A line without them continues the name before it. */
function readTree(lines: readonly string[]): PlanOperator[] {
  const operators: PlanOperator[] = []
  const pathToHere: number[] = []
  for (const line of lines) {
    const parts = /^((?:[: ] {2})*)[:+]- (.*)$/.exec(line)
    const last = operators.at(-1)
    if (parts === null && last !== undefined) {
      operators[operators.length - 1] = { ...last, name: `${last.name} ${line.trim()}` }
      continue
    }
    const depth = parts === null ? 0 : (parts[1] ?? '').length / 3 + 1
    const parent = depth === 0 ? undefined : pathToHere[depth - 1]
    pathToHere.length = depth
    pathToHere[depth] = operators.length
    operators.push({ name: (parts?.[2] ?? line).trim(), ...(parent === undefined ? {} : { chainedTo: parent }) })
  }
  return operators
}

function readCascade(text: string): PlanOperator[] {
  const operators: PlanOperator[] = []
  const waiting: { readonly chain: string; readonly from?: number }[] = [{ chain: text }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    let input = next.from
    for (const step of splitOutside(next.chain, ' -> ')) {
      if (input !== undefined && step.startsWith('(') && step.endsWith(')')) {
        const from = input
        for (const chain of splitOutside(step.slice(1, -1), ', ').toReversed()) waiting.push({ chain, from })
        continue
      }
      operators.push({ name: step.trim(), ...(input === undefined ? {} : { chainedTo: input }) })
      input = operators.length - 1
    }
  }
  return operators
}

/** Splits where no bracket is open. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if ('([{'.includes(character)) depth++
    else if (')]}'.includes(character)) depth = Math.max(0, depth - 1)
    else if (depth === 0 && text.startsWith(separator, at)) {
      parts.push(text.slice(start, at))
      start = at + separator.length
      at = start - 1
    }
  }
  return [...parts, text.slice(start)]
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', amp: '&' }

function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|([a-z]+));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entities[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code <= largestCodePoint ? String.fromCodePoint(code) : whole
  })
}

const largestCodePoint = 0x10ffff
