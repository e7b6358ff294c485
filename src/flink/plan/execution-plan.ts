/**
 * The plan of `StreamExecutionEnvironment.getExecutionPlan()` (`JSONGenerator`): the stream graph, one node an operator, not yet chained.
 */
import { z } from 'zod'
import { shapeError } from '../json-shape.js'
import { wellFormed } from '../json-text.js'
import { chainedName } from './chain-description.js'
import { isChainable, type StreamNode } from './chaining.js'
import { producersFirst } from './graph-order.js'
import type { PlanInput, PlanOperator, PlanVertex, ShipStrategy } from './imported-plan.js'
import { readShipStrategy } from './ship-strategy.js'

const predecessor = z.looseObject({
  id: z.union([z.number(), z.string()]),
  ship_strategy: z.string().optional(),
  side: z.string().optional(),
})

const node = z.looseObject({
  id: z.union([z.number(), z.string()]),
  type: z.string(),
  pact: z.string().optional(),
  contents: z.string().optional(),
  parallelism: z.number().int().min(1),
  predecessors: z.array(predecessor).optional(),
})

const executionPlan = z.looseObject({ nodes: z.array(node).min(1) })

interface ExecutionNode extends StreamNode {
  readonly at: string
  readonly inputs: readonly { readonly from: string; readonly ship: ShipStrategy; readonly side: string | undefined; readonly at: string }[]
}

/**
 * Reads an execution plan and chains its operators as Flink would.
 * @param chaining false when `pipeline.operator-chaining.enabled` is false
 * @throws InputError with the JSON path
 */
export function readExecutionPlan(json: unknown, path: string, chaining: boolean): PlanVertex[] {
  const plan = executionPlan.safeParse(json)
  if (!plan.success) throw shapeError(plan.error, json, `${path} $`, 'a plan as getExecutionPlan() writes it')
  const nodes = producersFirst(plan.data.nodes.map((data, index) => executionNode(data, `${path} $.nodes[${String(index)}]`)))
  return new Chains(nodes, chaining).vertices()
}

function executionNode(data: z.infer<typeof node>, at: string): ExecutionNode {
  // `type` is the short name; `contents` spells out windows, as a job plan's description does.
  const inputs = (data.predecessors ?? []).map((input, index) => ({
    from: String(input.id),
    ship: readShipStrategy(input.ship_strategy),
    side: input.side,
    at: `${at}.predecessors[${String(index)}].id`,
  }))
  return {
    id: String(data.id),
    at,
    name: wellFormed(data.contents ?? data.type),
    isSource: data.pact === 'Data Source',
    parallelism: data.parallelism,
    inputs,
  }
}

/** Assigns each node to the chain that starts at the nearest node above it that cannot be chained further up. */
class Chains {
  private readonly byId: ReadonlyMap<string, ExecutionNode>

  constructor(
    private readonly nodes: readonly ExecutionNode[],
    private readonly enabled: boolean,
  ) {
    this.byId = new Map(nodes.map((node) => [node.id, node]))
  }

  vertices(): PlanVertex[] {
    const chains = this.nodes.filter((node) => this.chainedTo(node) === undefined).map((head) => this.membersFrom(head))
    const placeOf = new Map(
      chains.flatMap((members) => members.map((member, index) => [member.id, { head: members[0]?.id ?? '', index }] as const)),
    )
    const inputs = (head: ExecutionNode): PlanInput[] =>
      head.inputs.map((input) => {
        const place = placeOf.get(input.from)
        const side = input.side === undefined ? {} : { side: input.side }
        return { from: place?.head ?? input.from, fromOperator: place?.index ?? 0, ship: input.ship, ...side }
      })
    return chains.flatMap((members) => {
      const head = members[0]
      if (head === undefined) return []
      const operators = this.operatorsOf(members)
      return [{ id: head.id, name: chainedName(operators), parallelism: head.parallelism, operators, inputs: inputs(head) }]
    })
  }

  private chainedTo(node: ExecutionNode): ExecutionNode | undefined {
    const up = this.byId.get(node.inputs[0]?.from ?? '')
    return this.enabled && up !== undefined && isChainable(up, node) ? up : undefined
  }

  private membersFrom(head: ExecutionNode): ExecutionNode[] {
    const members: ExecutionNode[] = []
    const waiting = [head]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      const member = node
      members.push(member)
      waiting.push(...this.nodes.filter((other) => this.chainedTo(other) === member).toReversed())
    }
    return members
  }

  private operatorsOf(members: readonly ExecutionNode[]): PlanOperator[] {
    return members.map((member) => {
      const up = this.chainedTo(member)
      return up === undefined ? { name: member.name } : { name: member.name, chainedTo: members.indexOf(up) }
    })
  }
}
