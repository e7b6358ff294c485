import { InputError } from '../input-error.js'
import { didYouMean } from '../nearest-name.js'

/** A node of a plan with the place of each reference to another node, for messages. */
export interface OrderedNode {
  readonly id: string
  readonly at: string
  readonly inputs: readonly { readonly from: string; readonly at: string }[]
}

/**
 * Producers before consumers, otherwise in the order given.
 * @throws InputError for an id used twice, an input from nowhere, or a cycle
 */
export function producersFirst<N extends OrderedNode>(nodes: readonly N[]): N[] {
  refuseBadReferences(nodes)
  const ordered: N[] = []
  const placed = new Set<string>()
  let waiting = [...nodes]
  while (waiting.length > 0) {
    const ready = waiting.find((node) => node.inputs.every((input) => placed.has(input.from)))
    if (ready === undefined) {
      const stuck = waiting[0]
      throw new InputError(
        stuck?.at ?? '',
        `the inputs of '${String(stuck?.id)}' form a cycle`,
        'a graph without cycles, as Flink generates',
      )
    }
    ordered.push(ready)
    placed.add(ready.id)
    waiting = waiting.filter((node) => node !== ready)
  }
  return ordered
}

function refuseBadReferences(nodes: readonly OrderedNode[]): void {
  const ids = new Set<string>()
  for (const node of nodes) {
    if (ids.has(node.id)) throw new InputError(node.at, `id '${node.id}' is used twice`, 'an id of its own for each node')
    ids.add(node.id)
  }
  for (const input of nodes.flatMap((node) => node.inputs)) {
    if (ids.has(input.from)) continue
    const known = [...ids]
    throw new InputError(
      input.at,
      `input from '${input.from}', which is no node of the plan${didYouMean(input.from, known)}`,
      `the id of another node: ${known.join(', ')}`,
    )
  }
}
