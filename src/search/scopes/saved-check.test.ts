import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { scenarios, wordCount } from '../../../scenarios/index.js'
import { checkScope } from './check-scope.js'
import type { Saving } from './saved-check.js'
import { scopeOf } from './scope.js'
import type { ScopedCheck } from './scope-exploration.js'

const check: ScopedCheck = {
  scenario: scenarios.find(({ name }) => name === 'kafka-to-kafka-exactly-once') ?? wordCount,
  mode: 'aligned',
  scope: scopeOf({ checkpoints: 2 }),
  reductions: ['systems', 'inline-state', 'mails', 'credits'],
}

describe('a saved check', () => {
  let saving: Saving
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'saved-check-'))
    saving = { path: join(folder, 'check'), everySeconds: 0, version: '1' }
  })
  afterEach(() => {
    rmSync(folder, { recursive: true })
  })

  it('goes on to the same end, and leaves no file then', () => {
    const { seconds: _s, hitRate: _h, peakMemoryBytes: _p, visitedBytes: _v, ...whole } = checkScope(check)
    expect(whole).toMatchObject({ verdict: 'holds', exhausted: true })
    expect(checkScope(check, { saving, states: 3_000 })).toMatchObject({ verdict: 'incomplete', exhausted: false })
    expect(existsSync(saving.path)).toBe(true)
    expect(checkScope(check, { saving })).toMatchObject(whole)
    expect(existsSync(saving.path)).toBe(false)
  })

  it('is not taken for another check, nor for one by another version', () => {
    checkScope(check, { saving, states: 3_000 })
    expect(() => checkScope({ ...check, mode: 'at-least-once' }, { saving })).toThrow('saved by another check')
    expect(() => checkScope(check, { saving: { ...saving, version: '2' } })).toThrow('saved by another check')
  })

  it('is refused when it is something else, or cut short', () => {
    writeFileSync(saving.path, 'something else')
    expect(() => checkScope(check, { saving })).toThrow('no saved check, or one that was cut short')
  })
})
