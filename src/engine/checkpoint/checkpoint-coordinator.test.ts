import { describe, expect, it } from 'vitest'
import { HOP_US, JobManagerBench, type BenchOptions } from '../../../test/engine/job-manager-bench.js'
import { EXPIRY_TIMER, PAUSE_TIMER, TRIGGER_TIMER } from './checkpoint-coordinator.js'

/** One source, one consumer. */
const PIPELINE: BenchOptions = { parallelism: [1, 1], edges: [{ from: 0, to: 1, ship: 'FORWARD' }] }
const INTERVAL_US = 100_000
/** From the trigger to the mails at the tasks, and from the last acknowledgement to the notifications: a handful of hops. */
const HOPS_US = 10 * HOP_US

function bench(options: Partial<BenchOptions> = {}): JobManagerBench {
  return new JobManagerBench({ ...PIPELINE, ...options })
}

/** Runs until the next checkpoint is triggered. */
function untilTriggered(jobManager: JobManagerBench, checkpoint: number): void {
  for (let waited = 0; waited < 20 && !jobManager.checkpoints('checkpoint-triggered').includes(checkpoint); waited++)
    jobManager.run(INTERVAL_US / 4)
  jobManager.run(HOPS_US)
  if (!jobManager.checkpoints('checkpoint-triggered').includes(checkpoint)) throw new Error(`checkpoint ${checkpoint} was not triggered`)
}

describe('triggering', () => {
  it('waits for the first part of the interval, and then goes on at the interval', () => {
    const jobManager = bench({ checkpointing: { maxConcurrent: 9 } })
    jobManager.run(INTERVAL_US + HOPS_US)
    // The bench answers every choice with 0: the shortest initial delay, a sixteenth of the interval.
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1])
    jobManager.run(3 * INTERVAL_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1, 2, 3, 4])
    const times = jobManager.facts('checkpoint-triggered').map(({ t }) => t)
    expect(times.slice(1).map((t, index) => t - (times[index] ?? 0))).toEqual([INTERVAL_US, INTERVAL_US, INTERVAL_US])
  })

  it('triggers tasks without a running producer only', () => {
    const jobManager = bench({ parallelism: [2, 2], edges: [{ from: 0, to: 1, ship: 'HASH' }] })
    untilTriggered(jobManager, 1)
    expect(jobManager.mails('trigger-checkpoint')).toEqual(['0/0 1', '0/1 1'])
  })

  it('does not begin before every task runs', () => {
    const jobManager = bench({ mute: true })
    jobManager.run(3 * INTERVAL_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([])
    for (const execution of jobManager.current()) jobManager.status(execution, 'RUNNING')
    untilTriggered(jobManager, 1)
  })

  it.each([true, false])('never lets a later id overtake one that is still being fetched (high availability: %s)', (highAvailability) => {
    const jobManager = bench({ configuration: { highAvailability }, checkpointing: { maxConcurrent: 9 } })
    // The first id is under way for five intervals; meanwhile the job fails over.
    jobManager.delays.set(highAvailability ? 'next-id' : 'create-pending', [5 * INTERVAL_US])
    jobManager.run(INTERVAL_US / 2)
    jobManager.status(jobManager.task(1, 0), 'FAILED')
    jobManager.run(9 * INTERVAL_US)
    const ids = jobManager.checkpoints('checkpoint-triggered')
    expect(ids.length).toBeGreaterThan(1)
    expect(ids).toEqual([...ids].sort((a, b) => a - b))
    expect(jobManager.facts('checkpoint-triggered')[0]?.t).toBeGreaterThan(5 * INTERVAL_US)
  })

  it('never has more checkpoints under way than may be', () => {
    const jobManager = bench({ checkpointing: { maxConcurrent: 2 } })
    jobManager.run(6 * INTERVAL_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1, 2])
    jobManager.acknowledgeAll(1)
    jobManager.run(HOPS_US)
    // The request that waited starts as soon as there is room.
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1, 2, 3])
  })

  it('keeps the pause behind a completed checkpoint', () => {
    const pauseUs = 70_000
    const jobManager = bench({ checkpointing: { minPauseUs: pauseUs } })
    untilTriggered(jobManager, 1)
    jobManager.run(INTERVAL_US - 20_000)
    jobManager.acknowledgeAll(1)
    untilTriggered(jobManager, 2)
    const [completed] = jobManager.facts('checkpoint-completed')
    const second = jobManager.facts('checkpoint-triggered')[1]
    expect((second?.t ?? 0) - (completed?.t ?? 0)).toBeGreaterThanOrEqual(pauseUs)
    expect((second?.t ?? 0) - (completed?.t ?? 0)).toBeLessThan(pauseUs + HOPS_US)
  })

  it('waits for the pause before the first one, and triggers none more often than the pause lets it', () => {
    const pauseUs = 3 * INTERVAL_US
    const jobManager = bench({ checkpointing: { minPauseUs: pauseUs, maxConcurrent: 9 } })
    jobManager.run(3 * pauseUs)
    const times = jobManager.facts('checkpoint-triggered').map(({ t }) => t)
    expect(times[0]).toBeGreaterThanOrEqual(pauseUs)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(pauseUs)
  })

  it('lets the end of the pause trigger, and nothing else, once a trigger has come too early', () => {
    const jobManager = bench({ checkpointing: { minPauseUs: INTERVAL_US } })
    const timers = () =>
      jobManager.world.actors.flatMap((actor) => actor.timers.filter(({ armed }) => armed).map(({ name }) => name.replace(/\/.*/, '')))
    untilTriggered(jobManager, 1)
    jobManager.run(INTERVAL_US)
    expect(timers()).toEqual([TRIGGER_TIMER, EXPIRY_TIMER])
    jobManager.acknowledgeAll(1)
    jobManager.run(HOPS_US)
    expect(jobManager.state.coordinator.pause).toBe('awaited')
    expect(timers()).toEqual([PAUSE_TIMER])
    untilTriggered(jobManager, 2)
    expect(timers()).toEqual([TRIGGER_TIMER, EXPIRY_TIMER])
  })

  it('goes on behind a pause that a failover falls into', () => {
    const jobManager = bench({ checkpointing: { minPauseUs: INTERVAL_US } })
    untilTriggered(jobManager, 1)
    jobManager.run(INTERVAL_US)
    jobManager.acknowledgeAll(1)
    jobManager.run(HOPS_US)
    expect(jobManager.state.coordinator.pause).toBe('awaited')
    jobManager.status(jobManager.task(1, 0), 'FAILED')
    jobManager.run(2 * INTERVAL_US)
    expect(jobManager.state.coordinator.pause).toBe('over')
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1, 2])
  })

  it('forgets a trigger that came too early, and a request that waits, with the attempt that they were for', () => {
    const restart = { type: 'fixed-delay', attempts: 9, delayUs: 1_000 } as const
    const pausing = bench({ checkpointing: { minPauseUs: INTERVAL_US }, configuration: { restart } })
    untilTriggered(pausing, 1)
    pausing.run(INTERVAL_US)
    pausing.acknowledgeAll(1)
    pausing.run(INTERVAL_US / 2)
    pausing.status(pausing.task(1, 0), 'FAILED')
    pausing.run(1_000 + HOPS_US)
    expect(pausing.state.status).toBe('RUNNING')
    // The pause ends before the first trigger of the new attempts.
    pausing.run(INTERVAL_US / 2)
    expect(pausing.state.coordinator.pause).toBe('over')
    expect(pausing.checkpoints('checkpoint-triggered')).toEqual([1])
    const waiting = bench({ configuration: { restart } })
    untilTriggered(waiting, 1)
    waiting.run(INTERVAL_US)
    expect(waiting.state.coordinator.requested).toBe('at-once')
    waiting.status(waiting.task(1, 0), 'FAILED')
    waiting.run(HOPS_US)
    expect(waiting.state.coordinator.requested).toBe('nothing')
  })

  it('makes up for a trigger that came too early although another checkpoint completes in the pause', () => {
    const jobManager = bench({ checkpointing: { minPauseUs: INTERVAL_US / 2, maxConcurrent: 2 } })
    untilTriggered(jobManager, 2)
    jobManager.run(INTERVAL_US - 10_000)
    jobManager.acknowledgeAll(1)
    jobManager.run(20_000)
    expect(jobManager.state.coordinator.pause).toBe('awaited')
    jobManager.acknowledgeAll(2)
    jobManager.run(2 * INTERVAL_US)
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([1, 2])
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1, 2, 3, 4])
  })

  it('uses no id twice, and none whose answer was lost', () => {
    const jobManager = bench({ checkpointing: { maxConcurrent: 9 } })
    jobManager.outcomes.set('store.next-id', ['done', 'unknown-applied', 'failed', 'unknown-lost', 'done'])
    jobManager.run(6 * INTERVAL_US)
    // The second id is given and never used; calls that failed give none.
    expect(jobManager.checkpoints('checkpoint-triggered').slice(0, 2)).toEqual([1, 3])
  })

  it('gives a triggering up when a task is gone by the time the id is there', () => {
    const jobManager = bench({ configuration: { restart: { type: 'fixed-delay', attempts: 9, delayUs: 1_000_000 } } })
    untilTriggered(jobManager, 1)
    jobManager.acknowledgeAll(1)
    jobManager.run(HOPS_US)
    for (let step = 0; step < 100_000 && !jobManager.state.coordinator.triggering; step++) jobManager.driver.next(jobManager.world)
    jobManager.status(jobManager.task(1, 0), 'FAILED')
    jobManager.run(INTERVAL_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1])
    expect(jobManager.state.coordinator).toMatchObject({ triggering: false, periodic: false, pending: [] })
  })

  it('takes nothing for a late answer to a triggering that was given up', () => {
    const jobManager = bench()
    jobManager.run(INTERVAL_US / 2)
    jobManager.acknowledgeAll(1)
    jobManager.run(HOPS_US)
    const executor = jobManager.task(0, 0)
    jobManager.send(executor, { kind: 'create-pending', checkpoint: 99 })
    jobManager.run(HOPS_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1])
  })

  it('asks for the final checkpoint as soon as every task has finished its operators', () => {
    const jobManager = bench({ checkpointing: { intervalUs: 10_000_000 } })
    jobManager.run(HOPS_US)
    for (const execution of jobManager.current()) {
      jobManager.status(execution, 'RUNNING')
      jobManager.send(execution, { kind: 'end-of-data', execution, jobMasterId: 1 })
    }
    jobManager.run(HOPS_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1])
  })

  it('takes the final checkpoint at once, however long the pause', () => {
    const pauseUs = 5_000_000
    const jobManager = bench({ checkpointing: { minPauseUs: pauseUs, maxConcurrent: 9 } })
    jobManager.run(pauseUs + HOPS_US)
    jobManager.acknowledgeAll(1)
    jobManager.run(HOPS_US)
    for (const execution of jobManager.current()) jobManager.send(execution, { kind: 'end-of-data', execution, jobMasterId: 1 })
    jobManager.run(HOPS_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1, 2])
  })

  it('takes the final checkpoint at once, too, when the periodic trigger comes while it waits', () => {
    const pauseUs = 1_000_000
    const jobManager = bench({ checkpointing: { minPauseUs: pauseUs } })
    jobManager.run(pauseUs + HOPS_US)
    for (const execution of jobManager.current()) jobManager.send(execution, { kind: 'end-of-data', execution, jobMasterId: 1 })
    jobManager.run(pauseUs + HOPS_US)
    jobManager.acknowledgeAll(1)
    jobManager.run(HOPS_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1, 2])
  })

  it('takes no ends of data of attempts that have successors for the end of the job', () => {
    const restart = { type: 'fixed-delay', attempts: 9, delayUs: 1_000 } as const
    const jobManager = bench({ checkpointing: { intervalUs: 10_000_000 }, configuration: { restart } })
    jobManager.run(HOPS_US)
    const old = jobManager.current()
    jobManager.status(jobManager.task(1, 0), 'FAILED')
    jobManager.run(1_000 + HOPS_US)
    for (const execution of old) jobManager.send(execution, { kind: 'end-of-data', execution, jobMasterId: 1 })
    jobManager.run(HOPS_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([])
    for (const execution of jobManager.current()) jobManager.send(execution, { kind: 'end-of-data', execution, jobMasterId: 1 })
    jobManager.run(HOPS_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1])
  })

  it('takes the final checkpoint at once, too, when the trigger that it waits for comes to nothing', () => {
    const jobManager = bench({ checkpointing: { intervalUs: 10_000_000 } })
    jobManager.outcomes.set('store.next-id', ['failed'])
    for (let step = 0; step < 100_000 && !jobManager.state.coordinator.triggering; step++) jobManager.driver.next(jobManager.world)
    for (const execution of jobManager.current()) jobManager.send(execution, { kind: 'end-of-data', execution, jobMasterId: 1 })
    jobManager.run(HOPS_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1])
  })

  it('tells barriers how to align', () => {
    const alignments = (['EXACTLY_ONCE', 'AT_LEAST_ONCE'] as const).map((mode) => {
      const jobManager = bench({ checkpointing: { mode } })
      untilTriggered(jobManager, 1)
      return jobManager.received.flatMap(({ mail }) => (mail.kind === 'trigger-checkpoint' ? [mail.options.alignment] : []))
    })
    expect(alignments).toEqual([['ALIGNED'], ['AT_LEAST_ONCE']])
  })
})

describe('a job without checkpoints', () => {
  it('never triggers one', () => {
    const jobManager = bench({ checkpointing: { enabled: false } })
    jobManager.run(10 * INTERVAL_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([])
  })
})

describe('finished tasks', () => {
  /** Two sources side by side; the first finishes behind checkpoint 1. */
  function withFinishedSource(): JobManagerBench {
    const jobManager = bench({ parallelism: [2, 1], edges: [{ from: 0, to: 1, ship: 'HASH' }] })
    untilTriggered(jobManager, 1)
    for (const execution of jobManager.current()) jobManager.acknowledge(execution, 1, [`chk-1/${execution.vertex}-${execution.subtask}`])
    jobManager.run(HOPS_US)
    jobManager.status(jobManager.task(0, 0), 'FINISHED')
    untilTriggered(jobManager, 2)
    return jobManager
  }

  it('are neither triggered nor waited for nor told', () => {
    const jobManager = withFinishedSource()
    jobManager.acknowledgeAll(2, [jobManager.task(0, 0)])
    jobManager.run(HOPS_US)
    expect(jobManager.mails('trigger-checkpoint').filter((mail) => mail.endsWith(' 2'))).toEqual(['0/1 2'])
    expect(jobManager.checkpoints('checkpoint-completed')).toEqual([1, 2])
    expect(jobManager.mails('notify-complete').filter((mail) => mail.endsWith(' 2'))).toEqual(['0/1 2', '1/0 2'])
  })

  it('take part with their final snapshot, whose files outlive the checkpoint that they were taken for', () => {
    const jobManager = withFinishedSource()
    jobManager.files.set('chk-1/0-0', {
      bytes: 1,
      content: { type: 'state', state: { checkpoint: 1, vertex: 'V0', subtask: 0, attempt: 0, state: { lists: [] }, keyed: null } },
    })
    jobManager.acknowledgeAll(2, [jobManager.task(0, 0)])
    jobManager.run(HOPS_US)
    const metadata = jobManager.files.get('chk-2/_metadata')?.content
    expect(
      metadata?.type === 'metadata' ? metadata.metadata.tasks.map(({ vertex, subtask, handles }) => [vertex, subtask, handles.length]) : [],
    ).toEqual([
      [0, 0, 1],
      [0, 1, 0],
      [1, 0, 0],
    ])
    expect(jobManager.files.has('chk-1/0-0')).toBe(true)
    expect(jobManager.files.has('chk-1/_metadata')).toBe(false)
  })

  it('take part with the snapshot of the newest completed checkpoint: in older ones they had not finished', () => {
    const jobManager = bench({
      parallelism: [2, 1],
      edges: [{ from: 0, to: 1, ship: 'HASH' }],
      checkpointing: { numRetained: 3 },
    })
    for (const checkpoint of [1, 2]) {
      untilTriggered(jobManager, checkpoint)
      for (const execution of jobManager.current())
        jobManager.acknowledge(execution, checkpoint, [`chk-${checkpoint}/${execution.vertex}-${execution.subtask}`])
      jobManager.run(HOPS_US)
    }
    jobManager.status(jobManager.task(0, 0), 'FINISHED')
    untilTriggered(jobManager, 3)
    jobManager.acknowledgeAll(3, [jobManager.task(0, 0)])
    jobManager.run(HOPS_US)
    const metadata = jobManager.files.get('chk-3/_metadata')?.content
    const [finished] = metadata?.type === 'metadata' ? metadata.metadata.tasks : []
    expect(finished?.handles.map(({ handle }) => (handle.type === 'file' ? handle.path : ''))).toEqual(['chk-2/0-0'])
  })

  it('keep their final snapshot when a later checkpoint is aborted', () => {
    const jobManager = withFinishedSource()
    jobManager.files.set('chk-1/0-0', {
      bytes: 1,
      content: { type: 'state', state: { checkpoint: 1, vertex: 'V0', subtask: 0, attempt: 0, state: { lists: [] }, keyed: null } },
    })
    jobManager.decline(jobManager.task(1, 0), 2)
    jobManager.run(HOPS_US)
    expect(jobManager.checkpoints('checkpoint-aborted')).toEqual([2])
    expect(jobManager.files.has('chk-1/0-0')).toBe(true)
  })

  it('without a completed checkpoint that has their final snapshot let none be taken', () => {
    const jobManager = bench({ parallelism: [2, 1], edges: [{ from: 0, to: 1, ship: 'HASH' }] })
    jobManager.run(HOPS_US)
    jobManager.status(jobManager.task(0, 0), 'FINISHED')
    jobManager.run(3 * INTERVAL_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([])
    expect(jobManager.state.coordinator.triggering).toBe(false)
  })

  it('end all checkpoints where checkpoints do not go on behind them: what is known of them is not their end', () => {
    const jobManager = bench({
      parallelism: [2, 1],
      edges: [{ from: 0, to: 1, ship: 'HASH' }],
      checkpointing: { afterTasksFinish: false },
    })
    untilTriggered(jobManager, 1)
    jobManager.acknowledgeAll(1)
    jobManager.run(HOPS_US)
    jobManager.status(jobManager.task(0, 0), 'FINISHED')
    jobManager.run(3 * INTERVAL_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1])
    expect(jobManager.state.coordinator.triggering).toBe(false)
  })

  it('leave those they fed to be triggered by the JobManager', () => {
    const jobManager = withFinishedSource()
    jobManager.acknowledgeAll(2, [jobManager.task(0, 0)])
    jobManager.run(HOPS_US)
    jobManager.status(jobManager.task(0, 1), 'FINISHED')
    untilTriggered(jobManager, 3)
    expect(jobManager.mails('trigger-checkpoint').filter((mail) => mail.endsWith(' 3'))).toEqual(['1/0 3'])
  })
})
