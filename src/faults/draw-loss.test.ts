import { describe, expect, it } from 'vitest'
import { Stream } from '../world/index.js'
import { FOR_GOOD_US } from './draw-beyond-budget.js'
import { drawLoss } from './draw-loss.js'

const drawn = (expendable?: readonly string[]) =>
  Array.from({ length: 400 }, (_, seed) =>
    drawLoss(new Stream(`seed-${String(seed)}`, 'loss'), { endUs: 1000, ...(expendable && { expendable }) }),
  )

describe('the loss of a host', () => {
  it('strikes about every eighth run: one TaskManager dies for good', () => {
    const lost = drawn(['TaskManager-0', 'TaskManager-1']).filter(({ length }) => length > 0)
    expect(lost.length).toBeGreaterThan(25)
    expect(lost.length).toBeLessThan(85)
    expect(new Set(lost.flat().map((fault) => fault.kind === 'crash' && fault.process))).toEqual(
      new Set(['TaskManager-0', 'TaskManager-1']),
    )
    for (const [fault] of lost) expect(fault).toMatchObject({ kind: 'crash', downUs: FOR_GOOD_US })
  })

  it('spares a job that needs all of them', () => {
    expect(drawn([]).flat()).toEqual([])
    expect(drawn().flat()).toEqual([])
  })
})
