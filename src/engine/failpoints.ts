/**
 * The named steps of the engine where a fault may strike. Names are stable: plans, replay tokens and reports refer to them.
 * `crash` steps end the process there; `exception` steps throw in user code or in a call of it; `call` steps are calls to durable
 * systems, which end done, failed or unknown.
 */
export const crashPoints = [
  'checkpoint.trigger.planned',
  'checkpoint.pending.created',
  'checkpoint.trigger.sent',
  'checkpoint.ack.received',
  'checkpoint.metadata.written',
  'checkpoint.store.added',
  'checkpoint.notify.sent',
  'checkpoint.abort.sent',
  'task.barrier.first',
  'task.barrier.aligned',
  'task.snapshot.prepared',
  'task.barrier.broadcast',
  'task.snapshot.sync.done',
  'task.snapshot.async.piece',
  'snapshot.upload.durable',
  'checkpoint.ack.sent',
  'task.notify.received',
  'task.notify.done',
  'recovery.restore.chosen',
  'recovery.state.assigned',
  'recovery.tasks.deployed',
  'task.restore.read',
  'task.restored',
  'task.finished',
] as const

/** Steps at which user code may throw. */
export const exceptionPoints = [
  'task.record',
  'task.snapshot.sync',
  'task.snapshot.async',
  'task.notify-complete',
  'task.restore',
  'sink.commit',
] as const

/** Steps at which user code may hang and heed no interrupt. */
export const hangPoints = ['task.cancel'] as const

/** Calls to durable systems that may end done, failed or unknown. */
export const callPoints = ['storage.put', 'storage.get', 'storage.delete', 'store.add', 'store.load', 'store.next-id'] as const

/** Name of a step at which a process may die. */
export type CrashPoint = (typeof crashPoints)[number]
/** Name of a step at which user code may throw. */
export type ExceptionPoint = (typeof exceptionPoints)[number]
/** Name of a call to a durable system. */
export type CallPoint = (typeof callPoints)[number]
