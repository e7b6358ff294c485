/**
 * The parts of a job: its sources, sinks and operators, one level below vertices. A sink is one part however many operators Flink made of
 * it (writer, pre-commit topology, committer, post-commit topology), because that is how it is written in a job.
 */
import { feedingOperator } from '../plan/feeding-operator.js'
import { commitsByName, sinkPiece } from '../plan/sink-names.js'
import type { ImportedPlan, PlanVertex, ShipStrategy } from '../plan/imported-plan.js'

export interface Part {
  /** Name of its (first) operator, unique within the plan: a second one of the same name is `name#2`, or the next number that is free. */
  readonly label: string
  readonly name: string
  readonly kind: 'source' | 'sink' | 'operator'
  /** Id of the vertex of its first operator. */
  readonly vertex: string
  readonly parallelism: number
  readonly maxParallelism?: number
  /** Sinks: where the operator that commits is; `none` when the plan shows no committer. */
  readonly committer?: 'none' | 'same vertex' | 'other vertex'
  /**
   * Sinks: name of an operator in front of it that commits, by its name; only where Flink knows of no committer (Paimon, Iceberg, the file
   * system table).
   */
  readonly committerBefore?: string
  /** Sinks on the old interface (`addSink`) are one operator that may or may not commit. */
  readonly oldInterface?: boolean
}

/** An edge between parts. Chained parts share a task. */
export interface PartEdge {
  readonly from: string
  readonly to: string
  readonly ship: ShipStrategy
  readonly chained: boolean
}

/** Sources, operators and sinks of a plan, and the edges between them. */
export interface JobParts {
  /** Producers before consumers. */
  readonly parts: readonly Part[]
  readonly edges: readonly PartEdge[]
}

interface OperatorNode {
  readonly vertex: PlanVertex
  readonly index: number
  readonly name: string
  readonly inputs: readonly { readonly node: OperatorNode; readonly ship: ShipStrategy; readonly chained: boolean }[]
}

/** Takes a plan apart. */
export function partsOf(plan: ImportedPlan): JobParts {
  const nodes = operatorNodes(plan)
  const sinkOf = new Map<OperatorNode, OperatorNode>()
  for (const node of nodes) {
    const upstream = node.inputs.map((input) => sinkOf.get(input.node)).find((sink) => sink !== undefined)
    if (upstream !== undefined) sinkOf.set(node, upstream)
    else if (sinkPiece(node.name) !== undefined) sinkOf.set(node, node)
  }
  const heads = nodes.filter((node) => (sinkOf.get(node) ?? node) === node)
  const labels = labelsOf(heads)
  const labelOf = (node: OperatorNode): string => labels.get(sinkOf.get(node) ?? node) ?? node.name
  const parts = heads.map((head) =>
    partOf(head, labelOf(head), sinkOf.has(head) ? nodes.filter((node) => sinkOf.get(node) === head) : undefined),
  )
  const edges = heads.flatMap((head) =>
    head.inputs.map(({ node, ship, chained }) => ({ from: labelOf(node), to: labelOf(head), ship, chained })),
  )
  return { parts, edges }
}

function operatorNodes(plan: ImportedPlan): OperatorNode[] {
  const nodes: OperatorNode[] = []
  const find = (vertex: string, index: number): OperatorNode[] => nodes.filter((node) => node.vertex.id === vertex && node.index === index)
  for (const vertex of plan.vertices) {
    vertex.operators.forEach((operator, index) => {
      const chained =
        operator.chainedTo === undefined
          ? []
          : find(vertex.id, operator.chainedTo).map((node) => ({ node, ship: 'FORWARD' as const, chained: true }))
      const external =
        index !== 0
          ? []
          : vertex.inputs.flatMap((input) => {
              const from = plan.vertices.find((candidate) => candidate.id === input.from)
              const operatorIndex = input.fromOperator ?? (from === undefined ? 0 : feedingOperator(plan.vertices, from, vertex))
              return find(input.from, operatorIndex).map((node) => ({ node, ship: input.ship, chained: false }))
            })
      nodes.push({ vertex, index, name: operator.name, inputs: [...chained, ...external] })
    })
  }
  return nodes
}

/** Labels by which parts are told apart; a sink on the old interface has another one than the writer that Flink would name after it. */
function labelsOf(heads: readonly OperatorNode[]): Map<OperatorNode, string> {
  const taken = new Set<string>()
  return new Map(
    heads.map((head) => {
      const name = head.name === '' ? 'unnamed' : head.name
      let label = name
      for (let times = 2; taken.has(asWriter(label)); times++) label = `${name}#${String(times)}`
      taken.add(asWriter(label))
      return [head, label]
    }),
  )
}

function asWriter(label: string): string {
  return label.endsWith(': Writer') ? label : `${label}: Writer`
}

function partOf(head: OperatorNode, label: string, sinkMembers: readonly OperatorNode[] | undefined): Part {
  const { id, parallelism, maxParallelism } = head.vertex
  const where = { label, name: head.name, vertex: id, parallelism, ...(maxParallelism === undefined ? {} : { maxParallelism }) }
  if (sinkMembers === undefined) return { ...where, kind: head.inputs.length === 0 ? 'source' : 'operator' }
  const own = sinkMembers.find((node) => sinkPiece(node.name)?.piece === 'committer')
  const before = own === undefined ? head.inputs.find(({ node }) => commitsByName(node.name))?.node : undefined
  const committer = own ?? before
  const place = committer === undefined ? 'none' : committer.vertex === head.vertex ? 'same vertex' : 'other vertex'
  return {
    ...where,
    kind: 'sink',
    committer: place,
    ...(before === undefined ? {} : { committerBefore: before.name }),
    oldInterface: sinkPiece(head.name)?.piece === 'whole',
  }
}
