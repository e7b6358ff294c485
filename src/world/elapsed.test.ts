import { describe, expect, it } from 'vitest'
import { hasElapsed, NOTHING_ELAPSED, presentInstant, withElapsed } from './elapsed.js'

describe('what has elapsed', () => {
  const once = withElapsed(NOTHING_ELAPSED, 3, 100, 'wait')

  it('stays so, and with it shorter times and older instants', () => {
    expect(hasElapsed(NOTHING_ELAPSED, 0, 1, 'wait')).toBe(false)
    for (const [since, us] of [
      [3, 100],
      [3, 99],
      [0, 100],
    ] as const)
      expect(hasElapsed(once, since, us, 'wait')).toBe(true)
  })

  it('says nothing of longer times, newer instants and other labels', () => {
    expect(hasElapsed(once, 3, 101, 'wait')).toBe(false)
    expect(hasElapsed(once, 4, 100, 'wait')).toBe(false)
    expect(hasElapsed(once, 3, 100, 'other')).toBe(false)
  })

  it('is kept sorted, without what follows from the rest', () => {
    const long = withElapsed(once, 3, 200, 'wait')
    expect(long).toEqual([{ label: 'wait', us: 200, since: 3 }])
    const newer = withElapsed(long, 5, 50, 'wait')
    expect(withElapsed(newer, 1, 7, 'early')).toEqual([
      { label: 'early', us: 7, since: 1 },
      { label: 'wait', us: 50, since: 5 },
      { label: 'wait', us: 200, since: 3 },
    ])
    expect(withElapsed(withElapsed(NOTHING_ELAPSED, 5, 50, 'wait'), 3, 200, 'wait')).toEqual(newer)
    expect(once).toEqual([{ label: 'wait', us: 100, since: 3 }])
  })

  it('lies before the present', () => {
    expect(presentInstant(NOTHING_ELAPSED)).toBe(0)
    expect(presentInstant(withElapsed(once, 1, 5, 'wait'))).toBe(4)
  })
})
