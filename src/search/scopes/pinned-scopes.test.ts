/** The number of states of each scenario at two scopes: a change of the engine that adds or loses behaviour is seen here. */
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../../scenarios/index.js'
import { checkScope } from './check-scope.js'
import type { ReductionName } from './reductions.js'
import { parseScope } from './scope.js'

const REDUCED: readonly ReductionName[] = ['systems', 'inline-state', 'mails', 'credits']

const PINNED: readonly (readonly [scenario: string, scope: string, distinct: number])[] = [
  ['word-count', 'records=1', 5078],
  ['word-count', 'records=2', 6029],
  ['count-to-append', 'records=1', 4410],
  ['count-to-append', 'records=2', 5331],
  ['windowed-join', 'records=1', 89_984],
  ['windowed-join', 'records=2', 235_325],
  ['session-windows', 'records=1', 719],
  ['session-windows', 'checkpoints=2', 6431],
  ['kafka-to-kafka-exactly-once', 'records=1', 540],
  ['kafka-to-kafka-exactly-once', 'checkpoints=2', 4294],
  ['kafka-to-kafka-at-least-once', 'records=1', 533],
  ['kafka-to-kafka-at-least-once', 'checkpoints=2', 4110],
  ['kafka-to-kafka-none', 'records=1', 533],
  ['kafka-to-kafka-none', 'checkpoints=2', 4311],
  ['kafka-transaction-timeout', 'records=1', 540],
  ['kafka-transaction-timeout', 'checkpoints=2', 4264],
  ['file-to-file', 'records=1', 444],
  ['file-to-file', 'checkpoints=2', 3625],
  // A message may be lost, and a checkpoint may expire: the job waits for the next one and finishes.
  ['file-to-file', 'losses=1', 15_671],
  ['file-to-file', 'expiries=1', 16_346],
  ['imported-plan', 'records=1', 453],
  ['imported-plan', 'checkpoints=2', 3501],
]

/** Too large for tests without `rpcs`, beside which nothing holds. */
const HUNTED: typeof PINNED = [
  ['broadcast-rules', 'records=1', 16_741],
  ['broadcast-rules', 'records=2', 57_334],
  // A source declines a checkpoint because it has just finished; the other one still waits for one.
  ['windowed-join', 'checkpoints=2', 184_001],
]

describe('pinned scopes, aligned', { timeout: 120_000 }, () => {
  it.each(PINNED)('%s, %s: %i states, and it holds', (name, scope, distinct) => {
    const scenario = scenarios.find((each) => each.name === name)
    if (scenario === undefined) throw new Error(`no scenario ${name}`)
    const checked = checkScope({ scenario, mode: 'aligned', scope: parseScope(scope), reductions: REDUCED })
    expect(checked).toMatchObject({ verdict: 'holds', exhausted: true, distinct })
  })

  it.each(HUNTED)('%s, %s: %i states with rpcs, and nothing is found', (name, scope, distinct) => {
    const scenario = scenarios.find((each) => each.name === name)
    if (scenario === undefined) throw new Error(`no scenario ${name}`)
    const checked = checkScope({ scenario, mode: 'aligned', scope: parseScope(scope), reductions: [...REDUCED, 'rpcs'] })
    const because = ['rpcs is a bug hunt: it leaves out what may matter']
    expect(checked).toMatchObject({ verdict: 'incomplete', because, exhausted: true, distinct })
  })

  it('are two or more for each scenario', () => {
    const counted = scenarios.map(({ name }) => [name, [...PINNED, ...HUNTED].filter(([pinned]) => pinned === name).length])
    expect(counted.filter(([, count]) => Number(count) < 2)).toEqual([])
  })
})
