import { z } from 'zod'
import type { Reduction } from './reduction.js'

/** What a reduction must look like when it comes from outside (a replay token, a failure file). */

const name = z.string().min(1)
const one = z.int().min(1)
const position = z.int().min(0)

const kept = z.strictObject({ vertex: name, split: name, offsets: z.array(position).readonly(), end: position }).readonly()

/** A smaller job. */
export const reductionSchema: z.ZodType<Reduction> = z.strictObject({
  records: z.array(kept).readonly().exactOptional(),
  without: z.array(name).readonly().exactOptional(),
  parallelism: z.record(name, one).exactOptional(),
  taskManagers: one.exactOptional(),
  checkpointIntervalUs: one.exactOptional(),
  leastBut: z.array(name).readonly().exactOptional(),
})
