import { z } from 'zod'
import { CALL_OUTCOMES, type Fault, type FaultPlan } from '../faults/index.js'
import type { Override } from '../world/index.js'
import type { Priorities } from './drivers/priorities.js'

/** What faults and overrides must look like when they come from outside (a replay token). */

const name = z.string().min(1)
const nth = z.int().min(1)
const us = z.int().min(0)

const names = z.array(name).min(1)
const turn = {
  nth,
  who: name.exactOptional(),
  depth: z.union([z.literal(0), z.literal(1), z.literal(2)]).exactOptional(),
}
const at = z.union([z.strictObject({ timeUs: us }), z.strictObject({ point: name, ...turn })])

const fault: z.ZodType<Fault> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['crash', 'host-loss']), process: name, at, downUs: us }),
  z.strictObject({ kind: z.literal('exception'), point: name, ...turn }),
  z.strictObject({ kind: z.literal('call'), point: name, ...turn, outcome: z.enum(CALL_OUTCOMES), delayUs: us.exactOptional() }),
  z.strictObject({ kind: z.literal('detour'), rpc: name, ...turn, delayUs: us, repeated: z.boolean() }),
  z.strictObject({ kind: z.literal('hang'), point: name, ...turn, downUs: us }),
  z.strictObject({ kind: z.literal('rpc'), rpc: name, ...turn, delayUs: us.exactOptional() }),
  z.strictObject({ kind: z.literal('slow'), process: name, fromUs: us, untilUs: us, extraUs: us }),
  z.strictObject({ kind: z.literal('skew'), process: name, fromUs: us, byUs: z.int() }),
  z.strictObject({ kind: z.literal('ties'), gridUs: z.int().min(1).max(1_000_000) }),
  z.strictObject({ kind: z.literal('haste') }),
  z.strictObject({ kind: z.literal('calm'), at, forUs: us }),
  z.strictObject({ kind: z.literal('disconnect'), process: name, other: name, at }),
  z.strictObject({
    kind: z.literal('partition'),
    process: name,
    others: names,
    direction: z.enum(['both', 'from', 'to']),
    at,
    forUs: us,
    lossy: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('pause'), process: name, at, forUs: us }),
])

/** A plan of faults. */
export const planSchema: z.ZodType<FaultPlan> = z.array(fault).readonly()

/** Choices that differ from what the streams of the seed draw. */
export const overridesSchema: z.ZodType<readonly Override[]> = z.array(z.strictObject({ stream: name, ordinal: us, value: us })).readonly()

/** Who is late in a run. */
export const prioritiesSchema: z.ZodType<Priorities> = z.strictObject({ lateOneIn: z.int().min(1), changeOneIn: us })
