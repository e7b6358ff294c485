import type { JobConfiguration } from '../../engine/configuration.js'

/** What the settings do not say and the user may know better; the defaults are cautious guesses. */
export interface Circumstances {
  /** From the trigger of a checkpoint to its completion. */
  readonly checkpointDurationUs: number
  /** From the failure until the JobManager knows of it: at once for an exception, the heartbeat timeout for a machine that falls silent. */
  readonly detectionUs: number
  /** Scheduling the tasks again, reading state, opening the sink. */
  readonly restoreUs: number
  /** Restarts that fail before one succeeds. */
  readonly failedRestarts: number
}

/** A TaskManager falls silent, and everything else goes well. */
export function ordinaryCircumstances(configuration: JobConfiguration): Circumstances {
  return { checkpointDurationUs: 1_000_000, detectionUs: configuration.heartbeatTimeoutUs, restoreUs: 5_000_000, failedRestarts: 0 }
}
