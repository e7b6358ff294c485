import { describe, expect, it } from 'vitest'
import { TimedDriver, World, type Behavior, type Context } from '../../world/index.js'
import type { RestartConfiguration } from '../configuration.js'
import { delayAfterFailure, openRestartStrategy } from './restart-strategy.js'

/** Delays granted to failures at these times, µs. */
function delays(strategy: RestartConfiguration, failuresAt: readonly number[]): (number | undefined)[] {
  const granted: (number | undefined)[] = []
  const state = openRestartStrategy()
  const failing: Behavior<null, null, { readonly kind: 'timer'; readonly name: string }> = {
    kind: 'failing',
    start(_durable, context: Context) {
      for (const at of failuresAt) context.timer(String(at), at)
      return null
    },
    receive(_state, _message, context) {
      granted.push(delayAfterFailure(strategy, state, context))
    },
    digest: () => 0,
  }
  const driver = new TimedDriver({ seed: 'restart', latency: () => ({ minUs: 0, maxUs: 0 }) })
  const world = new World({ driver })
  const process = world.process('p')
  world.add(process, failing, 'failing', null)
  world.start(process)
  while (driver.next(world));
  return granted
}

describe('restart strategies', () => {
  it('none never restarts', () => {
    expect(delays({ type: 'none' }, [1])).toEqual([undefined])
  })

  it('fixed delay restarts as often as it may', () => {
    expect(delays({ type: 'fixed-delay', attempts: 2, delayUs: 50 }, [1, 2, 3])).toEqual([50, 50, undefined])
  })

  it('failure rate gives up when too many failures lie within the interval, and only then', () => {
    const strategy = { type: 'failure-rate', maxFailures: 2, intervalUs: 100, delayUs: 5 } as const
    expect(delays(strategy, [10, 20, 30])).toEqual([5, 5, undefined])
    expect(delays(strategy, [10, 20, 130])).toEqual([5, 5, 5])
    expect(delays(strategy, [10, 120, 130, 140])).toEqual([5, 5, 5, undefined])
  })

  it('exponential delay grows up to its maximum, and starts again after a quiet time', () => {
    const strategy = {
      type: 'exponential-delay',
      initialBackoffUs: 100,
      maxBackoffUs: 300,
      multiplierPercent: 200,
      resetThresholdUs: 10_000,
      jitterPercent: 0,
      attempts: 2147483647,
    } as const
    expect(delays(strategy, [10, 20, 30, 40, 20_000])).toEqual([100, 200, 300, 300, 100])
    // The quiet time begins with the planned restart.
    expect(delays(strategy, [10, 10_109])).toEqual([100, 200])
    expect(delays(strategy, [10, 10_110])).toEqual([100, 100])
  })

  it('exponential delay stays within its jitter and bounds', () => {
    const strategy = {
      type: 'exponential-delay',
      initialBackoffUs: 1000,
      maxBackoffUs: 4000,
      multiplierPercent: 150,
      resetThresholdUs: 1_000_000,
      jitterPercent: 10,
      attempts: 3,
    } as const
    const [first, second, third, fourth] = delays(strategy, [1, 2, 3, 4])
    expect(first).toBeGreaterThanOrEqual(1000)
    expect(first).toBeLessThanOrEqual(1100)
    expect(second).toBeGreaterThanOrEqual(1350)
    expect(second).toBeLessThanOrEqual(1650)
    expect(third).toBeGreaterThanOrEqual(2025)
    expect(fourth).toBeUndefined()
  })
})
