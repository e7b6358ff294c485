/** The number of states of each scenario at two scopes: a change of the engine that adds or loses behaviour is seen here. */
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../../scenarios/index.js'
import { checkScope } from './check-scope.js'
import type { ReductionName } from './reductions.js'
import { parseScope } from './scope.js'

const REDUCED: readonly ReductionName[] = ['systems', 'inline-state', 'mails', 'credits']

const PINNED: readonly (readonly [scenario: string, scope: string, distinct: number])[] = [
  ['kafka-to-kafka-exactly-once', 'records=1', 1283],
  ['kafka-to-kafka-exactly-once', 'checkpoints=2', 16_951],
  ['word-count', 'records=1', 5335],
  ['count-to-append', 'records=1', 4630],
  ['session-windows', 'records=1', 773],
  ['session-windows', 'checkpoints=2', 7049],
  ['file-to-file', 'records=1', 453],
  ['file-to-file', 'checkpoints=2', 3708],
  // A message may be lost, and a checkpoint may expire: the job waits for the next one and finishes.
  ['file-to-file', 'losses=1', 16_325],
  ['file-to-file', 'expiries=1', 16_552],
]

describe('pinned scopes, aligned', { timeout: 120_000 }, () => {
  it.each(PINNED)('%s, %s: %i states, and it holds', (name, scope, distinct) => {
    const scenario = scenarios.find((each) => each.name === name)
    if (scenario === undefined) throw new Error(`no scenario ${name}`)
    const checked = checkScope({ scenario, mode: 'aligned', scope: parseScope(scope), reductions: REDUCED })
    expect(checked).toMatchObject({ verdict: 'holds', exhausted: true, distinct })
  })
})
