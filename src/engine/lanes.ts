/** Lanes of the engine's links: what must stay in order among itself, and no more. Data channels use their own index, from 0. */

/** Most input channels that one task can have. */
export const MAX_CHANNELS = 48
/** Credit and resumption, receiver to sender. */
export const CREDIT_LANE = 49
/** Within a TaskManager: TaskExecutor to its tasks and back. */
export const MAIL_LANE = 50
/** Remote procedure calls between JobManager and TaskManagers: ordered for each pair, as Pekko delivers them. */
export const RPC_LANE = 51
/** The coordinator's timer thread and the JobManager's main thread. */
export const TIMER_LANE = 52
/** The JobManager's main thread. */
export const MAIN_LANE = 53
/** Partition requests between TaskManagers. */
export const PARTITION_LANE = 54
/** What a task uploads, and the deletion of it: one thread of Flink's does both, so that a deletion never overtakes its upload. */
export const UPLOAD_LANE = 55
