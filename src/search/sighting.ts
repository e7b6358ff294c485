import { excusesProgress, refutes, type AnomalyName, type Finding, type Guarantee, type JudgeVerdict } from '../guarantees/index.js'
import type { DeliveryPromise } from '../history/index.js'

/**
 * What an anomaly means for the campaign. `violation`: of a promise within its preconditions, of the protocol or of progress.
 * `beyond`: in a run that breaks a precondition. `allowed`: nothing that was promised forbids it.
 */
export type Standing = 'violation' | 'beyond' | 'allowed'
/** The worst first. */
export const STANDINGS: readonly Standing[] = ['violation', 'beyond', 'allowed']

/** One anomaly that one run shows at one place. */
export interface Sighting {
  readonly standing: Standing
  /** The promise that it refutes; `protocol` and `progress` for what is always promised; `none` when nothing forbids it. */
  readonly guarantee: Guarantee | 'protocol' | 'progress'
  /** `state`, an observation point, or `job` for protocol and progress. */
  readonly at: string
  readonly sink?: string
  readonly anomaly: AnomalyName
  readonly rule: string
  readonly finding: Finding
}

/** Sightings of one kind are the same defect seen in different runs. */
export function kindOf({ standing, guarantee, at, sink, anomaly, rule }: Omit<Sighting, 'finding'>): string {
  return [standing, guarantee, at, sink ?? '', anomaly, rule].join('|')
}

/** Everything that a run shows, promised or not; one sighting of each kind. */
export function sightingsOf(verdict: JudgeVerdict, promises: readonly DeliveryPromise[]): Sighting[] {
  const found = [
    ...verdict.protocol.map((finding) => ofJob('protocol', 'violation', finding)),
    ...verdict.progress.findings.map((finding) =>
      ofJob('progress', excusesProgress(verdict.preconditionsBroken) ? 'beyond' : 'violation', finding),
    ),
    ...verdict.points.flatMap(({ at, sink, findings }) => {
      const beyond = isBeyond(verdict, at, sink)
      const here = promises.filter((promise) => promise.at === at)
      return findings.flatMap((finding) => ofPoint({ at, ...(sink === undefined ? {} : { sink }) }, finding, here, beyond))
    }),
  ]
  const first = new Map<string, Sighting>()
  for (const sighting of found) if (!first.has(kindOf(sighting))) first.set(kindOf(sighting), sighting)
  return [...first.values()]
}

/** Whether the run breaks a precondition of what is claimed at this point. */
export function isBeyond(verdict: JudgeVerdict, at: string, sink: string | undefined): boolean {
  return verdict.claims.some((claim) => claim.at === at && claim.sink === sink && claim.beyond.length > 0)
}

function ofJob(guarantee: 'protocol' | 'progress', standing: Standing, finding: Finding): Sighting {
  return { standing, guarantee, at: 'job', anomaly: finding.anomaly, rule: finding.rule, finding }
}

function ofPoint(
  where: Pick<Sighting, 'at' | 'sink'>,
  finding: Finding,
  promises: readonly DeliveryPromise[],
  beyond: boolean,
): Sighting[] {
  const { anomaly, rule } = finding
  const broken = promises.filter((promise) => refutes(anomaly, promise.guarantee))
  if (broken.length === 0) return [{ ...where, standing: beyond ? 'beyond' : 'allowed', guarantee: 'none', anomaly, rule, finding }]
  return broken.map(({ guarantee }) => ({ ...where, standing: beyond ? 'beyond' : 'violation', guarantee, anomaly, rule, finding }))
}
