/** The number of states of each scenario at two scopes: a change of the engine that adds or loses behaviour is seen here. */
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../../scenarios/index.js'
import { checkScope } from './check-scope.js'
import type { ReductionName } from './reductions.js'
import { parseScope } from './scope.js'

const REDUCED: readonly ReductionName[] = ['systems', 'inline-state', 'mails', 'credits']

const PINNED: readonly (readonly [scenario: string, scope: string, distinct: number])[] = [
  ['word-count', 'records=1', 5151],
  ['word-count', 'records=2', 6102],
  ['count-to-append', 'records=1', 4470],
  ['count-to-append', 'records=2', 5391],
  ['windowed-join', 'records=1', 89_956],
  ['session-windows', 'records=1', 721],
  ['session-windows', 'checkpoints=2', 6425],
  ['kafka-to-kafka-exactly-once', 'records=1', 541],
  ['kafka-to-kafka-exactly-once', 'checkpoints=2', 4291],
  ['kafka-to-kafka-at-least-once', 'records=1', 534],
  ['kafka-to-kafka-at-least-once', 'checkpoints=2', 4111],
  ['kafka-to-kafka-none', 'records=1', 534],
  ['kafka-to-kafka-none', 'checkpoints=2', 4312],
  ['kafka-transaction-timeout', 'records=1', 541],
  ['kafka-transaction-timeout', 'checkpoints=2', 4265],
  ['file-to-file', 'records=1', 445],
  ['file-to-file', 'checkpoints=2', 3621],
  // A message may be lost, and a checkpoint may expire: the job waits for the next one and finishes.
  ['file-to-file', 'losses=1', 15_532],
  ['file-to-file', 'expiries=1', 16_331],
  ['imported-plan', 'records=1', 454],
  ['imported-plan', 'checkpoints=2', 3498],
]

describe('pinned scopes, aligned', { timeout: 120_000 }, () => {
  it.each(PINNED)('%s, %s: %i states, and it holds', (name, scope, distinct) => {
    const scenario = scenarios.find((each) => each.name === name)
    if (scenario === undefined) throw new Error(`no scenario ${name}`)
    const checked = checkScope({ scenario, mode: 'aligned', scope: parseScope(scope), reductions: REDUCED })
    expect(checked).toMatchObject({ verdict: 'holds', exhausted: true, distinct })
  })
})
