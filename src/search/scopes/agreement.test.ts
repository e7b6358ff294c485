/** The small oracles of a search and the judge of whole histories see the same runs: what the one finds, the other does. */
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../../scenarios/index.js'
import type { HistoryEvent } from '../../history/index.js'
import type { World } from '../../world/index.js'
import { cellsOf, experimentOf, seedOf } from '../cell.js'
import { runExperiment } from '../experiment.js'
import type { Mode, Scenario } from '../scenario.js'
import { referenceRun } from './reference-run.js'
import { scopeFold } from './scope-fold.js'
import { scopedSetUp } from './scoped-set-up.js'
import { scopeOf } from './scope.js'
import { SometimesFacts } from './sometimes-facts.js'

const scope = scopeOf({ sources: 2, records: 4 })

/** The scenario made small, so that what the small oracles compare with is small, too. */
function small(scenario: Scenario, perhaps: Partial<Scenario> = {}): Scenario {
  const setUp = (world: World, mode: Mode) => scopedSetUp(scenario.setUp(world, mode), scope, { inlineState: false, timed: true }).setUp
  return { ...scenario, ...perhaps, setUp }
}

/** What the small oracles say of a history. */
function foldVerdict(scenario: Scenario, mode: Mode, history: readonly HistoryEvent[]): string | undefined {
  const reference = referenceRun(scenario, mode, scope)
  const fold = scopeFold(reference, mode, {
    sometimes: new SometimesFacts(),
    ended: () => {
      // Only the verdict counts here.
    },
  })
  const state = fold.init()
  for (const { seq: _seq, t: _t, ...fact } of history) fold.step(state, fact, 0 as never)
  const finished = history.some((event) => event.kind === 'job-status' && event.status === 'FINISHED')
  return fold.verdict(state, finished)
}

const SEEDS = Array.from({ length: 8 }, (_, i) => i)

describe.each(['kafka-to-kafka-exactly-once', 'kafka-to-kafka-at-least-once', 'windowed-join', 'file-to-file'])('%s', (name) => {
  const scenario = scenarios.find((each) => each.name === name)
  if (scenario === undefined) throw new Error(`no scenario ${name}`)

  it.each(['aligned', 'at-least-once'] as const)('%s: runs under faults that the judge lets pass, the small oracles let pass', (mode) => {
    const [cell] = cellsOf([small(scenario)], [mode])
    if (cell === undefined) throw new Error('no cell')
    let judged = 0
    for (const ordinal of SEEDS) {
      const { verdict, history } = runExperiment(experimentOf(cell, { seed: seedOf('agreement', ordinal) }), { keepHistory: true })
      if (verdict?.verdict !== 'holds') continue
      judged++
      expect([ordinal, foldVerdict(scenario, mode, history)]).toEqual([ordinal, undefined])
    }
    expect(judged).toBeGreaterThan(SEEDS.length / 2)
  })
})

describe('a promise that is too much', () => {
  it('is broken for both, in the same runs', () => {
    const scenario = scenarios.find((each) => each.name === 'kafka-to-kafka-at-least-once')
    if (scenario === undefined) throw new Error('no scenario')
    const promising = { ...scenario, claims: () => [{ guarantee: 'exactly-once', at: 'read_committed' } as const] }
    const [cell] = cellsOf([small(promising)], ['aligned'])
    if (cell === undefined) throw new Error('no cell')
    let broken = 0
    for (const ordinal of Array.from({ length: 40 }, (_, i) => i)) {
      const { verdict, history } = runExperiment(experimentOf(cell, { seed: seedOf('broken', ordinal) }), { keepHistory: true })
      const duplicated = verdict?.claims.some(
        ({ at, promised, anomalies }) => promised && at === 'read_committed' && anomalies.duplicated !== undefined,
      )
      if (duplicated === true) broken++
      expect([ordinal, foldVerdict(promising, 'aligned', history)?.startsWith('duplicated') === true]).toEqual([
        ordinal,
        duplicated === true,
      ])
    }
    expect(broken).toBeGreaterThan(0)
  })
})
