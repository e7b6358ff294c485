import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import { changed, without } from './hand-made-changes.js'
import { events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'

const within: HistoryHeader = {
  ...SMALL_JOB,
  configuration: { 'restart-strategy.type': 'fixed-delay', 'restart-strategy.fixed-delay.attempts': '1' },
}
const beyond: HistoryHeader = { ...within, discipline: 'beyond-budget' }

const isEnd = (fact: HistoryFact): boolean => fact.kind === 'job-status' && fact.status === 'FINISHED'
const isVisible = (fact: HistoryFact): boolean => fact.kind === 'visible'
const failed = changed(goodRun(), (fact) => (isEnd(fact) ? { kind: 'job-status', status: 'FAILED', job: 'j1' } : undefined))
const verdictOf = (header: HistoryHeader, facts: readonly HistoryFact[]) => judge(header, events(facts)).verdict

describe('a job beyond the budget', () => {
  it('may fail, or never end, and has lost nothing then', () => {
    const lost = without(failed, isVisible)
    expect(verdictOf(beyond, failed)).toBe('holds')
    expect(verdictOf(beyond, lost)).toBe('holds')
    expect(verdictOf(beyond, without(goodRun(), isEnd))).toBe('holds')
    expect(
      verdictOf(
        beyond,
        without(lost, (fact) => fact.kind === 'job-status' && fact.status === 'FAILED'),
      ),
    ).toBe('holds')
  })

  it('has lost what is missing when it has finished', () => {
    expect(verdictOf(beyond, goodRun())).toBe('holds')
    expect(verdictOf(beyond, without(goodRun(), isVisible))).toBe('violated')
  })

  it('gives no wrong answer: what comes out twice is not excused by restarts that are used up', () => {
    const twice = [...failed, ...failed.filter(isVisible).slice(0, 1)]
    const found = judge(beyond, events(twice))
    expect(found.verdict).toBe('violated')
    expect(found.preconditionsBroken).toEqual([])
    expect(judge(within, events(twice)).preconditionsBroken.map(({ name }) => name)).toEqual(['restart-budget-exceeded'])
    expect(verdictOf(within, twice)).toBe('holds')
  })
})
