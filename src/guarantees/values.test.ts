import { describe, expect, it } from 'vitest'
import type { HistoryFact, SnapshotContent } from '../history/index.js'
import { changed, type Tamper } from './hand-made-changes.js'
import { at, foundBy, goodRun, SMALL_JOB } from './hand-made-history.js'
import { brokenRules } from './protocol-cases.js'

/** Values under the keys of Count, as every content of it shows them. */
const VALUES: NonNullable<SnapshotContent['values']> = [
  ['a', 11],
  ['b', 12],
]

/** The good run, where Count keeps values beside its counts and records are more than key and count. */
function withValues(facts: readonly HistoryFact[]): HistoryFact[] {
  return changed(facts, (fact) => {
    if (fact.kind === 'sink-write' || fact.kind === 'visible') return { ...fact, digest: Number(String(fact.id).slice(2)) }
    return 'content' in fact && fact.vertex === 'Count' && 'checkpoint' in fact
      ? { ...fact, content: { ...fact.content, values: VALUES.filter(([key]) => (key === 'a') === (fact.subtask === 0)) } }
      : undefined
  })
}

/** Changes the values in all contents of a kind. */
const contents =
  (kind: HistoryFact['kind'], values: NonNullable<SnapshotContent['values']>): Tamper =>
  (facts) =>
    changed(facts, (fact) =>
      fact.kind === kind && 'content' in fact && fact.content?.values !== undefined && fact.subtask === 1
        ? { ...fact, content: { ...fact.content, values } }
        : undefined,
    )

/** Without the values there are none. */
const unshown: Tamper = (facts) =>
  changed(facts, (fact) => {
    if (fact.kind !== 'restore' || fact.content?.values === undefined) return undefined
    const { values: _values, ...rest } = fact.content
    return { ...fact, content: rest }
  })

const visible =
  (id: string, as: Partial<Extract<HistoryFact, { kind: 'visible' }>>): Tamper =>
  (facts) =>
    changed(facts, (fact) => (fact.kind === 'visible' && fact.id === id ? { ...fact, ...as } : undefined))

const rulesOf = (...tampers: Tamper[]): string[] =>
  brokenRules((facts) => tampers.reduce((before, tamper) => tamper(before), withValues(facts))).rules

describe('values', () => {
  it('of a run in which nothing is wrong break no rule', () => {
    expect(withValues(goodRun())).not.toEqual(goodRun())
    expect(rulesOf()).toEqual([])
  })

  it.each<[string, string[], Tamper]>([
    ['of a snapshot are those of the state when it was taken', ['snapshot-is-a-view'], contents('snapshot-taken', [['b', 13]])],
    ['of a snapshot are all there', ['snapshot-is-a-view'], contents('snapshot-taken', [...VALUES])],
    ['of a snapshot are no more than there were', ['snapshot-is-a-view'], contents('snapshot-taken', [])],
    ['are restored as they were stored', ['restored-as-stored'], contents('restore', [['b', 13]])],
    ['are restored where they belong', ['restored-as-stored'], contents('restore', [...VALUES])],
    ['are all restored', ['restored-as-stored'], unshown],
    ['are visible as they were written', ['output-content'], visible('0:4', { digest: 5 })],
  ])('%s', (_, rules, tamper) => {
    expect(rulesOf(tamper)).toEqual(rules)
  })

  it('of a record are those of the transaction in which it shows', () => {
    const again =
      (digest: number): Tamper =>
      (facts) =>
        facts.flatMap((fact) =>
          fact.kind === 'sink-write' && fact.id === '0:4'
            ? [
                { ...fact, digest },
                { ...fact, transaction: 'other' },
              ]
            : [fact],
        )
    expect(rulesOf(again(4))).not.toContain('output-content')
    expect(rulesOf(again(9))).toContain('output-content')
    // A writer that does not tell it may have written any.
    const untold: Tamper = (facts) =>
      changed(facts, (fact) => {
        if (fact.kind !== 'sink-write') return undefined
        const { transaction: _transaction, ...rest } = fact
        return rest
      })
    expect(rulesOf(again(9), untold)).not.toContain('output-content')
    // A reader that does not tell the transaction may have seen either.
    const unnamed: Tamper = (facts) =>
      changed(facts, (fact) => {
        if (fact.kind !== 'visible') return undefined
        const { transaction: _transaction, ...rest } = fact
        return rest
      })
    expect(rulesOf(again(9), unnamed)).not.toContain('output-content')
  })

  it('of a record whose writer names no transaction may be in any', () => {
    const unnamed: Tamper = (facts) =>
      changed(facts, (fact) => {
        if (fact.kind !== 'sink-write') return undefined
        const { transaction: _transaction, ...rest } = fact
        return rest
      })
    expect(rulesOf(unnamed)).not.toContain('output-content')
    expect(rulesOf(unnamed, visible('0:4', { digest: 5 }))).toContain('output-content')
  })

  it('of state that no record of this attempt is in are compared, too', () => {
    const snapshot = (kind: 'snapshot-taken' | 'snapshot-durable', digest: number): HistoryFact => ({
      kind,
      checkpoint: 1,
      content: { values: [['a', digest]] },
      ...at('Count', 0, 0),
    })
    const found = (stored: number) =>
      foundBy('snapshot-is-a-view', SMALL_JOB, [snapshot('snapshot-taken', 1), snapshot('snapshot-durable', stored)])
    expect(found(1)).toEqual([])
    expect(found(2)).toMatchObject([{ anomaly: 'inconsistent-cut', evidence: [1, 2] }])
  })

  it('that only one of the two tells are not compared', () => {
    const told =
      (kind: HistoryFact['kind']): Tamper =>
      (facts) =>
        changed(facts, (fact) => {
          if ((fact.kind !== 'sink-write' && fact.kind !== 'visible') || fact.kind === kind) return undefined
          const { digest: _digest, ...rest } = fact
          return rest
        })
    expect(rulesOf(told('sink-write'))).toEqual([])
    expect(rulesOf(told('visible'))).toEqual([])
  })
})
