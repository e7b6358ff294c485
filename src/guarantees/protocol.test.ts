import { describe, expect, it } from 'vitest'
import type { HistoryEvent, HistoryFact } from '../history/index.js'
import { at, changed, events, goodRun, inserted, SMALL_JOB, without } from './hand-made-history.js'
import { judge } from './judge.js'

type Tamper = (facts: HistoryFact[]) => HistoryFact[]

/** What the rules say about the good run after a change, with the events they name as the proof. */
function broken(tamper: Tamper, header = SMALL_JOB): { rules: string[]; named: HistoryEvent[] } {
  const history = events(tamper(goodRun()))
  const { protocol } = judge(header, history)
  const named = protocol.flatMap((finding) => finding.evidence.map((seq) => history[seq - 1])).filter((event) => event !== undefined)
  return { rules: [...new Set(protocol.map((finding) => finding.rule))], named }
}

const is = <K extends HistoryFact['kind']>(kind: K, checkpoint?: number, vertex?: string) => {
  return (fact: HistoryFact): boolean =>
    fact.kind === kind &&
    (checkpoint === undefined || ('checkpoint' in fact && fact.checkpoint === checkpoint)) &&
    (vertex === undefined || ('vertex' in fact && fact.vertex === vertex))
}

const drop =
  (picks: (fact: HistoryFact) => boolean): Tamper =>
  (facts) =>
    without(facts, picks)

const firstOnly = (picks: (fact: HistoryFact) => boolean): ((fact: HistoryFact) => boolean) => {
  let done = false
  return (fact) => {
    if (done || !picks(fact)) return false
    done = true
    return true
  }
}

/** Moves the first fact that `what` picks to before the first one that `where` picks. */
const move =
  (what: (fact: HistoryFact) => boolean, where: (fact: HistoryFact) => boolean): Tamper =>
  (facts) => {
    const index = facts.findIndex(what)
    const fact = facts[index]
    if (fact === undefined) throw new RangeError('nothing to move')
    return inserted(facts.toSpliced(index, 1), where, fact)
  }

const firstTransaction = (facts: readonly HistoryFact[]): string => {
  const fact = facts.find((each) => each.kind === 'pre-commit')
  return fact?.kind === 'pre-commit' ? fact.transaction : ''
}

const lastTransaction = (facts: readonly HistoryFact[]): string => {
  const fact = facts.findLast((each) => each.kind === 'pre-commit')
  return fact?.kind === 'pre-commit' ? fact.transaction : ''
}

const renumber =
  (kinds: readonly string[], from: number, to: number): Tamper =>
  (facts) =>
    facts.map((fact) =>
      kinds.includes(fact.kind) && 'checkpoint' in fact && fact.checkpoint === from ? { ...fact, checkpoint: to } : fact,
    )

const ALL_OF_A_CHECKPOINT = [
  'checkpoint-triggered',
  'snapshot-taken',
  'snapshot-durable',
  'checkpoint-acknowledged',
  'acknowledgement-accepted',
  'checkpoint-completed',
  'checkpoint-notified',
]

const CASES: readonly [name: string, rule: string, tamper: Tamper, names: (event: HistoryEvent) => boolean][] = [
  [
    'a checkpoint id is used again',
    'ids-increase',
    (facts) => [...facts, { kind: 'checkpoint-triggered', checkpoint: 3 }],
    is('checkpoint-triggered', 3),
  ],
  ['a job goes on below what it was restored from', 'ids-increase', renumber(ALL_OF_A_CHECKPOINT, 2, 1), is('checkpoint-triggered', 1)],
  [
    'a completed checkpoint aborts',
    'one-outcome',
    (facts) => inserted(facts, is('checkpoint-notified', 2), { kind: 'checkpoint-aborted', checkpoint: 2, reason: 'late' }),
    is('checkpoint-aborted', 2),
  ],
  [
    'an aborted checkpoint completes',
    'one-outcome',
    (facts) => inserted(facts, is('acknowledgement-accepted', 2, 'Sink'), { kind: 'checkpoint-aborted', checkpoint: 2, reason: 'expired' }),
    is('checkpoint-completed', 2),
  ],
  ['a checkpoint completes that nobody triggered', 'one-outcome', drop(is('checkpoint-triggered', 3)), is('checkpoint-completed', 3)],
  [
    'a checkpoint completes while the job restarts',
    'completes-while-running',
    (facts) =>
      inserted(
        facts,
        (fact) => fact.kind === 'restart',
        { kind: 'checkpoint-triggered', checkpoint: 7 },
        { kind: 'checkpoint-completed', checkpoint: 7 },
      ),
    is('checkpoint-completed', 7),
  ],
  [
    'an acknowledgement is accepted after an abort',
    'accept-while-pending',
    (facts) => inserted(facts, is('acknowledgement-accepted', 2, 'Sink'), { kind: 'checkpoint-aborted', checkpoint: 2, reason: 'expired' }),
    is('acknowledgement-accepted', 2, 'Sink'),
  ],
  [
    'an acknowledgement is accepted twice',
    'accept-once',
    (facts) => inserted(facts, is('checkpoint-completed', 2), { kind: 'acknowledgement-accepted', ...at('Sink', 0, 1), checkpoint: 2 }),
    is('acknowledgement-accepted', 2, 'Sink'),
  ],
  [
    'an acknowledgement of a superseded attempt is accepted',
    'accept-current-attempt',
    (facts) =>
      changed(facts, (fact) =>
        is('acknowledgement-accepted', 2, 'Sink')(fact)
          ? { ...fact, ...at('Sink', 0, 0), kind: 'acknowledgement-accepted', checkpoint: 2 }
          : undefined,
      ),
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
  [
    'a subtask takes a snapshot twice',
    'snapshot-once',
    (facts) => inserted(facts, is('checkpoint-completed', 2), { kind: 'snapshot-taken', ...at('Sink', 0, 1), checkpoint: 2 }),
    is('snapshot-taken', 2, 'Sink'),
  ],
  [
    'a snapshot comes before its trigger',
    'snapshot-after-trigger',
    move(is('snapshot-taken', 2, 'Src'), is('checkpoint-triggered', 2)),
    is('snapshot-taken', 2, 'Src'),
  ],
  [
    'a task is told of a completion too early',
    'notify-only-completed',
    move(is('checkpoint-notified', 2, 'Src'), is('checkpoint-completed', 2)),
    is('checkpoint-notified', 2, 'Src'),
  ],
  [
    'a task is told twice',
    'notify-once',
    (facts) =>
      inserted(facts, is('checkpoint-triggered', 3), {
        kind: 'checkpoint-notified',
        ...at('Sink', 0, 1),
        checkpoint: 2,
        outcome: 'complete',
      }),
    is('checkpoint-notified', 2, 'Sink'),
  ],
  [
    'a task is told of what it was restored from',
    'notify-once',
    (facts) =>
      inserted(facts, is('checkpoint-triggered', 2), {
        kind: 'checkpoint-notified',
        ...at('Sink', 0, 1),
        checkpoint: 1,
        outcome: 'complete',
      }),
    is('checkpoint-notified', 1, 'Sink'),
  ],
  [
    'a task is told that a completed checkpoint aborted',
    'notify-abort',
    (facts) =>
      inserted(facts, is('checkpoint-triggered', 3), { kind: 'checkpoint-notified', ...at('Sink', 0, 1), checkpoint: 2, outcome: 'abort' }),
    is('checkpoint-notified', 2, 'Sink'),
  ],
  [
    'a plain savepoint is announced',
    'savepoint-is-silent',
    (facts) =>
      changed(facts, (fact) =>
        is('checkpoint-completed', 2)(fact) ? { kind: 'checkpoint-completed', checkpoint: 2, savepoint: true } : undefined,
      ),
    is('checkpoint-notified', 2),
  ],
  ['a failover restores nothing', 'restore-newest', renumberChosen(undefined), (event) => event.kind === 'restore-chosen'],
  ['an operator is restored from another checkpoint', 'restore-as-chosen', restoreSinkFrom(0), is('restore', 0, 'Sink')],
  ['one restored count is changed', 'restored-as-stored', changeRestored({ counts: [['a', 2]] }, 'Count'), is('restore', 1, 'Count')],
  ['one restored offset is changed', 'restored-as-stored', changeRestored({ offsets: [['0', 3]] }, 'Src'), is('restore', 1, 'Src')],
  [
    'a snapshot holds another count',
    'snapshot-is-a-view',
    (facts) =>
      changed(facts, (fact) =>
        fact.kind === 'snapshot-durable' && fact.vertex === 'Count' && fact.checkpoint === 2
          ? { ...fact, content: { counts: [['a', 4]] } }
          : undefined,
      ),
    is('snapshot-durable', 2, 'Count'),
  ],
  ['a snapshot of a source lies behind what it emitted', 'offset-covers-emitted', changeOffset(2, 5), is('snapshot-taken', 2, 'Src')],
  [
    'a snapshot of a source runs ahead',
    'offset-not-ahead',
    changeOffset(1, 3),
    (event) => event.kind === 'source-emit' && event.offset === 2,
  ],
  [
    'a source emits a record again',
    'offsets-increase',
    (facts) =>
      inserted(facts, is('checkpoint-triggered', 2), {
        kind: 'source-emit',
        ...at('Src', 0, 1),
        id: '0:4',
        split: '0',
        offset: 4,
        key: 'a',
      }),
    (event) => event.kind === 'source-emit' && event.offset === 4,
  ],
  [
    'a count skips a number',
    'running-count',
    (facts) => changed(facts, (fact) => (fact.kind === 'state-apply' && fact.id === '0:4' ? { ...fact, count: 4 } : undefined)),
    is('state-apply'),
  ],
  ['a transaction is committed before its checkpoint completed', 'commit-after-completion', commitEarly, is('commit-requested')],
  [
    'a transaction is committed without a pre-commit',
    'commit-after-pre-commit',
    (facts) => without(facts, (fact) => fact.kind === 'pre-commit' && fact.transaction === firstTransaction(facts)),
    is('commit-requested'),
  ],
  ['an aborted transaction is committed', 'commit-xor-abort', abortFirst('abort'), is('commit')],
  [
    'a transaction of a completed checkpoint is aborted',
    'completed-is-not-aborted',
    (facts) => {
      const transaction = lastTransaction(facts)
      const open = without(
        facts,
        (fact) => (fact.kind === 'commit' || fact.kind === 'commit-requested') && fact.transaction === transaction,
      )
      return inserted(open, (fact) => fact.kind === 'job-status' && fact.status === 'FINISHED', {
        kind: 'abort',
        ...at('Sink', 0, 1),
        transaction,
        why: 'close',
      })
    },
    is('abort'),
  ],
  [
    'a commit takes effect twice',
    'commit-applies-once',
    (facts) =>
      inserted(facts, is('checkpoint-triggered', 3), {
        kind: 'commit',
        ...at('Committer', 0, 1),
        transaction: firstTransaction(facts),
        result: 'applied',
      }),
    is('commit'),
  ],
  [
    'a commit is asked for again without need',
    'commit-once',
    (facts) =>
      inserted(facts, is('checkpoint-triggered', 3), {
        kind: 'commit-requested',
        ...at('Committer', 0, 1),
        transaction: firstTransaction(facts),
      }),
    is('commit-requested'),
  ],
  [
    'an unknown answer is taken for success',
    'unknown-commit-is-repeated',
    (facts) =>
      changed(facts, (fact) =>
        fact.kind === 'commit' && fact.transaction === lastTransaction(facts) ? { ...fact, result: 'unknown' } : undefined,
      ),
    is('commit'),
  ],
  [
    'committables are not committed on restore',
    'restored-committables-first',
    (facts) =>
      without(
        facts,
        (fact) => (fact.kind === 'commit' || fact.kind === 'commit-requested') && fact.transaction === firstTransaction(facts),
      ),
    is('restore', 1, 'Sink'),
  ],
  [
    'committables are committed after something new was written',
    'restored-committables-first',
    (facts) => {
      const picks = (fact: HistoryFact): boolean =>
        (fact.kind === 'commit' || fact.kind === 'commit-requested') && fact.transaction === firstTransaction(facts)
      const commits = facts.filter(picks)
      return inserted(without(facts, picks), is('checkpoint-triggered', 2), ...commits)
    },
    is('sink-write'),
  ],
  [
    'a transaction that was taken back is committed',
    'commit-of-the-past',
    (facts) => {
      const lost = facts.find((fact) => fact.kind === 'abort')
      const transaction = lost?.kind === 'abort' ? lost.transaction : ''
      const kept = without(facts, (fact) => fact.kind === 'abort')
      const prepared = inserted(kept, is('fault'), { kind: 'pre-commit', ...at('Sink', 0, 0), transaction })
      return inserted(prepared, is('checkpoint-triggered', 2), { kind: 'commit', ...at('Committer', 0, 0), transaction, result: 'applied' })
    },
    is('commit'),
  ],
  [
    'a record is written into a pre-committed transaction',
    'no-write-after-pre-commit',
    (facts) =>
      inserted(facts, is('checkpoint-completed', 1), {
        kind: 'sink-write',
        ...at('Sink', 0, 0),
        id: '0:7',
        key: 'b',
        transaction: firstTransaction(facts),
      }),
    is('sink-write'),
  ],
  [
    'a superseded attempt goes on',
    'fenced-attempt-acts',
    (facts) => inserted(facts, is('checkpoint-triggered', 2), { kind: 'state-apply', ...at('Count', 0, 0), id: '0:4', key: 'a', count: 3 }),
    is('state-apply'),
  ],
  [
    'an attempt goes on after it closed',
    'acts-after-close',
    (facts) => inserted(facts, is('checkpoint-triggered', 2), { kind: 'closed', ...at('Sink', 0, 1) }),
    is('sink-write'),
  ],
  [
    'a record before the barriers is missing in a snapshot',
    'consistent-cut',
    move(is('state-apply'), is('checkpoint-completed', 1)),
    is('checkpoint-completed', 1),
  ],
  [
    'a record behind the barriers is in a snapshot',
    'consistent-cut',
    move(
      (fact) => fact.kind === 'snapshot-taken' && fact.vertex === 'Src' && fact.checkpoint === 2,
      (fact) => fact.kind === 'source-emit' && fact.id === '0:5',
    ),
    is('checkpoint-completed', 2),
  ],
]

function renumberChosen(checkpoint: number | undefined): Tamper {
  return (facts) =>
    changed(facts, (fact) =>
      fact.kind === 'restore-chosen' && fact.checkpoint === 1
        ? { kind: 'restore-chosen', ...(checkpoint === undefined ? {} : { checkpoint }) }
        : undefined,
    )
}

function restoreSinkFrom(checkpoint: number): Tamper {
  return (facts) =>
    changed(facts, (fact) =>
      fact.kind === 'restore' && fact.vertex === 'Sink' && fact.checkpoint === 1 ? { ...fact, checkpoint } : undefined,
    )
}

function changeRestored(content: NonNullable<Extract<HistoryFact, { kind: 'restore' }>['content']>, vertex: string): Tamper {
  const pick = firstOnly((fact) => fact.kind === 'restore' && fact.vertex === vertex && fact.checkpoint === 1)
  return (facts) => changed(facts, (fact) => (fact.kind === 'restore' && pick(fact) ? { ...fact, content } : undefined))
}

function changeOffset(checkpoint: number, next: number): Tamper {
  return (facts) =>
    changed(facts, (fact) =>
      fact.kind === 'snapshot-taken' && fact.vertex === 'Src' && fact.checkpoint === checkpoint
        ? { ...fact, content: { offsets: [['0', next]] } }
        : undefined,
    )
}

function commitEarly(facts: HistoryFact[]): HistoryFact[] {
  const transaction = lastTransaction(facts)
  return move((fact) => fact.kind === 'commit-requested' && fact.transaction === transaction, is('checkpoint-completed', 3))(facts)
}

function abortFirst(why: 'abort' | 'timeout'): Tamper {
  return (facts) => inserted(facts, is('fault'), { kind: 'abort', ...at('Sink', 0, 0), transaction: firstTransaction(facts), why })
}

describe('protocol rules', () => {
  it('finds nothing in the good run', () => {
    expect(broken((facts) => facts)).toEqual({ rules: [], named: [] })
  })

  it.each(CASES)('%s: %s', (_name, rule, tamper, names) => {
    const { rules, named } = broken(tamper)
    expect(rules).toContain(rule)
    expect(named.some(names)).toBe(true)
  })

  it('lets a cut-off attempt of a simulated process go on: what it does is not counted', () => {
    const tamper: Tamper = (facts) =>
      inserted(facts, is('checkpoint-triggered', 2), { kind: 'state-apply', ...at('Count', 0, 0), id: '0:4', key: 'a', count: 3 })
    const verdict = judge({ ...SMALL_JOB, origin: 'simulated' }, events(tamper(goodRun())))
    expect(verdict.protocol.filter((finding) => finding.rule === 'fenced-attempt-acts')).toEqual([])
    expect(verdict.claims.find((claim) => claim.at === 'state')?.findings.filter((finding) => finding.anomaly === 'duplicated')).toEqual([])
  })

  it('lets tasks end without an orderly end of their task', () => {
    const ended = changed(goodRun(), (fact) =>
      fact.kind === 'end-of-input' && fact.subtask === 1 ? { kind: 'task-status', ...at('Count', 1, 1), status: 'FINISHED' } : undefined,
    )
    const facts = without(
      ended,
      (fact) => 'checkpoint' in fact && fact.checkpoint === 3 && 'vertex' in fact && fact.vertex === 'Count' && fact.subtask === 1,
    )
    expect(judge(SMALL_JOB, events(facts)).protocol).toEqual([])
  })
})
