import { describe, expect, it } from 'vitest'
import { addTally } from './merge-tallies.js'
import { emptyTally, tallyOfDefect, type RunTally } from './run-tally.js'

/** A run that saw one duplicate when its number is even, and that broke a precondition when it is a multiple of three. */
function runOf(run: number): RunTally {
  const first = { seed: `s-${String(run)}`, run }
  const beyond = run % 3 === 0
  const tally = emptyTally()
  tally.runs = 1
  tally.counted = beyond ? 0 : 1
  tally.events = 10 + run
  Object.assign(tally.traces, { high: 0xc0000000 + run, low: run })
  tally.statuses['FINISHED'] = { ...first, runs: 1 }
  tally.evidence.faults[run % 2 === 0 ? 'crash' : 'rpc'] = 1
  tally.evidence.strikes['during-recovery'] = run
  tally.points.push({
    at: 'state',
    runs: beyond ? 0 : 1,
    beyond: beyond ? 1 : 0,
    undecided: run === 4 ? 1 : 0,
    refuted: run % 2 === 0 ? { 'exactly-once': 1 } : {},
    ...(run === 4 && { missing: 'something' }),
  })
  if (run % 2 === 0) tally.witnesses['duplicated-state'] = { ...first, runs: 1 }
  return tally
}

function sum(...parts: RunTally[]): RunTally {
  const total = emptyTally()
  for (const part of parts) addTally(total, part)
  return total
}

const runs = [1, 2, 3, 4, 5, 6].map(runOf)

describe('adding tallies', () => {
  it('counts in how many runs each fault of a plan landed', () => {
    const landed = (...planLanded: number[]): RunTally => ({ ...emptyTally(), planLanded })
    expect(sum(landed(1, 0), emptyTally(), landed(1, 1), landed(0, 0)).planLanded).toEqual([2, 1])
    expect(sum(emptyTally())).not.toHaveProperty('planLanded')
  })

  it('adds numbers and keeps what was first', () => {
    const total = sum(...runs)
    expect(total).toMatchObject({ runs: 6, counted: 4, events: 81 })
    expect(total.evidence.faults).toEqual({ crash: 3, rpc: 3 })
    expect(total.evidence.strikes['during-recovery']).toBe(21)
    expect(total.witnesses['duplicated-state']).toEqual({ seed: 's-2', run: 2, runs: 3 })
    expect(total.points).toEqual([{ at: 'state', runs: 4, beyond: 2, undecided: 1, refuted: { 'exactly-once': 3 }, missing: 'something' }])
  })

  it('comes to the same however the runs were cut into parts', () => {
    for (let cut = 0; cut <= runs.length; cut++) {
      expect(sum(sum(...runs.slice(0, cut)), sum(...runs.slice(cut)))).toEqual(sum(...runs))
    }
  })

  it('changes nothing in what is added', () => {
    const before = structuredClone(runs)
    sum(...runs, ...runs)
    expect(runs).toEqual(before)
  })

  it('keeps defects apart by their message', () => {
    const total = sum(
      tallyOfDefect({ seed: 'a', run: 0 }, 'x'),
      tallyOfDefect({ seed: 'b', run: 1 }, 'y'),
      tallyOfDefect({ seed: 'c', run: 2 }, 'x'),
    )
    expect(total.defects).toEqual({ x: { seed: 'a', run: 0, runs: 2 }, y: { seed: 'b', run: 1, runs: 1 } })
  })
})
