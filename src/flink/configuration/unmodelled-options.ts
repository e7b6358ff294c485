/** Options of Flink's fault tolerance that are accepted but change no guarantee in the model, each with the reason. */
import { accepted, type ConfigOption } from './config-option.js'

const checkpointing = 'execution.checkpointing'
const merging = `${checkpointing}.file-merging`
const recovery = 'execution.state-recovery'

const layout = 'how files are laid out and written changes no guarantee'
const restoreOnly = 'concerns the start from a snapshot, which a run of the job does not do'
const noBacklog = 'no source of the model reports a backlog'
const unalignedDetail = 'tunes unaligned checkpoints without changing what they promise'
const localCopy = 'a local copy is never what correctness rests on; recovery reads the durable one'
const heapState = 'keyed state behaves the same to a job in every backend; the model keeps it on the heap'

export const unmodelledOptions: readonly ConfigOption[] = [
  accepted('parallelism.default', 'integer', '1', 'the plan carries the parallelism of each vertex', 'default parallelism'),
  accepted(`${checkpointing}.interval-during-backlog`, 'duration', null, noBacklog, 'interval while a source reports a backlog'),
  accepted(`${checkpointing}.savepoint-dir`, 'string', null, restoreOnly, 'default directory of savepoints', [
    'state.savepoints.dir',
    'savepoints.state.backend.fs.dir',
  ]),
  accepted(`${checkpointing}.create-subdir`, 'boolean', 'true', layout, 'a directory for each job', ['state.checkpoints.create-subdir']),
  accepted(`${checkpointing}.write-buffer-size`, 'integer', '4096', layout, 'write buffer of checkpoint streams', [
    'state.storage.fs.write-buffer-size',
    'state.backend.fs.write-buffer-size',
  ]),
  accepted(`${checkpointing}.cleaner.parallel-mode`, 'boolean', 'true', layout, 'files are deleted in parallel', [
    'state.checkpoint.cleaner.parallel-mode',
  ]),
  accepted(`${checkpointing}.incremental`, 'boolean', 'false', heapState, 'upload only what is new', ['state.backend.incremental']),
  accepted(`${checkpointing}.snapshot-compression`, 'boolean', 'false', layout, 'compress full snapshots'),
  accepted(`${checkpointing}.local-backup.dirs`, 'string', null, localCopy, 'directories of local copies', [
    'taskmanager.state.local.root-dirs',
  ]),
  accepted(`${merging}.enabled`, 'boolean', 'false', layout, 'several state files in one'),
  accepted(`${merging}.across-checkpoint-boundary`, 'boolean', 'false', layout, 'merge over checkpoints'),
  accepted(`${merging}.max-file-size`, 'memory', '32mb', layout, 'size of a merged file'),
  accepted(`${merging}.pool-blocking`, 'boolean', 'false', layout, 'wait for a free file'),
  accepted(`${merging}.max-subtasks-per-file`, 'integer', '4', layout, 'subtasks that share a file'),
  accepted(`${merging}.max-space-amplification`, 'decimal', '2', layout, 'wasted space before files are rewritten'),
  accepted(
    `${checkpointing}.unaligned.max-subtasks-per-channel-state-file`,
    'integer',
    '5',
    unalignedDetail,
    'subtasks that share a channel state file',
  ),
  accepted(
    `${checkpointing}.unaligned.interruptible-timers.enabled`,
    'boolean',
    'false',
    unalignedDetail,
    'a barrier may interrupt firing timers',
  ),
  accepted(
    `${checkpointing}.unaligned.recover-output-on-downstream.enabled`,
    'boolean',
    'false',
    unalignedDetail,
    'output state is recovered downstream',
  ),
  accepted(
    `${checkpointing}.unaligned.during-recovery.enabled`,
    'boolean',
    'false',
    unalignedDetail,
    'checkpoints while channel state is recovered',
  ),
  accepted(`${recovery}.path`, 'string', null, restoreOnly, 'snapshot to start from', ['execution.savepoint.path']),
  accepted(
    `${recovery}.claim-mode`,
    { names: [['CLAIM'], ['NO_CLAIM'], ['LEGACY']] },
    'NO_CLAIM',
    restoreOnly,
    'who owns the restored snapshot',
    ['execution.savepoint-restore-mode'],
  ),
  accepted(`${recovery}.ignore-unclaimed-state`, 'boolean', 'false', restoreOnly, 'state without operator is dropped', [
    'execution.savepoint.ignore-unclaimed-state',
  ]),
  accepted(`${recovery}.without-channel-state.checkpoint-id`, 'integer', '-1', restoreOnly, 'drop in-flight data of this checkpoint', [
    'execution.checkpointing.recover-without-channel-state.checkpoint-id',
  ]),
  accepted(
    `${recovery}.approximate-local-recovery`,
    'boolean',
    'false',
    'a job that is recovered approximately is not checked',
    'restart single tasks without the rest of their region',
    [`${checkpointing}.approximate-local-recovery`],
  ),
  accepted(`${checkpointing}.force`, 'boolean', 'false', 'jobs with iterations are not checked', 'checkpoints of jobs with iterations'),
  accepted('state.backend.type', 'string', 'hashmap', heapState, 'hashmap, rocksdb, forst or a factory class', ['state.backend']),
  accepted('state.backend.async', 'boolean', 'true', 'snapshots are always asynchronous', 'asynchronous snapshots'),
  accepted('state.changelog.enabled', 'boolean', 'false', heapState, 'state changes are written continuously', [
    'state.backend.changelog.enabled',
  ]),
  accepted(
    'task.cancellation.interval',
    'duration',
    '30 s',
    'a task of the model needs no second interrupt',
    'pause between interrupts of a cancelled task',
    ['task.cancellation-interval'],
  ),
  accepted(
    'task.cancellation.timers.timeout',
    'duration',
    '7500 ms',
    'a task of the model waits for no timer threads',
    'how long a cancelled task waits for its timer threads',
    ['timerservice.exceptional.shutdown.timeout'],
  ),
  accepted(
    'pipeline.object-reuse',
    'boolean',
    'false',
    'records of the model are never changed after they were sent',
    'reuse of record objects',
  ),
]
