import { describe, expect, it } from 'vitest'
import type { HistoryEvent, HistoryFact } from '../history/index.js'
import { consistentCut } from './consistent-cut.js'
import { events, goodRun, SMALL_JOB } from './hand-made-history.js'
import { dispatching } from './dispatch.js'
import { STATE_ORACLES } from './keyed-state.js'
import type { Oracle, OracleVerdict } from './oracle.js'
import { OUTPUT_ORACLES } from './output.js'
import { progress } from './progress.js'
import { acknowledgements } from './protocol-acknowledgements.js'
import { arrivalsWereSent } from './protocol-arrivals.js'
import { attempts } from './protocol-attempts.js'
import { checkpointIds } from './protocol-checkpoint-ids.js'
import { checkpointOutcome } from './protocol-checkpoint-outcome.js'
import { completion } from './protocol-completion.js'
import { outputContent } from './protocol-content.js'
import { outputValues } from './output-values.js'
import { ends } from './protocol-ends.js'
import { notifications } from './protocol-notifications.js'
import { preCommits } from './protocol-pre-commits.js'
import { protocolRules } from './protocol.js'
import { recovery } from './protocol-recovery.js'
import { snapshotOrder } from './protocol-snapshots.js'
import { sourceOffsets } from './protocol-sources.js'
import { visibleOnlyCommitted } from './protocol-visibility.js'
import { restoredContents } from './restored-content.js'
import { snapshotContents } from './snapshot-content.js'
import { take } from './steps.js'

function run<S>(oracle: Oracle<S>, history: readonly HistoryEvent[], state = oracle.init(SMALL_JOB)): S {
  for (const event of history) take(oracle.step, state, event)
  return state
}

function judged<S>(oracle: Oracle<S>, history: readonly HistoryEvent[]): OracleVerdict {
  return oracle.verdict(run(oracle, history))
}

/** What every oracle keeps to, whatever it judges. */
function conforms<S>(oracle: Oracle<S>): void {
  describe(oracle.name, () => {
    const good = events(goodRun())

    it('holds for the good run', () => {
      expect(judged(oracle, good)).toEqual({ verdict: 'holds', findings: [] })
    })

    it('does not change its state when it gives its verdict', () => {
      const state = run(oracle, good)
      const before = structuredClone(state)
      oracle.verdict(state)
      expect(state).toEqual(before)
    })

    it('can be forked anywhere: its state is plain data', () => {
      const half = Math.floor(good.length / 2)
      const state = run(oracle, good.slice(0, half))
      const fork = structuredClone(state)
      run(oracle, good.slice(half), state)
      expect(run(oracle, good.slice(half), fork)).toEqual(state)
    })

    it('says the same twice', () => {
      expect(run(oracle, good)).toEqual(run(oracle, good))
    })
  })
}

for (const oracle of [...STATE_ORACLES, ...OUTPUT_ORACLES]) conforms(oracle)
conforms(progress)
conforms(consistentCut)
conforms(attempts)
conforms(arrivalsWereSent)
conforms(outputContent)
conforms(visibleOnlyCommitted)
conforms(checkpointIds)
conforms(checkpointOutcome)
conforms(snapshotOrder)
conforms(acknowledgements)
conforms(completion)
conforms(notifications)
conforms(recovery)
conforms(sourceOffsets)
conforms(ends)
conforms(preCommits)
conforms(snapshotContents)
conforms(restoredContents)
conforms(outputValues)

/** The rules of the protocol that a history breaks, each once. */
function rulesBroken(history: readonly HistoryEvent[]): string[] {
  const rules = protocolRules(SMALL_JOB)
  const dispatch = dispatching(rules.folds)
  for (const event of history) dispatch(event)
  return [...new Set(rules.findings().map(({ rule }) => rule))]
}

describe('a job behind another one', () => {
  const facts = goodRun()
  const second = facts.map((fact) => (fact.kind === 'job-status' ? { ...fact, job: 'j2' } : fact))
  const both = events([...facts, ...second])

  it('counts its checkpoints, attempts and offsets anew: nothing of the earlier one is held against it', () => {
    expect(rulesBroken(both)).toEqual([])
    for (const { findings } of [judged(consistentCut, both), judged(attempts, both), judged(arrivalsWereSent, both)])
      expect(findings).toEqual([])
  })

  /** Rules that are broken when a fact of the second job is another one, or is missing. */
  const brokenBy = (kind: HistoryFact['kind'], change: (fact: HistoryFact) => readonly HistoryFact[]): string[] => {
    const place = second.findIndex((fact) => fact.kind === kind && change(fact)[0] !== fact)
    return rulesBroken(events([...facts, ...second.flatMap((fact, index) => (index === place ? change(fact) : [fact]))]))
  }

  const gone = (): readonly HistoryFact[] => []
  it.each<[string, readonly string[], HistoryFact['kind'], (fact: HistoryFact) => readonly HistoryFact[]]>([
    ['a checkpoint is never triggered', ['one-outcome', 'snapshot-after-trigger'], 'checkpoint-triggered', gone],
    ['a checkpoint never completes', ['notify-only-completed', 'restore-newest'], 'checkpoint-completed', gone],
    ['an acknowledgement is missing', ['complete-when-acknowledged'], 'acknowledgement-accepted', gone],
    ['a snapshot never becomes durable', ['acknowledge-when-durable'], 'snapshot-durable', gone],
    [
      'a record is passed over',
      ['offset-covers-emitted', 'offsets-increase'],
      'source-emit',
      (fact) => (fact.kind === 'source-emit' && fact.offset === 1 ? [{ ...fact, offset: 2 }] : [fact]),
    ],
    [
      'a snapshot has another count',
      ['snapshot-is-a-view', 'restored-as-stored'],
      'snapshot-durable',
      (fact) => (fact.kind === 'snapshot-durable' && fact.vertex === 'Count' ? [{ ...fact, content: { counts: [['a', 7]] } }] : [fact]),
    ],
    [
      'another checkpoint is restored than was chosen',
      ['ids-increase', 'restore-as-chosen'],
      'restore',
      (fact) => (fact.kind === 'restore' && fact.checkpoint === 1 ? [{ ...fact, checkpoint: 2 }] : [fact]),
    ],
    [
      'a checkpoint of the earlier job is chosen',
      ['ids-increase', 'restore-newest', 'restore-as-chosen'],
      'restore-chosen',
      (fact) => (fact.kind === 'restore-chosen' && fact.checkpoint === 1 ? [{ ...fact, checkpoint: 3 }] : [fact]),
    ],
  ])('is judged by itself: %s', (_what, rules, kind, change) => {
    expect(brokenBy(kind, change)).toEqual(rules)
  })

  it('is the same job when its JobManager came back: then all of it is held against it', () => {
    expect(rulesBroken(events([...facts, ...facts])).sort()).toEqual([
      'accept-current-attempt',
      'accept-once',
      'accept-while-pending',
      'complete-when-acknowledged',
      'completes-in-order',
      'ids-increase',
      'notify-once',
      'one-outcome',
      'restore-newest',
      'snapshot-once',
    ])
  })
})
