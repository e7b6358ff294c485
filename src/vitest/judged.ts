import { excusesProgress, type ClaimVerdict, type Guarantee } from '../guarantees/index.js'
import type { ExperimentResult, Sighting } from '../search/index.js'
import { toldFailure, verdictOf, type Concerns } from './told-failure.js'

/** What a matcher finds: it holds, it does not and why, or the run cannot show it. */
export type Judged =
  { readonly is: 'so' } | { readonly is: 'not so'; readonly why: string } | { readonly is: 'undecided'; readonly missing: string }

/** Where a guarantee is looked at. */
export interface Place {
  /** `state`, or where the output of a sink is looked at; everywhere unless said otherwise. */
  readonly at?: string
}

const SO: Judged = { is: 'so' }

/** Whether a delivery guarantee is left at a place, promised or not. */
export function judgeGuarantee(run: ExperimentResult, guarantee: Exclude<Guarantee, 'none'>, { at }: Place): Judged {
  const claims = verdictOf(run).claims.filter((claim) => claim.guarantee === guarantee && (at === undefined || claim.at === at))
  if (claims.length === 0) return { is: 'undecided', missing: nothingThere(run, at) }
  const broken = claims.filter(({ verdict }) => verdict === 'violated')
  if (broken.length > 0) return { is: 'not so', why: toldClaims(run, guarantee, broken) }
  const [open] = claims.filter(({ verdict }) => verdict === 'undecided')
  return open === undefined ? SO : { is: 'undecided', missing: `${guarantee} at ${open.at}: ${open.missing ?? 'nothing shows it'}` }
}

function nothingThere(run: ExperimentResult, at: string | undefined): string {
  const places = [...new Set(verdictOf(run).claims.map((claim) => claim.at))]
  const known = places.length === 0 ? 'this job has none' : `this job has ${places.join(', ')}`
  return at === undefined ? `no observation point; ${known}` : `no observation point '${at}'; ${known}`
}

/** The assertion is taken for a promise: what refutes it is told as its violation. */
function toldClaims(run: ExperimentResult, guarantee: Exclude<Guarantee, 'none'>, claims: readonly ClaimVerdict[]): string {
  const promises = claims.map((claim) => ({ guarantee, at: claim.at }))
  return toldFailure(run, promises, (sighting) => sighting.guarantee === guarantee)
}

const isProtocol: Concerns = ({ guarantee }) => guarantee === 'protocol'

/** Whether every rule of the checkpointing protocol was kept. */
export function judgeProtocol(run: ExperimentResult): Judged {
  return verdictOf(run).protocol.length === 0 ? SO : { is: 'not so', why: toldFailure(run, [], isProtocol) }
}

/** Whether every completed checkpoint was a consistent cut. */
export function judgeCut(run: ExperimentResult): Judged {
  const { cut, evidence } = verdictOf(run)
  if (cut.verdict === 'undecided') return { is: 'undecided', missing: cut.missing ?? 'no checkpoint completed' }
  if (cut.findings.length === 0) return evidence.checkpointsCompleted > 0 ? SO : { is: 'undecided', missing: 'no checkpoint completed' }
  return { is: 'not so', why: toldFailure(run, [], ({ finding }) => cut.findings.some(({ rule }) => rule === finding.rule)) }
}

/** Whether the job went on after the faults. */
export function judgeProgress(run: ExperimentResult): Judged {
  const { progress, preconditionsBroken } = verdictOf(run)
  if (progress.verdict === 'undecided') return { is: 'undecided', missing: progress.missing ?? 'the run ends too early' }
  if (progress.findings.length === 0 || excusesProgress(preconditionsBroken)) return SO
  return { is: 'not so', why: toldFailure(run, [], ({ guarantee }) => guarantee === 'progress') }
}

/** Whether the run kept what its scenario promises, as a campaign judges it: within the preconditions, protocol and progress included. */
export function judgePromises(run: ExperimentResult): Judged {
  const { verdict, claims } = verdictOf(run)
  const { scenario, mode } = run.experiment
  const promises = scenario.claims(mode)
  const isViolation = ({ standing }: Sighting): boolean => standing === 'violation'
  if (verdict === 'violated') return { is: 'not so', why: toldFailure(run, promises, isViolation) }
  const open = claims.filter((claim) => claim.promised && claim.beyond.length === 0 && claim.verdict === 'undecided')
  const nowhere = promises.filter(({ at }) => claims.every((claim) => claim.at !== at))
  const missing = [
    ...open.map((claim) => `${claim.guarantee} at ${claim.at}: ${claim.missing ?? ''}`),
    ...nowhere.map(({ guarantee, at }) => `${guarantee} at ${at}: ${nothingThere(run, at)}`),
  ]
  return missing.length === 0 ? SO : { is: 'undecided', missing: missing.join('; ') }
}
