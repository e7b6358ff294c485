import { describe, expect, it } from 'vitest'
import { HOP_US, JobManagerBench, type BenchOptions } from '../../../test/engine/job-manager-bench.js'

const HOPS_US = 12 * HOP_US
const INTERVAL_US = 100_000

/** A job with completed checkpoints 1 and 2, both retained. */
function bench(options: Partial<BenchOptions> = {}): JobManagerBench {
  const jobManager = new JobManagerBench({
    parallelism: [1, 1],
    edges: [{ from: 0, to: 1, ship: 'FORWARD' }],
    checkpointing: { numRetained: 2 },
    ...options,
  })
  for (const checkpoint of [1, 2]) {
    jobManager.run(INTERVAL_US)
    jobManager.acknowledgeAll(checkpoint)
    jobManager.run(HOPS_US)
  }
  expect([...jobManager.files.keys()].sort()).toEqual(['chk-1/_metadata', 'chk-2/_metadata'])
  return jobManager
}

function finish(jobManager: JobManagerBench): void {
  for (const { vertex, subtask, attempt } of jobManager.current()) jobManager.status({ vertex, subtask, attempt }, 'FINISHED')
}

describe('the checkpoints of a job that has ended', () => {
  it('are deleted once its result is stored', () => {
    const jobManager = bench()
    finish(jobManager)
    jobManager.run(HOPS_US)
    expect(jobManager.stored).toMatchObject({ result: 'FINISHED', pointers: [] })
    expect([...jobManager.files.keys()]).toEqual([])
  })

  it('are deleted when their pointers are surely gone: no successor may find a pointer to a file that is not there', () => {
    const jobManager = bench()
    finish(jobManager)
    jobManager.run(HOPS_US)
    const [ended] = jobManager.facts('job-status').filter((fact) => 'status' in fact && fact.status === 'FINISHED')
    // The result is stored, told, the pointers are taken away, that is told, and the files are deleted.
    expect(jobManager.facts('file-deleted').map(({ t }) => t - (ended?.t ?? Infinity) >= 4 * HOP_US)).toEqual([true, true])
  })

  it('stay while one is being stored, which may need their files', () => {
    const jobManager = bench()
    jobManager.run(INTERVAL_US)
    jobManager.acknowledgeAll(3)
    finish(jobManager)
    jobManager.run(HOPS_US)
    const [stored] = jobManager.facts('checkpoint-completed').filter((fact) => 'checkpoint' in fact && fact.checkpoint === 3)
    const deleted = jobManager.facts('file-deleted')
    // Nobody asks for it before; the way to the storage takes its time.
    expect(deleted.map(({ t }) => t - (stored?.t ?? Infinity) >= HOP_US)).toEqual([true, true, true])
    expect(jobManager.stored).toMatchObject({ result: 'FINISHED', pointers: [] })
    expect([...jobManager.files.keys()]).toEqual([])
  })

  it('are deleted when the one that was being stored could not be', () => {
    const jobManager = bench()
    jobManager.run(INTERVAL_US)
    jobManager.delays.set('put', [HOPS_US])
    jobManager.outcomes.set('storage.put', ['failed'])
    jobManager.acknowledgeAll(3)
    finish(jobManager)
    jobManager.run(HOPS_US)
    expect(jobManager.stored.result).toBe('FINISHED')
    expect(jobManager.files.size).toBe(2)
    jobManager.run(HOPS_US)
    expect([...jobManager.files.keys()]).toEqual([])
  })

  it('are deleted although the next one was about to be triggered: there is nothing left that it could trigger', () => {
    const jobManager = bench()
    jobManager.delays.set('next-id', [INTERVAL_US])
    jobManager.delays.set('put-result', [2 * INTERVAL_US])
    jobManager.run(INTERVAL_US)
    finish(jobManager)
    jobManager.run(3 * INTERVAL_US)
    expect(jobManager.checkpoints('checkpoint-triggered')).toEqual([1, 2])
    expect([...jobManager.files.keys()]).toEqual([])
  })

  it('are deleted without high availability, too, and no store is asked', () => {
    const jobManager = bench({ configuration: { highAvailability: false } })
    finish(jobManager)
    jobManager.run(HOPS_US)
    expect([...jobManager.files.keys()]).toEqual([])
    const { actors, links } = jobManager.world
    expect(links.filter((link) => link !== undefined && actors[link.to]?.name === 'store')).toEqual([])
  })

  it('are deleted by the next JobManager when theirs has died meanwhile', () => {
    const jobManager = bench()
    finish(jobManager)
    // The result is on its way to the store; nobody gets the answer.
    jobManager.run(HOP_US + 20)
    jobManager.crash(jobManager.jobManagerProcess)
    jobManager.run(HOPS_US)
    expect(jobManager.stored).toMatchObject({ result: 'FINISHED' })
    expect(jobManager.files.size).toBe(2)
    jobManager.restart(jobManager.jobManagerProcess)
    jobManager.run(HOPS_US)
    expect(jobManager.stored.pointers).toEqual([])
    expect([...jobManager.files.keys()]).toEqual([])
  })

  it.each([
    ['NO_EXTERNALIZED_CHECKPOINTS', 0],
    ['DELETE_ON_CANCELLATION', 2],
    ['RETAIN_ON_CANCELLATION', 2],
  ] as const)('with %s are %i when it has failed', (retention, left) => {
    const jobManager = bench({ checkpointing: { numRetained: 2, retention }, configuration: { restart: { type: 'none' } } })
    const [task] = jobManager.current()
    if (task !== undefined) jobManager.status(task, 'FAILED')
    jobManager.run(HOPS_US)
    expect(jobManager.stored.result).toBe('FAILED')
    expect(jobManager.files.size).toBe(left)
  })
})
