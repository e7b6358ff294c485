/** What `millrace verify` says of a history: a document, and lines of text. */
import type { ClaimVerdict, Finding, JudgeVerdict } from '../guarantees/index.js'
import type { HistoryCounts, HistoryHeader } from '../history/index.js'
import { placeInWords } from './counterexample-text.js'
import { DOCUMENT_SCHEMA } from './document-schema.js'
import { counted, grouped } from './numbers.js'
import { plain, type Paint } from './paint.js'
import { textTable, type TableCell } from './text-table.js'

/** A history that was judged. */
export interface VerifiedHistory {
  readonly path: string
  readonly header: HistoryHeader
  readonly verdict: JudgeVerdict
  readonly counts: HistoryCounts
  /** Who told what the job promises; empty when nobody did. */
  readonly promisedBy: readonly string[]
  /** Why Flink did not run the job at all. */
  readonly refused: string | undefined
  /** Kinds of lines that the import passed over, with the first line of each. */
  readonly unknown: ReadonlyMap<string, number>
  /** Line of the file for each event, by `seq - 1`. */
  readonly lines: readonly number[]
}

/** What the whole history comes to. Nothing was promised of a job that was never run, and nothing shown. */
export function overallVerdict({ verdict, refused }: VerifiedHistory): JudgeVerdict['verdict'] {
  return refused === undefined ? verdict.verdict : 'incomplete'
}

/** The document of `verify --json`. */
export function verifyDocument(verified: VerifiedHistory) {
  const { path, header, verdict, counts, promisedBy, refused, unknown } = verified
  const finding = (each: Finding) => findingDocument(each, verified)
  return {
    schema: DOCUMENT_SCHEMA,
    verdict: overallVerdict(verified),
    history: {
      path,
      scenario: header.scenario,
      origin: header.origin,
      mode: header.mode,
      ...(header.events !== undefined && { events: header.events }),
    },
    claims: verdict.claims.map(({ guarantee, at, sink, verdict: ofClaim, promised, beyond, anomalies, missing, findings }) => ({
      guarantee,
      at,
      ...(sink !== undefined && { sink }),
      verdict: ofClaim,
      promised,
      beyond,
      anomalies: { lost: 0, duplicated: 0, ...anomalies },
      ...(missing !== undefined && { missing }),
      findings: findings.map(finding),
    })),
    counts,
    strongest: verdict.points.map(({ at, sink, strongest, missing }) => ({
      at,
      ...(sink !== undefined && { sink }),
      guarantee: strongest,
      ...(missing !== undefined && { missing }),
    })),
    protocol: verdict.protocol.map(finding),
    cut: { verdict: verdict.cut.verdict, ...(verdict.cut.missing !== undefined && { missing: verdict.cut.missing }) },
    progress: { verdict: verdict.progress.verdict, findings: verdict.progress.findings.map(finding) },
    preconditionsBroken: verdict.preconditionsBroken.map(({ name, message, evidence, concerns }) => ({
      name,
      message,
      concerns,
      lines: linesOf(evidence, verified),
    })),
    evidence: verdict.evidence,
    promisedBy,
    ...(refused !== undefined && { refused }),
    unknown: Object.fromEntries(unknown),
  }
}

/** Records and lines that a document shows of one finding. */
const MOST_SHOWN = 20

function findingDocument({ anomaly, rule, message, records, evidence, count }: Finding, verified: VerifiedHistory) {
  return {
    anomaly,
    rule,
    message,
    records: records.slice(0, MOST_SHOWN),
    count: count ?? Math.max(1, records.length),
    lines: linesOf(evidence, verified),
  }
}

function linesOf(evidence: readonly number[], { lines }: VerifiedHistory): number[] {
  return evidence.slice(0, MOST_SHOWN).map((seq) => lines[seq - 1] ?? seq)
}

/** The lines that `verify` prints. */
export function verifyText(verified: VerifiedHistory, paint: Paint = plain): string[] {
  const { path, header, verdict, promisedBy, refused } = verified
  const by = promisedBy.length === 0 ? 'nobody says what it promises' : `promises by ${promisedBy.join(', ')}`
  const overall = overallVerdict(verified)
  const shown = verdict.claims.filter(({ promised, verdict: ofClaim }) => promised || promisedBy.length === 0 || ofClaim !== 'holds')
  return [
    `${path}: ${header.scenario}, ${header.origin}, mode ${header.mode}, ${by}`,
    ...(refused === undefined ? [] : [`  Flink refused to run it: ${refused}`]),
    ...[...verified.unknown].map(
      ([kind, line]) =>
        `  lines of type ${kind} are not understood, first line ${String(line)}: what they tell is missing in all that follows`,
    ),
    '',
    ...claimTable(shown, paint),
    ...countLines(verified),
    ...findingLines('rules', verdict.protocol, verified, 'every rule of the protocol holds'),
    ...findingLines('progress', verdict.progress.findings, verified, verdict.progress.missing ?? 'made'),
    ...verdict.preconditionsBroken.map(({ message, evidence }) => `beyond     ${message}${placesOf(evidence, verified)}`),
    '',
    `${overall === 'holds' ? paint.good('HOLDS') : overall === 'violated' ? paint.bad('VIOLATED') : paint.unsure('INCOMPLETE')}  ${leftOver(verdict)}`,
    ...notCounted(verdict),
  ]
}

/** Promises that are broken beyond their preconditions: the verdict does not count them, and whoever reads it must know. */
function notCounted({ claims }: JudgeVerdict): string[] {
  return claims
    .filter(({ promised, verdict, beyond }) => promised && verdict === 'violated' && beyond.length > 0)
    .map(({ guarantee, at, anomalies, beyond }) => {
      const seen = Object.entries(anomalies).map(([name, count]) => `${name} ${grouped(count)}`)
      return `  not counted: ${guarantee} at ${at} was promised, and is not kept (${seen.join(', ')}), beyond its preconditions: ${beyond.join(', ')}`
    })
}

function claimTable(claims: readonly ClaimVerdict[], paint: Paint): string[] {
  if (claims.length === 0) return []
  const columns = [{ heading: 'claim' }, { heading: 'verdict' }, { heading: 'promised' }, { heading: 'anomalies' }]
  const rows = claims.map((claim) => claimRow(claim, paint))
  return [...textTable(columns, rows, paint.bold), '']
}

function claimRow({ guarantee, at, sink, verdict, promised, beyond, anomalies, missing }: ClaimVerdict, paint: Paint): TableCell[] {
  // What lies beyond the preconditions of a promise does not count.
  const shown = verdict === 'violated' && promised && beyond.length > 0 ? 'beyond' : verdict
  const painted = shown === 'holds' ? paint.good : shown === 'violated' && promised ? paint.bad : paint.unsure
  const seen = Object.entries(anomalies).map(([name, count]) => `${name} ${grouped(count)}`)
  const notes = [...seen, ...(missing === undefined ? [] : [missing]), ...beyond.map((name) => `beyond: ${name}`)]
  return [`${guarantee} at ${placeInWords(at, sink)}`, { text: shown, painted }, promised ? 'yes' : 'no', notes.join(', ')]
}

function countLines({ counts }: VerifiedHistory): string[] {
  const {
    emitted,
    processed,
    written,
    visible,
    duplicated,
    lost,
    keyedStateMaxError,
    checkpointsCompleted,
    readCommitted,
    readUncommitted,
  } = counts
  const readers = [
    ['read_committed', readCommitted],
    ['read_uncommitted', readUncommitted],
  ] as const
  return [
    `records    ${grouped(emitted)} emitted, ${grouped(processed)} processed, ${grouped(written)} written, ${grouped(visible)} visible, ${grouped(duplicated)} duplicated, ${grouped(lost)} lost`,
    ...readers.flatMap(([name, reader]) =>
      reader === undefined
        ? []
        : [
            `${name}: ${grouped(reader.records)} records, ${grouped(reader.distinct)} distinct, ${grouped(reader.duplicated)} duplicated, ${grouped(reader.lost)} lost`,
          ],
    ),
    `state      largest error of a count ${grouped(keyedStateMaxError)}; ${counted(checkpointsCompleted, 'checkpoint')} completed`,
  ]
}

function findingLines(title: string, findings: readonly Finding[], verified: VerifiedHistory, none: string): string[] {
  if (findings.length === 0) return [`${title.padEnd(10)} ${none}`]
  return findings.map(
    ({ rule, message, evidence }, i) => `${(i === 0 ? title : '').padEnd(10)} ${rule}: ${message}${placesOf(evidence, verified)}`,
  )
}

function placesOf(evidence: readonly number[], verified: VerifiedHistory): string {
  const lines = linesOf(evidence, verified)
  return lines.length === 0
    ? ''
    : ` (line${lines.length === 1 ? '' : 's'} ${lines.slice(0, 4).join(', ')}${evidence.length > 4 ? ', …' : ''})`
}

function leftOver({ points }: JudgeVerdict): string {
  const places = points.map(({ at, sink, strongest, missing }) => {
    return `${missing === undefined ? '' : 'at most '}${strongest === 'none' ? 'nothing' : strongest} at ${placeInWords(at, sink)}`
  })
  return places.length === 0 ? 'nothing to judge' : `strongest guarantee that is consistent: ${places.join(', ')}`
}
