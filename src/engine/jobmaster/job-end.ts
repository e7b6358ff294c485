/**
 * The job ends for good (Flink: `Dispatcher.jobReachedTerminalState`, `JobResultStore`). With high availability its result is stored,
 * so that a JobManager that starts later does not run it again.
 */
import { UNORDERED } from '../../world/index.js'
import { refOf } from '../actor-types.js'
import { suspend } from '../checkpoint/checkpoint-completion.js'
import { jobEnded } from '../checkpoint/checkpoint-disposal.js'
import type { JobResult } from '../checkpoint/completed-checkpoint-store.js'
import { setStatus, type JobMaster } from './job-master.js'

/** Ends the job; what is pending of checkpoints is aborted. */
export function endJob(master: JobMaster, result: JobResult): void {
  const { graph, setup, state, context } = master
  suspend(master, 'CHECKPOINT_COORDINATOR_SUSPEND')
  if (!graph.configuration.highAvailability) {
    setStatus(master, result)
    return jobEnded(master, result)
  }
  // The store records the end, once it knows of it. A JobManager that dies before has not ended the job.
  // Its checkpoints stay until then: it might be restored.
  state.status = result
  context.send(setup.store, { kind: 'put-result', replyTo: refOf(context.self), leader: state.jobMasterId, result }, UNORDERED)
}
