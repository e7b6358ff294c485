import type { AnomalyResult, CampaignResult, CellResult, EvidenceResult, ViolationResult } from '../search/index.js'
import { replayOf, type CampaignContext } from './campaign-text.js'
import { DOCUMENT_SCHEMA } from './document-schema.js'
import { conclusionsOf } from './conclusions.js'
import { exampleOf, type ImportedReport } from './imported-report.js'
import { matrixDocument } from './matrix-document.js'
import { counterexampleDocument } from './replay-document.js'

/** The document of `run --json` and of `results.json`. Only `seconds` depends on the machine. */
export function campaignDocument(result: CampaignResult, { replayArguments, imported, retried = [], coverage }: CampaignContext = {}) {
  const { verdict, seconds, runs, events, seed, driver, interrupted, repeated, notDeterministic, cells, modes, violations, defects } =
    result
  return {
    schema: DOCUMENT_SCHEMA,
    verdict,
    seconds: Math.round(seconds * 1000) / 1000,
    runs,
    events,
    seed,
    driver,
    interrupted,
    ...determinismDocument(repeated, notDeterministic),
    scenarios: cells.map(cellDocument),
    violations: violations.map((violation) => violationDocument(violation, replayArguments)),
    ...(retried.length > 0 && { retried: retried.map(retriedDocument) }),
    modes: modes.map(({ mode, runs: ofMode, evidence }) => ({ mode, runs: ofMode, evidence: evidenceDocument(evidence) })),
    ...(coverage !== undefined && { matrix: matrixDocument(coverage) }),
    defects: defects.map(({ token, ...defect }) => ({ ...defect, replay: token })),
    ...(imported !== undefined && { job: importedDocument(imported, result) }),
  }
}

/** Absent where nothing was repeated, or only steps and all of them came out the same. */
function determinismDocument(repeated: CampaignResult['repeated'], notDeterministic: CampaignResult['notDeterministic']) {
  if (notDeterministic === undefined) return repeated && { determinism: repeated }
  const steps = notDeterministic.map(({ token, ...found }) => ({ ...found, replay: token }))
  return { determinism: { runs: 0, ...repeated, verdict: 'differs', steps } }
}

function cellDocument({
  name,
  mode,
  verdict,
  runs,
  counted,
  events,
  traces,
  claims,
  points,
  witnesses,
  evidence,
  statuses,
  preconditionsBroken,
  anomalies,
  unlanded,
}: CellResult) {
  return {
    name,
    mode,
    verdict,
    runs,
    counted,
    events,
    traces,
    claims,
    points,
    witnesses,
    evidence: evidenceDocument(evidence),
    statuses,
    preconditionsBroken: preconditionsBroken.map(({ token, ...broken }) => ({ ...broken, replay: token })),
    anomalies: anomalies.map(anomalyDocument),
    ...(unlanded && { unlanded }),
  }
}

function evidenceDocument(evidence: EvidenceResult) {
  const { checkpointsCompleted, checkpointsAborted, recoveries, recordsReplayed, checkpointsRestored = 0 } = evidence
  const { checkpointsRescaled = 0, restoresRefused = 0 } = evidence
  const { faults, strikes, countedRuns, fractions } = evidence
  return {
    checkpointsCompleted,
    checkpointsAborted,
    recoveries,
    recordsReplayed,
    checkpointsRestored,
    checkpointsRescaled,
    restoresRefused,
    faults,
    strikes,
    countedRuns,
    fractions,
  }
}

function anomalyDocument({ standing, guarantee, at, sink, anomaly, rule, runs, seed, token, message, beyond, traceHash }: AnomalyResult) {
  return {
    standing,
    guarantee,
    at,
    ...(sink !== undefined && { sink }),
    anomaly,
    rule,
    runs,
    seed,
    replay: token,
    message,
    beyond,
    traceHash,
  }
}

function violationDocument(violation: ViolationResult, replayArguments: string | undefined) {
  const { scenario, mode, counterexample, nondeterministic, stored } = violation
  return {
    scenario,
    mode,
    ...anomalyDocument(violation),
    command: replayOf(violation, replayArguments),
    nondeterministic,
    ...(stored !== undefined && { stored }),
    ...(counterexample !== undefined && counterexampleDocument(counterexample)),
  }
}

function retriedDocument({ path, failure, violation, drift, unfit }: NonNullable<CampaignContext['retried']>[number]) {
  const changed = { ...(drift !== undefined && { drift }), ...(unfit !== undefined && { unfit }) }
  return { file: path, replay: failure.token, fails: violation !== undefined, ...changed }
}

function importedDocument(imported: ImportedReport, result: CampaignResult) {
  const { plan, problems, notes, possibilities, advice, questionable } = imported
  return {
    plan,
    problems,
    notes,
    possibilities: possibilities.map(({ name, condition }) => ({ name, condition })),
    guarantees: conclusionsOf(possibilities, result),
    advice,
    questionable: questionable.map((setting) => {
      const example = exampleOf(setting, result)
      return { ...setting, ...(example !== undefined && { seed: example.seed, replay: example.token }) }
    }),
  }
}
