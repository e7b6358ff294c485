import { describe, expect, it } from 'vitest'
import { atTime, counted, grouped, percent } from './numbers.js'
import { textTable } from './text-table.js'

describe('tables', () => {
  it('are as wide as their widest cell, and end in no blanks', () => {
    const columns = [{ heading: 'name' }, { heading: 'n', align: 'right' as const }, { heading: 'note' }]
    expect(textTable(columns, [['a', '1,000', ''], ['longer', '7', 'x'], ['b']])).toEqual([
      'name        n  note',
      'a       1,000',
      'longer      7  x',
      'b',
    ])
  })

  it('are painted without becoming wider', () => {
    const cell = { text: 'ok', painted: (text: string) => `<${text}>` }
    expect(textTable([{ heading: 'verdict' }, { heading: 'x' }], [[cell, 'y']])).toEqual(['verdict  x', '<ok>       y'])
  })
})

describe('numbers', () => {
  it.each([
    [grouped(0), '0'],
    [grouped(999), '999'],
    [grouped(1234567), '1,234,567'],
    [atTime(1_203_004), '1.203004 s'],
    [percent(0.015), '1.5 %'],
    [percent(1), '100 %'],
    [percent(2713 / 2714), '99.963 %'],
    [percent(0.999), '99.9 %'],
    [counted(1, 'run'), '1 run'],
    [counted(2000, 'run'), '2,000 runs'],
  ])('%s', (shown, expected) => {
    expect(shown).toBe(expected)
  })
})
