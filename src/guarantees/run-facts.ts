import type { HistoryHeader } from '../history/index.js'
import { type Fold, fold } from './dispatch.js'
import { createJobFacts, JOB_FACT_STEPS, type JobFacts } from './job-facts.js'
import { createOutputs, OUTPUT_STEPS, type Outputs } from './outputs.js'
import { atEvery, type Steps, take } from './steps.js'
import { createTimeline, TIMELINE_STEPS, type Timeline } from './timeline.js'
import { createTransactions, TRANSACTION_STEPS, type Transactions } from './transactions.js'

/** What the guarantees of state and output are judged on: one fold over the history, shared by all of them. */
export interface RunFacts {
  readonly header: HistoryHeader
  readonly timeline: Timeline
  readonly outputs: Outputs
  readonly transactions: Transactions
  readonly job: JobFacts
}

/** The facts before the first event. */
export function createRunFacts(header: HistoryHeader): RunFacts {
  return {
    header,
    timeline: createTimeline(header),
    outputs: createOutputs(header),
    transactions: createTransactions(),
    job: createJobFacts(),
  }
}

/** Its parts, each with what events change in it. */
export function runFactFolds({ timeline, outputs, transactions, job }: RunFacts): Fold[] {
  return [fold(TIMELINE_STEPS, timeline), fold(OUTPUT_STEPS, outputs), fold(TRANSACTION_STEPS, transactions), fold(JOB_FACT_STEPS, job)]
}

/** What events change in all of it. */
export const RUN_FACT_STEPS: Steps<RunFacts> = atEvery(({ timeline, outputs, transactions, job }, event) => {
  take(TIMELINE_STEPS, timeline, event)
  take(OUTPUT_STEPS, outputs, event)
  take(TRANSACTION_STEPS, transactions, event)
  take(JOB_FACT_STEPS, job, event)
})
