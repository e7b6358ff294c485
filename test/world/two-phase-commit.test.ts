import { describe, expect, it } from 'vitest'
import { exploreBreadthFirst, type ExplorationResult } from '../../src/check/index.js'
import { Stream, TimedDriver } from '../../src/world/index.js'
import { RandomCrashes } from './random-crashes.js'
import { agreement, twoPhaseCommit, type Mistake } from './two-phase-commit.js'

const PARTICIPANTS = 2

/** All orders, all answers, one crash anywhere unless told otherwise. */
function exhaustively(mistake?: Mistake, crashes = 1): ExplorationResult {
  return exploreBreadthFirst({
    build: (options) => twoPhaseCommit(options, PARTICIPANTS, mistake),
    budgets: { crashes },
    fold: agreement(PARTICIPANTS),
    checkTwice: crashes < 2,
    freeze: true,
  })
}

/** One run with a crash or two at random; what is wrong with it. */
function seeded(seed: string, mistake?: Mistake): { hash: string; reason: string | undefined } {
  const fold = agreement(PARTICIPANTS)
  const seen = fold.init()
  const driver = new TimedDriver({ seed, latency: () => ({ minUs: 100, maxUs: 2_000 }), interference: new RandomCrashes(seed, 2, 8) })
  const world = twoPhaseCommit({ driver, recorder: (fact, at) => fold.step(seen, fact, at) }, PARTICIPANTS, mistake)
  const planned = new Stream(seed, 'planned')
  driver.plan({ kind: 'crash', process: planned.below(PARTICIPANTS + 1) }, planned.below(20_000))
  while (driver.next(world));
  return { hash: world.traceHash(), reason: fold.verdict(seen, true) }
}

describe('two-phase commit', () => {
  it('agrees and comes to an end in every state that one crash can lead to', () => {
    expect(exhaustively()).toEqual({ distinct: 1838, generated: 5013, depth: 10, terminals: 43, exhausted: true })
  })

  it('agrees and comes to an end in every state that two crashes can lead to', () => {
    expect(exhaustively(undefined, 2)).toMatchObject({ distinct: 10842, exhausted: true })
  })

  it('agrees and comes to an end in 2,000 seeded runs, which take many ways', () => {
    const runs = Array.from({ length: 2_000 }, (_, i) => seeded(String(i)))
    expect(runs.filter(({ reason }) => reason !== undefined)).toEqual([])
    expect(new Set(runs.map(({ hash }) => hash)).size).toBeGreaterThan(1_990)
  })

  it.each(['sends-before-it-writes', 'aborts-alone-on-restart'] as const)('is found to disagree by both drivers when it %s', (mistake) => {
    const { violation, exhausted } = exhaustively(mistake)
    expect(exhausted).toBe(false)
    expect(violation?.reason).toMatch(/^participants disagree/)
    const found = Array.from({ length: 2_000 }, (_, i) => seeded(String(i), mistake)).filter(({ reason }) =>
      reason?.startsWith('participants disagree'),
    )
    expect(found.length).toBeGreaterThan(0)
  })

  it('shows the shortest way to the disagreement', () => {
    const path = exhaustively('sends-before-it-writes').violation?.path ?? []
    expect(path.map(({ action, answers }) => [action, ...answers].join(' | '))).toEqual([
      'set up',
      'coordinator -> participant 0: {"kind":"prepare"} | vote = 0',
      'coordinator -> participant 1: {"kind":"prepare"} | vote = 0',
      'participant 0 -> coordinator: {"kind":"vote","from":0,"yes":true}',
      'participant 1 -> coordinator: {"kind":"vote","from":1,"yes":true} | dies at coordinator.deciding',
      'coordinator -> participant 0: {"kind":"decide","decision":"commit"}',
      'start of process coordinator',
      'coordinator -> participant 1: {"kind":"decide","decision":"abort"}',
    ])
  })
})
