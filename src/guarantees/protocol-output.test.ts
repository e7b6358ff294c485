import { describe, expect, it } from 'vitest'
import type { HistoryFact } from '../history/index.js'
import { changed, insert, inserted, is, type Tamper, transactionsOf, without } from './hand-made-changes.js'
import { at, events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'
import { brokenRules, type ProtocolCase } from './protocol-cases.js'

/** Changes what the reader saw of one record. */
const seen =
  (id: string, as: Partial<Extract<HistoryFact, { kind: 'visible' }>>): Tamper =>
  (facts) =>
    changed(facts, (fact) => (fact.kind === 'visible' && fact.id === id ? { ...fact, ...as } : undefined))

/** The reader does not tell transactions. */
const unnamed: Tamper = (facts) =>
  changed(facts, (fact) => {
    if (fact.kind !== 'visible') return undefined
    const { transaction: _transaction, ...rest } = fact
    return rest
  })

/** The first transaction is never committed; its records are visible all the same. */
const uncommitted: Tamper = (facts) => {
  const { first } = transactionsOf(facts)
  return without(facts, (fact) => (fact.kind === 'commit' || fact.kind === 'commit-requested') && fact.transaction === first)
}

const preCommitted =
  (records: number): Tamper =>
  (facts) =>
    changed(facts, (fact) => (fact.kind === 'pre-commit' ? { ...fact, records } : undefined))

const isVisible =
  (id: string) =>
  (fact: HistoryFact): boolean =>
    fact.kind === 'visible' && fact.id === id

const OUTPUT: ProtocolCase[] = [
  ['a record shows another count', 'output-content', seen('0:4', { count: 7 }), isVisible('0:4')],
  ['a record shows another key', 'output-content', seen('0:4', { key: 'b' }), isVisible('0:4')],
  [
    'a record shows in the transaction of others',
    'visible-in-its-transaction',
    (facts) => seen('0:1', { transaction: transactionsOf(facts).last })(facts),
    isVisible('0:1'),
  ],
  ['a transaction that nobody committed is visible', 'visible-only-committed', uncommitted, is('pre-commit')],
  [
    'the same, where only the writer tells the transaction',
    'visible-only-committed',
    (facts) => unnamed(uncommitted(facts)),
    isVisible('0:1'),
  ],
  [
    'a transaction is visible before its commit',
    'visible-only-committed',
    (facts) => inserted(facts, is('pre-commit'), ...without(facts, (fact) => !isVisible('0:1')(fact))),
    isVisible('0:1'),
  ],
  [
    'a record shows in a transaction that was aborted',
    'visible-only-committed',
    (facts) => {
      const aborted = facts.find((fact) => fact.kind === 'abort')
      return seen('0:2', { transaction: aborted?.kind === 'abort' ? aborted.transaction : '' })(facts)
    },
    is('abort'),
  ],
  ['a pre-commit counts less than was written', 'pre-commit-counts', preCommitted(1), is('sink-write')],
  ['a pre-commit counts more than was written', 'pre-commit-counts', preCommitted(5), is('pre-commit')],
]

describe('rules of output', () => {
  it.each(OUTPUT)('%s: %s', (_name, rule, tamper, names) => {
    const { rules, named } = brokenRules(tamper)
    expect(rules).toContain(rule)
    expect(named.some(names)).toBe(true)
  })

  it('believe a reader that tells neither counts nor transactions', () => {
    const bare: Tamper = (facts) => changed(facts, (fact) => (fact.kind === 'visible' ? { ...bareOf(fact) } : undefined))
    expect(brokenRules(bare).rules).toEqual([])
    expect(brokenRules(unnamed).rules).toEqual([])
  })

  it('leave a commit open that was asked for and not answered, or answered unknown', () => {
    const { first } = transactionsOf(goodRun())
    const unanswered = without(goodRun(), (fact) => fact.kind === 'commit' && fact.transaction === first)
    expect(brokenRules(() => unanswered).rules).not.toContain('visible-only-committed')
    const refused: Tamper = (facts) =>
      changed(facts, (fact) => (fact.kind === 'commit' && fact.transaction === first ? { ...fact, result: 'failed-known' } : undefined))
    expect(brokenRules(refused).rules).toContain('visible-only-committed')
  })

  it('show transactions that are not committed yet to those who read uncommitted data', () => {
    const dirty: Tamper = (facts) => changed(uncommitted(facts), (fact) => (fact.kind === 'visible' ? { ...fact, at: 'log' } : undefined))
    expect(brokenRules(dirty).rules).not.toContain('visible-only-committed')
  })

  it('take the content of a write that was taken back for what its reader saw', () => {
    const again: HistoryFact = { kind: 'visible', vertex: 'Sink', at: 'log', id: '0:3', key: 'b', count: 2 }
    expect(brokenRules((facts) => [...facts, again]).rules).toEqual([])
    expect(brokenRules((facts) => [...facts, { ...again, count: 1 }]).rules).toEqual(['output-content'])
  })

  it('count what one attempt wrote into a transaction, not what another left in it', () => {
    expect(brokenRules(preCommitted(2)).rules).toEqual(['pre-commit-counts'])
    const { first } = transactionsOf(goodRun())
    const left: HistoryFact = { kind: 'sink-write', ...at('Sink', 0, 0), id: '0:0', key: 'a', count: 1, transaction: first }
    const facts = changed(goodRun(), (fact) =>
      fact.kind === 'pre-commit' && fact.transaction === first ? { ...fact, ...at('Sink', 0, 1), records: 2 } : undefined,
    )
    const findings = judge({ ...SMALL_JOB, origin: 'simulated' }, events(inserted(facts, is('pre-commit'), left))).protocol
    expect(findings.map((finding) => finding.rule)).not.toContain('pre-commit-counts')
  })
})

function bareOf({ kind, vertex, at: point, id }: Extract<HistoryFact, { kind: 'visible' }>): HistoryFact {
  return { kind, vertex, at: point, id }
}

describe('flushes of a buffering sink', () => {
  const flush = (attempt: number, ...ids: string[]): HistoryFact => ({
    kind: 'sink-flush',
    ...at('Sink', 0, attempt),
    why: 'checkpoint',
    records: ids.length,
    ids,
  })
  const beforeCheckpoint = (checkpoint: number, fact: HistoryFact): Tamper => insert(is('checkpoint-triggered', checkpoint), fact)
  const rulesOf = (...tampers: Tamper[]): string[] =>
    brokenRules((facts) => tampers.reduce((before, tamper) => tamper(before), facts)).rules

  it('hold what was written since the one before', () => {
    expect(rulesOf(beforeCheckpoint(1, flush(0, '0:0', '0:1')))).toEqual([])
    expect(rulesOf(beforeCheckpoint(1, flush(0, '0:1')))).toEqual(['flush-holds-what-was-written'])
    expect(rulesOf(beforeCheckpoint(1, flush(0, '0:0', '0:2')))).toEqual(['flush-holds-what-was-written'])
  })

  it('of a restored attempt may hold what its snapshot held; the next one is judged again', () => {
    const first = beforeCheckpoint(2, flush(1, '0:9'))
    expect(rulesOf(first)).toEqual([])
    expect(rulesOf(first, beforeCheckpoint(3, flush(1, '0:6', '0:7')))).toEqual([])
    expect(rulesOf(first, beforeCheckpoint(3, flush(1, '0:7')))).toEqual(['flush-holds-what-was-written'])
  })
})

describe('what arrives', () => {
  const again: HistoryFact = { kind: 'sink-write', ...at('Sink', 0, 1), id: '0:5', key: 'b', count: 3 }
  const writtenAgain = events(insert(is('checkpoint-triggered', 3), again)(goodRun()))
  const rules = (header: Partial<typeof SMALL_JOB>, history = writtenAgain): string[] =>
    judge({ ...SMALL_JOB, ...header }, history).protocol.map((finding) => finding.rule)

  it('was emitted: a record that no source ever emitted is named where it was absorbed', () => {
    const { rules: found, named } = brokenRules((facts) => without(facts, (fact) => fact.kind === 'source-emit' && fact.id === '0:5'))
    expect(found).toContain('absorbed-was-emitted')
    expect(named.some((event) => event.kind === 'state-apply' && event.id === '0:5')).toBe(true)
  })

  it('arrives once for each time it was emitted, where every emission goes one way', () => {
    expect(rules({})).toContain('arrives-once')
    expect(rules({ mode: 'at-least-once' })).toContain('arrives-once')
  })

  it('may arrive again out of channel state, or over a second edge that a simulated header does not tell', () => {
    expect(rules({ mode: 'unaligned' })).not.toContain('arrives-once')
    expect(rules({ origin: 'simulated' })).not.toContain('arrives-once')
  })

  it('may come from an attempt whose work was taken back', () => {
    // 0:2 was emitted by both attempts; without the second emission the arrival at the second attempt is one too many.
    const once = without(goodRun(), (fact) => fact.kind === 'source-emit' && fact.id === '0:2' && fact.attempt === 1)
    expect(rules({}, events(once))).toContain('arrives-once')
    expect(rules({ mode: 'unaligned' }, events(once))).not.toContain('absorbed-was-emitted')
  })

  it('says nothing where a source is silent', () => {
    const silent = without(goodRun(), (fact) => fact.kind === 'source-emit')
    expect(brokenRules(() => silent).rules).not.toContain('absorbed-was-emitted')
  })
})
