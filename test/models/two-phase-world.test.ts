import { describe, expect, it } from 'vitest'
import { exploreWorld } from '../../src/check/index.js'
import { twoPhaseWorld } from './two-phase-world.js'

describe('two-phase commit as a world of actors', () => {
  // States and depth as TLC counts them; it counts a step that changes nothing, which a world does not take.
  it.each([
    [3, 288, 11],
    [5, 8_832, 17],
    [6, 50_816, 20],
  ])('has the states of the specification for %i resource managers', (managers, distinct, depth) => {
    const result = exploreWorld(twoPhaseWorld(managers))
    expect(result).toMatchObject({ distinct, exhausted: true })
    expect(result.depth + 1).toBe(depth)
  })
})
