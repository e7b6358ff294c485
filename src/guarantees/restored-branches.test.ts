import { describe, expect, it } from 'vitest'
import type { HistoryEvent, HistoryFact } from '../history/index.js'
import { at, events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'
import { restoredBranchFindings, type Branch } from './restored-branches.js'

const run = events(goodRun())
const point = run.findIndex((event) => event.kind === 'checkpoint-completed' && event.checkpoint === 2) + 1
const header = { ...SMALL_JOB, origin: 'simulated' as const }

/** A branch behind the completion of checkpoint 2: what a new job does that restores it. */
function branch(facts: readonly HistoryFact[]): Branch {
  const own = facts.map((fact, index): HistoryEvent => ({ ...fact, seq: point + 1 + index, t: (point + 1 + index) * 1000 }))
  return { header: { ...header, branch: { parent: 'seed', event: point, checkpoint: 2 } }, events: own }
}

function findings(facts: readonly HistoryFact[]) {
  return restoredBranchFindings({ header, events: run, branches: [branch(facts)] }, judge(header, run))
}

/** The first run's records behind checkpoint 2, by a new job; its attempts count from 0. */
function goesOn(): HistoryFact[] {
  const behind = run.slice(point).map(({ seq: _seq, t: _t, ...fact }) => ('attempt' in fact ? { ...fact, attempt: 0 } : fact))
  const restored = run.filter((event) => event.kind === 'snapshot-taken' && event.checkpoint === 2)
  const restores = restored.flatMap((event): HistoryFact[] => {
    if (event.kind !== 'snapshot-taken') return []
    const { vertex, subtask, content } = event
    return [{ kind: 'restore', ...at(vertex, subtask, 0), checkpoint: 2, ...(content && { content }) }]
  })
  const begins: HistoryFact[] = [
    { kind: 'job-status', status: 'CREATED', job: 'new', restoredFrom: 'chk-2' },
    { kind: 'job-status', status: 'RUNNING', job: 'new' },
    { kind: 'restore-chosen', checkpoint: 2 },
    { kind: 'restore', ...at('Committer', 0, 0), checkpoint: 2 },
  ]
  return [...begins, ...restores, ...behind.filter(({ kind }) => kind !== 'checkpoint-notified')] as HistoryFact[]
}

describe('a new job that restores a checkpoint', () => {
  it('is all right when it puts out what the first one still owed', () => {
    expect(findings(goesOn())).toEqual([])
  })

  it('must finish', () => {
    const unfinished = goesOn().slice(0, 8)
    expect(findings(unfinished)).toContainEqual(
      expect.objectContaining({ anomaly: 'unrestorable', rule: 'restore-everything', message: expect.stringContaining('checkpoint 2') }),
    )
  })

  it('must not put out again what the first one has put out', () => {
    const facts = goesOn()
    const [first] = run.filter(({ kind }) => kind === 'visible')
    const twice = [...facts, ...facts.filter(({ kind }) => kind === 'visible').slice(0, 1)]
    expect(first).toBeDefined()
    expect(findings(twice).map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^checkpoint 2, restored .*(more than once|twice|again)/),
    )
  })

  it('must restore what the checkpoint holds', () => {
    const wrong = goesOn().map((fact) =>
      fact.kind === 'restore' && fact.vertex === 'Count' && fact.subtask === 0
        ? { ...fact, content: { counts: [['a', 1] as const] } }
        : fact,
    )
    expect(findings(wrong).length).toBeGreaterThan(0)
  })

  it('tells at which parallelism it runs, where it is another one', () => {
    const unfinished = branch(goesOn().slice(0, 8))
    const rescaled: Branch = {
      ...unfinished,
      header: { ...header, branch: { parent: 'seed', event: point, checkpoint: 2, parallelism: { Count: 3 } } },
    }
    const [found] = restoredBranchFindings({ header, events: run, branches: [rescaled] }, judge(header, run))
    expect(found?.message).toMatch(/^checkpoint 2, restored by a new job at another parallelism \(Count × 3\) that meets no fault: /)
  })

  it('may pass records of one key by each other where its operators in between are several', () => {
    // Src -> Map -> Count: with one Map they stay in order.
    const operators = header.operators.flatMap((operator) =>
      operator.name === 'Count'
        ? [
            { name: 'Map', role: 'operator' as const, parallelism: 1, inputs: ['Src'] },
            { ...operator, inputs: ['Map'] },
          ]
        : [operator],
    )
    const passed = { ...header, operators }
    const facts = goesOn()
    const applies = facts.flatMap((fact, index) => (fact.kind === 'state-apply' ? [index] : []))
    const [one = 0, other = 0] = applies.slice(-2)
    const [first, second] = [facts[one], facts[other]]
    if (first?.kind !== 'state-apply' || second?.kind !== 'state-apply') throw new RangeError('there are no two records')
    facts[one] = { ...first, id: second.id }
    facts[other] = first
    const order = (parallelism: number) => {
      const own = operators.map((operator) => (operator.name === 'Map' ? { ...operator, parallelism } : operator))
      const moved: Branch = { ...branch(facts), header: { ...branch(facts).header, operators: own } }
      const found = restoredBranchFindings({ header: passed, events: run, branches: [moved] }, judge(passed, run))
      return found.filter(({ message }) => message.includes('behind later ones of their key')).length
    }
    expect(order(1)).toBe(1)
    expect(order(2)).toBe(0)
  })

  it('is not blamed for what the run shows itself', () => {
    const facts = goesOn().slice(0, 8)
    const parent = judge(header, run)
    const stuck = {
      ...parent,
      progress: {
        verdict: 'violated' as const,
        findings: [{ anomaly: 'stuck' as const, rule: 'progress', message: '', records: [], evidence: [] }],
      },
    }
    const found = restoredBranchFindings({ header, events: run, branches: [branch(facts)] }, stuck)
    expect(found.filter(({ message }) => message.includes('neither finished'))).toEqual([])
  })
})
