import { expect, it } from 'vitest'
import { laneChart } from './lane-chart.js'

it('gives each actor a lane, marks who does what, and leaves out who does nothing', () => {
  const rows = [
    { timeUs: 1_500, lane: 'left', words: 'sends' },
    { timeUs: 12_000, lane: 'right', words: 'dies', struck: true },
  ]
  expect(laneChart(['left', 'idle', 'right'], rows)).toEqual([
    '    ms  left  right',
    ' 1.500   ●      │    sends',
    '12.000   │      ✗    dies',
  ])
})
