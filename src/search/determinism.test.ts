import { describe, expect, it } from 'vitest'
import { sliceScenario } from '../../test/engine/slice-scenario.js'
import { CellRunner, cellsOf } from './cell.js'
import { compareSides, firstDifference, type Side } from './determinism.js'
import { stepsUntil, traceRuns, type RunTrace } from './run-trace.js'

const cells = cellsOf([sliceScenario], ['aligned', 'off'])

/** A side within this process; `changed` is what it makes of a trace. */
function side(name: string, changed: (trace: RunTrace) => RunTrace = (trace) => trace): Side {
  const runner = new CellRunner(cells)
  return {
    name,
    trace: (requests) => Promise.resolve(traceRuns(runner, requests).map(changed)),
    stepsUntil: (request, step) => Promise.resolve(stepsUntil(runner, request, step)),
    close: () => {},
  }
}

const trace = (...hashes: number[]): RunTrace => ({ seed: 's', hashes: Uint32Array.from(hashes), traceHash: `${hashes.length}` })

describe('comparing processes', () => {
  it('finds them the same, and has one number for all traces', async () => {
    const result = await compareSides(cells, [side('one'), side('other')], { seed: 'same', runs: 6 })
    expect(result).toMatchObject({ verdict: 'deterministic', runs: 6, sides: ['one', 'other'], interrupted: false })
    expect(result.steps).toBeGreaterThan(6 * 500)
    const again = await compareSides(cells, [side('a'), side('b')], { seed: 'same', runs: 6 })
    expect(again.traces).toBe(result.traces)
    const others = await compareSides(cells, [side('a'), side('b')], { seed: 'different', runs: 6 })
    expect(others.traces).not.toBe(result.traces)
  })

  it('names the first step that differs, with what each side says of it', async () => {
    const STEP = 45
    let traced = 0
    const wrong = side('wrong', (one) => {
      if (traced++ !== 3) return one
      return { ...one, hashes: one.hashes.map((hash, step) => (step < STEP ? hash : hash + 1)) }
    })
    const { verdict, runs, first } = await compareSides(cells, [side('right'), wrong], { seed: 'apart', runs: 6 })
    expect({ verdict, runs }).toEqual({ verdict: 'differs', runs: 3 })
    expect(first).toMatchObject({ scenario: 'slice', mode: 'off', seed: 'apart-1', token: 'mr1.slice.off.apart-1', step: STEP })
    const [right, other] = first?.sides ?? []
    expect(right?.steps).toHaveLength(4)
    expect(right?.steps).toEqual(other?.steps)
    // The steps that are told are those of the run: their hashes are its hashes.
    const [whole] = traceRuns(new CellRunner(cells), [{ cell: 1, seed: 'apart-1' }])
    expect(right?.steps.map(({ hash }) => Number.parseInt(hash.slice(8), 16))).toEqual([...(whole?.hashes.slice(STEP - 3, STEP + 1) ?? [])])
    expect(right?.steps.flatMap(({ draws }) => draws).join()).toMatch(/(link|choose)\/.*#\d+ = \d+ of \d+/)
  })

  it('ends when it is ended', async () => {
    const controller = new AbortController()
    const options = { seed: 's', runs: 10_000, signal: controller.signal, onProgress: () => controller.abort() }
    expect(await compareSides(cells, [side('one'), side('other')], options)).toMatchObject({ runs: 50, interrupted: true })
  })
})

describe('the first difference', () => {
  it('is none between equal traces', () => {
    expect(firstDifference([trace(1, 2, 3), trace(1, 2, 3), trace(1, 2, 3)])).toBeUndefined()
  })
  it('is the first of any side, and where a shorter one ends', () => {
    expect(firstDifference([trace(1, 2, 3), trace(1, 2, 4), trace(1, 9, 3)])).toBe(1)
    expect(firstDifference([trace(1, 2, 3), trace(1, 2)])).toBe(2)
    expect(firstDifference([trace(1, 2, 3), undefined])).toBe(0)
  })
  it('is the last step when only the upper half of the hash differs', () => {
    expect(firstDifference([trace(1, 2), { ...trace(1, 2), traceHash: 'f' }])).toBe(1)
  })
})
