import type { HistoryEvent, HistoryHeader } from '../history/index.js'
import { createJobFacts, type JobFacts, stepJobFacts } from './job-facts.js'
import { createOutputs, type Outputs, stepOutputs } from './outputs.js'
import { createTimeline, stepTimeline, type Timeline } from './timeline.js'
import { createTransactions, stepTransactions, type Transactions } from './transactions.js'

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

/** Takes one event in. Only what may concern a part is handed to it: records are the many. */
export function stepRunFacts(facts: RunFacts, event: HistoryEvent): void {
  switch (event.kind) {
    case 'visible':
      stepOutputs(facts.outputs, event)
      return
    case 'timer':
      return
    case 'source-emit':
    case 'emit':
    case 'record-ended':
    case 'process':
    case 'sink-flush':
      stepTimeline(facts.timeline, event)
      return
    case 'state-apply':
      stepTimeline(facts.timeline, event)
      stepJobFacts(facts.job, event)
      return
    case 'sink-write':
    case 'snapshot-taken':
    case 'job-status':
      stepTimeline(facts.timeline, event)
      stepTransactions(facts.transactions, event)
      stepJobFacts(facts.job, event)
      return
    case 'transaction-begun':
    case 'pre-commit':
    case 'commit-requested':
    case 'commit':
    case 'abort':
      stepTransactions(facts.transactions, event)
      return
    case 'restore':
      stepTimeline(facts.timeline, event)
      stepTransactions(facts.transactions, event)
      return
    case 'restore-chosen':
    case 'end-of-input':
    case 'closed':
    case 'task-status':
      stepTimeline(facts.timeline, event)
      return
    default:
      stepJobFacts(facts.job, event)
  }
}
