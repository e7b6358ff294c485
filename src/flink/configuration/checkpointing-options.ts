/** Flink's `CheckpointingOptions` (1.20 and 2.x names, older ones as aliases) that decide settings of the model. */
import { feeds, type ConfigOption } from './config-option.js'

const checkpointing = 'execution.checkpointing'

export const checkpointingOptions: readonly ConfigOption[] = [
  feeds(
    `${checkpointing}.interval`,
    'duration',
    null,
    'checkpointing.intervalUs',
    'base interval of periodic checkpoints; absent means checkpointing is off',
  ),
  feeds(
    `${checkpointing}.mode`,
    { names: [['EXACTLY_ONCE'], ['AT_LEAST_ONCE']] },
    'EXACTLY_ONCE',
    'checkpointing.mode',
    'whether channels wait for the barriers of the others',
  ),
  feeds(`${checkpointing}.timeout`, 'duration', '10 min', 'checkpointing.timeoutUs', 'a checkpoint older than this is aborted'),
  feeds(
    `${checkpointing}.min-pause`,
    'duration',
    '0 ms',
    'checkpointing.minPauseUs',
    'least time between the end of a checkpoint and the next trigger',
  ),
  feeds(
    `${checkpointing}.max-concurrent-checkpoints`,
    'integer',
    '1',
    'checkpointing.maxConcurrent',
    'checkpoints that may be pending at once',
  ),
  feeds(
    `${checkpointing}.tolerable-failed-checkpoints`,
    'integer',
    '0',
    'checkpointing.tolerableFailed',
    'consecutive failed checkpoints before the job fails over',
  ),
  feeds(
    `${checkpointing}.unaligned.enabled`,
    'boolean',
    'false',
    'checkpointing.unaligned',
    'barriers overtake queued buffers, which become state',
    [`${checkpointing}.unaligned`],
  ),
  feeds(
    `${checkpointing}.aligned-checkpoint-timeout`,
    'duration',
    '0 ms',
    'checkpointing.alignedTimeoutUs',
    'an unaligned checkpoint starts aligned and switches at this age',
    [`${checkpointing}.alignment-timeout`],
  ),
  feeds(
    `${checkpointing}.unaligned.forced`,
    'boolean',
    'false',
    'what may be checked',
    'allows unaligned checkpoints for iterations and custom partitioners',
  ),
  feeds(
    `${checkpointing}.storage`,
    'string',
    null,
    'checkpointing.storage',
    "'jobmanager' or 'filesystem'; derived from the directory when absent",
    ['state.checkpoint-storage'],
  ),
  feeds(`${checkpointing}.dir`, 'string', null, 'checkpointing.storage', 'checkpoint directory; when set, storage is filesystem', [
    'state.checkpoints.dir',
    'state.backend.fs.checkpointdir',
  ]),
  feeds(
    `${checkpointing}.data-inline-threshold`,
    'memory',
    '20kb',
    'checkpointing.inlineThresholdBytes',
    'state smaller than this travels inside the acknowledgement',
    ['state.storage.fs.memory-threshold', 'state.backend.fs.memory-threshold'],
  ),
  feeds(`${checkpointing}.num-retained`, 'integer', '1', 'checkpointing.numRetained', 'completed checkpoints that are kept', [
    'state.checkpoints.num-retained',
  ]),
  feeds(
    `${checkpointing}.externalized-checkpoint-retention`,
    { names: [['NO_EXTERNALIZED_CHECKPOINTS'], ['DELETE_ON_CANCELLATION'], ['RETAIN_ON_CANCELLATION']] },
    'NO_EXTERNALIZED_CHECKPOINTS',
    'checkpointing.retention',
    'what becomes of checkpoints when the job ends',
  ),
  feeds(
    `${checkpointing}.checkpoints-after-tasks-finish`,
    'boolean',
    'true',
    'checkpointing.afterTasksFinish',
    'checkpoints go on when some tasks have finished',
    [`${checkpointing}.checkpoints-after-tasks-finish.enabled`],
  ),
  feeds(
    `${checkpointing}.local-backup.enabled`,
    'boolean',
    'false',
    'checkpointing.localBackup',
    'the TaskManager keeps a copy of keyed state; on where it is recovered from',
  ),
  feeds(
    'execution.state-recovery.from-local',
    'boolean',
    'false',
    'checkpointing.recoverFromLocal',
    'keyed state is read from the copy on the TaskManager where the task comes back to',
    ['state.backend.local-recovery'],
  ),
]
