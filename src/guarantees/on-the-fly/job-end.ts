import type { JobStatus } from '../../history/index.js'
import type { SmallOracle } from './small-oracle.js'

/** How the job stands. */
export interface JobEnd {
  status: JobStatus
  /** It was told of a failure that belongs to a task or the job: it may be FAILED for a reason. */
  failed: boolean
}

/** Where nothing but faults can happen any more, the job has ended: FINISHED, or FAILED behind a failure. */
export const jobEnd: SmallOracle<JobEnd> = {
  init: () => ({ status: 'CREATED', failed: false }),
  step(state, fact) {
    if (fact.kind === 'job-status') state.status = fact.status
    else if (fact.kind === 'failure') state.failed = true
  },
  verdict({ status, failed }, terminal) {
    if (!terminal || status === 'FINISHED') return undefined
    if (status !== 'FAILED') return `stuck: nothing can happen any more, and the job is ${status}`
    return failed ? undefined : 'the job has FAILED, and no failure tells why'
  },
}
