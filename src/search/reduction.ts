/**
 * What of a scenario's job is left in a run that was made smaller, as data: it is stored with a failure, travels in its token, and is
 * applied to every set-up in one place, so that scenarios need not know of it.
 */
import type { KeptRecords } from '../engine/index.js'

/** What is kept of one split. */
export interface KeptSplit extends KeptRecords {
  /** Name of the source's operator. */
  readonly vertex: string
}

/** A smaller job. What is not mentioned is as the scenario has it. */
export interface Reduction {
  /** Of a split that is not mentioned all records are read. */
  readonly records?: readonly KeptSplit[]
  /**
   * Names of operators that are left out, one after the other; see `withoutOperators`. Vertices keep the names that they have in the whole
   * job.
   */
  readonly without?: readonly string[]
  /** Parallelism by name of the vertex. */
  readonly parallelism?: Readonly<Record<string, number>>
  /** TaskManagers; together they have as many slots as before. */
  readonly taskManagers?: number
  /** `execution.checkpointing.interval`, µs. */
  readonly checkpointIntervalUs?: number
  /** Whatever is drawn comes out as its least (messages take their shortest time), but for these streams. */
  readonly leastBut?: readonly string[]
}
