/**
 * The named steps of the engine where a fault may strike, with what each means and who takes it. Names are stable: plans, replay tokens
 * and reports refer to them. `docs/failpoints.md` is made from these lists and those of the outside systems.
 */

/** Who takes a step of the engine: a task of any role, or only one that has the writer or the committer of a sink. */
export type EngineRole = 'JobManager' | 'task' | 'writer' | 'committer' | 'storage' | 'store'

interface Step {
  readonly name: string
  readonly role: EngineRole
  readonly about: string
}

/** Steps at which the process may die. */
export const crashSteps = [
  { name: 'checkpoint.trigger.planned', role: 'JobManager', about: 'the plan of the next checkpoint stands; no id was asked for' },
  { name: 'checkpoint.pending.created', role: 'JobManager', about: 'the checkpoint has its id and is pending; nobody was told' },
  { name: 'checkpoint.trigger.sent', role: 'JobManager', about: 'the tasks without running producers were triggered' },
  { name: 'checkpoint.ack.received', role: 'JobManager', about: 'an acknowledgement was accepted and not yet counted' },
  { name: 'checkpoint.metadata.written', role: 'JobManager', about: 'the metadata file is durable; the store knows nothing of it' },
  { name: 'checkpoint.store.added', role: 'JobManager', about: 'the pointer is in the completed checkpoint store; nobody was told' },
  { name: 'checkpoint.notify.sent', role: 'JobManager', about: 'one task was told that the checkpoint is complete, others may not be' },
  { name: 'checkpoint.abort.sent', role: 'JobManager', about: 'the tasks were told that the checkpoint was aborted' },
  { name: 'task.barrier.first', role: 'task', about: 'a barrier was read from an input channel' },
  { name: 'task.barrier.aligned', role: 'task', about: 'all barriers are in, or the trigger came: the checkpoint begins in this task' },
  { name: 'task.snapshot.prepared', role: 'task', about: 'the operators are prepared (sinks are flushed); no barrier has left' },
  { name: 'task.barrier.broadcast', role: 'task', about: 'the barrier went downstream; no state was taken' },
  { name: 'task.snapshot.sync.done', role: 'task', about: 'the synchronous part of the snapshot is through' },
  { name: 'task.snapshot.async.piece', role: 'task', about: 'a piece of the asynchronous part is about to be written' },
  { name: 'snapshot.upload.durable', role: 'task', about: 'a state file is durable; the checkpoint is not acknowledged' },
  { name: 'checkpoint.ack.sent', role: 'task', about: 'the acknowledgement was sent' },
  {
    name: 'sink.precommit.persisted',
    role: 'writer',
    about: 'what the checkpoint will publish is safe outside; the committer does not have it yet',
  },
  { name: 'task.notify.received', role: 'task', about: 'the completion of a checkpoint was learnt; no operator knows of it' },
  { name: 'sink.commit.sent', role: 'committer', about: 'a commit was asked for; its answer is open' },
  { name: 'sink.commit.applied', role: 'committer', about: 'a commit was answered as done; the committer has not noted it' },
  { name: 'task.notify.done', role: 'task', about: 'every operator knows of the completed checkpoint, commits are through' },
  { name: 'task.cancelled', role: 'task', about: 'the operators are closed after a cancellation; nobody was told' },
  { name: 'recovery.pointers.loaded', role: 'JobManager', about: 'a JobManager that starts has read the completed checkpoint store' },
  { name: 'recovery.failure.noticed', role: 'JobManager', about: 'the job master knows of a failure; nothing is suspended or cancelled' },
  { name: 'recovery.restore.chosen', role: 'JobManager', about: 'the checkpoint to restore is chosen (or an empty start)' },
  { name: 'recovery.state.assigned', role: 'JobManager', about: 'the new attempts have their numbers and places; none is deployed' },
  { name: 'recovery.tasks.deployed', role: 'JobManager', about: 'the deployments were sent' },
  { name: 'task.restore.read', role: 'task', about: 'a state file was read for a restore' },
  { name: 'task.restored', role: 'task', about: 'all operators are open with their state; nothing was read or reported' },
  { name: 'task.finished', role: 'task', about: 'the task has ended in order; nobody was told' },
] as const satisfies readonly Step[]

/** Steps at which user code may throw. */
export const exceptionSteps = [
  { name: 'task.record', role: 'task', about: 'a record is about to be read from the source, or processed' },
  { name: 'task.snapshot.sync', role: 'task', about: 'the synchronous part of a snapshot' },
  { name: 'task.snapshot.async', role: 'task', about: 'the asynchronous part of a snapshot: the checkpoint is declined' },
  { name: 'task.notify-complete', role: 'task', about: 'notifyCheckpointComplete' },
  { name: 'task.restore', role: 'task', about: 'an operator is opened with its restored state' },
  { name: 'sink.commit', role: 'committer', about: 'a commit is about to be asked for' },
] as const satisfies readonly Step[]

/** Steps at which user code may hang and heed no interrupt. */
export const hangSteps = [{ name: 'task.cancel', role: 'task', about: 'the task is cancelled' }] as const satisfies readonly Step[]

/** Calls to durable systems that may end done, failed or unknown. */
export const callSteps = [
  { name: 'storage.put', role: 'storage', about: 'a state or metadata file is written' },
  { name: 'storage.get', role: 'storage', about: 'a state or metadata file is read' },
  { name: 'storage.delete', role: 'storage', about: 'files that no checkpoint needs are deleted' },
  { name: 'store.add', role: 'store', about: 'the pointer to a completed checkpoint is stored' },
  { name: 'store.load', role: 'store', about: 'a JobManager that starts reads the completed checkpoints' },
  { name: 'store.next-id', role: 'store', about: 'the checkpoint id counter is read and raised' },
] as const satisfies readonly Step[]

/** Remote procedure calls that may be lost, late, repeated or overtaken; those that may be lost are marked. */
export const rpcSteps = [
  { name: 'trigger-checkpoint', role: 'task', lossy: true, about: 'the coordinator triggers a task' },
  { name: 'acknowledge', role: 'JobManager', lossy: true, about: 'a task acknowledges a checkpoint' },
  { name: 'notify-complete', role: 'task', lossy: true, about: 'a task is told that a checkpoint is complete' },
  { name: 'notify-aborted', role: 'task', lossy: false, about: 'a task is told that a checkpoint was aborted' },
  { name: 'decline', role: 'JobManager', lossy: false, about: 'a task declines a checkpoint' },
] as const satisfies readonly (Step & { readonly lossy: boolean })[]

/** Name of a step at which a process may die. */
export type CrashPoint = (typeof crashSteps)[number]['name']
/** Name of a step at which user code may throw. */
export type ExceptionPoint = (typeof exceptionSteps)[number]['name']
/** Name of a step at which user code may hang. */
export type HangPoint = (typeof hangSteps)[number]['name']
/** Name of a call to a durable system. */
export type CallPoint = (typeof callSteps)[number]['name']
/** Name of a remote procedure call. */
export type RpcName = (typeof rpcSteps)[number]['name']
