import { describe, expect, it } from 'vitest'
import { budgetsOf } from './scope-budgets.js'
import { parseScope } from './scope.js'

const TRIGGER = 'checkpoint-trigger'

describe('the budgets of a scope', () => {
  it('let the timer ask for as many checkpoints as there are, but for the one that the end of the data asks for', () => {
    expect(budgetsOf(parseScope('checkpoints=1'), 1).timers?.[TRIGGER]).toBe(0)
    expect(budgetsOf(parseScope('checkpoints=3'), 1).timers?.[TRIGGER]).toBe(2)
    expect(budgetsOf(parseScope('checkpoints=3,losses=2'), 1).timers?.[TRIGGER]).toBe(4)
  })

  it.each([
    ['checkpoints=2', 1, undefined],
    ['checkpoints=1,sources=2', 2, undefined],
    // One source may finish with an earlier checkpoint and decline the last one, for which another waits.
    ['checkpoints=2', 2, 2],
    ['checkpoints=2,sources=2', 1, 2],
    ['checkpoints=2,subtasks=2', 1, 2],
    ['checkpoints=1,crashes=1', 1, 2],
    ['checkpoints=1,losses=1', 1, 3],
  ] as const)('let it ask once more where the job waits for nothing else: %s with %i sources', (scope, sources, reserve) => {
    expect(budgetsOf(parseScope(scope), sources).reserves?.[TRIGGER]).toBe(reserve)
  })
})
