import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../../test/engine/slice-scenario.js'
import { Stream } from '../../world/index.js'
import { experimentOf, type Cell } from '../cell.js'
import { runExperiment } from '../experiment.js'
import { formatToken, parseToken } from '../replay-token.js'
import { byPriority, decidingChoices, drawPriorities, prioritiesInWords } from './priorities.js'

const LINKS = Array.from({ length: 200 }, (_, i) => `link/${String(i)}/${String(i + 1000)}/0`)

/** Latencies of the first messages of a link, of 0 … 9. */
function latencies(link: string, priorities: Parameters<typeof byPriority>[1], messages = 1, seed = 's'): number[] {
  const choose = byPriority(seed, priorities)
  return Array.from({ length: messages }, (_, ordinal) => choose(link, ordinal, 10, 5))
}

describe('priorities', () => {
  it('make every message of a link as early or as late as can be, and leave other choices alone', () => {
    const first = LINKS.map((link) => latencies(link, { lateOneIn: 2, changeOneIn: 0 }, 3))
    expect(new Set(first.map((all) => all.join()))).toEqual(new Set(['0,0,0', '9,9,9']))
    expect(byPriority('s', { lateOneIn: 2, changeOneIn: 0 })('choose/3/input', 0, 10, 5)).toBe(5)
    expect(byPriority('s', { lateOneIn: 2, changeOneIn: 0 })('heartbeat/1/2', 0, 2, 1)).toBe(1)
  })

  it('make as few late as they say: an actor, and then all its links, or a link alone', () => {
    const late = (lateOneIn: number): number => LINKS.filter((link) => latencies(link, { lateOneIn, changeOneIn: 0 })[0] === 9).length
    expect(late(2)).toBeGreaterThan(150)
    expect(late(32)).toBeGreaterThan(5)
    expect(late(32)).toBeLessThan(40)
    const ofOneActor = Array.from({ length: 40 }, (_, i) => `link/${String(i)}/7/0`)
    const seeds = Array.from({ length: 100 }, (_, seed) => String(seed))
    const all = seeds.filter((seed) => ofOneActor.every((link) => latencies(link, { lateOneIn: 8, changeOneIn: 0 }, 1, seed)[0] === 9))
    expect(all.length).toBeGreaterThan(4)
    expect(all.length).toBeLessThan(30)
  })

  it('change at one message in so many, each link on its own', () => {
    const changes = LINKS.map((link) => {
      const values = latencies(link, { lateOneIn: 4, changeOneIn: 20 }, 101)
      return values.filter((value, i) => i > 0 && value !== values[i - 1]).length
    })
    expect(new Set(changes)).toEqual(new Set([5]))
    const at = new Set(LINKS.map((link) => latencies(link, { lateOneIn: 4, changeOneIn: 20 }, 20).join()))
    expect(at.size).toBeGreaterThan(20)
  })

  it('satisfy any order of two messages whose ranges overlap, in some of few seeds', () => {
    // Both are sent at the same time; the one that is sent second comes first in about every sixth seed when one in four is late.
    const priorities = { lateOneIn: 4, changeOneIn: 0 }
    const first = Array.from({ length: 300 }, (_, seed) => [
      latencies('link/1/2/0', priorities, 1, String(seed))[0] ?? 0,
      latencies('link/3/4/0', priorities, 1, String(seed))[0] ?? 0,
    ])
    expect(first.filter(([a = 0, b = 0]) => a > b).length).toBeGreaterThan(30)
    expect(first.filter(([a = 0, b = 0]) => a < b).length).toBeGreaterThan(30)
  })

  it('are of every order of magnitude', () => {
    const drawn = Array.from({ length: 300 }, (_, seed) => drawPriorities(new Stream(String(seed), 'p')))
    expect(new Set(drawn.map(({ lateOneIn }) => lateOneIn))).toEqual(new Set([2, 4, 8, 16, 32]))
    expect(new Set(drawn.map(({ changeOneIn }) => changeOneIn)).size).toBe(9)
    expect(prioritiesInWords({ lateOneIn: 4, changeOneIn: 64 })).toContain('one message in 64')
    expect(prioritiesInWords({ lateOneIn: 4, changeOneIn: 0 })).not.toContain('change')
  })
})

describe('a run under priorities', () => {
  const cell: Cell = { scenario: sliceScenario, mode: 'aligned' }
  const name = { seed: 'late-1', priorities: { lateOneIn: 2, changeOneIn: 64 } }

  it('is another one than that of the seed alone, and the same each time, from its token, too', () => {
    const run = runExperiment(experimentOf(cell, name))
    expect(run.traceHash).not.toBe(runExperiment(experimentOf(cell, { seed: name.seed })).traceHash)
    const token = formatToken({ scenario: sliceScenario.name, mode: 'aligned', ...name })
    expect(parseToken(token)).toEqual({ scenario: sliceScenario.name, mode: 'aligned', ...name })
    expect(runExperiment(experimentOf(cell, parseToken(token)), { keepChoices: true }).traceHash).toBe(run.traceHash)
  })

  it('follows its overrides where it has some', () => {
    const override = { stream: 'link/1/2/0', ordinal: 3, value: 4 }
    const choose = decidingChoices({ ...name, overrides: [override] })
    expect([choose?.('link/1/2/0', 3, 10, 7), [0, 9].includes(choose?.('link/1/2/0', 2, 10, 7) ?? -1)]).toEqual([4, true])
    expect(decidingChoices({ seed: 's' })).toBeUndefined()
  })
})
