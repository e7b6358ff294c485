import type { Counterexample, Explanation, Replay } from '../search/index.js'
import { DOCUMENT_SCHEMA } from './document-schema.js'
import { eventInWords } from './event-in-words.js'

/** The document of `replay --json`. */
export function replayDocument(replay: Replay, command: string) {
  const {
    scenario,
    mode,
    seed,
    token,
    verdict,
    status,
    traceHash,
    traceHashAgain,
    notDeterministic,
    parting,
    drift,
    steps,
    endUs,
    plan,
    priorities,
    left,
    counterexamples,
  } = replay
  return {
    schema: DOCUMENT_SCHEMA,
    verdict: verdict.verdict,
    scenario,
    mode,
    seed,
    replay: token,
    command,
    deterministic: traceHash === traceHashAgain && notDeterministic === undefined,
    traceHash,
    ...(notDeterministic !== undefined && { notDeterministic }),
    ...(parting !== undefined && { traceHashAgain, parting }),
    ...(drift !== undefined && { drift }),
    steps,
    endUs,
    status,
    plan,
    ...(priorities !== undefined && { priorities }),
    claims: verdict.claims.filter(({ promised }) => promised).map(({ findings: _, ...claim }) => claim),
    left,
    preconditionsBroken: verdict.preconditionsBroken,
    evidence: verdict.evidence,
    counterexamples: counterexamples.map((example) => {
      const { standing, guarantee, at, sink, anomaly, rule, message } = example
      return { standing, guarantee, at, ...(sink !== undefined && { sink }), anomaly, rule, message, ...counterexampleDocument(example) }
    }),
  }
}

/** What tells how an anomaly came about. */
export function counterexampleDocument(example: Counterexample) {
  const { records, concerned, events, names, plan, priorities, faultsBefore, jobRecords, reduction, left, beyond, explanation } = example
  const nameOf = (id: string | number): string => names.get(id) ?? `record ${String(id)}`
  return {
    records,
    concerned,
    because: events.map((event) => ({ event: event.seq, timeUs: event.t, kind: event.kind, words: eventInWords(event, nameOf) })),
    ...(explanation !== undefined && { explained: explanationDocument(explanation) }),
    plan,
    ...(priorities !== undefined && { priorities }),
    faultsBefore,
    recordsLeft: jobRecords.left,
    recordsBefore: jobRecords.all,
    reduction,
    left,
    beyond,
  }
}

/** How an explanation was found: `because` are its proven causes where `causes` is not 0. */
function explanationDocument({ because, certain, seenUs, tries }: Explanation) {
  return { causes: because.length, seenUs, tries, ...(certain !== undefined && { certain }) }
}
