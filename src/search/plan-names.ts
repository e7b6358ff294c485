import type { z } from 'zod'
import { pointOf, type Fault, type FaultPlan } from '../faults/index.js'
import { failpointsOf, LATE_CALLS, LOSSY_RPCS, UNORDERED_RPCS } from './failpoint-catalogue.js'
import { planSchema } from './fault-schema.js'

/** A plan that came from outside, or what is wrong with it and where (a JSON path). */
export type ParsedPlan =
  | { readonly plan: FaultPlan; readonly problem?: never }
  | { readonly plan?: never; readonly problem: { readonly path: string; readonly message: string } }

/** Checks the form of a plan. */
export function parsePlan(value: unknown): ParsedPlan {
  const { data, error } = planSchema.safeParse(value)
  if (data !== undefined) return { plan: data }
  const [issue] = error.issues
  if (issue === undefined) return { problem: { path: '', message: 'no plan' } }
  const { path, message } = closest(issue)
  return { problem: { path: path.map((part) => `.${String(part)}`).join(''), message } }
}

/** Of what may be written in several forms, what is wrong with it as the form that it comes closest to. */
function closest(issue: z.core.$ZodIssue): Pick<z.core.$ZodIssue, 'path' | 'message'> {
  if (issue.code !== 'invalid_union') return issue
  const [best] = issue.errors.toSorted((one, other) => one.length - other.length)
  const inner = best?.[0] && closest(best[0])
  return inner === undefined ? issue : { path: [...issue.path, ...inner.path], message: inner.message }
}

/** A fault that waits for something that there is not. */
export interface Misnamed {
  /** Its place in the plan, from 0. */
  readonly place: number
  readonly name: string
  /** What there is for this kind of fault. */
  readonly known: readonly string[]
}

/** A call that is to be applied later and cannot be. */
export interface NeverLate {
  /** Its place in the plan, from 0. */
  readonly place: number
  readonly point: string
}

/** The faults of a plan that would have a call applied later that is not one of those that may be. */
export function neverLateIn(plan: FaultPlan): NeverLate[] {
  const late: readonly string[] = LATE_CALLS
  return plan.flatMap((fault, place) => {
    if (fault.kind !== 'call' || fault.outcome !== 'unknown-later' || late.includes(fault.point)) return []
    return [{ place, point: fault.point }]
  })
}

/** The faults of a plan that name no failpoint of the catalogue, and so could never strike. */
export function misnamedIn(plan: FaultPlan): Misnamed[] {
  return plan.flatMap((fault, place) => {
    const name = pointOf(fault)
    const known = knownFor(fault)
    return name === undefined || known.includes(name) ? [] : [{ place, name, known }]
  })
}

function knownFor({ kind }: Fault): readonly string[] {
  switch (kind) {
    case 'exception':
    case 'hang':
    case 'call':
      return failpointsOf(kind)
    case 'rpc':
      return LOSSY_RPCS
    case 'detour':
      return UNORDERED_RPCS
    default:
      return failpointsOf('crash')
  }
}
