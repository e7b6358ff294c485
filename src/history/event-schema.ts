import { z } from 'zod'
import type { HistoryEvent, HistoryKind } from './event.js'

/**
 * What a line of a history file must look like, kind by kind; the counterpart of `event.ts` for data from outside.
 * Fields it does not know are left out, so that a later writer of the same schema version may add some.
 */

const count = z.int().min(0)
const text = z.string()
const id = z.union([z.number(), text])
const ids = z.array(id).readonly()
const place = { seq: z.int().min(1), t: z.int().min(0) }
const where = { vertex: text, subtask: z.int().min(-1), attempt: count }
const checkpoint = count
const result = z.enum(['applied', 'already', 'aborted', 'unknown', 'failed-known', 'retry'])
const reason = z.enum(['lingering', 'close', 'timeout', 'fenced', 'recover', 'abort'])
const points = z.enum(['read_committed', 'read_uncommitted', 'finished-files', 'external-store', 'log'])
const jobStatus = z.enum(['CREATED', 'RUNNING', 'RESTARTING', 'FAILING', 'FAILED', 'CANCELLING', 'CANCELED', 'FINISHED', 'SUSPENDED'])
const taskStatus = z.enum(['CREATED', 'SCHEDULED', 'DEPLOYING', 'INITIALIZING', 'RUNNING', 'CANCELING', 'CANCELED', 'FAILED', 'FINISHED'])
const pairs = z.array(z.tuple([text, count]).readonly()).readonly()

const content = z
  .object({
    offsets: pairs.exactOptional(),
    counts: pairs.exactOptional(),
    values: z
      .array(z.tuple([text, z.int()]).readonly())
      .readonly()
      .exactOptional(),
    absorbed: ids.exactOptional(),
    timers: z.array(text).readonly().exactOptional(),
    broadcast: z.strictObject({ counter: text, absorbed: ids }).exactOptional(),
    committables: z.array(text).readonly().exactOptional(),
  })
  .readonly()

const flag = z.literal(true).exactOptional()
const optional = {
  key: text.exactOptional(),
  count: z.int().exactOptional(),
  digest: z.int().exactOptional(),
  transaction: text.exactOptional(),
  content: content.exactOptional(),
  checkpoint: checkpoint.exactOptional(),
  path: text.exactOptional(),
  offset: count.exactOptional(),
  parallelism: z.int().min(1).exactOptional(),
  to: z.array(text).readonly().exactOptional(),
}

/** A kind that happens at a subtask of an operator. */
const at = <K extends HistoryKind, F extends z.ZodRawShape>(kind: K, fields: F) =>
  z.object({ ...place, kind: z.literal(kind), ...where, ...fields })
/** A kind that concerns the job as a whole or the outside. */
const plain = <K extends HistoryKind, F extends z.ZodRawShape>(kind: K, fields: F) =>
  z.object({ ...place, kind: z.literal(kind), ...fields })

const records = [
  at('source-emit', { id, split: text, offset: count, key: optional.key, to: optional.to }),
  at('emit', { id, causes: ids, to: optional.to }),
  at('state-apply', { id, key: text, count: optional.count, again: flag }),
  at('process', { id }),
  at('timer', {
    action: z.enum(['registered', 'deleted', 'fired']),
    key: text,
    namespace: z.int(),
    at: z.int(),
    watermark: z.int().exactOptional(),
  }),
  at('record-ended', {
    id,
    why: z.enum(['filtered', 'late', 'window-open-at-end', 'unmatched', 'broadcast-state']),
    until: z.int().exactOptional(),
    watermark: z.int().exactOptional(),
    key: optional.key,
  }),
  at('sink-write', { id, key: optional.key, count: optional.count, digest: optional.digest, transaction: optional.transaction }),
  at('sink-flush', { why: z.enum(['full', 'checkpoint', 'end']), records: count, ids: ids.exactOptional() }),
] as const

const outside = [
  at('transaction-begun', { transaction: text }),
  at('pre-commit', { transaction: text, checkpoint: optional.checkpoint, records: count.exactOptional() }),
  at('commit-requested', { transaction: text, retries: count.exactOptional() }),
  at('commit', { transaction: text, result }),
  at('abort', { transaction: text, why: reason }),
  plain('visible', {
    vertex: text,
    at: points,
    id,
    key: optional.key,
    count: optional.count,
    digest: optional.digest,
    transaction: optional.transaction,
    partition: text.exactOptional(),
    offset: optional.offset,
  }),
] as const

const checkpoints = [
  plain('checkpoint-triggered', { checkpoint, savepoint: flag, synchronous: flag }),
  at('snapshot-taken', { checkpoint, content: optional.content }),
  at('snapshot-durable', { checkpoint, content: optional.content }),
  at('checkpoint-acknowledged', { checkpoint }),
  at('checkpoint-declined', { checkpoint, reason: text }),
  at('acknowledgement-accepted', { checkpoint }),
  plain('checkpoint-completed', { checkpoint, savepoint: flag, synchronous: flag }),
  plain('checkpoint-aborted', { checkpoint, reason: text }),
  at('checkpoint-notified', { checkpoint, outcome: z.enum(['complete', 'abort']) }),
  plain('savepoint', { action: z.enum(['triggered', 'done', 'stop']), path: optional.path, checkpoint: optional.checkpoint }),
  plain('file-put', {
    path: text,
    late: flag,
    bytes: count.exactOptional(),
    state: z
      .object({ checkpoint, ...where })
      .readonly()
      .exactOptional(),
    metadata: z
      .object({ checkpoint, files: z.array(text).readonly() })
      .readonly()
      .exactOptional(),
  }),
  plain('file-deleted', { path: text, bytes: count.exactOptional() }),
] as const

const sources = [
  plain('split-assigned', { vertex: text, subtask: count, split: text, offset: optional.offset }),
  plain('split-returned', { vertex: text, subtask: count, split: text, offset: optional.offset }),
  at('split-added', { split: text, offset: count }),
] as const

const recovery = [
  plain('restore-chosen', { checkpoint: optional.checkpoint, path: optional.path }),
  at('restore', { checkpoint: optional.checkpoint, content: optional.content, local: flag, parallelism: optional.parallelism }),
  // What fails the job without any task has attempt -1.
  plain('failure', { ...where, attempt: z.int().min(-1), cause: text, refused: optional.checkpoint }),
  plain('restart', { restarts: count }),
  plain('fault', { fault: text, point: text, target: text, lastsUs: count.exactOptional() }),
  plain('process-crashed', { process: text, incarnation: count }),
  plain('process-started', { process: text, incarnation: count }),
  plain('job-status', {
    status: jobStatus,
    job: text.exactOptional(),
    restoredFrom: text.exactOptional(),
    parallelism: optional.parallelism,
    restarts: count.exactOptional(),
  }),
  at('task-status', { status: taskStatus }),
  at('closed', { transaction: optional.transaction, content: optional.content }),
  at('end-of-input', { content: optional.content }),
] as const

/** The schema of every kind of event. */
export const eventSchema = z.discriminatedUnion('kind', [...records, ...outside, ...checkpoints, ...sources, ...recovery])

type Parsed = z.infer<typeof eventSchema>
/** Compiles only while the schema and `event.ts` agree in every kind, field and type; does nothing. */
export const schemaAgrees: readonly [(parsed: Parsed) => HistoryEvent, (event: HistoryEvent) => Parsed] = [
  (parsed) => parsed,
  (event) => event,
]
