import { z } from 'zod'
import { InputError } from '../input-error.js'
import { parseJsonText, wellFormed } from '../json-text.js'
import { unseenByChaining } from './chaining.js'
import { readExecutionPlan } from './execution-plan.js'
import type { ImportedPlan, PlanVertex } from './imported-plan.js'
import { readJobPlan } from './job-plan.js'
import { findIterations, planProblems } from './plan-problems.js'
import { feedingOperator } from './feeding-operator.js'

/** The documents that carry a plan, the most telling first. */
export type PlanForm = 'job' | 'plan answer' | 'job graph' | 'execution plan'

/** What an importer may know that the plan itself does not say. */
export interface PlanOptions {
  /** `pipeline.operator-chaining.enabled`; matters for execution plans only. Default true. */
  readonly chaining?: boolean
  /** Name of the job where the plan has none. */
  readonly name?: string
}

const nodes = z.looseObject({ nodes: z.array(z.looseObject({})) })
const answer = z.looseObject({ plan: nodes, vertices: z.unknown().optional(), maxParallelism: z.number().optional() })
const looksLikeExecutionPlan = z.looseObject({ nodes: z.array(z.looseObject({ type: z.string(), pact: z.string() })).min(1) })

/** Which document this is; undefined when it carries no plan. */
export function planFormOf(json: unknown): PlanForm | undefined {
  const whole = answer.safeParse(json)
  if (whole.success) return whole.data.vertices === undefined ? 'plan answer' : 'job'
  if (!nodes.safeParse(json).success) return undefined
  return looksLikeExecutionPlan.safeParse(json).success ? 'execution plan' : 'job graph'
}

/**
 * Reads a plan in any of its forms from text; what `flink info` prints around an execution plan is dropped.
 * @throws InputError with line and column for what is not JSON, with the JSON path for what is no plan
 */
export function readPlanText(text: string, path: string, options: PlanOptions = {}): ImportedPlan {
  const marked = /-+ ?Execution Plan ?-+\s*\n([\s\S]*?)\n-{10,}/.exec(text)
  return readPlan(parseJsonText(marked?.[1] ?? text, path), path, options)
}

/**
 * Reads a plan in any of its forms from parsed JSON.
 * @throws InputError with the JSON path
 */
export function readPlan(json: unknown, path: string, options: PlanOptions = {}): ImportedPlan {
  const form = planFormOf(json)
  if (form === undefined) {
    throw new InputError(
      `${path} $`,
      'no plan here',
      "the answer of /jobs/:jobid/plan or /jobs/:jobid, a job graph's plan, or what getExecutionPlan() returns",
    )
  }
  if (form === 'execution plan') return fromExecutionPlan(json, path, options)
  if (form === 'job graph') return fromJobPlan(json, `${path} $`)
  const { plan, vertices, maxParallelism } = answer.parse(json)
  return fromJobPlan(plan, `${path} $.plan`, vertices, maxParallelism)
}

function fromJobPlan(json: unknown, at: string, vertices?: unknown, maxParallelism = -1): ImportedPlan {
  const { name, type, vertices: read } = readJobPlan(json, at, vertices)
  const known = maxParallelism > 0 ? { maxParallelism } : {}
  return { name: jobName(name), type, form: 'job plan', vertices: read, ...conclusions(type, read), notes: branchingNotes(read), ...known }
}

function fromExecutionPlan(json: unknown, path: string, options: PlanOptions): ImportedPlan {
  const vertices = readExecutionPlan(json, path, options.chaining ?? true)
  const notes = [
    unseenByChaining,
    'an execution plan does not say whether the job runs in STREAMING or BATCH mode; it is taken as STREAMING',
  ]
  return {
    name: jobName(options.name ?? ''),
    type: 'STREAMING',
    form: 'execution plan',
    vertices,
    ...conclusions('STREAMING', vertices),
    notes,
  }
}

function jobName(told: string): string {
  return told.trim() === '' ? 'unnamed job' : wellFormed(told)
}

function conclusions(type: 'STREAMING' | 'BATCH', vertices: readonly PlanVertex[]): Pick<ImportedPlan, 'iterations' | 'problems'> {
  const iterations = findIterations(vertices)
  return { iterations, problems: planProblems(type, vertices, iterations) }
}

/**
 * A job plan does not tell which operator of a chain feeds the next vertex. It is beyond doubt only when the chain is a line that ends in
 * no sink.
 */
function branchingNotes(vertices: readonly PlanVertex[]): string[] {
  return vertices.flatMap((vertex) => {
    const { name, operators } = vertex
    const consumers = vertices.filter(({ inputs }) => inputs.some(({ from }) => from === vertex.id))
    const taken = [...new Set(consumers.map((consumer) => feedingOperator(vertices, vertex, consumer)))]
    if (taken.length === 0 || (!isBranching(vertex) && taken.every((index) => index === operators.length - 1))) return []
    const feeding = taken.map((index) => `'${operators[index]?.name ?? ''}'`).join(' and ')
    return [`this form of plan does not tell which operator of '${name}' feeds the next vertex; it is taken to be ${feeding}`]
  })
}

function isBranching({ operators }: PlanVertex): boolean {
  return operators.some((_, index) => operators.filter((operator) => operator.chainedTo === index).length > 1)
}
