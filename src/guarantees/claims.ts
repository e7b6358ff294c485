import type { DeliveryPromise } from '../history/index.js'
import { countAnomalies, type Guarantee, GUARANTEES, includes, refutes, strongestConsistent } from './anomalies.js'
import { whyStateUnidentified, whyUnidentified } from './determinism.js'
import { stateFindings, stateMissing } from './keyed-state.js'
import type { AnomalyName, Finding, OracleVerdict } from './oracle.js'
import { outputFindings, outputMissing } from './output.js'
import { mayKeepFromGoingOn, type BrokenPrecondition, type PreconditionName } from './preconditions.js'
import type { RunFacts } from './run-facts.js'

/** The judgement on one guarantee at one observation point. */
export interface ClaimVerdict {
  readonly guarantee: Guarantee
  /** `state`, or an observation point of the sink. */
  readonly at: string
  readonly sink?: string
  readonly verdict: OracleVerdict['verdict']
  /** Someone promised this; what was not promised is reported and does not count. */
  readonly promised: boolean
  /** Preconditions that the history breaks: the claim is not counted, its anomalies lie beyond what was promised. */
  readonly beyond: readonly PreconditionName[]
  /** Records struck by each anomaly that refutes this guarantee. */
  readonly anomalies: Partial<Record<AnomalyName, number>>
  readonly findings: readonly Finding[]
  readonly missing?: string
}

/** All that one observation point shows. */
export interface PointVerdict {
  readonly at: string
  readonly sink?: string
  /** The strongest guarantee that the history leaves standing. */
  readonly strongest: Guarantee
  readonly findings: readonly Finding[]
  /** Why the strongest guarantee may still be less. */
  readonly missing?: string
  /** Records cannot be told by their identities here, so that no guarantee can be judged; `missing` says why. */
  readonly unidentified?: true
}

/** What each observation point shows: the state first, then the sinks. */
export function pointVerdicts(facts: RunFacts): PointVerdict[] {
  const points: PointVerdict[] = []
  if (facts.header.operators.some((operator) => operator.stateful === true)) {
    points.push(pointVerdict({ at: 'state' }, stateFindings(facts), stateMissing(facts), whyStateUnidentified(facts.header)))
  }
  for (const point of facts.outputs.points) {
    const unidentified = whyUnidentified(facts.header, point.sink)
    points.push(pointVerdict({ at: point.at, sink: point.sink }, outputFindings(facts, point), outputMissing(facts), unidentified))
  }
  return points
}

function pointVerdict(
  { at, sink }: { at: string; sink?: string },
  findings: readonly Finding[],
  missing: string | undefined,
  unidentified: string | undefined,
): PointVerdict {
  const named = sink !== undefined && { sink }
  const strongest = strongestConsistent(findings)
  if (unidentified !== undefined) return { at, ...named, strongest, findings, missing: unidentified, unidentified: true }
  return { at, ...named, strongest, findings, ...(missing !== undefined && { missing }) }
}

/** The claims of the three guarantees at every point. */
export function claimVerdicts(
  points: readonly PointVerdict[],
  promises: readonly DeliveryPromise[],
  broken: readonly BrokenPrecondition[],
): ClaimVerdict[] {
  return points.flatMap((point) => {
    const concern = point.at === 'state' ? 'state' : 'output'
    return GUARANTEES.map((guarantee) => {
      const promised = promises.some((promise) => promise.at === point.at && includes(promise.guarantee, guarantee))
      const claim = claimVerdict(point, guarantee, promised)
      // A job that its preconditions keep from its end leaves open what is judged there; what is wrong before counts all the same.
      const open = claim.verdict === 'undecided' && point.unidentified !== true
      const concerned = broken.filter((each) => each.concerns.includes(concern) || (open && mayKeepFromGoingOn(each)))
      return { ...claim, beyond: [...new Set(concerned.map((each) => each.name))] }
    })
  })
}

function claimVerdict(point: PointVerdict, guarantee: Guarantee, promised: boolean): ClaimVerdict {
  const { at, sink, missing, unidentified = false } = point
  const findings = point.findings.filter((finding) => refutes(finding.anomaly, guarantee))
  const open = missing !== undefined && (unidentified || guarantee !== 'at-most-once')
  const verdict = findings.length > 0 ? 'violated' : open ? 'undecided' : 'holds'
  const anomalies = countAnomalies(findings)
  const claim = { guarantee, at, verdict, promised, beyond: [], anomalies, findings, ...(sink !== undefined && { sink }) } as const
  return verdict === 'undecided' && missing !== undefined ? { ...claim, missing } : claim
}
