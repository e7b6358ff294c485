import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { repartition, type ListMeta, type ListSlice } from './operator-state-repartitioner.js'

function list(mode: ListMeta['mode'], entries: number, name = 'l'): ListMeta {
  return { name, mode, entries }
}

/** Entries as `<former subtask>.<index>`, by new subtask. */
function dealt(assigned: readonly (readonly ListSlice[])[], name = 'l'): string[][] {
  return assigned.map((slices) =>
    slices
      .filter((slice) => slice.name === name)
      .flatMap(({ from, start, end }) => Array.from({ length: end - start }, (_, at) => `${String(from)}.${String(start + at)}`)),
  )
}

describe('split state', () => {
  it('is dealt in runs, in the order of the former subtasks', () => {
    const old = [[list('SPLIT', 3)], [list('SPLIT', 2)]]
    expect(dealt(repartition(old, 3))).toEqual([['0.0', '0.1'], ['0.2', '1.0'], ['1.1']])
    expect(dealt(repartition(old, 1))).toEqual([['0.0', '0.1', '0.2', '1.0', '1.1']])
    expect(dealt(repartition(old, 7))).toEqual([['0.0'], ['0.1'], ['0.2'], ['1.0'], ['1.1'], [], []])
  })

  it('gives the odd entries of the next name to whose turn it is', () => {
    const old = [[list('SPLIT', 1, 'a'), list('SPLIT', 1, 'b')], [list('SPLIT', 1, 'a'), list('SPLIT', 1, 'b')], [list('SPLIT', 2, 'b')]]
    const assigned = repartition(old, 3)
    expect(dealt(assigned, 'a')).toEqual([['0.0'], ['1.0'], []])
    // Four entries, beginning with the third subtask, which also gets the odd one.
    expect(dealt(assigned, 'b')).toEqual([['2.0'], ['2.1'], ['0.0', '1.0']])
  })

  it('is neither lost nor given twice, and dealt as evenly as can be', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 6 }), (entries, parallelism) => {
        const old = entries.map((count) => [list('SPLIT', count)])
        const assigned = dealt(repartition(old, parallelism))
        const all = entries.flatMap((count, from) => Array.from({ length: count }, (_, at) => `${String(from)}.${String(at)}`))
        expect(assigned.flat().sort()).toEqual(all.sort())
        const shares = assigned.map(({ length }) => length)
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
      }),
    )
  })
})

describe('union state', () => {
  it('is given to everyone in full', () => {
    const all = ['0.0', '1.0', '1.1']
    expect(dealt(repartition([[list('UNION', 1)], [list('UNION', 2)]], 3))).toEqual([all, all, all])
  })
})

describe('broadcast state', () => {
  it('is given to everyone in one of its copies', () => {
    const copies = [[list('BROADCAST', 1)], [list('BROADCAST', 1)]]
    expect(dealt(repartition(copies, 3))).toEqual([['0.0'], ['1.0'], ['0.0']])
    expect(dealt(repartition(copies, 1))).toEqual([['0.0']])
  })
})
