import type { DeliveryPromise, EventOf, HistoryEvent, HistoryHeader } from '../history/index.js'
import { claimVerdicts, type ClaimVerdict, type PointVerdict, pointVerdicts } from './claims.js'
import { createCutState, CUT_STEPS, cutVerdict } from './consistent-cut.js'
import { dispatching, fold } from './dispatch.js'
import type { Finding, OracleVerdict } from './oracle.js'
import { type BrokenPrecondition, brokenPreconditions, excusesProgress } from './preconditions.js'
import { progressVerdict } from './progress.js'
import { protocolRules } from './protocol.js'
import { arrivalFindings } from './protocol-arrivals.js'
import { keyOrderFindings } from './protocol-key-order.js'
import { contentFindings } from './protocol-content.js'
import { visibilityFindings } from './protocol-visibility.js'
import { attemptFindings } from './protocol-attempts.js'
import { committableFindings } from './protocol-committables.js'
import { transactionFindings } from './protocol-transactions.js'
import { createPublications, PUBLICATION_STEPS } from './publications.js'
import { createRunFacts, runFactFolds } from './run-facts.js'
import { createWaits, WAIT_STEPS, waitsInWords } from './waits.js'
import { createWitnesses, type Evidence, evidenceOf, WITNESS_STEPS } from './witnesses.js'

/** All that can be said about one history. */
export interface JudgeVerdict {
  /**
   * `violated` when a promised claim within its preconditions is, or the protocol, or progress; else `incomplete` when a promised
   * claim within its preconditions is undecided; else `holds`.
   */
  readonly verdict: 'holds' | 'violated' | 'incomplete'
  readonly claims: readonly ClaimVerdict[]
  /** Per observation point: what was found there, and the strongest guarantee consistent with it. */
  readonly points: readonly PointVerdict[]
  /** Broken rules of the protocol, inconsistent cuts among them. */
  readonly protocol: readonly Finding[]
  readonly cut: OracleVerdict
  readonly progress: OracleVerdict
  readonly preconditionsBroken: readonly BrokenPrecondition[]
  readonly evidence: Evidence
}

/** Judges while a history is made: feed it every event, ask for the verdict at the end. */
export interface Judge {
  step(event: HistoryEvent): void
  verdict(): JudgeVerdict
}

/** A judge of one history. `claims` takes the place of the header's promises. */
export function createJudge(header: HistoryHeader, claims?: readonly DeliveryPromise[]): Judge {
  const facts = createRunFacts(header)
  const cut = createCutState()
  const publications = createPublications(header)
  const witnesses = createWitnesses()
  const waits = createWaits()
  const rules = protocolRules(header)
  const lostJobManagers: number[] = []
  const dispatch = dispatching([
    ...runFactFolds(facts),
    ...rules.folds,
    fold(CUT_STEPS, { header, timeline: facts.timeline, cut }),
    fold(PUBLICATION_STEPS, publications),
    fold(WITNESS_STEPS, witnesses),
    fold(WAIT_STEPS, waits),
    fold({ 'process-crashed': noteLostJobManager }, lostJobManagers),
  ])
  let last: HistoryEvent | undefined

  const step = (event: HistoryEvent): void => {
    last = event
    dispatch(event)
  }

  const verdict = (): JudgeVerdict => {
    const points = pointVerdicts(facts)
    const preconditionsBroken = brokenPreconditions(facts, publications, lostJobManagers)
    const verdicts = claimVerdicts(points, claims ?? header.promises ?? [], preconditionsBroken)
    const cutFound = cutVerdict(cut)
    const progress = progressVerdict(facts, () => `; it is ${waitsInWords(waits, last?.t ?? 0)}`)
    const excused = excusesProgress(preconditionsBroken)
    const protocol = [
      ...rules.findings().filter(({ anomaly }) => anomaly !== 'stuck' || !excused),
      ...attemptFindings(facts.timeline, header.origin),
      ...arrivalFindings(header, facts.timeline),
      ...keyOrderFindings(header, facts.timeline),
      ...facts.timeline.wrongFlushes,
      ...contentFindings(facts),
      ...visibilityFindings(facts),
      ...transactionFindings(facts, publications),
      ...committableFindings(facts, publications),
      ...cutFound.findings,
    ]
    const evidence = evidenceOf(witnesses, facts.timeline.replayed)
    const stuck = progress.verdict === 'violated' && !excused
    const overall = overallVerdict(verdicts, protocol, stuck)
    return { verdict: overall, claims: verdicts, points, protocol, cut: cutFound, progress, preconditionsBroken, evidence }
  }
  return { step, verdict }
}

/** Judges a whole history. */
export function judge(header: HistoryHeader, events: Iterable<HistoryEvent>, claims?: readonly DeliveryPromise[]): JudgeVerdict {
  const one = createJudge(header, claims)
  for (const event of events) one.step(event)
  return one.verdict()
}

function noteLostJobManager(lost: number[], { process, seq }: EventOf<'process-crashed'>): void {
  if (/job-?manager/i.test(process)) lost.push(seq)
}

function overallVerdict(claims: readonly ClaimVerdict[], protocol: readonly Finding[], stuck: boolean): JudgeVerdict['verdict'] {
  const counted = claims.filter((claim) => claim.promised && claim.beyond.length === 0)
  if (protocol.length > 0 || stuck || counted.some((claim) => claim.verdict === 'violated')) return 'violated'
  return counted.some((claim) => claim.verdict === 'undecided') ? 'incomplete' : 'holds'
}
