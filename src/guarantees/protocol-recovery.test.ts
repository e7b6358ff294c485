import { describe, expect, it } from 'vitest'
import type { HistoryFact, SnapshotContent } from '../history/index.js'
import { changed, drop, insert, inserted, is, move, type Tamper, transactionsOf, without } from './hand-made-changes.js'
import { at, events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'
import { brokenRules, type ProtocolCase } from './protocol-cases.js'
import { recovery } from './protocol-recovery.js'
import { take } from './steps.js'

const restoredFrom1 = (fact: HistoryFact, vertex: string): boolean => is('restore', 1, vertex)(fact)

const changeRestored =
  (content: SnapshotContent, vertex: string): Tamper =>
  (facts) =>
    changed(facts, (fact) =>
      fact.kind === 'restore' && fact.subtask === 0 && restoredFrom1(fact, vertex) ? { ...fact, content } : undefined,
    )

const changeOffset =
  (checkpoint: number, next: number): Tamper =>
  (facts) =>
    changed(facts, (fact) =>
      fact.kind === 'snapshot-taken' && is('snapshot-taken', checkpoint, 'Src')(fact)
        ? { ...fact, content: { offsets: [['0', next]] } }
        : undefined,
    )

const changeDurableCount: Tamper = (facts) =>
  changed(facts, (fact) =>
    fact.kind === 'snapshot-durable' && fact.subtask === 0 && is('snapshot-durable', 2, 'Count')(fact)
      ? { ...fact, content: { counts: [['a', 4]] } }
      : undefined,
  )

const changeCount: Tamper = (facts) =>
  changed(facts, (fact) => (fact.kind === 'state-apply' && fact.id === '0:4' ? { ...fact, count: 4 } : undefined))

const chooseNothing: Tamper = (facts) =>
  changed(facts, (fact) => (fact.kind === 'restore-chosen' && fact.checkpoint === 1 ? { kind: 'restore-chosen' } : undefined))

const restoreSinkFrom0: Tamper = (facts) =>
  changed(facts, (fact) => (fact.kind === 'restore' && restoredFrom1(fact, 'Sink') ? { ...fact, checkpoint: 0 } : undefined))

/** The split is assigned from an offset on, and the reader is given it, if the history tells so. */
function given(assigned: number, added?: number): HistoryFact[] {
  const told: HistoryFact[] = added === undefined ? [] : [{ kind: 'split-added', ...at('Src', 0, 0), split: '0', offset: added }]
  return [{ kind: 'split-assigned', vertex: 'Src', subtask: 0, split: '0', offset: assigned }, ...told]
}

const RECOVERY: ProtocolCase[] = [
  ['a failover restores nothing', 'restore-newest', chooseNothing, is('restore-chosen')],
  ['an operator is restored from another checkpoint', 'restore-as-chosen', restoreSinkFrom0, is('restore', 0, 'Sink')],
  ['one restored count is changed', 'restored-as-stored', changeRestored({ counts: [['a', 2]] }, 'Count'), is('restore', 1, 'Count')],
  ['one restored key is missing', 'restored-as-stored', changeRestored({ counts: [] }, 'Count'), is('restore', 1, 'Count')],
  ['one restored offset is changed', 'restored-as-stored', changeRestored({ offsets: [['0', 3]] }, 'Src'), is('restore', 1, 'Src')],
  ['a snapshot holds another count', 'snapshot-is-a-view', changeDurableCount, is('snapshot-durable', 2, 'Count')],
  ['a count skips a number', 'running-count', changeCount, is('state-apply')],
  ['a snapshot of a source lies behind what it emitted', 'offset-covers-emitted', changeOffset(2, 5), is('snapshot-taken', 2, 'Src')],
  [
    'a snapshot of a source runs ahead',
    'offset-not-ahead',
    changeOffset(1, 3),
    (event) => event.kind === 'source-emit' && event.offset === 2,
  ],
  ['a last snapshot of a source lies beyond the end of its split', 'offset-not-ahead', changeOffset(3, 9), is('snapshot-taken', 3, 'Src')],
  [
    'a source emits a record again',
    'offsets-increase',
    insert(is('checkpoint-triggered', 2), { kind: 'source-emit', ...at('Src', 0, 1), id: '0:4', split: '0', offset: 4, key: 'a' }),
    (event) => event.kind === 'source-emit' && event.offset === 4,
  ],
  [
    'a source passes over a record',
    'offsets-without-gaps',
    drop((fact) => fact.kind === 'source-emit' && fact.id === '0:4'),
    (event) => event.kind === 'source-emit' && event.offset === 5,
  ],
  ['a reader begins elsewhere than it was told', 'begins-where-assigned', insert(is('source-emit'), ...given(1, 1)), is('source-emit')],
  [
    'a reader is told otherwise than was assigned',
    'begins-where-assigned',
    insert(is('source-emit'), ...given(3, 0)),
    is('split-assigned'),
  ],
  ['a reader begins before what was assigned', 'begins-where-assigned', insert(is('source-emit'), ...given(1)), is('split-assigned')],
  [
    'a record before the barriers is missing in a snapshot',
    'consistent-cut',
    move(is('state-apply'), is('checkpoint-completed', 1)),
    is('checkpoint-completed', 1),
  ],
  [
    'a record behind the barriers is in a snapshot',
    'consistent-cut',
    move(is('snapshot-taken', 2, 'Src'), (fact) => fact.kind === 'source-emit' && fact.id === '0:5'),
    is('checkpoint-completed', 2),
  ],
]

/** The commit of a transaction: request and answer. */
const commitOf =
  (transaction: string) =>
  (fact: HistoryFact): boolean =>
    (fact.kind === 'commit' || fact.kind === 'commit-requested') && fact.transaction === transaction

const answer = (transaction: string, attempt: number): HistoryFact => ({
  kind: 'commit',
  ...at('Committer', 0, attempt),
  transaction,
  result: 'applied',
})

const abortCompleted: Tamper = (facts) => {
  const { last } = transactionsOf(facts)
  const open = without(facts, commitOf(last))
  const ended = (fact: HistoryFact): boolean => fact.kind === 'job-status' && fact.status === 'FINISHED'
  return inserted(open, ended, { kind: 'abort', ...at('Sink', 0, 1), transaction: last, why: 'close' })
}

const commitTooLate: Tamper = (facts) => {
  const commit = commitOf(transactionsOf(facts).first)
  return inserted(without(facts, commit), is('checkpoint-triggered', 2), ...facts.filter(commit))
}

/** The transaction that the failure took back was pre-committed and is committed after all. */
const commitThePast: Tamper = (facts) => {
  const lost = facts.find((fact) => fact.kind === 'abort')
  const transaction = lost?.kind === 'abort' ? lost.transaction : ''
  const kept = without(facts, is('abort'))
  const prepared = inserted(kept, is('fault'), { kind: 'pre-commit', ...at('Sink', 0, 0), transaction })
  return inserted(prepared, is('checkpoint-triggered', 2), answer(transaction, 0))
}

const withTransactions =
  (tamper: (facts: HistoryFact[], transactions: { first: string; last: string }) => HistoryFact[]): Tamper =>
  (facts) =>
    tamper(facts, transactionsOf(facts))

const TRANSACTIONS: ProtocolCase[] = [
  [
    'a transaction is committed before its checkpoint completed',
    'commit-after-completion',
    withTransactions((facts, { last }) => move(commitOf(last), is('checkpoint-completed', 3))(facts)),
    is('commit-requested'),
  ],
  [
    'a transaction is committed without a pre-commit',
    'commit-after-pre-commit',
    withTransactions((facts, { first }) => without(facts, (fact) => fact.kind === 'pre-commit' && fact.transaction === first)),
    is('commit-requested'),
  ],
  [
    'an aborted transaction is committed',
    'commit-xor-abort',
    withTransactions((facts, { first }) =>
      inserted(facts, is('fault'), { kind: 'abort', ...at('Sink', 0, 0), transaction: first, why: 'abort' }),
    ),
    is('commit'),
  ],
  ['a transaction of a completed checkpoint is aborted', 'completed-is-not-aborted', abortCompleted, is('abort')],
  [
    'a commit takes effect twice',
    'commit-applies-once',
    withTransactions((facts, { first }) => inserted(facts, is('checkpoint-triggered', 3), answer(first, 1))),
    is('commit'),
  ],
  [
    'a commit is asked for again without need',
    'commit-once',
    withTransactions((facts, { first }) =>
      inserted(facts, is('checkpoint-triggered', 3), { kind: 'commit-requested', ...at('Committer', 0, 1), transaction: first }),
    ),
    is('commit-requested'),
  ],
  [
    'an unknown answer is taken for success',
    'unknown-commit-is-repeated',
    withTransactions((facts, { last }) =>
      changed(facts, (fact) => (fact.kind === 'commit' && fact.transaction === last ? { ...fact, result: 'unknown' } : undefined)),
    ),
    is('commit'),
  ],
  [
    'a commit that nobody answered is taken for success',
    'unknown-commit-is-repeated',
    withTransactions((facts, { last }) => without(facts, (fact) => fact.kind === 'commit' && fact.transaction === last)),
    is('commit-requested'),
  ],
  [
    'transactions are committed out of order',
    'commit-order',
    withTransactions((facts, { first }) =>
      move(commitOf(first), (fact) => fact.kind === 'job-status' && fact.status === 'FINISHED')(facts),
    ),
    is('commit-requested'),
  ],
  [
    'committables are not committed on restore',
    'restored-committables-first',
    withTransactions((facts, { first }) => drop(commitOf(first))(facts)),
    is('restore', 1, 'Sink'),
  ],
  ['committables are committed after something new was written', 'restored-committables-first', commitTooLate, is('sink-write')],
  ['a transaction that was taken back is committed', 'commit-of-the-past', commitThePast, is('commit')],
  [
    'a record is written into a pre-committed transaction',
    'no-write-after-pre-commit',
    withTransactions((facts, { first }) =>
      inserted(facts, is('checkpoint-completed', 1), { kind: 'sink-write', ...at('Sink', 0, 0), id: '0:7', key: 'b', transaction: first }),
    ),
    is('sink-write'),
  ],
]

describe('rules of recovery and of two-phase commit', () => {
  it.each([...RECOVERY, ...TRANSACTIONS])('%s: %s', (_name, rule, tamper, names) => {
    const { rules, named } = brokenRules(tamper)
    expect(rules).toContain(rule)
    expect(named.some(names)).toBe(true)
  })
})

describe('an attempt that was given up', () => {
  /** The first attempt of the sink opens after its successor was restored from checkpoint 1. */
  const late = (status: 'DEPLOYING' | 'INITIALIZING', checkpoint?: number): Tamper => {
    const deployed = insert((fact) => fact.kind === 'restore', { kind: 'task-status', ...at('Sink', 0, 0), status })
    const restore: HistoryFact = { kind: 'restore', ...at('Sink', 0, 0), ...(checkpoint !== undefined && { checkpoint }) }
    return (facts) => insert(is('checkpoint-triggered', 2), restore)(deployed(facts))
  }

  it('restores what was chosen when it was deployed, however late, and takes nothing back', () => {
    // A simulated history would tell every record that is sent, and every operator's part in a checkpoint; this one is recorded, but for
    // what operators tell of their start.
    const rulesOf = (tamper: Tamper) =>
      judge({ ...SMALL_JOB, origin: 'simulated' }, events(tamper(goodRun())))
        .protocol.map(({ rule }) => rule)
        .filter((rule) => rule !== 'consistent-cut' && rule !== 'complete-when-acknowledged')
    expect(rulesOf(late('DEPLOYING'))).toEqual([])
    expect(rulesOf(late('DEPLOYING', 2))).toContain('restore-as-chosen')
    expect(rulesOf(late('INITIALIZING'))).toContain('restore-as-chosen')
  })

  it('may be answered late, when the attempt that asked last has its answer', () => {
    const answered = (attempt: number, result: 'retry' | 'applied'): Tamper =>
      withTransactions((facts, { last }) => [...facts, { kind: 'commit', ...at('Committer', 0, attempt), transaction: last, result }])
    expect(brokenRules(answered(0, 'retry')).rules).toEqual([])
    const unanswered: Tamper = (facts) =>
      changed(facts, (fact) =>
        commitOf(transactionsOf(facts).last)(fact) && fact.kind === 'commit' ? { ...fact, attempt: 0, result: 'retry' } : undefined,
      )
    expect(brokenRules(unanswered).rules).toContain('unknown-commit-is-repeated')
  })

  it('may ask late, when the attempt that replaced it has its answer', () => {
    const asks = (attempt: number): Tamper =>
      withTransactions((facts, { last }) => [
        ...facts,
        { kind: 'commit-requested', ...at('Committer', 0, attempt), transaction: last },
        { kind: 'commit', ...at('Committer', 0, attempt), transaction: last, result: 'retry' },
      ])
    expect(brokenRules(asks(0)).rules).not.toContain('unknown-commit-is-repeated')
    expect(brokenRules(asks(2)).rules).toContain('unknown-commit-is-repeated')
  })
})

describe('a checkpoint of which nobody knows whether it is stored', () => {
  it('may be restored or passed over, until somebody has restored it', () => {
    const restores = (...checkpoints: number[]): string[] => {
      const facts: HistoryFact[] = [
        { kind: 'job-status', status: 'CREATED', job: 'j' },
        { kind: 'restore', ...at('Src', 0, 0) },
        { kind: 'checkpoint-completed', checkpoint: 1 },
        { kind: 'checkpoint-aborted', checkpoint: 2, reason: 'POSSIBLE_INCONSISTENT_STATE' },
        { kind: 'checkpoint-completed', checkpoint: 2 },
        ...checkpoints.map((checkpoint): HistoryFact => ({ kind: 'restore-chosen', checkpoint })),
      ]
      const state = recovery.init(SMALL_JOB)
      for (const event of events(facts)) take(recovery.step, state, event)
      return recovery.verdict(state).findings.map(({ rule }) => rule)
    }
    expect(restores(2)).toEqual([])
    expect(restores(1)).toEqual([])
    expect(restores(1, 2, 2)).toEqual([])
    expect(restores(2, 1)).toEqual(['restore-newest'])
  })
})

describe('a reader', () => {
  const gap = without(inserted(goodRun(), is('source-emit'), ...given(0, 0)), (fact) => 'id' in fact && fact.id === '0:4')
  const rules = (facts: HistoryFact[], origin: 'recorded' | 'simulated'): string[] =>
    judge({ ...SMALL_JOB, origin }, events(facts)).protocol.map((finding) => finding.rule)

  it('begins where it was told to', () => {
    expect(brokenRules(insert(is('source-emit'), ...given(0, 0))).rules).toEqual([])
    expect(brokenRules(insert(is('source-emit'), ...given(0))).rules).toEqual([])
  })

  it('of a log may pass over offsets that hold no record', () => {
    expect(rules(gap, 'recorded')).toContain('offsets-without-gaps')
    expect(rules(gap, 'simulated')).not.toContain('offsets-without-gaps')
  })
})

describe('the content of a snapshot', () => {
  const again: HistoryFact = { kind: 'state-apply', ...at('Count', 0, 1), id: '0:0', key: 'a', again: true }
  const withAbsorbed: Tamper = (facts) =>
    changed(facts, (fact) =>
      fact.kind === 'snapshot-durable' && fact.vertex === 'Count' && fact.subtask === 0 && fact.checkpoint === 2
        ? { ...fact, content: { ...fact.content, absorbed: ['0:0', '0:2', '0:4'] } }
        : undefined,
    )

  it('may hold a record that the state absorbs again later', () => {
    const facts = (history: HistoryFact[]): HistoryFact[] => withAbsorbed(inserted(history, is('snapshot-durable', 2, 'Count'), again))
    expect(brokenRules(facts).rules).not.toContain('snapshot-is-a-view')
  })

  it('may not hold a record that was absorbed for the first time after it was taken', () => {
    const late = move(
      (fact) => fact.kind === 'snapshot-taken' && fact.vertex === 'Count' && fact.checkpoint === 2,
      (fact) => fact.kind === 'state-apply' && fact.id === '0:4',
    )
    expect(brokenRules((facts) => withAbsorbed(late(facts))).rules).toContain('snapshot-is-a-view')
  })

  it('may hold any number under the name of a count, where records come without one', () => {
    const uncounted = ({ count: _, ...fact }: Extract<HistoryFact, { kind: 'state-apply' }>): HistoryFact => fact
    const withoutCounts: Tamper = (facts) => changed(facts, (fact) => (fact.kind === 'state-apply' ? uncounted(fact) : undefined))
    expect(brokenRules((facts) => withoutCounts(changeDurableCount(facts))).rules).not.toContain('snapshot-is-a-view')
    expect(brokenRules(changeDurableCount).rules).toContain('snapshot-is-a-view')
  })
})
