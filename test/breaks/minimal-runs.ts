/**
 * The smallest runs that show ten of the classic breaks, as somebody who knows the protocol writes them down: shrinking is compared with
 * them.
 */

/** One of them. */
export interface MinimalRun {
  /** Of the break. */
  readonly id: string
  readonly faults: number
  readonly records: number
  /** Why it takes these, and nothing more. */
  readonly because: string
}

/** How far shrinking may stay behind. */
export const ALLOWANCE = { faults: 1, records: 2 } as const

/** By break. */
export const minimalRuns: readonly MinimalRun[] = [
  {
    id: 'alignment-at-first-barrier',
    faults: 0,
    records: 1,
    because: 'the record comes over one channel behind the barrier of the other, which has closed the alignment',
  },
  { id: 'ack-before-durable', faults: 0, records: 0, because: 'the first upload is acknowledged before it is durable, whatever is in it' },
  {
    id: 'offset-before-emit',
    faults: 1,
    records: 1,
    because: 'the record is in the state and behind the offset; a restart reads it again',
  },
  { id: 'commit-at-pre-commit', faults: 0, records: 1, because: 'the transaction of the record is committed when it is pre-committed' },
  { id: 'no-commit-on-restore', faults: 1, records: 1, because: 'a restart finds the transaction of the record in its checkpoint' },
  {
    id: 'commits-later-checkpoints',
    faults: 1,
    records: 1,
    because: 'a late notification finds the transaction of the record, which belongs to the next checkpoint',
  },
  { id: 'late-ack-completes', faults: 1, records: 0, because: 'one call is late until the checkpoint has expired' },
  { id: 'checkpoint-id-reused', faults: 1, records: 0, because: 'the JobManager dies once it has given out an id' },
  {
    id: 'no-unblock-after-abort',
    faults: 1,
    records: 0,
    because: 'one call is lost, so that an alignment has begun that ends with an abort',
  },
  { id: 'unknown-commit-is-success', faults: 1, records: 1, because: 'the commit of the record is never done, and nobody answers' },
]
