import { describe, expect, it } from 'vitest'
import { HOP_US, JobManagerBench, type BenchOptions } from '../../../test/engine/job-manager-bench.js'
import type { Execution } from '../jobmaster/task-executor-messages.js'

const PIPELINE: BenchOptions = { parallelism: [1, 1], edges: [{ from: 0, to: 1, ship: 'FORWARD' }] }
const INTERVAL_US = 100_000
const HOPS_US = 10 * HOP_US

/** A JobManager with this many checkpoints under way. */
function bench(options: Partial<BenchOptions> = {}, underWay = 1): JobManagerBench {
  const { checkpointing, ...rest } = options
  const jobManager = new JobManagerBench({ ...PIPELINE, ...rest, checkpointing: { maxConcurrent: underWay, ...checkpointing } })
  jobManager.run(INTERVAL_US / 2 + (underWay - 1) * INTERVAL_US)
  expect(jobManager.checkpoints('checkpoint-triggered')).toHaveLength(underWay)
  return jobManager
}

function run(jobManager: JobManagerBench): void {
  jobManager.run(HOPS_US)
}

function state(path: string): [string, { bytes: number; content: { type: 'state'; state: never } }] {
  // Only its path matters: nobody looks into the file.
  return [path, { bytes: 1, content: { type: 'state', state: {} as never } }]
}

describe('an acknowledgement', () => {
  it('completes a checkpoint with the last one, and not before', () => {
    const jobManager = bench()
    jobManager.acknowledge(jobManager.task(0, 0), 1)
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([])
    jobManager.acknowledge(jobManager.task(1, 0), 1)
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([1])
    expect(jobManager.mails('notify-complete')).toEqual(['0/0 1', '1/0 1'])
  })

  it('counts once, however often it comes (G10)', () => {
    const jobManager = bench()
    for (let time = 0; time < 3; time++) jobManager.acknowledge(jobManager.task(0, 0), 1)
    run(jobManager)
    expect(jobManager.facts('acknowledgement-accepted')).toHaveLength(1)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([])
  })

  it('of an attempt that is not in the plan counts nothing, and its files are deleted', () => {
    const jobManager = bench()
    jobManager.files.set(...state('chk-1/stranger'))
    const stranger: Execution = { ...jobManager.task(1, 0), attempt: 7 }
    jobManager.acknowledge(stranger, 1, ['chk-1/stranger'])
    jobManager.acknowledge(jobManager.task(0, 0), 1)
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([])
    expect(jobManager.files.has('chk-1/stranger')).toBe(false)
  })

  it('of a JobManager that is gone counts nothing', () => {
    const jobManager = bench()
    const execution = jobManager.task(1, 0)
    const snapshot = { vertex: 1, subtask: 0, handles: [], finished: false }
    jobManager.acknowledge(jobManager.task(0, 0), 1)
    jobManager.send(execution, { kind: 'acknowledge', execution, jobMasterId: 2, checkpoint: 1, snapshot })
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([])
  })

  it('that comes twice counts once, and its files stay', () => {
    const jobManager = bench()
    jobManager.files.set(...state('chk-1/twice'))
    for (let time = 0; time < 2; time++) jobManager.acknowledge(jobManager.task(0, 0), 1, ['chk-1/twice'])
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([])
    jobManager.acknowledge(jobManager.task(1, 0), 1)
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([1])
    expect(jobManager.files.has('chk-1/twice')).toBe(true)
  })

  it('that comes late, of an aborted checkpoint, completes nothing, and its files are deleted', () => {
    const jobManager = bench()
    jobManager.files.set(...state('chk-1/late'))
    jobManager.acknowledge(jobManager.task(0, 0), 1)
    jobManager.decline(jobManager.task(1, 0), 1)
    run(jobManager)
    jobManager.acknowledge(jobManager.task(1, 0), 1, ['chk-1/late'])
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-aborted')).toEqual([1])
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([])
    expect(jobManager.files.has('chk-1/late')).toBe(false)
  })
})

describe('a decline', () => {
  it('of one task ends the checkpoint, tells every task, and deletes what was acknowledged', () => {
    const jobManager = bench()
    jobManager.files.set(...state('chk-1/first'))
    jobManager.acknowledge(jobManager.task(0, 0), 1, ['chk-1/first'])
    jobManager.decline(jobManager.task(1, 0), 1)
    run(jobManager)
    expect(jobManager.facts('checkpoint-aborted').map(({ checkpoint, reason }) => [checkpoint, reason])).toEqual([
      [1, 'CHECKPOINT_DECLINED'],
    ])
    expect(jobManager.mails('notify-aborted')).toEqual(['0/0 1', '1/0 1'])
    expect(jobManager.files.has('chk-1/first')).toBe(false)
  })

  it('of an attempt that is not in the plan ends nothing', () => {
    const jobManager = bench()
    jobManager.decline({ ...jobManager.task(1, 0), attempt: 7 }, 1)
    jobManager.acknowledgeAll(1)
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([1])
  })

  it('that comes behind the last acknowledgement ends nothing: the checkpoint is being stored', () => {
    const jobManager = bench()
    jobManager.acknowledgeAll(1)
    jobManager.decline(jobManager.task(1, 0), 1)
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-aborted')).toEqual([])
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([1])
  })
})

describe('expiry', () => {
  const timeoutUs = 30_000

  /** Just behind the trigger of the first checkpoint. */
  function triggered(): JobManagerBench {
    const jobManager = new JobManagerBench({ ...PIPELINE, checkpointing: { timeoutUs } })
    jobManager.run(INTERVAL_US / 16 + HOPS_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1])
    return jobManager
  }

  it('ends a checkpoint that takes too long, once', () => {
    const jobManager = triggered()
    jobManager.acknowledge(jobManager.task(0, 0), 1)
    jobManager.run(timeoutUs - 2 * HOPS_US)
    expect(jobManager.checkpoints('checkpoint-aborted')).toEqual([])
    jobManager.run(3 * HOPS_US)
    expect(jobManager.facts('checkpoint-aborted').map(({ reason }) => reason)).toEqual(['CHECKPOINT_EXPIRED'])
    expect(jobManager.state.coordinator.pending).toEqual([])
    jobManager.acknowledge(jobManager.task(1, 0), 1)
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([])
  })

  it('does not end one that was completed in time', () => {
    const jobManager = triggered()
    jobManager.acknowledgeAll(1)
    jobManager.run(2 * timeoutUs)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([1])
    expect(jobManager.checkpoints('checkpoint-aborted')).toEqual([])
  })

  it('carries the newest completed checkpoint to the tasks, for a notification that may have been lost', () => {
    const jobManager = triggered()
    jobManager.acknowledgeAll(1)
    jobManager.run(INTERVAL_US + timeoutUs)
    const aborts = jobManager.received.flatMap(({ mail }) =>
      mail.kind === 'notify-aborted' ? [[mail.checkpoint, mail.latestCompleted]] : [],
    )
    expect(aborts).toEqual([
      [2, 1],
      [2, 1],
    ])
  })
})

describe('the order of a completion', () => {
  it('is metadata, store, notifications', () => {
    const jobManager = bench()
    jobManager.acknowledgeAll(1)
    const seen: string[] = []
    const note = (what: string, is: boolean): void => {
      if (is && !seen.includes(what)) seen.push(what)
    }
    for (let step = 0; step < 100; step++) {
      jobManager.driver.next(jobManager.world)
      note('metadata', jobManager.files.has('chk-1/_metadata'))
      note('store', jobManager.stored.pointers.length > 0)
      note('notification', jobManager.mails('notify-complete').length > 0)
    }
    expect(seen).toEqual(['metadata', 'store', 'notification'])
  })

  it('stops where the metadata cannot be written: nothing is stored, nobody is told', () => {
    for (const outcome of ['failed', 'unknown-lost', 'unknown-applied'] as const) {
      const jobManager = bench()
      jobManager.outcomes.set('storage.put', [outcome])
      jobManager.files.set(...state('chk-1/first'))
      jobManager.acknowledge(jobManager.task(0, 0), 1, ['chk-1/first'])
      jobManager.acknowledge(jobManager.task(1, 0), 1)
      run(jobManager)
      expect(jobManager.stored.pointers).toEqual([])
      expect(jobManager.mails('notify-complete')).toEqual([])
      expect(jobManager.facts('checkpoint-aborted').map(({ reason }) => reason)).toEqual(['FINALIZE_CHECKPOINT_FAILURE'])
      // Whatever became of the metadata: without a pointer nothing refers to these files.
      expect([...jobManager.files.keys()]).toEqual([])
    }
  })

  it('stops where the store refuses: nobody is told, and the files are deleted', () => {
    const jobManager = bench()
    jobManager.outcomes.set('store.add', ['failed'])
    jobManager.acknowledgeAll(1)
    run(jobManager)
    expect(jobManager.mails('notify-complete')).toEqual([])
    expect(jobManager.facts('checkpoint-aborted').map(({ reason }) => reason)).toEqual(['FINALIZE_CHECKPOINT_FAILURE'])
    expect([...jobManager.files.keys()]).toEqual([])
  })

  it('keeps the files when nobody knows whether the store has the pointer (FLINK-22494)', () => {
    for (const outcome of ['unknown-applied', 'unknown-lost'] as const) {
      const jobManager = bench()
      jobManager.outcomes.set('store.add', [outcome])
      jobManager.files.set(...state('chk-1/kept'))
      jobManager.acknowledge(jobManager.task(0, 0), 1, ['chk-1/kept'])
      jobManager.acknowledge(jobManager.task(1, 0), 1)
      run(jobManager)
      expect(jobManager.mails('notify-complete')).toEqual([])
      expect(jobManager.facts('checkpoint-aborted').map(({ reason }) => reason)).toEqual(['POSSIBLE_INCONSISTENT_STATE'])
      expect([...jobManager.files.keys()]).toEqual(['chk-1/kept', 'chk-1/_metadata'])
    }
  })

  it('without high availability does not need the store', () => {
    const jobManager = bench({ configuration: { highAvailability: false } })
    jobManager.acknowledgeAll(1)
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([1])
    expect(jobManager.stored.pointers).toEqual([])
    expect(jobManager.mails('notify-complete')).toHaveLength(2)
  })
})

describe('several checkpoints at once', () => {
  it('end the older ones with the newer one, and tell their tasks', () => {
    const jobManager = bench({}, 2)
    jobManager.acknowledgeAll(2)
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([2])
    expect(jobManager.facts('checkpoint-aborted').map(({ checkpoint, reason }) => [checkpoint, reason])).toEqual([
      [1, 'CHECKPOINT_SUBSUMED'],
    ])
    expect(jobManager.mails('notify-aborted')).toEqual(['0/0 1', '1/0 1'])
  })

  it('leave the newer one alone when the older one completes', () => {
    const jobManager = bench({}, 2)
    jobManager.acknowledgeAll(1)
    run(jobManager)
    jobManager.acknowledgeAll(2)
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([1, 2])
  })

  it('are stored one after the other, however fast the storage answers the second', () => {
    const jobManager = bench({}, 2)
    jobManager.acknowledgeAll(1)
    jobManager.acknowledgeAll(2)
    let most = 0
    for (let step = 0; step < 100; step++) {
      jobManager.driver.next(jobManager.world)
      most = Math.max(most, jobManager.state.coordinator.pending.filter(({ phase }) => phase === 'finalizing').length)
    }
    expect(most).toBe(1)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([1, 2])
    expect(jobManager.state.coordinator.completed.map(({ checkpoint }) => checkpoint)).toEqual([2])
  })

  it('go on with the next one when the one that was being stored fails', () => {
    const jobManager = bench({}, 2)
    jobManager.outcomes.set('store.add', ['failed'])
    jobManager.acknowledgeAll(1)
    jobManager.acknowledgeAll(2)
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-aborted')).toEqual([1])
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([2])
  })
})

describe('retention', () => {
  it('keeps so many checkpoints and deletes the files of older ones', () => {
    const jobManager = new JobManagerBench({ ...PIPELINE, checkpointing: { numRetained: 2 } })
    jobManager.run(INTERVAL_US / 2)
    for (let checkpoint = 1; checkpoint <= 3; checkpoint++) {
      jobManager.files.set(...state(`chk-${checkpoint}/V0`))
      jobManager.acknowledge(jobManager.task(0, 0), checkpoint, [`chk-${checkpoint}/V0`])
      jobManager.acknowledge(jobManager.task(1, 0), checkpoint)
      jobManager.run(INTERVAL_US)
    }
    expect(jobManager.stored.pointers.map(({ checkpoint }) => checkpoint)).toEqual([2, 3])
    expect([...jobManager.files.keys()].sort()).toEqual(['chk-2/V0', 'chk-2/_metadata', 'chk-3/V0', 'chk-3/_metadata'])
  })

  it('only leaks what cannot be deleted', () => {
    const jobManager = bench()
    jobManager.outcomes.set('storage.delete', ['failed'])
    jobManager.acknowledgeAll(1)
    jobManager.run(INTERVAL_US)
    jobManager.acknowledgeAll(2)
    run(jobManager)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([1, 2])
    expect(jobManager.files.has('chk-1/_metadata')).toBe(true)
  })
})

describe('failed checkpoints', () => {
  /** Declines checkpoints for these reasons, one after the other; a number completes that checkpoint instead. */
  function decline(
    tolerableFailed: number,
    reasons: readonly ('CHECKPOINT_DECLINED' | 'CHECKPOINT_DECLINED_TASK_NOT_READY' | 'IO_EXCEPTION' | 'ok')[],
  ): JobManagerBench {
    const jobManager = bench({ checkpointing: { tolerableFailed } })
    reasons.forEach((reason, index) => {
      if (reason === 'ok') jobManager.acknowledgeAll(index + 1)
      else jobManager.decline(jobManager.task(1, 0), index + 1, reason)
      jobManager.run(INTERVAL_US)
    })
    return jobManager
  }

  it('are tolerated up to a number in a row, and one more fails the job', () => {
    expect(decline(2, ['CHECKPOINT_DECLINED', 'IO_EXCEPTION']).facts('failure')).toHaveLength(0)
    const failed = decline(2, ['CHECKPOINT_DECLINED', 'IO_EXCEPTION', 'CHECKPOINT_DECLINED'])
    expect(failed.facts('failure').map(({ cause }) => cause)).toEqual(['Exceeded checkpoint tolerable failure threshold.'])
    expect(failed.facts('job-status').map(({ status }) => status)).toContain('RESTARTING')
  })

  it('fail the job once, when the task that declined the last one fails, too', () => {
    const jobManager = bench({ checkpointing: { tolerableFailed: 0 } })
    jobManager.decline(jobManager.task(1, 0), 1)
    jobManager.status(jobManager.task(1, 0), 'FAILED')
    run(jobManager)
    expect(jobManager.facts('failure')).toEqual([])
    expect(jobManager.state.restarts).toBe(1)
  })

  it('are counted from zero behind a completed one', () => {
    expect(decline(1, ['CHECKPOINT_DECLINED', 'ok', 'CHECKPOINT_DECLINED']).facts('failure')).toHaveLength(0)
  })

  it('are not counted when the reason lies with a task that was not ready', () => {
    const notReady = 'CHECKPOINT_DECLINED_TASK_NOT_READY' as const
    expect(decline(0, [notReady, notReady, notReady]).facts('failure')).toHaveLength(0)
    expect(decline(0, [notReady, 'IO_EXCEPTION']).facts('failure')).toHaveLength(1)
  })
})

describe('the end of RUNNING', () => {
  it('aborts what is pending, before anything is restored', () => {
    const jobManager = bench()
    jobManager.status(jobManager.task(1, 0), 'FAILED')
    jobManager.run(INTERVAL_US)
    const [aborted] = jobManager.facts('checkpoint-aborted')
    expect(aborted).toMatchObject({ checkpoint: 1, reason: 'CHECKPOINT_COORDINATOR_SUSPEND' })
    const restart = jobManager.facts('restart')[0]
    expect(aborted?.seq ?? 0).toBeLessThan(restart?.seq ?? 0)
  })

  it('lets a checkpoint be stored that has all acknowledgements, and restores it', () => {
    const jobManager = bench()
    jobManager.acknowledgeAll(1)
    jobManager.status(jobManager.task(1, 0), 'FAILED')
    jobManager.run(INTERVAL_US)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([1])
    expect(jobManager.checkpoints('checkpoint-aborted')).toEqual([])
    expect(jobManager.facts('restore-chosen').at(-1)).toMatchObject({ checkpoint: 1 })
  })

  it('waits with the restore for a checkpoint that is being stored', () => {
    const jobManager = bench({ configuration: { restart: { type: 'fixed-delay', attempts: 9, delayUs: 0 } } })
    jobManager.acknowledgeAll(1)
    jobManager.status(jobManager.task(1, 0), 'FAILED')
    jobManager.run(INTERVAL_US)
    expect(jobManager.facts('restore-chosen').at(-1)).toMatchObject({ checkpoint: 1 })
    const completed = jobManager.facts('checkpoint-completed')[0]
    expect(completed?.seq ?? 0).toBeLessThan(jobManager.facts('restore-chosen').at(-1)?.seq ?? 0)
  })
})
