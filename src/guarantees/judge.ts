import type { DeliveryPromise, HistoryEvent, HistoryHeader } from '../history/index.js'
import { type Guarantee, GUARANTEES, countAnomalies, includes, strongestConsistent } from './anomalies.js'
import { stateFindings, stateMissing } from './keyed-state.js'
import type { AnomalyName, Finding, OracleVerdict } from './oracle.js'
import { outputFindings, outputMissing, outputVerdict } from './output.js'
import { createRunFacts, type RunFacts, stepRunFacts } from './run-facts.js'

/** The judgement on one guarantee at one observation point. */
export interface ClaimVerdict {
  readonly guarantee: Guarantee
  /** `state`, or an observation point of the sink. */
  readonly at: string
  readonly sink?: string
  readonly verdict: OracleVerdict['verdict']
  /** Someone promised this; what was not promised is reported and does not count. */
  readonly promised: boolean
  readonly anomalies: Partial<Record<AnomalyName, number>>
  readonly findings: readonly Finding[]
  readonly missing?: string
}

/** The strongest guarantee that the history leaves standing at one observation point. */
export interface StrongestGuarantee {
  readonly guarantee: Guarantee
  readonly at: string
  readonly sink?: string
}

export interface JudgeVerdict {
  /** `violated` when a promised claim is, or a rule of the protocol; `incomplete` when a promised claim is undecided. */
  readonly verdict: 'holds' | 'violated' | 'incomplete'
  readonly claims: readonly ClaimVerdict[]
  readonly strongest: readonly StrongestGuarantee[]
  readonly protocol: readonly Finding[]
}

/** Judges while a history is made: feed it every event, ask for the verdict at the end. */
export interface Judge {
  step(event: HistoryEvent): void
  verdict(): JudgeVerdict
}

/** A judge of one history. `claims` takes the place of the header's promises. */
export function createJudge(header: HistoryHeader, claims?: readonly DeliveryPromise[]): Judge {
  const facts = createRunFacts(header)
  return {
    step: (event) => {
      stepRunFacts(facts, event)
    },
    verdict: () => verdictOf(facts, claims ?? header.promises ?? []),
  }
}

/** Judges a whole history. */
export function judge(header: HistoryHeader, events: Iterable<HistoryEvent>, claims?: readonly DeliveryPromise[]): JudgeVerdict {
  const one = createJudge(header, claims)
  for (const event of events) one.step(event)
  return one.verdict()
}

function verdictOf(facts: RunFacts, promises: readonly DeliveryPromise[]): JudgeVerdict {
  const claims: ClaimVerdict[] = []
  const strongest: StrongestGuarantee[] = []
  const add = (at: string, sink: string | undefined, findings: readonly Finding[], missing: string | undefined): void => {
    const where = sink === undefined ? { at } : { at, sink }
    for (const guarantee of GUARANTEES) {
      const { verdict, findings: against } = outputVerdict(findings, guarantee, missing)
      const promised = promises.some((promise) => promise.at === at && includes(promise.guarantee, guarantee))
      const claim = { guarantee, ...where, verdict, promised, anomalies: countAnomalies(against), findings: against }
      claims.push(missing === undefined ? claim : { ...claim, missing })
    }
    strongest.push({ guarantee: strongestConsistent(findings), ...where })
  }
  if (facts.header.operators.some((operator) => operator.stateful === true)) add('state', undefined, stateFindings(facts), stateMissing(facts))
  for (const point of facts.outputs.points) add(point.at, point.sink, outputFindings(facts, point), outputMissing(facts))
  const protocol: Finding[] = []
  return { verdict: overall(claims, protocol), claims, strongest, protocol }
}

function overall(claims: readonly ClaimVerdict[], protocol: readonly Finding[]): JudgeVerdict['verdict'] {
  const promised = claims.filter((claim) => claim.promised)
  if (protocol.length > 0 || promised.some((claim) => claim.verdict === 'violated')) return 'violated'
  return promised.some((claim) => claim.verdict === 'undecided') ? 'incomplete' : 'holds'
}
