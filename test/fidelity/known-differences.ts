/** Where simulated runs are known to differ from recorded ones in a fact, and why that is so. */
export interface KnownDifference {
  readonly fact: string
  /** Recordings or groups that it concerns; all where absent. */
  readonly where?: RegExp
  readonly because: string
}

/** A difference that is not in here fails the comparison, and so does an entry that the whole comparison does not need. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    fact: 'coordinator told first',
    because:
      'Flink tells tasks by RPC and then its coordinators, each in a thread of its own, so that either may be first. ' +
      'Here the coordinator of a source is a part of the JobManager and is told in the step in which the checkpoint completes.',
  },
  {
    fact: 'snapshots overtake',
    because:
      'In Flink a barrier leaves before the synchronous part of its snapshot runs, so that the operator behind it may write down its ' +
      'snapshot first. Here both are one step; a fault may strike between them, but no other task runs there. Since no record is handled ' +
      'between the two either, no state depends on it.',
  },
  {
    fact: 'end of the failed task',
    where: /^kafka-.*-crash$/,
    because:
      'The recorded task fails in order and only its producer is closed as that of a killed process. Here the whole TaskManager crashes: ' +
      'its task says nothing any more.',
  },
  {
    fact: 'end of the failed task',
    where: /^tm-kill$/,
    because:
      'A status of a task is written down where it becomes true, hence by the task: one whose TaskManager crashed says nothing any more. ' +
      'A recording shows what the JobManager makes of that, which is FAILED.',
  },
  {
    fact: 'failed task closes',
    where: /^tm-kill$/,
    because: 'The recorded TaskManagers shut down in order. Here they crash, and a crash runs no code of theirs.',
  },
  {
    fact: 'records go on',
    because:
      'On a fast machine a failure is answered within two or three milliseconds. With ten times fewer records there is sometimes none to ' +
      'handle in that time.',
  },
  {
    fact: 'duplicates',
    where: /^kafka-alo/,
    because:
      'With four times fewer records there is sometimes none between the restored checkpoint and the failure that was written already.',
  },
  {
    fact: 'cancelled by way of CANCELING',
    where: /^heap-files-retained$|^kafka-eo-(?:cancel|crash)-(?:fresh|restore)/,
    because:
      'The engine cannot cancel a job as a whole. Here the JobManager of the first job ends (and, killed, its TaskManagers), and its ' +
      'TaskManagers cancel their tasks for want of it: nobody sees them CANCELING.',
  },
  {
    fact: 'job statuses',
    where: /^kafka-eo-(?:cancel|crash)-restore/,
    because:
      'A bounded KafkaSource of connector 3.4.0 that is restored from a checkpoint does not end, so that the recorded second job was ' +
      'cancelled. Here it ends.',
  },
  {
    fact: 'aborts',
    where: /^kafka-eo-cancel-restore/,
    because: 'A job that is cancelled aborts the checkpoint that is under way. Here its JobManager ends without a word.',
  },
]
