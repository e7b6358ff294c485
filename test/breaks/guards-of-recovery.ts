/** Guards of failover, recovery and source coordinators that unit tests must name. */
import type { TestedBreak } from './break.js'

const FAILOVER = 'src/engine/jobmaster/failover.ts'
const JOB_MANAGER = 'src/engine/jobmaster/job-manager.ts'
const SOURCE_COORDINATOR = 'src/engine/jobmaster/source-coordinator.ts'
const TASK_EXECUTOR = 'src/engine/jobmaster/task-executor.ts'
const FAILOVER_TEST = 'src/engine/jobmaster/failover.test.ts'
const SOURCE_COORDINATOR_TEST = 'src/engine/jobmaster/source-coordinator.test.ts'
const TASK_EXECUTOR_TEST = 'src/engine/jobmaster/task-executor.test.ts'

export const recoveryGuards: readonly TestedBreak[] = [
  {
    id: 'restore-while-finalizing',
    about: 'a failover does not wait for a checkpoint that is being stored',
    file: FAILOVER,
    find: 'if (coordinator.pending.length > 0) return',
    replace: '',
    tests: FAILOVER_TEST,
  },
  {
    id: 'restart-without-cancel',
    about: 'new attempts start before the old ones have ended',
    file: FAILOVER,
    find: 'if (!ended) return',
    replace: '',
    tests: FAILOVER_TEST,
  },
  {
    id: 'store-skipped',
    about: 'a JobManager that cannot read the store starts from nothing',
    file: JOB_MANAGER,
    find: "return answer.call === 'load' ? retryRecovery(master) : giveUpTriggering(master)",
    replace: "return answer.call === 'load' ? pointersLoaded(master, []) : giveUpTriggering(master)",
    tests: 'src/engine/jobmaster/job-recovery.test.ts',
  },
  {
    id: 'late-loss-of-old-incarnation',
    about: 'a late word that a TaskManager is gone is taken for its successor',
    file: JOB_MANAGER,
    find: 'taskManager.taskExecutor === peer && taskManager.incarnation === incarnation',
    replace: 'taskManager.taskExecutor === peer',
    tests: FAILOVER_TEST,
  },
  {
    id: 'new-incarnation-unnoticed',
    about: 'a TaskManager that registers anew does not end the tasks of its predecessor',
    file: JOB_MANAGER,
    find: 'if (known !== undefined && known.incarnation !== incarnation) taskManagerLost(master, taskExecutor, known.incarnation)',
    replace: '',
    tests: FAILOVER_TEST,
  },
  {
    id: 'words-of-old-job-managers',
    about: 'words that were meant for an older JobManager are taken',
    file: JOB_MANAGER,
    find: "if ('jobMasterId' in message && message.jobMasterId !== master.state.jobMasterId) return",
    replace: '',
    tests: 'src/engine/checkpoint/checkpoint-completion.test.ts',
  },
  {
    id: 'words-of-old-attempts',
    about: 'an attempt that has ended speaks for its successor',
    file: JOB_MANAGER,
    find: "if (current?.attempt !== execution.attempt || current.status === 'CANCELED' || current.status === 'FAILED') return",
    replace: "if (current === undefined || current.status === 'CANCELED' || current.status === 'FAILED') return",
    tests: FAILOVER_TEST,
  },
  {
    id: 'splits-of-aborted-checkpoint',
    about: 'splits that were given out before a checkpoint that was aborted do not come back when their reader restarts (FLINK-20413)',
    file: SOURCE_COORDINATOR,
    find: '(entry.checkpoint === 0 || entry.checkpoint > restored)',
    replace: 'entry.checkpoint === 0',
    tests: SOURCE_COORDINATOR_TEST,
  },
  {
    id: 'gateway-always-open',
    about: 'a split is given to a reader between the snapshots of its coordinator and its own (FLINK-21996)',
    file: SOURCE_COORDINATOR,
    find: 'if (isGatewayClosed(master, execution)) return',
    replace: '',
    tests: SOURCE_COORDINATOR_TEST,
  },
  {
    id: 'split-given-to-old-reader',
    about: 'a reader that has ended gets the splits of its successor',
    file: SOURCE_COORDINATOR,
    find: '|| master.state.executions[execution.vertex]?.[execution.subtask]?.attempt !== execution.attempt) return',
    replace: ') return',
    tests: SOURCE_COORDINATOR_TEST,
  },
  {
    id: 'orders-of-old-job-managers',
    about: 'a TaskManager follows a JobManager that it is no longer registered with',
    file: TASK_EXECUTOR,
    find: 'if (jobMasterId !== state.jobMasterId) return\n  const task',
    replace: 'const task',
    tests: TASK_EXECUTOR_TEST,
  },
  {
    id: 'deployments-of-old-job-managers',
    about: 'a TaskManager starts tasks for a JobManager that it is no longer registered with',
    file: TASK_EXECUTOR,
    find: 'if (deployment.jobMasterId !== state.jobMasterId) return\n',
    replace: '',
    tests: TASK_EXECUTOR_TEST,
  },
  {
    id: 'registers-with-old-tasks',
    about: 'a TaskManager offers its slots while tasks of an earlier JobManager are still in them',
    file: TASK_EXECUTOR,
    find: 'if (state.tasks.length === 0) {',
    replace: 'if (state.tasks.length >= 0) {',
    tests: TASK_EXECUTOR_TEST,
  },
]
