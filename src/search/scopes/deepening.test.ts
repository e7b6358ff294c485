import { describe, expect, it } from 'vitest'
import { scenarios, wordCount } from '../../../scenarios/index.js'
import type { Scenario } from '../scenario.js'
import { checkScopes } from './check-scopes.js'
import { includesScope, scopesUpTo } from './deepening.js'
import type { ReductionName } from './reductions.js'
import { formatScope, parseScope, scopeOf } from './scope.js'

const FILES: Scenario = scenarios.find(({ name }) => name === 'file-to-file') ?? wordCount
const reductions: readonly ReductionName[] = ['systems', 'inline-state', 'mails', 'credits']

describe('scopes up to one', () => {
  it('grow by one thing each, faults first', () => {
    expect(scopesUpTo(parseScope('sources=2,checkpoints=2,crashes=1')).map(formatScope)).toEqual([
      'sources=1,records=1,checkpoints=1,crashes=0',
      'sources=1,records=1,checkpoints=1,crashes=1',
      'sources=1,records=1,checkpoints=2,crashes=1',
      'sources=2,records=1,checkpoints=2,crashes=1',
    ])
    expect(scopesUpTo(scopeOf())).toEqual([scopeOf()])
  })

  it('include each other', () => {
    expect(includesScope(parseScope('crashes=1'), scopeOf())).toBe(true)
    expect(includesScope(scopeOf(), parseScope('crashes=1'))).toBe(false)
  })
})

describe('several scopes', { timeout: 120_000 }, () => {
  it('are checked until one is too large, and those that include it are left', () => {
    const scopes = ['records=1', 'checkpoints=2', 'checkpoints=2,records=2', 'records=2'].map(parseScope)
    const { verdict, checked, left } = checkScopes({ scenario: FILES, mode: 'aligned', reductions }, scopes, { states: 1500 })
    expect(verdict).toBe('incomplete')
    expect(checked.map(({ scope, exhausted }) => [formatScope(scope), exhausted])).toEqual([
      [formatScope(scopeOf()), true],
      ['sources=1,records=1,checkpoints=2,crashes=0', false],
      ['sources=1,records=2,checkpoints=1,crashes=0', true],
    ])
    expect(left).toEqual([parseScope('checkpoints=2,records=2')])
  })

  it('have the outputs with faults that they have without', () => {
    const [checked] = checkScopes({ scenario: FILES, mode: 'aligned', reductions: [...reductions, 'rpcs'] }, [
      parseScope('crashes=1'),
    ]).checked
    expect(checked).toMatchObject({ exhausted: true, transparent: true, outputs: ['Sink: Writer finished-files 1352817840229638: W0'] })
  })

  it('end when they are interrupted', () => {
    const interruption = new AbortController()
    const { verdict, checked, left, interrupted } = checkScopes(
      { scenario: FILES, mode: 'aligned', reductions },
      ['expiries=1,losses=1', 'records=2'].map(parseScope),
      { signal: interruption.signal },
      () => {
        interruption.abort()
      },
    )
    expect([verdict, interrupted]).toEqual(['incomplete', true])
    expect(checked).toMatchObject([{ verdict: 'incomplete', exhausted: false, scope: { losses: 1 } }])
    expect(checked[0]?.because[0]).toBe('not all states were seen: interrupted')
    expect(left).toEqual([parseScope('records=2')])
  })
})
