import { describe, expect, it } from 'vitest'
import { kafkaTransactionTimeout, scenarios } from '../../../scenarios/index.js'
import type { ExponentialDelayRestart } from '../../engine/index.js'
import { TimedDriver, World } from '../../world/index.js'
import type { Scenario } from '../scenario.js'
import { scopedSetUp, type ScopedSetUp } from './scoped-set-up.js'
import { scopeOf, type Scope } from './scope.js'

function scoped(scenario: Scenario, scope: Partial<Scope>, inlineState = false): ScopedSetUp {
  const world = new World({ driver: new TimedDriver({ seed: 'x', latency: () => ({ minUs: 1, maxUs: 1 }) }) })
  return scopedSetUp(scenario.setUp(world, 'aligned'), scopeOf(scope), { inlineState })
}

const EXPONENTIAL = {
  type: 'exponential-delay',
  initialBackoffUs: 1_000_000,
  maxBackoffUs: 60_000_000,
  multiplierPercent: 150,
  resetThresholdUs: 3_600_000_000,
  jitterPercent: 0,
  attempts: 2_147_483_647,
} as const

function withRestart(scenario: Scenario, restart: ExponentialDelayRestart): ScopedSetUp {
  const changed: Scenario = {
    ...scenario,
    setUp: (world, mode) => {
      const setUp = scenario.setUp(world, mode)
      const { graph } = setUp
      return { ...setUp, graph: { ...graph, configuration: { ...graph.configuration, restart } } }
    },
  }
  return scoped(changed, {})
}

function named(name: string): Scenario {
  return scenarios.find((scenario) => scenario.name === name) ?? kafkaTransactionTimeout
}

describe('a set-up within a scope', () => {
  it('has as many subtasks, splits, records and TaskManagers as the scope says', () => {
    const { setUp } = scoped(named('windowed-join'), { sources: 2, records: 3, taskManagers: 2 })
    const { graph, cluster, splits } = setUp
    expect(graph.vertices.map(({ name, parallelism }) => [name, parallelism])).toEqual([
      [expect.stringContaining('Source: Orders'), 2],
      [expect.stringContaining('Source: Payments'), 2],
      [expect.stringContaining('Sink'), 1],
    ])
    expect(cluster).toEqual({ taskManagers: 2, slots: 1 })
    expect(splits.map(({ split, records, size }) => [split, records, size])).toEqual([
      ['orders-0', 3, 50],
      ['orders-1', 3, 50],
      ['payments-0', 3, 50],
      ['payments-1', 3, 50],
    ])
    const one = scoped(named('windowed-join'), {}).setUp
    expect(one.splits.map(({ split }) => split)).toEqual(['orders-0', 'payments-0'])
    expect(one.graph.vertices[0]?.operators[0]?.splits).toEqual(['orders-0'])
  })

  it('says what it switches off', () => {
    const { setUp, switchedOff } = scoped(named('windowed-join'), {}, true)
    expect(setUp.graph.configuration).toMatchObject({ highAvailability: false, maxParallelism: 1, network: { buffersPerChannel: 1 } })
    expect(switchedOff).toContain('high availability: the JobManager does not crash')
    expect(switchedOff).toContain('uploads of state: all of it travels inside the acknowledgement')
    const other = scoped(named('windowed-join'), { jobManagerCrashes: 1 })
    expect(other.setUp.graph.configuration).toMatchObject({ highAvailability: true, checkpointing: { inlineThresholdBytes: 500 } })
    expect(other.switchedOff.join()).not.toMatch(/high availability|uploads/)
    // Each of its many delays would be a state of its own.
    const unlucky = withRestart(named('windowed-join'), { ...EXPONENTIAL, jitterPercent: 10 })
    expect(unlucky.setUp.graph.configuration.restart).toEqual({ ...EXPONENTIAL, jitterPercent: 0 })
    expect(unlucky.switchedOff).toContain('the jitter of restart delays: a restart may come at any time anyway')
    expect(withRestart(named('windowed-join'), EXPONENTIAL).switchedOff.join()).not.toMatch(/jitter/)
  })

  it('is refused where the scenario has less than the scope asks for', () => {
    const join = named('windowed-join')
    expect(() => scoped(join, { sources: 3 })).toThrow(/^scope sources=3: 'Source: Orders.*' has 2; allowed: up to 2$/)
    expect(() => scoped(join, { subtasks: 3 })).toThrow(/^scope subtasks=3: .* has 2; allowed: up to 2$/)
  })
})
