import { describe, expect, it } from 'vitest'
import type { HistoryFact, HistoryHeader } from '../history/index.js'
import { changed, inserted, is, status, transactionsOf, untilRestart, without } from './hand-made-changes.js'
import { at, events, goodRun, SIMULATED_JOB, SMALL_JOB } from './hand-made-history.js'
import { judge } from './judge.js'
import { excusesProgress } from './preconditions.js'

describe('preconditions', () => {
  /** A second job after the good run that starts from `checkpoint`, or from nothing, and publishes a record again. */
  const secondJob = (checkpoint: number | undefined): HistoryFact[] => [
    ...goodRun(),
    { kind: 'job-status', status: 'CREATED', job: 'j2' },
    { kind: 'restore-chosen', path: 'somewhere', ...(checkpoint === undefined ? {} : { checkpoint }) },
    { kind: 'restore', ...at('Sink', 0, 0), ...(checkpoint === undefined ? {} : { checkpoint }) },
    { kind: 'visible', vertex: 'Sink', at: 'external-store', id: '0:3' },
  ]

  /** What is broken where transactions time out after so many milliseconds. */
  const brokenUnder = (timeout: string, facts: readonly HistoryFact[]): string[] => {
    const header: HistoryHeader = { ...SMALL_JOB, configuration: { 'transaction.timeout.ms': timeout } }
    return judge(header, events(facts)).preconditionsBroken.map(({ name }) => name)
  }

  it('do not count what a job does that goes back to a checkpoint which one recovery has passed over', () => {
    const inDoubt: HistoryFact[] = [
      ...without(goodRun(), status('FINISHED')),
      { kind: 'checkpoint-completed', checkpoint: 9 },
      { kind: 'checkpoint-aborted', checkpoint: 9, reason: 'POSSIBLE_INCONSISTENT_STATE' },
      { kind: 'restore', ...at('Sink', 0, 7), checkpoint: 2 },
    ]
    const back: HistoryFact = { kind: 'restore', ...at('Sink', 0, 8), checkpoint: 9 }
    const fault: HistoryFact = { kind: 'fault', fault: 'crash', point: 'time', target: 'JobManager' }
    const after = (...facts: HistoryFact[]) => judge(SIMULATED_JOB, events([...inDoubt, ...facts]))
    expect(after().preconditionsBroken).toEqual([])
    expect(after(back).preconditionsBroken.map(({ name, concerns }) => [name, concerns])).toEqual([
      ['restored-passed-over-checkpoint', ['output']],
    ])
    // A job that makes no progress afterwards is told, and is no violation.
    expect(excusesProgress(after(back, fault).preconditionsBroken)).toBe(true)
    expect(excusesProgress(after(fault).preconditionsBroken)).toBe(false)
  })

  it('do not count a claim against a job that was restored from an older snapshot', () => {
    const { claims, preconditionsBroken, protocol } = judge(SMALL_JOB, events(secondJob(1)))
    expect(preconditionsBroken.map((each) => each.name)).toEqual(['restored-old-snapshot'])
    const claim = claims.find((each) => each.at === 'external-store' && each.guarantee === 'exactly-once')
    expect(claim).toMatchObject({ verdict: 'violated', promised: true, beyond: ['restored-old-snapshot'] })
    expect(protocol).toEqual([])
  })

  it('name a start without state', () => {
    expect(judge(SMALL_JOB, events(secondJob(undefined))).preconditionsBroken.map((each) => each.name)).toEqual(['started-without-state'])
  })

  it('are kept by a restore from the newest', () => {
    expect(judge(SMALL_JOB, events(secondJob(3))).preconditionsBroken).toEqual([])
  })

  it('name a transaction that its timeout took although a completed checkpoint holds it', () => {
    const pre = goodRun().find((fact) => fact.kind === 'pre-commit')
    const transaction = pre?.kind === 'pre-commit' ? pre.transaction : ''
    const facts = changed(
      inserted(goodRun(), (fact) => fact.kind === 'fault', { kind: 'abort', ...at('Sink', 0, 0), transaction, why: 'timeout' }),
      (fact) => (fact.kind === 'commit' && fact.transaction === transaction ? { ...fact, result: 'failed-known' } : undefined),
    )
    const missing = without(facts, (fact) => fact.kind === 'visible' && fact.transaction === transaction)
    const { verdict, claims, preconditionsBroken } = judge(SMALL_JOB, events(missing))
    expect(preconditionsBroken.map((each) => each.name)).toEqual(['transaction-timed-out'])
    expect(claims.find((each) => each.at === 'external-store' && each.guarantee === 'exactly-once')?.anomalies).toEqual({ lost: 2 })
    expect(verdict).toBe('holds')
  })

  it('name writers that lose their transactions to the timeout again and again, without a fault', () => {
    const attempt = (number: number, ...more: HistoryFact[]): HistoryFact[] => [
      { kind: 'restart', restarts: number },
      { kind: 'restore', ...at('Sink', 0, number), checkpoint: 3 },
      { kind: 'transaction-begun', ...at('Sink', 0, number), transaction: 'again' },
      ...more,
      { kind: 'abort', ...at('Sink', 0, number), transaction: 'again', why: 'timeout' },
      { kind: 'failure', ...at('Sink', 0, number), cause: 'INVALID_PRODUCER_EPOCH' },
    ]
    const without3 = without(goodRun(), status('FINISHED'))
    const broken = (...facts: HistoryFact[]): string[] => {
      const { preconditionsBroken } = judge(SMALL_JOB, events([...without3, ...facts]))
      expect(excusesProgress(preconditionsBroken)).toBe(preconditionsBroken.length > 0)
      return preconditionsBroken.map(({ name }) => name)
    }
    const three = [...attempt(2), ...attempt(3), ...attempt(4)]
    expect(broken(...three)).toEqual(['timed-out-while-writing'])
    // It excuses a job that makes no progress, and nothing else.
    const again: HistoryFact = { kind: 'checkpoint-triggered', checkpoint: 3 }
    expect(judge(SMALL_JOB, events([...without3, ...three, again])).protocol.map(({ rule }) => rule)).toContain('ids-increase')
    expect(broken(...attempt(2), ...attempt(3))).toEqual([])
    // A fault may be to blame for what was before it.
    expect(broken(...three, { kind: 'fault', fault: 'pause', point: 'time', target: 'storage' })).toEqual([])
    // What was given up may well time out.
    const given = (number: number): HistoryFact[] => attempt(number, { kind: 'restore', ...at('Sink', 0, number + 10), checkpoint: 3 })
    expect(broken(...attempt(2), ...attempt(3), ...given(4))).toEqual([])
    const closed = three.map((fact): HistoryFact => (fact.kind === 'abort' ? { ...fact, why: 'close' } : fact))
    expect(broken(...closed)).toEqual([])
  })

  it('name an attempt that was given up in a pause and aborts what its successor has begun', () => {
    const behind = (fault: string, attempt: number, why: 'lingering' | 'close', target = 'TaskManager-0') => {
      const last = goodRun().findLast((fact) => fact.kind === 'pre-commit')
      const transaction = last?.kind === 'pre-commit' ? last.transaction : ''
      const paused = inserted(goodRun(), is('checkpoint-triggered', 1), { kind: 'fault', fault, point: 'time', target })
      const aborted = inserted(paused, is('checkpoint-completed', 3), { kind: 'abort', ...at('Sink', 0, attempt), transaction, why })
      const { preconditionsBroken, protocol } = judge(SMALL_JOB, events(aborted))
      // What is beyond the preconditions is no second complaint of the protocol.
      const torn = protocol.some(({ rule, message }) => rule === 'completed-is-not-aborted' && message.includes(transaction))
      expect(torn && preconditionsBroken.length > 0).toBe(false)
      // The successor may try for ever to commit what was aborted.
      expect(excusesProgress(preconditionsBroken)).toBe(preconditionsBroken.length > 0)
      return preconditionsBroken.map(({ name }) => name)
    }
    expect(behind('pause', 0, 'lingering')).toEqual(['opened-behind-its-successor'])
    expect(behind('pause', 1, 'lingering')).toEqual([])
    expect(behind('pause', 0, 'close')).toEqual([])
    // What is cut off from the outside system alone is heard there late, whoever is dead by then.
    expect(behind('partition', 0, 'lingering', 'TaskManager-0 / kafka')).toEqual(['opened-behind-its-successor'])
    // A TaskManager that is cut off from the JobManager notices in time: there it is the engine's defect.
    expect(behind('partition', 0, 'lingering', 'TaskManager-0 / JobManager')).toEqual([])
    expect(behind('partition', 0, 'lingering')).toEqual([])
    expect(behind('partition', 0, 'lingering', 'TaskManager-0 / JobManager, TaskManager-1, kafka')).toEqual(['opened-behind-its-successor'])
    expect(behind('partition', 0, 'lingering', 'kafka / JobManager, TaskManager-0')).toEqual(['opened-behind-its-successor'])
    // A slow link is overtaken by another one.
    expect(behind('slow', 0, 'lingering', 'TaskManager-0')).toEqual(['opened-behind-its-successor'])
    expect(behind('slow', 0, 'lingering', 'external-store')).toEqual(['opened-behind-its-successor'])
    for (const target of ['JobManager', 'storage']) expect(behind('slow', 0, 'lingering', target)).toEqual([])
    // Only tasks ask for transactions, and neither the storage nor the store of the checkpoints has any.
    const others = ['JobManager / kafka', 'kafka / JobManager', 'JobManager / TaskManager-0, kafka', 'kafka / readers']
    for (const target of [...others, 'TaskManager-0 / storage, store', 'store / TaskManager-0', 'JobManager / store'])
      expect(behind('partition', 0, 'lingering', target)).toEqual([])
  })

  it('name a transaction that a given up attempt left open in front of what was committed, where readers wait for its end', () => {
    const header: HistoryHeader = {
      ...SMALL_JOB,
      operators: SMALL_JOB.operators.map((each) =>
        each.name === 'Sink' ? { ...each, observed: ['read_uncommitted', 'read_committed'] } : each,
      ),
    }
    const run = without(goodRun(), (fact) => fact.kind === 'abort')
    const { first, last } = transactionsOf(run)
    const left = run.findLast((fact) => fact.kind === 'transaction-begun' && fact.attempt === 0)
    const open = left?.kind === 'transaction-begun' ? left.transaction : ''
    const seen = (at: 'read_uncommitted' | 'read_committed', id: string, transaction: string, partition = 'out-0'): HistoryFact => ({
      kind: 'visible',
      vertex: 'Sink',
      at,
      id,
      partition,
      transaction,
    })
    const held = (...facts: HistoryFact[]): string[] =>
      judge(header, events([...run, ...facts])).preconditionsBroken.map(({ name, message }) => `${name} ${message.split(' ')[0] ?? ''}`)
    const [ofGivenUp, ofSuccessor] = [seen('read_uncommitted', '0:2', open), seen('read_uncommitted', '0:3', last)]
    expect(held(ofGivenUp, ofSuccessor)).toEqual([`held-up-by-given-up-attempt ${open},`])
    expect(held(ofGivenUp, ofSuccessor, seen('read_committed', '0:3', last))).toEqual([])
    expect(held(ofGivenUp, ofSuccessor, seen('read_committed', '0:2', last))).toHaveLength(1)
    // A name may be used again: what one use of it held is seen in another transaction.
    expect(held(ofGivenUp, ofSuccessor, seen('read_committed', '0:3', first))).toEqual([])
    expect(held(ofSuccessor, ofGivenUp)).toEqual([])
    expect(held(ofGivenUp, seen('read_uncommitted', '0:3', last, 'out-1'))).toEqual([])
    // Nobody commits what is behind it.
    expect(held(ofGivenUp, seen('read_uncommitted', '0:3', 'another'))).toEqual([])
    expect(held({ kind: 'abort', ...at('Sink', 0, 1), transaction: open, why: 'lingering' }, ofGivenUp, ofSuccessor)).toEqual([])
    expect(held({ kind: 'commit', ...at('Committer', 0, 1), transaction: open, result: 'applied' }, ofGivenUp, ofSuccessor)).toEqual([])
    // What the newest attempt leaves open is its own defect.
    const own = run.findLast((fact) => fact.kind === 'transaction-begun')
    expect(held(seen('read_uncommitted', '0:2', own?.kind === 'transaction-begun' ? own.transaction : ''), ofSuccessor)).toEqual([])
  })

  it('name an attempt that a dead JobManager had deployed behind a partition, and that comes up behind its successor', () => {
    const behind = (...faults: (readonly [fault: string, target: string])[]) => {
      const last = goodRun().findLast((fact) => fact.kind === 'pre-commit')
      const transaction = last?.kind === 'pre-commit' ? last.transaction : ''
      const told = faults.map(([fault, target]): HistoryFact => ({ kind: 'fault', fault, point: 'time', target, lastsUs: 1_000_000 }))
      const struck = inserted(goodRun(), is('checkpoint-triggered', 1), ...told)
      const late: HistoryFact = { kind: 'abort', ...at('Sink', 0, 0), transaction, why: 'lingering' }
      return judge(SMALL_JOB, events(inserted(struck, is('checkpoint-completed', 3), late))).preconditionsBroken.map(({ name }) => name)
    }
    const cut = ['partition', 'JobManager / TaskManager-0'] as const
    expect(behind(cut, ['crash', 'JobManager'])).toEqual(['opened-behind-its-successor'])
    expect(behind(['partition', 'TaskManager-0 / JobManager'], ['crash', 'JobManager'])).toEqual(['opened-behind-its-successor'])
    expect(behind(['slow', 'JobManager'], ['crash', 'JobManager'])).toEqual(['opened-behind-its-successor'])
    expect(behind(['rpc', 'TaskManager-1'], ['crash', 'JobManager'])).toEqual(['opened-behind-its-successor'])
    for (const target of ['JobManager', 'storage']) expect(behind(['rpc', target], ['crash', 'JobManager'])).toEqual([])
    expect(behind(['slow', 'storage'], ['crash', 'JobManager'])).toEqual([])
    // What was on its way is lost with the host; and a TaskManager that dies deploys nothing.
    expect(behind(cut, ['host-loss', 'JobManager'])).toEqual([])
    expect(behind(cut, ['crash', 'TaskManager-1'])).toEqual([])
    expect(behind(['crash', 'JobManager'], cut)).toEqual([])
    expect(behind(['partition', 'JobManager / storage'], ['crash', 'JobManager'])).toEqual([])
    // Both are on the same side.
    expect(behind(['partition', 'storage / JobManager, TaskManager-0'], ['crash', 'JobManager'])).toEqual([])
  })

  it('name a sink that finished before the last barrier of a checkpoint that is restored, at least once only', () => {
    const broken = (mode: 'aligned' | 'at-least-once', sinkEnds: boolean, sourceEnds: boolean) => {
      const ends = [...(sinkEnds ? ['Sink'] : []), ...(sourceEnds ? ['Src'] : [])].map((vertex): HistoryFact => {
        return { kind: 'end-of-input', ...at(vertex, 0, 0) }
      })
      const facts = ends.reduce((story, end) => inserted(story, is('checkpoint-triggered', 1), end), goodRun())
      return judge({ ...SIMULATED_JOB, mode }, events(facts)).preconditionsBroken.map(({ name }) => name)
    }
    expect(broken('at-least-once', true, false)).toEqual(['finished-before-its-barriers'])
    expect(broken('at-least-once', true, true)).toEqual([])
    expect(broken('at-least-once', false, false)).toEqual([])
    expect(broken('aligned', true, false)).toEqual([])
  })

  it('name such a sink also where a new job restores it', () => {
    const ended = inserted(goodRun(), is('checkpoint-triggered', 1), { kind: 'end-of-input', ...at('Sink', 0, 0) })
    const first = ended.filter(({ kind }) => kind !== 'restore')
    const second: HistoryFact[] = [
      { kind: 'job-status', status: 'CREATED', job: 'second' },
      { kind: 'restore', ...at('Sink', 0, 0), checkpoint: 1 },
    ]
    const broken = (facts: readonly HistoryFact[]) =>
      judge({ ...SIMULATED_JOB, mode: 'at-least-once' }, events(facts)).preconditionsBroken.map(({ name }) => name)
    expect(broken([{ kind: 'job-status', status: 'CREATED', job: 'first' }, ...first, ...second])).toContain('finished-before-its-barriers')
    expect(broken(first)).not.toContain('finished-before-its-barriers')
  })

  it('name a sink of which a part had ended, restored at another parallelism, and a checkpoint that is refused', () => {
    const taken = (subtask: number, ended: boolean): HistoryFact[] => [
      ...(ended ? [{ kind: 'end-of-input', ...at('Sink', subtask, 0) } as const] : []),
      { kind: 'snapshot-taken', checkpoint: 1, ...at('Sink', subtask, 0) },
    ]
    const queue = SIMULATED_JOB.operators.map((each) => (each.name === 'Src' ? { ...each, withoutPositions: true as const } : each))
    const broken = (ended: readonly [boolean, boolean], ...second: readonly HistoryFact[]) =>
      brokenIn({ ...SIMULATED_JOB, operators: queue }, ended, ...second)
    const brokenIn = (header: HistoryHeader, ended: readonly [boolean, boolean], ...second: readonly HistoryFact[]) => {
      const first: HistoryFact[] = [
        { kind: 'job-status', status: 'CREATED', job: 'first' },
        ...ended.flatMap((each, subtask) => taken(subtask, each)),
        { kind: 'checkpoint-completed', checkpoint: 1 },
        { kind: 'job-status', status: 'CREATED', job: 'second' },
      ]
      return judge(header, events([...first, ...second])).preconditionsBroken.map(({ name }) => name)
    }
    const restore = (subtask: number): HistoryFact => ({ kind: 'restore', checkpoint: 1, ...at('Sink', subtask, 0) })
    expect(broken([true, false], restore(0))).toEqual(['rescaled-while-ending'])
    expect(broken([true, false], restore(0), restore(1), restore(2))).toEqual(['rescaled-while-ending'])
    expect(broken([true, false], restore(0), restore(1))).toEqual([])
    expect(broken([true, true], restore(0))).toEqual([])
    // A queue delivers again what was not acknowledged when the job ended.
    const again: HistoryFact = { kind: 'source-emit', ...at('Src', 0, 0), id: '0:9', split: '0', offset: 9 }
    expect(broken([true, true], restore(0), again)).toEqual(['rescaled-while-ending'])
    expect(broken([true, true], restore(0), restore(1), again)).toEqual([])
    expect(broken([true, true], again, restore(0))).toEqual([])
    // Another source knows where it was, and another job began with something else.
    expect(brokenIn(SIMULATED_JOB, [true, true], restore(0), again)).toEqual([])
    const third: HistoryFact[] = [
      { kind: 'job-status', status: 'CREATED', job: 'third' },
      { kind: 'restore', ...at('Sink', 0, 0) },
    ]
    expect(broken([true, true], restore(0), ...third, again)).not.toContain('rescaled-while-ending')
    expect(broken([false, false], restore(0))).toEqual([])
    const refused: HistoryFact = { kind: 'failure', ...at('', -1, -1), cause: 'the maximum parallelism', refused: 1 }
    expect(broken([false, false], refused)).toEqual(['restore-refused'])
  })

  it('leave the state open where they keep the job from its end, and only there', () => {
    const beyondOf = (attempt: number, ends: boolean) => {
      const last = goodRun().findLast((fact) => fact.kind === 'pre-commit')
      const transaction = last?.kind === 'pre-commit' ? last.transaction : ''
      const paused = inserted(goodRun(), is('checkpoint-triggered', 1), { kind: 'fault', fault: 'pause', point: 'time', target: 'TM' })
      const aborted = inserted(paused, is('checkpoint-completed', 3), {
        kind: 'abort',
        ...at('Sink', 0, attempt),
        transaction,
        why: 'lingering',
      })
      const { claims } = judge(SMALL_JOB, events(ends ? aborted : twice(without(aborted, status('FINISHED')))))
      return claims.find((each) => each.at === 'state' && each.guarantee === 'at-least-once')
    }
    /** The state has absorbed a record twice: that does not refute at-least-once. */
    const twice = (facts: readonly HistoryFact[]): HistoryFact[] => {
      const applied = facts.findLast((fact) => fact.kind === 'state-apply')
      return applied === undefined ? [...facts] : inserted(facts, is('checkpoint-triggered', 3), applied)
    }
    expect(beyondOf(0, false)).toMatchObject({ verdict: 'undecided', beyond: ['opened-behind-its-successor'] })
    expect(beyondOf(1, false)).toMatchObject({ verdict: 'undecided', beyond: [] })
    expect(beyondOf(0, true)).toMatchObject({ verdict: 'holds', beyond: [] })
  })

  it('are kept when the timeout takes a transaction that a recovery had given up', () => {
    const lost = goodRun().find((fact) => fact.kind === 'abort')
    const transaction = lost?.kind === 'abort' ? lost.transaction : ''
    const prepared = inserted(
      without(goodRun(), (fact) => fact.kind === 'abort'),
      (fact) => fact.kind === 'fault',
      { kind: 'pre-commit', ...at('Sink', 0, 0), transaction, checkpoint: 2 },
    )
    const facts = inserted(prepared, (fact) => fact.kind === 'checkpoint-triggered' && fact.checkpoint === 3, {
      kind: 'abort',
      ...at('Sink', 0, 0),
      transaction,
      why: 'timeout',
    })
    expect(judge(SMALL_JOB, events(facts)).preconditionsBroken).toEqual([])
  })

  it('know the timeout from the configuration where the broker does not tell', () => {
    const pre = goodRun().find((fact) => fact.kind === 'pre-commit')
    const transaction = pre?.kind === 'pre-commit' ? pre.transaction : ''
    const facts = changed(goodRun(), (fact) =>
      fact.kind === 'commit' && fact.transaction === transaction ? { ...fact, result: 'failed-known' } : undefined,
    )
    expect(brokenUnder('5', facts)).toEqual(['transaction-timed-out'])
    expect(brokenUnder('60000', facts)).toEqual([])
  })

  it('take the one before for the beginning of a transaction where the history does not tell it', () => {
    const { last } = transactionsOf(goodRun())
    const anonymous = changed(
      without(goodRun(), (fact) => fact.kind === 'transaction-begun'),
      (fact) => {
        if (fact.kind === 'commit' && fact.transaction === last) return { ...fact, result: 'failed-known' }
        if (fact.kind !== 'sink-write') return undefined
        const { transaction: _transaction, ...rest } = fact
        return rest
      },
    )
    expect(brokenUnder('10', anonymous)).toEqual(['transaction-timed-out'])
    expect(brokenUnder('60000', anonymous)).toEqual([])
  })

  it('name a JobManager lost without high availability', () => {
    const facts = [...untilRestart(), { kind: 'process-crashed', process: 'JobManager', incarnation: 0 } as const]
    expect(judge(SIMULATED_JOB, events(facts)).preconditionsBroken.map((each) => each.name)).toEqual(['job-manager-lost-without-ha'])
    const ha = { ...SIMULATED_JOB, configuration: { 'high-availability.type': 'zookeeper' } }
    expect(judge(ha, events(facts)).preconditionsBroken).toEqual([])
  })
})
