import { describe, expect, it } from 'vitest'
import { agreement, twoPhaseCommit } from '../../../test/world/two-phase-commit.js'
import { Stream } from '../../world/index.js'
import { exploreWorld, type Exploration } from '../index.js'
import { Coordination, type Outcome } from './coordination.js'
import { crewResultOf } from './explore-in-workers.js'
import type { Order, Report } from './protocol.js'
import { Share } from './share.js'
import { WorldExplorer } from './world-explorer.js'

type Commit = Exploration<ReturnType<ReturnType<typeof agreement>['init']>>

const commit = (crashes: number): Commit => ({
  build: (options) => twoPhaseCommit(options, 2),
  budgets: { crashes },
  fold: { ...agreement(2), outcome: ({ decisions }) => decisions.join() },
})

const mistaken = (how: 'sends-before-it-writes', crashes: number): Commit => ({
  ...commit(crashes),
  build: (options) => twoPhaseCommit(options, 2, how),
})

/** Workers that take turns in one thread: whose turn it is, and which message comes next, is drawn. */
function explored(exploration: Commit, workers: number, seed: string, maxStates = Infinity): Outcome {
  const stream = new Stream(seed, 'turns')
  const orders: Order[][] = Array.from({ length: workers }, () => [])
  const reports: Report[][] = Array.from({ length: workers }, () => [])
  const outcomes: Outcome[] = []
  const coordination = new Coordination(
    workers,
    maxStates,
    (to, order) => orders[to]?.push(order),
    (outcome) => outcomes.push(outcome),
  )
  const shares = orders.map((_, me) => {
    const share = new Share(me, workers, (report) => reports[me]?.push(report))
    share.begin(new WorldExplorer({ exploration }, share.offer, share.ways, undefined))
    return share
  })
  coordination.begin()
  for (let turns = 0; outcomes.length === 0; turns++) {
    if (turns > 1e6) throw new Error('nobody comes to an end')
    const worker = stream.below(workers)
    const [order] = orders[worker] ?? []
    const [report] = reports[worker] ?? []
    const what = stream.below(3)
    if (what === 0 && order !== undefined) shares[worker]?.handle(orders[worker]?.shift() ?? order)
    if (what === 1 && report !== undefined) coordination.received(worker, reports[worker]?.shift() ?? report)
    if (what === 2) shares[worker]?.slice(() => stream.below(4) === 0)
  }
  const [outcome] = outcomes
  if (outcome === undefined) throw new Error('there is no outcome')
  return outcome
}

describe('several workers', () => {
  it.each([1, 2, 3, 5])('see what one search sees, whoever is faster: %i', (workers) => {
    for (const crashes of [0, 1, 2]) {
      const { distinct, generated, depth, terminals, outcomes, exhausted } = exploreWorld(commit(crashes))
      for (const seed of ['a', 'b', 'c']) {
        const result = crewResultOf(commit(crashes), explored(commit(crashes), workers, seed), 0)
        expect(result).toMatchObject({ distinct, generated, depth, terminals, outcomes, exhausted })
      }
    }
  })

  it.each([1, 2, 3])('find the same by the same way, with counts as far as that: %i', (workers) => {
    const exploration = mistaken('sends-before-it-writes', 2)
    const { distinct, generated, depth, terminals, violation } = exploreWorld(exploration)
    expect(violation?.reason).toMatch(/^participants disagree/)
    for (const seed of ['a', 'b', 'c']) {
      const result = crewResultOf(exploration, explored(exploration, workers, seed), 0)
      expect(result).toMatchObject({ distinct, generated, depth, terminals, exhausted: false, violation })
    }
  })

  it.each([1, 2, 3])('end at the same state when there may not be more: %i', (workers) => {
    for (const maxStates of [1, 2, 50, 333]) {
      const { distinct, generated, depth, terminals, bound } = exploreWorld(commit(1), { maxStates })
      expect(bound).toBe('states')
      const result = crewResultOf(commit(1), explored(commit(1), workers, String(maxStates), maxStates), 0)
      expect(result).toMatchObject({ distinct, generated, depth, terminals, bound })
    }
  })
})
