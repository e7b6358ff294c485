import type { AnomalyResult, CampaignResult, CellResult, EvidenceResult, ViolationResult } from '../search/index.js'
import { replayCommand, type CampaignContext } from './campaign-text.js'
import { DOCUMENT_SCHEMA } from './document-schema.js'
import { conclusionsOf } from './conclusions.js'
import { exampleOf, type ImportedReport } from './imported-report.js'
import { counterexampleDocument } from './replay-document.js'

/** The document of `run --json` and of `results.json`. Only `seconds` depends on the machine. */
export function campaignDocument(result: CampaignResult, { replayArguments, imported }: CampaignContext = {}) {
  const { verdict, seconds, runs, events, seed, interrupted, cells, modes, violations, defects } = result
  return {
    schema: DOCUMENT_SCHEMA,
    verdict,
    seconds: Math.round(seconds * 1000) / 1000,
    runs,
    events,
    seed,
    interrupted,
    scenarios: cells.map(cellDocument),
    violations: violations.map((violation) => violationDocument(violation, replayArguments)),
    modes: modes.map(({ mode, runs: ofMode, evidence }) => ({ mode, runs: ofMode, evidence: evidenceDocument(evidence) })),
    defects: defects.map(({ token, ...defect }) => ({ ...defect, replay: token })),
    ...(imported !== undefined && { job: importedDocument(imported, result) }),
  }
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
  }
}

function evidenceDocument(evidence: EvidenceResult) {
  const { checkpointsCompleted, checkpointsAborted, recoveries, recordsReplayed, faults, strikes, countedRuns, fractions } = evidence
  return { checkpointsCompleted, checkpointsAborted, recoveries, recordsReplayed, faults, strikes, countedRuns, fractions }
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
  const { scenario, mode, counterexample, nondeterministic, token } = violation
  return {
    scenario,
    mode,
    ...anomalyDocument(violation),
    command: replayCommand(token, replayArguments),
    nondeterministic,
    ...(counterexample !== undefined && counterexampleDocument(counterexample)),
  }
}

function importedDocument(imported: ImportedReport, result: CampaignResult) {
  const { plan, problems, notes, possibilities, advice, questionable } = imported
  return {
    plan,
    problems,
    notes,
    possibilities,
    guarantees: conclusionsOf(possibilities, result),
    advice,
    questionable: questionable.map((setting) => {
      const example = exampleOf(setting, result)
      return { ...setting, ...(example !== undefined && { seed: example.seed, replay: example.token }) }
    }),
  }
}
