import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.js'
import { runExperiment, type Experiment } from './experiment.js'
import { isFannedOut } from './restore-fan-out.js'

const scenario = scenarios.find(({ name }) => name === 'word-count')
if (scenario === undefined) throw new RangeError('there is no word-count')

const experiment: Experiment = {
  scenario,
  mode: 'aligned',
  seed: 'fan-out',
  plan: [{ kind: 'crash', process: 'TaskManager-0', at: { timeUs: 400_000 }, downUs: 30_000 }],
}

describe('restore everything', () => {
  const result = runExperiment({ ...experiment, restores: true }, { keepHistory: true, keepChoices: true })

  it('has a branch for each completed checkpoint, which begins with the event that completed it', () => {
    const completed = result.history.filter(({ kind }) => kind === 'checkpoint-completed')
    expect(completed.length).toBeGreaterThan(3)
    expect(result.branches.map(({ header }) => header.branch?.checkpoint)).toEqual(
      completed.map((event) => 'checkpoint' in event && event.checkpoint),
    )
    for (const [index, { header, events }] of result.branches.entries()) {
      expect(header.branch?.parent).toBe('fan-out')
      const last: number = header.branch?.event ?? 0
      expect(completed[index]?.seq).toBeLessThanOrEqual(last)
      expect(events[0]).toMatchObject({ seq: last + 1, kind: 'job-status', status: 'CREATED' })
    }
  })

  it('has none for a checkpoint that completes when the job has ended: it goes with all others at once', () => {
    const { history, branches } = runExperiment({ ...experiment, seed: 'late-6', plan: [], restores: true }, { keepHistory: true })
    const ended = history.findIndex((event) => event.kind === 'job-status' && event.status === 'FINISHED')
    const late = history.slice(ended).flatMap((event) => (event.kind === 'checkpoint-completed' ? [event.checkpoint] : []))
    expect(late).toHaveLength(1)
    const restored = branches.map(({ header }) => header.branch?.checkpoint)
    expect(restored.length).toBeGreaterThan(3)
    expect(restored).not.toContain(late[0])
  })

  it('restores a new job, whose attempts count from 0, and goes on to its end', () => {
    for (const { header, events } of result.branches) {
      const restored = events.filter((event) => event.kind === 'restore')
      expect(restored.length).toBeGreaterThan(0)
      expect(new Set(restored.map((event) => event.kind === 'restore' && event.checkpoint))).toEqual(new Set([header.branch?.checkpoint]))
      expect(new Set(restored.map((event) => event.kind === 'restore' && event.attempt))).toEqual(new Set([0]))
      expect(events.some((event) => event.kind === 'job-status' && event.status === 'FINISHED')).toBe(true)
      expect(events.some(({ kind }) => kind === 'fault')).toBe(false)
    }
    expect(result.verdict?.verdict).toBe('holds')
  })

  it('does so at the parallelism of the run, at a smaller and at a larger one', () => {
    const { branches } = runExperiment({ ...experiment, seed: 'fan-out of three', restores: true })
    const before = new Map(result.setUp.graph.vertices.map(({ name, parallelism }) => [name, parallelism]))
    const changes = branches.map(({ header }) =>
      Object.entries(header.branch?.parallelism ?? {}).map(([name, subtasks]) => Math.sign(subtasks - (before.get(name) ?? 0))),
    )
    expect(changes.some(({ length }) => length === 0)).toBe(true)
    expect(changes.some((each) => each.includes(-1))).toBe(true)
    expect(changes.some((each) => each.includes(1))).toBe(true)
    for (const { header, events } of branches) {
      const subtasks = new Set(events.flatMap((event) => (event.kind === 'restore' && event.vertex === 'Count' ? [event.subtask] : [])))
      expect(subtasks.size).toBe(header.branch?.parallelism?.['Count'] ?? 2)
      expect(header.operators.find(({ name }) => name === 'Count')?.parallelism).toBe(subtasks.size)
    }
  })

  it('leaves the run as it is, with its choices', () => {
    const plain = runExperiment({ ...experiment, restores: false }, { keepHistory: true, keepChoices: true })
    expect(plain.branches).toEqual([])
    expect(result.traceHash).toBe(plain.traceHash)
    expect(result.history).toEqual(plain.history)
    expect(result.choices).toEqual(plain.choices)
  })

  it('comes out the same each time', () => {
    const again = runExperiment({ ...experiment, restores: true })
    expect(again.branches.map(({ events }) => events)).toEqual(result.branches.map(({ events }) => events))
  })
})

describe('the share of a campaign', () => {
  it('is one of twenty seeds, and depends on the seed alone', () => {
    const chosen = Array.from({ length: 2000 }, (_, run) => `campaign-${String(run)}`).filter(isFannedOut)
    expect(chosen.length).toBeGreaterThan(60)
    expect(chosen.length).toBeLessThan(140)
    expect(chosen.every(isFannedOut)).toBe(true)
  })
})
