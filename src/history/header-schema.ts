import { z } from 'zod'
import type { HistoryHeader } from './header.js'

/** What the first line of a history file must look like; the counterpart of `header.ts` for data from outside. */

const text = z.string()
const texts = z.array(text).readonly()

const operator = z
  .object({
    name: text,
    role: z.enum(['source', 'operator', 'sink', 'committer']),
    parallelism: z.int().min(1),
    inputs: texts,
    task: text.exactOptional(),
    stateful: z.boolean().exactOptional(),
    selective: z.literal(true).exactOptional(),
    withoutPositions: z.literal(true).exactOptional(),
    deterministic: z.literal(false).exactOptional(),
    sharedIdentities: z.literal(true).exactOptional(),
    observed: texts.exactOptional(),
  })
  .readonly()

const count = z.int().min(0)
const split = z.object({ vertex: text, split: text, records: count, size: count.exactOptional() }).readonly()

const promise = z.object({ guarantee: z.enum(['exactly-once', 'at-least-once', 'at-most-once', 'none']), at: text }).readonly()

/** The schema of the header. */
export const headerSchema: z.ZodType<HistoryHeader> = z.object({
  millrace: z.literal('history'),
  schema: z.int(),
  origin: z.enum(['simulated', 'checked', 'recorded']),
  scenario: text,
  operators: z.array(operator).readonly(),
  splits: z.array(split).readonly().exactOptional(),
  configuration: z.record(text, text).readonly(),
  mode: z.enum(['aligned', 'unaligned', 'at-least-once', 'off']),
  seed: text.exactOptional(),
  events: z.int().min(0).exactOptional(),
  discipline: z.literal('beyond-budget').exactOptional(),
  watchedUs: z.int().min(0).exactOptional(),
  branch: z
    .object({
      parent: text,
      event: z.int().min(0),
      checkpoint: z.int().min(0),
      parallelism: z.record(z.string(), z.int().min(1)).readonly().exactOptional(),
    })
    .readonly()
    .exactOptional(),
  promises: z.array(promise).readonly().exactOptional(),
})
