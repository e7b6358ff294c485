import { describe, expect, it } from 'vitest'
import type { HistoryFact } from '../history/index.js'
import { changed, drop, insert, is, move, without, type Tamper } from './hand-made-changes.js'
import { at, events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'
import { brokenRules, type ProtocolCase } from './protocol-cases.js'

const ABORT_2: HistoryFact = { kind: 'checkpoint-aborted', checkpoint: 2, reason: 'expired' }

const told = (checkpoint: number, outcome: 'complete' | 'abort'): HistoryFact => ({
  kind: 'checkpoint-notified',
  ...at('Sink', 0, 1),
  checkpoint,
  outcome,
})

const renumberCheckpoint =
  (from: number, to: number): Tamper =>
  (facts) =>
    facts.map((fact) =>
      'checkpoint' in fact && fact.checkpoint === from && fact.kind !== 'pre-commit' ? { ...fact, checkpoint: to } : fact,
    )

const acceptOldAttempt: Tamper = (facts) =>
  changed(facts, (fact) =>
    fact.kind === 'acknowledgement-accepted' && fact.vertex === 'Sink' && fact.checkpoint === 2 ? { ...fact, attempt: 0 } : undefined,
  )

const asPlainSavepoint: Tamper = (facts) =>
  changed(facts, (fact) => (fact.kind === 'checkpoint-completed' && fact.checkpoint === 2 ? { ...fact, savepoint: true } : undefined))

/** The committer's acknowledgements, too: the coordinator of a simulated run tells of every operator. */
const withCommitter: Tamper = (facts) =>
  facts.flatMap((fact) =>
    fact.kind === 'acknowledgement-accepted' && fact.vertex === 'Sink' ? [fact, { ...fact, vertex: 'Committer' }] : [fact],
  )

const IDS: ProtocolCase[] = [
  [
    'a checkpoint id is used again',
    'ids-increase',
    (facts) => [...facts, { kind: 'checkpoint-triggered', checkpoint: 3 }],
    is('checkpoint-triggered', 3),
  ],
  ['a job goes on below what it was restored from', 'ids-increase', renumberCheckpoint(2, 0), is('checkpoint-triggered', 0)],
  ['a completed checkpoint aborts', 'one-outcome', insert(is('checkpoint-notified', 2), ABORT_2), is('checkpoint-aborted', 2)],
  [
    'an aborted checkpoint completes',
    'one-outcome',
    insert(is('acknowledgement-accepted', 2, 'Sink'), ABORT_2),
    is('checkpoint-completed', 2),
  ],
  [
    'a checkpoint is aborted twice',
    'aborts-once',
    insert(is('acknowledgement-accepted', 2, 'Sink'), ABORT_2, ABORT_2),
    is('checkpoint-aborted', 2),
  ],
  ['a checkpoint completes that nobody triggered', 'one-outcome', drop(is('checkpoint-triggered', 3)), is('checkpoint-completed', 3)],
  [
    'a checkpoint completes behind a later one',
    'completes-in-order',
    insert(is('checkpoint-triggered', 3), { kind: 'checkpoint-completed', checkpoint: 1 }),
    is('checkpoint-completed', 1),
  ],
  [
    'a checkpoint completes while the job restarts',
    'completes-while-running',
    insert(is('restart'), { kind: 'checkpoint-triggered', checkpoint: 7 }, { kind: 'checkpoint-completed', checkpoint: 7 }),
    is('checkpoint-completed', 7),
  ],
  [
    'a checkpoint completes that was pending when the job was restored',
    'completes-while-running',
    (facts) =>
      insert(is('checkpoint-triggered', 2), { kind: 'checkpoint-completed', checkpoint: 7 })(
        insert(is('fault'), { kind: 'checkpoint-triggered', checkpoint: 7 })(facts),
      ),
    is('checkpoint-completed', 7),
  ],
  [
    'a checkpoint completes that a task declined',
    'one-outcome',
    insert(is('checkpoint-completed', 2), { kind: 'checkpoint-declined', ...at('Count', 1, 1), checkpoint: 2, reason: 'not ready' }),
    is('checkpoint-declined', 2),
  ],
]

const ACKNOWLEDGEMENTS: ProtocolCase[] = [
  [
    'an acknowledgement is accepted after an abort',
    'accept-while-pending',
    insert(is('acknowledgement-accepted', 2, 'Sink'), ABORT_2),
    is('acknowledgement-accepted', 2, 'Sink'),
  ],
  [
    'an acknowledgement is accepted twice',
    'accept-once',
    insert(is('checkpoint-completed', 2), { kind: 'acknowledgement-accepted', ...at('Sink', 0, 1), checkpoint: 2 }),
    is('acknowledgement-accepted', 2, 'Sink'),
  ],
  [
    'an acknowledgement of a superseded attempt is accepted',
    'accept-current-attempt',
    acceptOldAttempt,
    is('acknowledgement-accepted', 2, 'Sink'),
  ],
  [
    'a task acknowledges without a snapshot',
    'acknowledge-after-snapshot',
    drop(is('snapshot-taken', 2, 'Sink')),
    is('checkpoint-acknowledged', 2, 'Sink'),
  ],
  [
    'a task acknowledges before its files are durable',
    'acknowledge-when-durable',
    move(is('snapshot-durable', 2, 'Src'), is('acknowledgement-accepted', 2, 'Sink')),
    is('checkpoint-acknowledged', 2, 'Src'),
  ],
  ['files never become durable', 'acknowledge-when-durable', drop(is('snapshot-durable', 2, 'Src')), is('checkpoint-completed', 2)],
  [
    'a checkpoint completes without an acknowledgement',
    'complete-when-acknowledged',
    drop(is('acknowledgement-accepted', 2, 'Sink')),
    is('checkpoint-completed', 2),
  ],
]

const SNAPSHOTS: ProtocolCase[] = [
  [
    'a subtask takes a snapshot twice',
    'snapshot-once',
    insert(is('checkpoint-completed', 2), { kind: 'snapshot-taken', ...at('Sink', 0, 1), checkpoint: 2 }),
    is('snapshot-taken', 2, 'Sink'),
  ],
  [
    'a snapshot comes before its trigger',
    'snapshot-after-trigger',
    move(is('snapshot-taken', 2, 'Src'), is('checkpoint-triggered', 2)),
    is('snapshot-taken', 2, 'Src'),
  ],
  [
    'a superseded attempt goes on',
    'fenced-attempt-acts',
    insert(is('checkpoint-triggered', 2), { kind: 'state-apply', ...at('Count', 0, 0), id: '0:4', key: 'a', count: 3 }),
    is('state-apply'),
  ],
  [
    'an attempt goes on after it closed',
    'acts-after-close',
    insert(is('checkpoint-triggered', 2), { kind: 'closed', ...at('Sink', 0, 1) }),
    is('sink-write'),
  ],
]

const NOTIFICATIONS: ProtocolCase[] = [
  [
    'a task is told of a completion too early',
    'notify-only-completed',
    move(is('checkpoint-notified', 2, 'Src'), is('checkpoint-completed', 2)),
    is('checkpoint-notified', 2, 'Src'),
  ],
  ['a task is told twice', 'notify-once', insert(is('checkpoint-triggered', 3), told(2, 'complete')), is('checkpoint-notified', 2, 'Sink')],
  [
    'a task is told of what it was restored from',
    'notify-once',
    insert(is('checkpoint-triggered', 2), told(1, 'complete')),
    is('checkpoint-notified', 1, 'Sink'),
  ],
  [
    'a task is told that a completed checkpoint aborted',
    'notify-abort',
    insert(is('checkpoint-triggered', 3), told(2, 'abort')),
    is('checkpoint-notified', 2, 'Sink'),
  ],
  ['a plain savepoint is announced', 'savepoint-is-silent', asPlainSavepoint, is('checkpoint-notified', 2)],
]

describe('rules of checkpoints', () => {
  it('find nothing in the good run', () => {
    expect(brokenRules((facts) => facts)).toEqual({ rules: [], named: [] })
  })

  it.each([...IDS, ...ACKNOWLEDGEMENTS, ...SNAPSHOTS, ...NOTIFICATIONS])('%s: %s', (_name, rule, tamper, names) => {
    const { rules, named } = brokenRules(tamper)
    expect(rules).toContain(rule)
    expect(named.some(names)).toBe(true)
  })

  it('let a cut-off attempt of a simulated process go on: what it does is not counted', () => {
    const tamper = insert(is('checkpoint-triggered', 2), { kind: 'state-apply', ...at('Count', 0, 0), id: '0:4', key: 'a', count: 3 })
    const verdict = judge({ ...SMALL_JOB, origin: 'simulated' }, events(tamper(goodRun())))
    expect(verdict.protocol.filter((finding) => finding.rule === 'fenced-attempt-acts')).toEqual([])
    expect(verdict.points[0]?.findings).toEqual([])
  })

  it('let a subtask that has ended take no part in a checkpoint', () => {
    const ended = changed(goodRun(), (fact) =>
      fact.kind === 'end-of-input' && fact.subtask === 1 ? { kind: 'task-status', ...at('Count', 1, 1), status: 'FINISHED' } : undefined,
    )
    const facts = without(ended, (fact) => is(fact.kind, 3, 'Count')(fact) && 'subtask' in fact && fact.subtask === 1)
    expect(judge(SMALL_JOB, events(facts)).protocol).toEqual([])
  })

  it('let a subtask that had ended take no part in a checkpoint that is stored when it runs again', () => {
    const again: HistoryFact = { kind: 'restore', ...at('Count', 1, 2), checkpoint: 2, content: { counts: [] } }
    const ended = changed(goodRun(), (fact) =>
      fact.kind === 'end-of-input' && fact.subtask === 1 ? { kind: 'task-status', ...at('Count', 1, 1), status: 'FINISHED' } : undefined,
    )
    const isPart = (fact: HistoryFact): boolean => is(fact.kind, 3, 'Count')(fact) && 'subtask' in fact && fact.subtask === 1
    const rules = (facts: HistoryFact[]): string[] =>
      judge(SMALL_JOB, events(insert(is('checkpoint-completed', 3), again)(without(facts, isPart)))).protocol.map(({ rule }) => rule)
    expect(rules(ended)).not.toContain('complete-when-acknowledged')
    expect(rules(goodRun())).toContain('complete-when-acknowledged')
  })

  it('let what an attempt does that was given up neither begin nor end the absence of its successor', () => {
    const isPart = (fact: HistoryFact): boolean => is(fact.kind, 3, 'Count')(fact) && 'subtask' in fact && fact.subtask === 1
    const rules = (facts: HistoryFact[], attempt: number, kind: 'closed' | 'restore'): string[] => {
      const late: HistoryFact =
        kind === 'closed' ? { kind, ...at('Count', 1, attempt) } : { kind, ...at('Count', 1, attempt), checkpoint: 2 }
      const told = insert(is('checkpoint-triggered', 3), late)(without(facts, isPart))
      return judge(SMALL_JOB, events(told)).protocol.map(({ rule }) => rule)
    }
    expect(rules(goodRun(), 1, 'closed')).not.toContain('complete-when-acknowledged')
    expect(rules(goodRun(), 0, 'closed')).toContain('complete-when-acknowledged')
    const finished = insert(is('checkpoint-completed', 2), { kind: 'task-status', ...at('Count', 1, 1), status: 'FINISHED' })(goodRun())
    expect(rules(finished, 0, 'restore')).not.toContain('complete-when-acknowledged')
    expect(rules(finished, 2, 'restore')).toContain('complete-when-acknowledged')
  })

  it('ask a subtask that has seen the end of its input for a last checkpoint', () => {
    const missing = drop((fact) => is(fact.kind, 3, 'Count')(fact) && 'subtask' in fact && fact.subtask === 1)
    expect(brokenRules(missing).rules).toEqual(['complete-when-acknowledged'])
  })

  it('ask for the part of a subtask that never took part in anything, where the history tells of every part', () => {
    const silent = without(goodRun(), (fact) => fact.kind === 'acknowledgement-accepted' && fact.vertex === 'Count' && fact.subtask === 1)
    const missing = (origin: 'simulated' | 'recorded') =>
      judge({ ...SMALL_JOB, origin }, events(withCommitter(silent)))
        .protocol.filter(({ rule }) => rule === 'complete-when-acknowledged')
        .map(({ message }) => message)
    expect(missing('simulated')).toEqual(
      [1, 2, 3].map((checkpoint) => `checkpoint ${String(checkpoint)} completed without Count (1): no acknowledgement before it`),
    )
    expect(missing('recorded')).toEqual([])
  })

  it('let a checkpoint complete whose decline came too late, and one that a simulated task declined after its acknowledgement', () => {
    const declined: HistoryFact = { kind: 'checkpoint-declined', ...at('Count', 1, 1), checkpoint: 2, reason: 'closing' }
    expect(brokenRules(insert(is('checkpoint-triggered', 3), declined)).rules).toEqual([])
    const before = insert(is('checkpoint-completed', 2), declined)(goodRun())
    const rules = judge({ ...SMALL_JOB, origin: 'simulated' }, events(before)).protocol.map(({ rule }) => rule)
    expect(rules).not.toContain('one-outcome')
  })

  it('let a checkpoint of unknown fate complete after a restore, and one be stored while the job restarts', () => {
    const triggered: HistoryFact = { kind: 'checkpoint-triggered', checkpoint: 7 }
    const unknown: HistoryFact = { kind: 'checkpoint-aborted', checkpoint: 7, reason: 'POSSIBLE_INCONSISTENT_STATE' }
    const completed: HistoryFact = { kind: 'checkpoint-completed', checkpoint: 7 }
    const outcomes = (facts: HistoryFact[]) =>
      judge(SMALL_JOB, events(facts)).protocol.filter(({ rule }) => rule === 'completes-while-running' || rule === 'one-outcome')
    const late = insert(is('checkpoint-triggered', 2), completed)(insert(is('fault'), triggered, unknown)(goodRun()))
    expect(outcomes(late)).toEqual([])
    const taken: HistoryFact = { kind: 'snapshot-taken', ...at('Count', 0, 0), checkpoint: 7 }
    expect(outcomes(insert(is('restart'), completed)(insert(is('fault'), triggered, taken)(goodRun())))).toEqual([])
  })

  it('let files of a chain become durable with the metadata where they were inline after all', () => {
    const late = move(is('snapshot-durable', 2, 'Src'), is('checkpoint-completed', 2))
    expect(brokenRules(late).rules).toEqual([])
  })
})
