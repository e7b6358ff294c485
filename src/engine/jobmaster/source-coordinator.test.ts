import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOP_US, JobManagerBench, type BenchOptions } from '../../../test/engine/job-manager-bench.js'
import { SplitLedger } from '../../../test/engine/split-ledger.js'

const HOPS_US = 12 * HOP_US
const DELAY_US = 1_000
const INTERVAL_US = 16_000
const READERS = 3

/** Three readers that are regions of their own, or one region with a consumer of them all. */
function bench(options: Partial<BenchOptions> = {}): JobManagerBench {
  return new JobManagerBench({
    parallelism: [READERS],
    edges: [],
    splits: 5,
    lateReaders: true,
    configuration: { restart: { type: 'fixed-delay', attempts: 1000, delayUs: DELAY_US } },
    checkpointing: { intervalUs: INTERVAL_US, tolerableFailed: 1000 },
    ...options,
  })
}

const SPLITS = Array.from({ length: 5 }, (_, index) => `V0-s${index}`)

/** Splits that were given to a subtask, attempt after attempt. */
function given(jobManager: JobManagerBench, subtask: number): string[] {
  return jobManager.received.flatMap(({ to, mail }) =>
    to.subtask === subtask && mail.kind === 'operator-event' && mail.event.type === 'add-splits'
      ? mail.event.splits.map(({ split }) => split)
      : [],
  )
}

describe('a source coordinator', () => {
  it('gives a reader its share when it has registered, and tells it that no more will come', () => {
    const jobManager = bench()
    jobManager.run(HOPS_US)
    expect(given(jobManager, 1)).toEqual([])
    jobManager.registerReader(jobManager.task(0, 1))
    jobManager.run(HOPS_US)
    expect(given(jobManager, 1)).toEqual(['V0-s1', 'V0-s4'])
    const events = jobManager.received.flatMap(({ mail }) => (mail.kind === 'operator-event' ? [mail.event.type] : []))
    expect(events).toEqual(['add-splits', 'no-more-splits'])
  })

  it('keeps what it has given in an order that does not tell who registered first', () => {
    const jobManager = bench()
    jobManager.run(HOPS_US)
    for (const subtask of [2, 1, 0]) jobManager.registerReader(jobManager.task(0, subtask))
    jobManager.run(HOPS_US)
    const [source] = jobManager.state.sources
    expect(source?.assigned.map(({ subtask, split }) => `${subtask} ${split.split}`)).toEqual([
      '0 V0-s0',
      '0 V0-s3',
      '1 V0-s1',
      '1 V0-s4',
      '2 V0-s2',
    ])
  })

  it('gives splits from where its source begins, also behind a restart without any checkpoint', () => {
    const offsets = (jobManager: JobManagerBench): number[] =>
      jobManager.received.flatMap(({ mail }) =>
        mail.kind === 'operator-event' && mail.event.type === 'add-splits' ? mail.event.splits.map(({ offset }) => offset) : [],
      )
    const startOffset = (split: string): number => (split === 'V0-s1' ? -1 : 7)
    const jobManager = bench({ startOffset, checkpointing: { intervalUs: INTERVAL_US, tolerableFailed: 0 } })
    jobManager.run(HOPS_US)
    jobManager.registerReader(jobManager.task(0, 1))
    jobManager.run(INTERVAL_US)
    expect(offsets(jobManager)).toEqual([-1, 7])
    jobManager.decline(jobManager.task(0, 1), 1)
    jobManager.run(DELAY_US + 2 * HOPS_US)
    expect(jobManager.state.sources[0]?.unassigned.map(({ offset }) => offset)).toEqual([7, -1, 7, 7, 7])
  })

  it('never says that no more will come when its source has no end', () => {
    const jobManager = bench({ unbounded: true })
    jobManager.run(HOPS_US)
    for (const subtask of [0, 1, 2]) jobManager.registerReader(jobManager.task(0, subtask))
    jobManager.run(HOPS_US)
    const events = jobManager.received.flatMap(({ mail }) => (mail.kind === 'operator-event' ? [mail.event.type] : []))
    expect(events).toEqual(['add-splits', 'add-splits', 'add-splits'])
  })

  it('gives nothing to an attempt that has a successor', () => {
    const jobManager = bench()
    jobManager.run(HOPS_US)
    const old = jobManager.task(0, 1)
    jobManager.status(old, 'FAILED')
    jobManager.run(DELAY_US + HOPS_US)
    jobManager.registerReader(old)
    jobManager.run(HOPS_US)
    expect(given(jobManager, 1)).toEqual([])
  })

  it('gives nothing between its own snapshot and that of the reader (FLINK-21996)', () => {
    const jobManager = bench()
    jobManager.run(INTERVAL_US)
    expect(jobManager.mails('trigger-checkpoint')).toHaveLength(READERS)
    jobManager.registerReader(jobManager.task(0, 0))
    jobManager.run(HOPS_US)
    expect(given(jobManager, 0)).toEqual([])
    jobManager.acknowledge(jobManager.task(0, 0), 1)
    jobManager.run(HOPS_US)
    expect(given(jobManager, 0)).toEqual(['V0-s0', 'V0-s3'])
    const metadata = jobManager.state.coordinator.pending[0]?.enumerators[0]
    expect(metadata?.unassigned.map(({ split }) => split)).toEqual(SPLITS)
  })

  it('waits for the acknowledgement of its own reader, and for no other source', () => {
    const jobManager = bench({ parallelism: [READERS, 1] })
    jobManager.run(INTERVAL_US)
    jobManager.acknowledge(jobManager.task(0, 0), 1)
    jobManager.registerReader(jobManager.task(0, 0))
    jobManager.run(HOPS_US)
    expect(jobManager.state.coordinator.pending.map(({ phase }) => phase)).toEqual(['triggered'])
    expect(given(jobManager, 0)).toEqual(['V0-s0', 'V0-s3'])
  })

  it('sends what waited when the checkpoint is aborted', () => {
    const jobManager = bench()
    jobManager.run(INTERVAL_US)
    jobManager.registerReader(jobManager.task(0, 0))
    jobManager.run(HOPS_US)
    jobManager.decline(jobManager.task(0, 1), 1)
    jobManager.run(HOPS_US)
    expect(given(jobManager, 0)).toEqual(['V0-s0', 'V0-s3'])
  })

  it('tells a reader that no more will come as soon as it may, when it registers while its gateway is closed', () => {
    const jobManager = bench()
    const told = () =>
      jobManager.received.filter(({ mail }) => mail.kind === 'operator-event' && mail.event.type === 'no-more-splits').length
    jobManager.run(HOPS_US)
    jobManager.registerReader(jobManager.task(0, 0))
    jobManager.run(INTERVAL_US)
    jobManager.acknowledgeAll(1)
    jobManager.run(HOPS_US)
    jobManager.status(jobManager.task(0, 0), 'FAILED')
    jobManager.run(DELAY_US + INTERVAL_US + HOPS_US)
    expect(jobManager.state.coordinator.pending.map(({ phase }) => phase)).toEqual(['triggered'])
    jobManager.registerReader(jobManager.task(0, 0))
    jobManager.run(HOPS_US)
    expect(told()).toBe(1)
    const checkpoint = jobManager.state.coordinator.pending[0]?.checkpoint ?? 0
    jobManager.acknowledgeAll(checkpoint)
    jobManager.run(HOPS_US)
    expect(told()).toBe(2)
    jobManager.run(INTERVAL_US)
    jobManager.acknowledgeAll(checkpoint + 1)
    jobManager.run(HOPS_US)
    expect(told()).toBe(2)
  })

  it('takes back from a reader that restarts what its checkpoint does not hold, when it restarts and not before (FLINK-20413)', () => {
    const jobManager = bench()
    jobManager.run(HOPS_US)
    jobManager.registerReader(jobManager.task(0, 0))
    jobManager.run(HOPS_US)
    jobManager.status(jobManager.task(0, 0), 'FAILED')
    jobManager.run(HOP_US)
    expect(jobManager.state.sources[0]?.unassigned.map(({ split }) => split)).not.toContain('V0-s0')
    jobManager.run(DELAY_US + HOPS_US)
    expect(jobManager.state.sources[0]?.unassigned.map(({ split }) => split)).toEqual(SPLITS)
  })

  it('takes nothing back that the restored checkpoint holds', () => {
    const jobManager = bench()
    jobManager.run(HOPS_US)
    jobManager.registerReader(jobManager.task(0, 0))
    jobManager.run(INTERVAL_US)
    jobManager.acknowledgeAll(1)
    jobManager.run(HOPS_US)
    jobManager.status(jobManager.task(0, 0), 'FAILED')
    jobManager.run(DELAY_US + HOPS_US)
    expect(jobManager.deployed.at(-1)?.restore).toBe(1)
    expect(jobManager.state.sources[0]?.unassigned.map(({ split }) => split)).toEqual(['V0-s1', 'V0-s2', 'V0-s4'])
  })
})

describe('the history', () => {
  const returned = (jobManager: JobManagerBench) => jobManager.facts('split-returned').map(({ subtask, split }) => `${subtask} ${split}`)

  it('tells of splits that readers gave back, also where every task restarts with the one that failed', () => {
    const jobManager = bench({ parallelism: [READERS, 1], edges: [{ from: 0, to: 1, ship: 'HASH' }] })
    jobManager.run(HOPS_US)
    jobManager.registerReader(jobManager.task(0, 0))
    jobManager.run(HOPS_US)
    jobManager.status(jobManager.task(1, 0), 'FAILED')
    jobManager.run(DELAY_US + HOPS_US)
    expect(returned(jobManager)).toEqual(['0 V0-s0', '0 V0-s3'])
  })

  it('tells of none behind a failure that belongs to no task: then the coordinator itself is restored', () => {
    const jobManager = bench({ checkpointing: { intervalUs: INTERVAL_US, tolerableFailed: 0 } })
    jobManager.run(HOPS_US)
    jobManager.registerReader(jobManager.task(0, 0))
    jobManager.run(INTERVAL_US)
    jobManager.decline(jobManager.task(0, 1), 1)
    jobManager.run(DELAY_US + 2 * HOPS_US)
    expect(jobManager.facts('restart')).toHaveLength(1)
    expect(returned(jobManager)).toEqual([])
    expect(jobManager.state.sources[0]?.unassigned.map(({ split }) => split)).toEqual(SPLITS)
  })

  it('tells when the coordinator learns of the end of a checkpoint', () => {
    const jobManager = bench()
    jobManager.run(INTERVAL_US + HOPS_US)
    jobManager.acknowledgeAll(1)
    jobManager.run(INTERVAL_US)
    jobManager.decline(jobManager.task(0, 1), 2)
    jobManager.run(HOPS_US)
    const told = jobManager
      .facts('checkpoint-notified')
      .map(({ vertex, subtask, checkpoint, outcome }) => [vertex, subtask, checkpoint, outcome])
    expect(told).toEqual([
      ['V0', -1, 1, 'complete'],
      ['V0', -1, 2, 'abort'],
    ])
  })
})

describe('assignments', () => {
  it('that a completed checkpoint covers are not remembered', () => {
    const jobManager = bench()
    jobManager.run(HOPS_US)
    jobManager.registerReader(jobManager.task(0, 0))
    jobManager.run(INTERVAL_US)
    expect(jobManager.state.sources[0]?.assigned.map(({ checkpoint, split }) => [checkpoint, split.split])).toEqual([
      [1, 'V0-s0'],
      [1, 'V0-s3'],
    ])
    jobManager.acknowledgeAll(1)
    jobManager.run(HOPS_US)
    expect(jobManager.state.sources[0]?.assigned).toEqual([])
  })
})

describe('a global failover', () => {
  it('forgets what readers had been given: each split comes back once', () => {
    const jobManager = bench({ checkpointing: { intervalUs: INTERVAL_US, tolerableFailed: 0 } })
    jobManager.run(HOPS_US)
    for (const subtask of [0, 1, 2]) jobManager.registerReader(jobManager.task(0, subtask))
    jobManager.run(INTERVAL_US)
    // One failed checkpoint is one too many.
    jobManager.decline(jobManager.task(0, 0), 1)
    jobManager.run(DELAY_US + HOPS_US)
    expect(jobManager.state.sources[0]?.unassigned.map(({ split }) => split)).toEqual(SPLITS)
    jobManager.registerReader(jobManager.task(0, 0))
    jobManager.run(HOPS_US)
    jobManager.status(jobManager.task(0, 0), 'FAILED')
    jobManager.run(DELAY_US + HOPS_US)
    expect(jobManager.state.sources[0]?.unassigned.map(({ split }) => split)).toEqual(SPLITS)
  })
})

type Step =
  | { readonly do: 'register' | 'fail' | 'acknowledge' | 'decline'; readonly subtask: number }
  | { readonly do: 'acknowledge-all' | 'wait' | 'hop' | 'interval' | 'job-manager' }

const subtask = fc.nat({ max: READERS - 1 })
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('register' as const, 'acknowledge' as const), subtask }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('fail' as const, 'decline' as const), subtask }) },
    {
      weight: 8,
      arbitrary: fc.record({ do: fc.constantFrom('acknowledge-all' as const, 'wait' as const, 'hop' as const, 'interval' as const) }),
    },
    { weight: 1, arbitrary: fc.constant({ do: 'job-manager' as const }) },
  ),
  { maxLength: 40 },
)

/** Takes one step with the newest checkpoint that is pending. */
function take(jobManager: JobManagerBench, step: Step): void {
  const pending = jobManager.state.coordinator.pending.at(-1)?.checkpoint ?? 0
  if ('subtask' in step) {
    const execution = jobManager.task(0, step.subtask)
    if (step.do === 'register') jobManager.registerReader(execution)
    if (step.do === 'acknowledge') jobManager.acknowledge(execution, pending)
    if (step.do === 'decline') jobManager.decline(execution, pending)
    if (step.do === 'fail') jobManager.status(execution, 'FAILED')
    return
  }
  if (step.do === 'acknowledge-all') jobManager.acknowledgeAll(pending)
  if (step.do === 'hop') jobManager.run(HOP_US)
  if (step.do === 'wait') jobManager.run(HOPS_US)
  if (step.do === 'interval') jobManager.run(INTERVAL_US)
  if (step.do === 'job-manager') {
    jobManager.run(HOPS_US)
    jobManager.crash(jobManager.jobManagerProcess)
    jobManager.restart(jobManager.jobManagerProcess)
    jobManager.run(5 * HOPS_US)
  }
}

describe('every split', () => {
  it.each([
    ['readers in regions of their own', { parallelism: [READERS], edges: [] }],
    ['readers in one region', { parallelism: [READERS, 1], edges: [{ from: 0, to: 1, ship: 'HASH' as const }] }],
  ])('has exactly one owner, whatever registers, completes, aborts and fails: %s', (_name, shape) => {
    fc.assert(
      fc.property(steps, (script) => {
        const jobManager = bench(shape)
        jobManager.run(HOPS_US)
        const ledger = new SplitLedger(jobManager)
        for (const step of script) {
          take(jobManager, step)
          ledger.update()
        }
        // Until nothing is under way any more but checkpoints that nobody acknowledges.
        jobManager.run(DELAY_US + 3 * HOPS_US)
        expect(jobManager.state.failover).toBeNull()
        expect(ledger.owners(SPLITS)).toEqual(Object.fromEntries(SPLITS.map((split) => [split, 1])))
      }),
      { numRuns: 300 },
    )
  })
})
