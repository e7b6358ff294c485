import type { ChainedOperator } from './job-graph.js'
import type { StreamNode } from './stream-graph.js'

/** Names by node. The history tells operators apart by name, so that the second of a name gets a number. */
export function operatorNames(nodes: readonly StreamNode[]): readonly string[] {
  const taken = new Set(nodes.map(({ name }) => name))
  const used = new Set<string>()
  return nodes.map(({ name }) => {
    let unique = name
    for (let number = 2; used.has(unique); number++) {
      const numbered = `${name} (${number})`
      if (!taken.has(numbered)) unique = numbered
    }
    used.add(unique)
    return unique
  })
}

/** Uids by node; one that was not given follows from the operator's place, so that it is the same as long as the job is. */
export function operatorUids(nodes: readonly StreamNode[]): readonly string[] {
  const taken = new Set(nodes.map(({ uid }) => uid))
  return nodes.map(({ id, uid }) => {
    if (uid !== undefined) return uid
    let generated = `operator-${id}`
    while (taken.has(generated)) generated = `${generated}'`
    return generated
  })
}

/** Name of a vertex: its operators in the order of the chain, branches in parentheses (Flink: `createChainedName`). */
export function vertexName(chain: readonly ChainedOperator[]): string {
  const nameFrom = (index: number): string => {
    const operator = chain[index]
    if (operator === undefined) return ''
    const next = operator.outputs.flatMap((output) => (output.to === 'operator' ? [nameFrom(output.operator)] : []))
    if (next.length === 0) return operator.name
    return `${operator.name} -> ${next.length === 1 ? next.join('') : `(${next.join(', ')})`}`
  }
  return nameFrom(0)
}
