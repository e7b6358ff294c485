import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import type { JobGraph } from '../engine/index.js'
import { restoredBranchFindings } from '../guarantees/index.js'
import { TimedDriver, World } from '../world/index.js'
import { Run } from './experiment.js'
import { restoreInBranch, type CompletedMoment } from './restore-fan-out.js'
import { rescaled, rescaledFor } from './rescaling.js'
import type { JobSetUp, Mode, Scenario } from './scenario.js'

function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (found === undefined) throw new RangeError(`there is no ${name}`)
  return found
}

function setUpOf(name: string, mode: Mode = 'aligned'): JobSetUp {
  return scenarioNamed(name).setUp(new World({ driver: new TimedDriver({ seed: 's', latency: () => ({ minUs: 1, maxUs: 1 }) }) }), mode)
}

const parallelismOf = ({ graph }: JobSetUp) => new Map(graph.vertices.map(({ name, parallelism }) => [name, parallelism]))

describe('another parallelism', () => {
  const setUp = setUpOf('word-count')

  it('is drawn for a new job by the seed and the checkpoint: the same, a smaller and a larger one by turns', () => {
    const before = parallelismOf(setUp)
    const turns = { same: 0, smaller: 0, larger: 0 }
    for (let checkpoint = 0; checkpoint < 300; checkpoint++) {
      const { setUp: after, parallelism } = rescaledFor(setUp, 'seed', checkpoint)
      expect(rescaledFor(setUp, 'seed', checkpoint)).toEqual({ setUp: after, ...(parallelism && { parallelism }) })
      const changes = [...parallelismOf(after)].map(([name, subtasks]) => Math.sign(subtasks - (before.get(name) ?? 0)))
      expect(changes.includes(1) && changes.includes(-1)).toBe(false)
      expect(changes.some((change) => change !== 0)).toBe(parallelism !== undefined)
      turns[changes.includes(1) ? 'larger' : changes.includes(-1) ? 'smaller' : 'same']++
    }
    expect(Math.min(...Object.values(turns))).toBeGreaterThan(70)
  })

  it('is the same for subtasks that feed each other one to one, within bounds, and there are slots for it', () => {
    for (const { name, modes } of scenarios) {
      const [mode = 'aligned'] = modes
      const job = setUpOf(name, mode)
      for (const direction of ['smaller', 'larger'] as const) {
        for (let draw = 0; draw < 40; draw++) {
          const { graph, cluster } = rescaled(job, direction, (of) => draw * of.length).setUp
          for (const { ship, from, to } of graph.edges)
            if (ship === 'FORWARD') expect(graph.vertices[from]?.parallelism).toBe(graph.vertices[to]?.parallelism)
          const subtasks = graph.vertices.map(({ parallelism }) => parallelism)
          expect(Math.min(...subtasks)).toBeGreaterThan(0)
          expect(Math.max(...subtasks)).toBeLessThanOrEqual(graph.configuration.maxParallelism)
          expect(cluster.taskManagers * cluster.slots).toBeGreaterThanOrEqual(Math.max(...subtasks))
        }
      }
    }
  })

  it('is not larger than the max parallelism', () => {
    const { graph } = setUp
    const full = { ...setUp, graph: { ...graph, configuration: { ...graph.configuration, maxParallelism: 2 } } }
    expect(rescaled(full, 'larger', () => 0)).toEqual({ setUp: full })
  })

  it('is not given to a source without splits', () => {
    const withoutSplits = (job: JobGraph): JobGraph => ({
      ...job,
      vertices: job.vertices.map((vertex) => ({
        ...vertex,
        operators: vertex.operators.map(({ splits, ...operator }) => (splits === undefined ? operator : { ...operator, splits: [] })),
      })),
    })
    const legacy = { ...setUp, graph: withoutSplits(setUp.graph) }
    for (let draw = 0; draw < 20; draw++) expect(rescaled(legacy, 'larger', () => draw).parallelism).not.toHaveProperty(['Source: Words'])
  })
})

describe('a new job and the max parallelism of its checkpoint', () => {
  const run = new Run(
    { scenario: scenarioNamed('word-count'), mode: 'aligned', seed: 'max', plan: [], restores: false },
    { keepHistory: true },
  )
  while (!run.history.some(({ kind }) => kind === 'checkpoint-completed') && run.step());
  const { header, setUp, history } = run.result()
  const { world, driver, cluster } = run
  const moment: CompletedMoment = { checkpoint: 1, nextId: 2, event: history.length, header, world, driver, setUp, cluster }
  const { maxParallelismDerived: _derived, ...explicit } = setUp.graph.configuration

  /** Branches of several seeds, at several parallelisms. */
  function branches(configuration: JobGraph['configuration']) {
    const job = { ...setUp, graph: { ...setUp.graph, configuration } }
    return ['a', 'b', 'c', 'd'].map((seed) => restoreInBranch({ ...moment, setUp: job, header: { ...header, seed } }))
  }

  it('keeps it, if it has not set its own', () => {
    const restored = branches({ ...explicit, maxParallelism: 10, maxParallelismDerived: true })
    expect(restored.filter((branch) => branch.header.branch?.parallelism !== undefined).length).toBeGreaterThan(1)
    const verdict = run.result().verdict
    if (verdict === undefined) throw new Error('the run is not judged')
    expect(restoredBranchFindings({ header, events: history, branches: restored }, verdict)).toEqual([])
  })

  it('cannot begin with another one, which is no violation', () => {
    const restored = branches({ ...explicit, maxParallelism: 64 })
    for (const { events } of restored) {
      expect(events.find((event) => event.kind === 'failure')).toMatchObject({
        refused: 1,
        cause: expect.stringMatching(/maximum parallelism \(128\) .* changed/) as string,
      })
      expect(events.findLast((event) => event.kind === 'job-status')).toMatchObject({ status: 'FAILED' })
      expect(events.some(({ kind }) => kind === 'restore')).toBe(false)
    }
    const verdict = run.result().verdict
    if (verdict === undefined) throw new Error('the run is not judged')
    expect(restoredBranchFindings({ header, events: history, branches: restored }, verdict)).toEqual([])
  })
})
