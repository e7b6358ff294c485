import { describe, expect, it } from 'vitest'
import { InputError } from '../../flink/input-error.js'
import { faultsOf, formatScope, parseScope, SCOPE_KEYS, scopeOf } from './scope.js'

describe('a scope', () => {
  it('is read from what is given, and is as small as can be in the rest', () => {
    expect(parseScope('sources=2,records=1,checkpoints=2,crashes=1')).toEqual(scopeOf({ sources: 2, checkpoints: 2, crashes: 1 }))
    expect(parseScope(' crashes = 1 ')).toMatchObject({ sources: 1, records: 1, checkpoints: 1, crashes: 1, jobManagerCrashes: 0 })
  })

  it('is written as it is read', () => {
    const scope = scopeOf({ sources: 2, subtasks: 2, losses: 1 })
    expect(formatScope(scope)).toBe('sources=2,subtasks=2,records=1,checkpoints=1,crashes=0,losses=1')
    expect(parseScope(formatScope(scope))).toEqual(scope)
    expect(Object.keys(scope)).toEqual(SCOPE_KEYS)
  })

  it('counts what may go wrong', () => {
    expect(faultsOf(scopeOf())).toBe(0)
    expect(faultsOf(scopeOf({ crashes: 2, outcomes: 1, expiries: 1 }))).toBe(3)
  })

  it('is refused with the place and the remedy', () => {
    const refused = (text: string): string => {
      try {
        parseScope(text)
      } catch (error) {
        if (error instanceof InputError) return error.message
      }
      return 'accepted'
    }
    expect(refused('crash=1')).toMatch(/^scope crash: unknown key \(did you mean crashes\?\); allowed: sources, subtasks/)
    expect(refused('sources=0')).toBe('scope sources=0: not a usable number; allowed: a whole number from 1 to 9')
    expect(refused('crashes=-1')).toBe('scope crashes=-1: not a usable number; allowed: a whole number from 0 to 9')
    expect(refused('records=100')).toMatch(/from 1 to 9$/)
    expect(refused('records=')).toMatch(/not a usable number/)
    expect(refused('records')).toMatch(/^scope records: 'records' is no key with a number/)
    expect(refused('')).toMatch(/is no key with a number/)
    expect(refused('records=1,records=2')).toBe('scope records: given twice; allowed: one value')
  })
})
