import { expect, it } from 'vitest'
import { targetNamed } from '../../test/faults/fault-target.js'
import { LastingFaults } from './lasting-faults.js'
import { skew, slow } from './plan-builder.js'

const plan = [slow('A', { from: 100, until: 900, extraUs: 7 }), skew('A', { from: 200, byUs: 5 }), skew('A', { from: 600, byUs: -9 })]

function lasting(landed: string[]): LastingFaults {
  const target = targetNamed(['A', 'B'], (fault) => {
    landed.push(fault.kind)
  })
  return new LastingFaults(plan, target)
}

it('what lasts is felt from when it begins, lands once, and never begins within a time in which nothing strikes', () => {
  const landed: string[] = []
  const faults = lasting(landed)
  expect([0, 100, 899, 900].map((now) => faults.slowness({ from: 1, to: 0 }, now))).toEqual([0, 7, 7, 0])
  expect([100, 200, 700].map((now) => faults.aheadUs('A', now))).toEqual([0, 5, -4])
  expect([faults.slowness({ from: 1, to: 1 }, 500), faults.aheadUs('B', 500)]).toEqual([0, 0])
  expect(landed).toEqual(['slow', 'skew', 'skew'])

  const spared = lasting(landed)
  spared.spare(150, 600)
  expect([spared.slowness({ from: 0, to: 1 }, 500), spared.aheadUs('A', 500), spared.aheadUs('A', 700)]).toEqual([7, 0, -9])
})
