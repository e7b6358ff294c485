/** The plan as `JsonPlanGenerator` writes it: `/jobs/:id/plan`, the `plan` inside `/jobs/:id`, or the bare job graph. */
import { z } from 'zod'
import { InputError } from '../input-error.js'
import { shapeError } from '../json-shape.js'
import { wellFormed } from '../json-text.js'
import { chainedName, readChainDescription } from './chain-description.js'
import { producersFirst } from './graph-order.js'
import type { PlanVertex } from './imported-plan.js'
import { readShipStrategy } from './ship-strategy.js'

const node = z.looseObject({
  id: z.string(),
  parallelism: z.number().int(),
  description: z.string(),
  inputs: z.array(z.looseObject({ id: z.string(), ship_strategy: z.string().optional(), exchange: z.string().optional() })).optional(),
})

const jobPlan = z.looseObject({ name: z.string().optional(), type: z.string().optional(), nodes: z.array(node).min(1) })

/** `vertices` of `/jobs/:id`: the only place that tells the maximum parallelism. */
const jobVertices = z.array(z.looseObject({ id: z.string(), name: z.string().optional(), maxParallelism: z.number().int().optional() }))

/** What a job plan tells before anything is concluded from it. */
export interface ReadJobPlan {
  /** Empty where the plan has none. */
  readonly name: string
  readonly type: 'STREAMING' | 'BATCH'
  readonly vertices: readonly PlanVertex[]
}

/**
 * Reads a job plan.
 * @param at the place of the plan in its document, for example `job.json $.plan`
 * @param vertices the `vertices` of `/jobs/:id` when they are known
 * @throws InputError with the JSON path
 */
export function readJobPlan(json: unknown, at: string, vertices: unknown = []): ReadJobPlan {
  const plan = jobPlan.safeParse(json)
  if (!plan.success) throw shapeError(plan.error, json, at, 'a plan as Flink writes it')
  const details = jobVertices.safeParse(vertices)
  const known = new Map((details.success ? details.data : []).map((vertex) => [vertex.id, vertex]))
  const nodes = producersFirst(plan.data.nodes.map((data, index) => orderedNode(data, `${at}.nodes[${String(index)}]`)))
  return {
    name: plan.data.name ?? '',
    type: plan.data.type === 'BATCH' ? 'BATCH' : 'STREAMING',
    vertices: asRunning(nodes.map(({ data, at: place }) => planVertex(data, place, known.get(data.id)))),
  }
}

type Node = z.infer<typeof node>

/**
 * Where a job was rescaled its plan still says FORWARD, and Flink rebalances
 * (`StreamTask.replaceForwardPartitionerIfConsumerParallelismDoesNotMatch`).
 */
function asRunning(vertices: readonly PlanVertex[]): PlanVertex[] {
  const widths = new Map(vertices.map(({ id, parallelism }) => [id, parallelism]))
  return vertices.map((vertex) => ({
    ...vertex,
    inputs: vertex.inputs.map((input) =>
      input.ship === 'FORWARD' && widths.get(input.from) !== vertex.parallelism ? { ...input, ship: 'REBALANCE' } : input,
    ),
  }))
}

function orderedNode(data: Node, at: string) {
  const inputs = (data.inputs ?? []).map((input, index) => ({ from: input.id, at: `${at}.inputs[${String(index)}].id` }))
  return { id: data.id, at, inputs, data }
}

function planVertex(data: Node, at: string, details: z.infer<typeof jobVertices>[number] | undefined): PlanVertex {
  const { parallelism } = data
  if (parallelism === 0 || parallelism < -1)
    throw new InputError(`${at}.parallelism`, `parallelism ${String(parallelism)}`, '1 or more, or -1 where Flink decides later')
  const operators = readChainDescription(data.description)
  if (operators.length === 0) throw new InputError(`${at}.description`, 'names no operator', 'the operators of the chain')
  const maxParallelism = details?.maxParallelism ?? -1
  return {
    id: data.id,
    name: wellFormed(details?.name ?? chainedName(operators)),
    parallelism,
    ...(maxParallelism > 0 ? { maxParallelism } : {}),
    operators,
    inputs: (data.inputs ?? []).map((input) => ({
      from: input.id,
      ship: readShipStrategy(input.ship_strategy),
      ...(input.exchange === undefined ? {} : { exchange: input.exchange }),
    })),
  }
}
