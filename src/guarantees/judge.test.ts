import { describe, expect, it } from 'vitest'
import { without } from './hand-made-changes.js'
import { events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'

describe('judge', () => {
  it('finds nothing wrong with a run that keeps every promise', () => {
    const verdict = judge(SMALL_JOB, events(goodRun()))
    expect(verdict.protocol).toEqual([])
    expect(verdict.claims.filter((claim) => claim.verdict !== 'holds')).toEqual([])
    expect(verdict.verdict).toBe('holds')
    expect(verdict.points.map((each) => each.strongest)).toEqual(['exactly-once', 'exactly-once'])
  })

  it('calls a promised claim violated and names the record', () => {
    const facts = without(goodRun(), (fact) => fact.kind === 'visible' && fact.id === '0:5')
    const verdict = judge(SMALL_JOB, events(facts))
    const claim = verdict.claims.find((each) => each.at === 'external-store' && each.guarantee === 'at-least-once')
    expect(verdict.verdict).toBe('violated')
    expect(claim?.anomalies).toEqual({ lost: 1 })
    expect(claim?.findings[0]?.records).toEqual(['0:5'])
  })

  it('reports an unpromised claim without counting it', () => {
    const facts = without(goodRun(), (fact) => fact.kind === 'visible' && fact.id === '0:5')
    const verdict = judge({ ...SMALL_JOB, promises: [] }, events(facts))
    expect(verdict.verdict).toBe('holds')
    expect(verdict.points.find((each) => each.at === 'external-store')?.strongest).toBe('at-most-once')
  })
})
