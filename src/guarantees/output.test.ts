import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import type { ClaimVerdict } from './claims.js'
import { changed, inserted, without } from './hand-made-changes.js'
import { at, events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'
import { OUTPUT_ORACLES } from './output.js'
import { take } from './steps.js'

function outputClaim(facts: HistoryFact[], guarantee = 'exactly-once', header: HistoryHeader = SMALL_JOB): ClaimVerdict {
  const claim = judge(header, events(facts)).claims.find((each) => each.at !== 'state' && each.guarantee === guarantee)
  if (claim === undefined) throw new Error('no claim about output')
  return claim
}

const visible = (id: string): HistoryFact => ({ kind: 'visible', vertex: 'Sink', at: 'external-store', id, key: 'a' })

/** Src -> Split -> Sink with identities that each operator makes, as the simulator gives them; checkpointing is off. */
const DERIVED: HistoryHeader = {
  ...SMALL_JOB,
  origin: 'simulated',
  mode: 'off',
  operators: [
    { name: 'Src', role: 'source', parallelism: 1, inputs: [] },
    { name: 'Split', role: 'operator', parallelism: 1, inputs: ['Src'] },
    { name: 'Sink', role: 'sink', parallelism: 1, inputs: ['Split'], observed: ['log'] },
  ],
  splits: [{ vertex: 'Src', split: 's', records: 2 }],
}

/** Record 1 becomes 11 and 12, record 2 is filtered. */
function derivedRun(): HistoryFact[] {
  return [
    { kind: 'job-status', status: 'CREATED', job: 'j1' },
    { kind: 'source-emit', ...at('Src', 0, 0), id: 1, split: 's', offset: 0 },
    { kind: 'emit', ...at('Split', 0, 0), id: 11, causes: [1] },
    { kind: 'emit', ...at('Split', 0, 0), id: 12, causes: [1] },
    { kind: 'sink-write', ...at('Sink', 0, 0), id: 11 },
    { kind: 'sink-write', ...at('Sink', 0, 0), id: 12 },
    { kind: 'source-emit', ...at('Src', 0, 0), id: 2, split: 's', offset: 1 },
    { kind: 'record-ended', ...at('Split', 0, 0), id: 2, why: 'filtered' },
    { kind: 'visible', vertex: 'Sink', at: 'log', id: 11 },
    { kind: 'visible', vertex: 'Sink', at: 'log', id: 12 },
    { kind: 'job-status', status: 'FINISHED', job: 'j1' },
  ]
}

describe('output', () => {
  it('is exactly-once in the good run', () => {
    expect(outputClaim(goodRun()).verdict).toBe('holds')
  })

  it('names a written record that never became visible, and the transaction it tears', () => {
    const claim = outputClaim(without(goodRun(), (fact) => fact.kind === 'visible' && fact.id === '0:5'))
    expect(claim.anomalies).toEqual({ lost: 1, 'torn-commit': 1 })
    expect(claim.findings.map((finding) => finding.records)).toEqual([['0:5'], ['0:5']])
  })

  it('calls a whole transaction that is missing lost, not torn', () => {
    const claim = outputClaim(without(goodRun(), (fact) => fact.kind === 'visible' && (fact.id === '0:6' || fact.id === '0:7')))
    expect(claim.anomalies).toEqual({ lost: 2 })
  })

  it('calls no transaction torn whose missing records stand behind one that a job without restarts has left open', () => {
    const points = ['read_uncommitted', 'read_committed'] as const
    const operators = SMALL_JOB.operators.map((each) => (each.name === 'Sink' ? { ...each, observed: points } : each))
    const run = without(goodRun(), ({ kind }) => kind === 'visible' || kind === 'abort')
    const left = run.findLast((fact) => fact.kind === 'transaction-begun' && fact.attempt === 0)
    const open = left?.kind === 'transaction-begun' ? left.transaction : ''
    const last = run.findLast((fact) => fact.kind === 'commit')
    const torn = last?.kind === 'commit' ? last.transaction : ''
    const [hidden = '', shown = ''] = run.flatMap((fact) =>
      fact.kind === 'sink-write' && fact.transaction === torn ? [String(fact.id)] : [],
    )
    const seen = (where: (typeof points)[number], partition: string, id: string, transaction = torn): HistoryFact => ({
      kind: 'visible',
      vertex: 'Sink',
      at: where,
      id,
      partition,
      transaction,
    })
    const inFront = seen('read_uncommitted', 'out-0', '0:2', open)
    const behind = seen('read_uncommitted', 'out-0', hidden)
    const anomalies = (status: 'FAILED' | 'FINISHED', ...order: HistoryFact[]) => {
      const ended = changed(run, (fact) => (fact.kind === 'job-status' && fact.status === 'FINISHED' ? { ...fact, status } : undefined))
      const facts = [...ended, ...order, seen('read_committed', 'out-1', shown)]
      const { claims } = judge({ ...SMALL_JOB, operators }, events(facts))
      return claims.find((each) => each.at === 'read_committed' && each.guarantee === 'exactly-once')?.anomalies['torn-commit']
    }
    expect(anomalies('FAILED', inFront, behind)).toBeUndefined()
    expect(anomalies('FAILED', behind, inFront)).toBe(1)
    expect(anomalies('FAILED', behind)).toBe(1)
    expect(anomalies('FAILED', seen('read_uncommitted', 'out-2', '0:2', open), behind)).toBe(1)
    expect(anomalies('FINISHED', inFront, behind)).toBe(1)
  })

  it('misses a source record that reached no sink', () => {
    const facts = without(goodRun(), (fact) => 'id' in fact && fact.id === '0:7' && fact.kind !== 'source-emit')
    expect(outputClaim(facts).anomalies).toEqual({ lost: 1 })
    expect(outputClaim(facts).findings[0]?.message).toContain('left no trace')
  })

  it('misses a record that was never emitted, because its split is known to hold it', () => {
    const facts = without(goodRun(), (fact) => 'id' in fact && fact.id === '0:7')
    expect(outputClaim(facts).findings[0]?.records).toEqual(['0:7'])
    const { splits: _splits, ...unknown } = SMALL_JOB
    expect(outputClaim(facts, 'exactly-once', unknown).verdict).toBe('holds')
  })

  it('counts records seen more than once', () => {
    const claim = outputClaim([...goodRun(), visible('0:1'), visible('0:1'), visible('0:2')])
    // 0:2 was written into a transaction that was aborted, too: one of its sights is of a timeline that was taken back.
    expect(claim.anomalies).toEqual({ duplicated: 2, phantom: 1 })
    expect(outputClaim([...goodRun(), visible('0:1')], 'at-least-once').verdict).toBe('holds')
    expect(outputClaim([...goodRun(), visible('0:1')], 'at-most-once').verdict).toBe('violated')
  })

  it('sees phantoms: records of a timeline that was taken back', () => {
    const claim = outputClaim([...goodRun(), visible('0:99')])
    expect(claim.anomalies).toEqual({ phantom: 1 })
  })

  it('sees records of a key in another order than they were written', () => {
    const swap: Record<string, string> = { '0:4': '0:6', '0:6': '0:4' }
    const facts = changed(goodRun(), (fact) => (fact.kind === 'visible' ? { ...fact, id: swap[String(fact.id)] ?? fact.id } : undefined))
    expect(outputClaim(facts).anomalies).toEqual({ 'reordered-in-key': 1 })
    const otherKeys = changed(goodRun(), (fact) =>
      fact.kind === 'visible' && fact.id === '0:4' ? { ...fact, id: '0:5', key: 'b' } : undefined,
    )
    expect(outputClaim(otherKeys).anomalies['reordered-in-key']).toBeUndefined()
  })

  it('leaves out a transaction that was put off while a later one was committed', () => {
    const [, first = '', second = ''] = goodRun().flatMap((fact) => (fact.kind === 'pre-commit' ? [fact.transaction] : []))
    const ofFirst = (fact: HistoryFact): boolean => 'transaction' in fact && fact.transaction === first
    const seen = goodRun().filter((fact) => fact.kind === 'visible')
    const sights = [...seen.filter((fact) => !ofFirst(fact)), ...seen.filter(ofFirst)]
    const committed = without(goodRun(), (fact) => fact.kind === 'visible')
    const late = committed.filter((fact) => fact.kind === 'commit' && ofFirst(fact))
    const put = (results: readonly ('retry' | 'applied')[], facts: readonly HistoryFact[]): HistoryFact[] =>
      facts.flatMap((fact) => (fact.kind === 'commit' && ofFirst(fact) ? results.map((result) => ({ ...fact, result })) : [fact]))
    const retried = [...put(['retry'], committed), ...late, ...sights]
    expect(outputClaim(retried).anomalies).toEqual({})
    // Committed at once, or put off only after the later one had been committed, it is out of order.
    expect(outputClaim([...committed, ...sights]).anomalies['reordered-in-key']).toBeGreaterThan(0)
    const after = committed.findIndex((fact) => fact.kind === 'commit' && fact.transaction === second)
    const putOffLater = [
      ...put([], committed.slice(0, after + 1)),
      ...put(['retry'], late),
      ...committed.slice(after + 1),
      ...late,
      ...sights,
    ]
    expect(outputClaim(putOffLater).anomalies['reordered-in-key']).toBeGreaterThan(0)
  })

  it('sees the same within a finished file, whatever the names of files say', () => {
    const files = changed(goodRun(), (fact) => (fact.kind === 'visible' ? { ...fact, at: 'finished-files' } : undefined))
    const last = files.findIndex((fact) => fact.kind === 'visible' && fact.id === '0:4')
    const moved = [...files.toSpliced(last, 1), ...files.slice(last, last + 1)]
    const header = { ...SMALL_JOB, operators: SMALL_JOB.operators.map((each) => ({ ...each, observed: ['finished-files'] })) }
    const claim = (facts: HistoryFact[]) =>
      judge(header, events(facts)).claims.find((each) => each.sink === 'Sink' && each.guarantee === 'exactly-once')
    expect(claim(moved)?.anomalies).toEqual({})
    const within = files.findIndex((fact) => fact.kind === 'visible' && fact.id === '0:2')
    expect(claim([...files.toSpliced(within, 1), ...files.slice(within, within + 1)])?.anomalies).toEqual({ 'reordered-in-key': 1 })
  })

  it('follows identities through an operator that makes new ones, and accepts records that ended on purpose', () => {
    expect(outputClaim(derivedRun(), 'exactly-once', DERIVED).verdict).toBe('holds')
    const unfiltered = without(derivedRun(), (fact) => fact.kind === 'record-ended')
    expect(outputClaim(unfiltered, 'exactly-once', DERIVED).findings[0]?.records).toEqual([2])
    const halfVisible = without(derivedRun(), (fact) => fact.kind === 'visible' && fact.id === 12)
    expect(outputClaim(halfVisible, 'exactly-once', DERIVED).findings[0]?.records).toEqual([12])
    const unread = derivedRun().slice(0, 6).concat(derivedRun().slice(8))
    expect(outputClaim(unread, 'exactly-once', DERIVED).anomalies).toEqual({ lost: 1 })
  })

  it('misses a record that did not come to the sink, although another one of the same cause did', () => {
    const half = without(derivedRun(), (fact) => (fact.kind === 'sink-write' || fact.kind === 'visible') && fact.id === 12)
    const { findings, anomalies } = outputClaim(half, 'exactly-once', DERIVED)
    expect(findings[0]?.message).toBe('1 record was sent to Sink on the way to Sink and never arrived (log)')
    expect(findings[0]?.records).toEqual([12])
    expect(anomalies).toEqual({ lost: 1 })
  })

  it('misses what came to no operator on the way, and not again what it was made of', () => {
    const none = without(derivedRun(), (fact) => fact.kind === 'sink-write' || fact.kind === 'visible')
    expect(outputClaim(none, 'exactly-once', DERIVED).findings.map(({ records }) => records)).toEqual([[11, 12]])
  })

  it('owes nothing for what is in a state whose code need not put anything out, but for the rest', () => {
    const shape = { name: 'Split', role: 'operator', parallelism: 1, inputs: ['Src'], stateful: true } as const
    const job = (selective: boolean): HistoryHeader => ({
      ...DERIVED,
      operators: DERIVED.operators.map((each) => (each.name !== 'Split' ? each : selective ? { ...shape, selective: true } : shape)),
    })
    const apply = (id: number): HistoryFact => ({ kind: 'state-apply', ...at('Split', 0, 0), id, key: 'a' })
    const [created, first, ...others] = without(derivedRun(), (fact) => fact.kind === 'record-ended')
    if (created === undefined || first === undefined) throw new Error('the run has two facts and more')
    const absorbed = (ids: readonly number[]): HistoryFact[] => [created, first, ...ids.map(apply), ...others]
    expect(outputClaim(absorbed([1, 2]), 'exactly-once', job(true)).verdict).toBe('holds')
    expect(outputClaim(absorbed([1, 2]), 'exactly-once', job(false)).findings.map(({ records }) => records)).toEqual([[2]])
    expect(outputClaim(absorbed([1]), 'exactly-once', job(true)).findings.map(({ records }) => records)).toEqual([[2]])
  })

  describe('of a function that decides what comes of its records, in front of another operator with state', () => {
    const stateful = { role: 'operator', parallelism: 1, stateful: true } as const
    const header: HistoryHeader = {
      ...DERIVED,
      operators: [
        { name: 'Src', role: 'source', parallelism: 1, inputs: [] },
        { ...stateful, name: 'Function', inputs: ['Src'], selective: true },
        { ...stateful, name: 'Window', inputs: ['Function'] },
        { name: 'Sink', role: 'sink', parallelism: 1, inputs: ['Window'], observed: ['log'] },
      ],
    }
    const apply = (vertex: string, id: number, key = 'a'): HistoryFact => ({ kind: 'state-apply', ...at(vertex, 0, 0), id, key })
    const emit = (vertex: string, id: number, cause: number): HistoryFact => ({ kind: 'emit', ...at(vertex, 0, 0), id, causes: [cause] })
    const endedUnder = (key: string): HistoryFact => ({ kind: 'record-ended', ...at('Window', 0, 0), id: 11, why: 'filtered', key })
    /** The function makes nothing of record 2 and 11 of record 1, which the window `a@0` absorbs. */
    const run = (...ofWindow: readonly HistoryFact[]): HistoryFact[] => [
      { kind: 'job-status', status: 'CREATED', job: 'j1' },
      ...[1, 2].map((id): HistoryFact => ({ kind: 'source-emit', ...at('Src', 0, 0), id, split: 's', offset: id - 1 })),
      ...[1, 2].map((id) => apply('Function', id)),
      emit('Function', 11, 1),
      apply('Window', 11, 'a@0'),
      ...ofWindow,
      { kind: 'job-status', status: 'FINISHED', job: 'j1' },
    ]
    const seen: readonly HistoryFact[] = [
      emit('Window', 21, 11),
      { kind: 'sink-write', ...at('Sink', 0, 0), id: 21 },
      { kind: 'visible', vertex: 'Sink', at: 'log', id: 21 },
    ]

    it('is owed what was put out', () => {
      expect(outputClaim(run(...seen), 'exactly-once', header).verdict).toBe('holds')
      const { findings, anomalies } = outputClaim(run(), 'exactly-once', header)
      expect(findings[0]?.message).toBe('1 record was absorbed on the way to Sink and nothing came of it (log)')
      expect(findings.map(({ records }) => records)).toEqual([[11]])
      expect(anomalies).toEqual({ lost: 1 })
    })

    it('is owed what it has put out and an operator without state has left without a trace', () => {
      const operators = header.operators.map((each) => (each.name === 'Window' ? { ...each, stateful: false } : each))
      const dropped = without(
        run({ kind: 'process', ...at('Window', 0, 0), id: 11 }),
        (fact) => fact.kind === 'state-apply' && fact.id === 11,
      )
      const { findings } = outputClaim(dropped, 'exactly-once', { ...header, operators })
      expect(findings.map(({ records }) => records)).toEqual([[11]])
    })

    it('is owed what came to another operator, although nothing need come of it here', () => {
      const operators = header.operators.map((each) => (each.name === 'Sink' ? { ...each, inputs: ['Window', 'Function'] } : each))
      const both = { ...header, operators: operators.map((each) => (each.name === 'Window' ? { ...each, inputs: ['Src'] } : each)) }
      const [created, ...others] = without(run(), (fact) => (fact.kind === 'state-apply' || fact.kind === 'emit') && fact.id === 11)
      if (created === undefined) throw new Error('the run begins')
      const end = others.pop()
      const ofBoth = [created, ...others, ...[1, 2].map((id) => apply('Window', id)), emit('Window', 22, 2)]
      const shown = [22].flatMap((id): HistoryFact[] => [
        { kind: 'sink-write', ...at('Sink', 0, 0), id },
        { kind: 'visible', vertex: 'Sink', at: 'log', id },
      ])
      const { findings } = outputClaim([...ofBoth, ...shown, ...(end === undefined ? [] : [end])], 'exactly-once', both)
      expect(findings.map(({ records }) => records)).toEqual([[1]])
    })

    it('is not owed what has ended in all the windows that it is in', () => {
      expect(outputClaim(run(endedUnder('a@0')), 'exactly-once', header).verdict).toBe('holds')
      const both = [apply('Window', 11, 'a@5'), endedUnder('a@0')]
      expect(outputClaim(run(...both, endedUnder('a@5')), 'exactly-once', header).verdict).toBe('holds')
      expect(outputClaim(run(...both), 'exactly-once', header).findings.map(({ records }) => records)).toEqual([[11]])
    })
  })

  it('misses a source record that has ended in one of its windows only', () => {
    const shape = { name: 'Split', role: 'operator', parallelism: 1, inputs: ['Src'], stateful: true } as const
    const header: HistoryHeader = { ...DERIVED, operators: DERIVED.operators.map((each) => (each.name === 'Split' ? shape : each)) }
    const ended = (key: string): HistoryFact => ({ kind: 'record-ended', ...at('Split', 0, 0), id: 2, why: 'filtered', key })
    const [created, first, ...others] = without(derivedRun(), (fact) => fact.kind === 'record-ended')
    if (created === undefined || first === undefined) throw new Error('the run has two facts and more')
    const applied = ['a@0', 'a@5'].flatMap((key) =>
      [1, 2].map((id): HistoryFact => ({ kind: 'state-apply', ...at('Split', 0, 0), id, key })),
    )
    const run = (...keys: readonly string[]): HistoryFact[] => [created, first, ...applied, ...keys.map(ended), ...others]
    expect(outputClaim(run('a@0', 'a@5'), 'exactly-once', header).verdict).toBe('holds')
    expect(outputClaim(run('a@0'), 'exactly-once', header).findings.map(({ records }) => records)).toEqual([[2]])
  })

  it('misses a record once, not again what it was made of', () => {
    const invisible = without(derivedRun(), (fact) => fact.kind === 'visible')
    const { findings, anomalies } = outputClaim(invisible, 'exactly-once', DERIVED)
    expect(findings.map(({ records }) => records)).toEqual([[11, 12]])
    expect(anomalies).toEqual({ lost: 2 })
  })

  it('cannot be called lost while the job goes on, and is not duplicated all the same', () => {
    const goingOn = events(
      goodRun().slice(
        0,
        goodRun().findIndex(({ kind }) => kind === 'failure'),
      ),
    )
    const verdicts = OUTPUT_ORACLES.map((oracle) => {
      const facts = oracle.init(SMALL_JOB)
      for (const event of goingOn) take(oracle.step, facts, event)
      return [oracle.name, oracle.verdict(facts).verdict]
    })
    expect(verdicts).toEqual([
      ['output-exactly-once', 'undecided'],
      ['output-at-least-once', 'undecided'],
      ['output-at-most-once', 'holds'],
    ])
  })

  it('owes nothing that a failed job still had to publish, but no duplicates', () => {
    const failed = changed(goodRun(), (fact) =>
      fact.kind === 'job-status' && fact.status === 'FINISHED' ? { ...fact, status: 'FAILED' } : undefined,
    )
    const unpublished = without(failed, (fact) => fact.kind === 'visible' && fact.id === '0:7')
    expect(outputClaim(unpublished, 'at-least-once').verdict).toBe('holds')
    expect(outputClaim([...unpublished, visible('0:1')]).anomalies.duplicated).toBe(1)
  })

  it('owes, in a job that goes on, what lies before a checkpoint that another one followed after the faults', () => {
    const running = without(goodRun(), (fact) => fact.kind === 'job-status' && fact.status === 'FINISHED')
    const lastMissing = without(running, (fact) => fact.kind === 'visible' && fact.id === '0:7')
    expect(outputClaim(lastMissing, 'at-least-once').verdict).toBe('holds')
    const earlierMissing = without(running, (fact) => fact.kind === 'visible' && fact.id === '0:2')
    expect(outputClaim(earlierMissing, 'at-least-once').anomalies).toEqual({ lost: 1 })
    const noTime = without(running, (fact) => fact.kind === 'checkpoint-completed' && fact.checkpoint === 3)
    expect(outputClaim(noTime, 'at-least-once').verdict).toBe('undecided')
  })

  describe('of a transaction that waits for its commit before the job has finished', () => {
    const cancelled = changed(goodRun(), (fact) =>
      fact.kind === 'job-status' && fact.status === 'FINISHED' ? { ...fact, status: 'CANCELED' } : undefined,
    )
    const second = cancelled.flatMap((fact) => (fact.kind === 'pre-commit' ? [fact.transaction] : []))[1] ?? ''
    const ofSecond = (fact: HistoryFact): boolean => 'transaction' in fact && fact.transaction === second
    const unseen = without(cancelled, (fact) => fact.kind === 'visible' && ofSecond(fact))
    const unanswered = without(unseen, (fact) => fact.kind === 'commit' && ofSecond(fact))
    const answered = (result: 'retry' | 'failed-known' | 'aborted') =>
      changed(unseen, (fact) => (fact.kind === 'commit' && ofSecond(fact) ? { ...fact, result } : undefined))

    it('is open: it has no answer yet, or is to be tried again', () => {
      const claim = outputClaim(unanswered, 'at-least-once')
      expect([claim.verdict, claim.missing]).toEqual(['undecided', expect.stringMatching(/waits for its commit/)])
      expect(outputClaim(answered('retry'), 'exactly-once').verdict).toBe('undecided')
    })

    it('is lost once the answer is final, or the job has finished', () => {
      expect(outputClaim(unseen, 'at-least-once').anomalies.lost).toBeGreaterThan(0)
      expect(outputClaim(answered('failed-known'), 'at-least-once').anomalies.lost).toBeGreaterThan(0)
      expect(outputClaim(answered('aborted'), 'at-least-once').anomalies.lost).toBeGreaterThan(0)
      const finishing = changed(unanswered, (fact) =>
        fact.kind === 'job-status' && fact.status === 'CANCELED' ? { ...fact, status: 'FINISHED' } : undefined,
      )
      expect(outputClaim(finishing, 'at-least-once').anomalies.lost).toBeGreaterThan(0)
    })

    it('is lost when the committer never asked for it, and did for a later checkpoint', () => {
      const forgotten = without(unanswered, (fact) => fact.kind === 'commit-requested' && ofSecond(fact))
      expect(outputClaim(forgotten, 'at-least-once').anomalies.lost).toBeGreaterThan(0)
      const untold = without(forgotten, (fact) => fact.kind === 'commit-requested' || fact.kind === 'commit')
      expect(outputClaim(untold, 'at-least-once').verdict).toBe('undecided')
    })

    it('is lost when nobody asked for it although two later checkpoints have completed', () => {
      const untold = without(unanswered, (fact) => fact.kind === 'commit-requested' || fact.kind === 'commit')
      const cancelling = (fact: HistoryFact): boolean => fact.kind === 'job-status' && fact.status === 'CANCELED'
      const later = inserted(untold, cancelling, { kind: 'checkpoint-completed', checkpoint: 4 })
      expect(outputClaim(later, 'at-least-once').anomalies.lost).toBeGreaterThan(0)
    })
  })
})
