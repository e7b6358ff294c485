/** `summary.md`: the result of a campaign for people and for pages that show Markdown. It has no times, so that its bytes repeat. */
import type { CampaignResult, EvidenceResult } from '../search/index.js'
import { CAMPAIGN_COLUMNS, campaignRows } from './campaign-table.js'
import { beyondAnomalies, coverageLines, reasons, unclaimed, violationText, type CampaignContext } from './campaign-text.js'
import { conclusionLines, conclusionsOf } from './conclusions.js'
import { questionLine } from './imported-report.js'
import { counted, grouped, percent } from './numbers.js'

/** The text of the file. */
export function summaryMarkdown(result: CampaignResult, context: CampaignContext = {}): string {
  const { verdict, runs, events, seed, driver, cells, modes, violations } = result
  const unpainted = { ...(context.replayArguments !== undefined && { replayArguments: context.replayArguments }) }
  const { imported } = context
  const lines = [
    `# millrace: ${verdict}`,
    '',
    `${counted(runs, 'run')}, ${counted(events, 'event')}, campaign seed \`${seed}\`, driver \`${driver}\`.`,
    ...[...reasons(result), ...(imported === undefined ? [] : unclaimed(result)), ...coverageLines(context).map((line) => line.trim())].map(
      (line) => `- ${line}`,
    ),
    '',
    '## Claims',
    '',
    ...markdownTable(
      CAMPAIGN_COLUMNS.map(({ heading }) => heading),
      campaignRows(result, (each) => each).map((row) => row.map((cell) => (typeof cell === 'string' ? cell : cell.text))),
    ),
    ...(imported === undefined
      ? []
      : [
          '',
          '## Guarantee',
          '',
          ...conclusionLines(conclusionsOf(imported.possibilities, result)).map((line) => line.replace(/^( *)/, '$1- ')),
          ...list('To know', imported.advice),
          ...list(
            'Questionable',
            imported.questionable.map((setting) => questionLine(setting, result, context.replayArguments)),
          ),
          ...list('Cannot be checked', imported.problems),
          ...list('Notes', imported.notes),
        ]),
    ...list('Beyond the preconditions, not counted', beyondAnomalies(result, context)),
    ...(cells.length === 0
      ? []
      : [
          '',
          '## Evidence',
          '',
          ...markdownTable(
            EVIDENCE,
            modes.map(({ mode, evidence }) => [mode, ...evidenceRow(evidence)]),
          ),
        ]),
    ...(violations.length === 0 ? [] : ['', '## Violations']),
    ...violations.flatMap((violation) => ['', '```', ...violationText(violation, result, unpainted), '```']),
    ...errorList('Errors of the job', result, true),
    ...errorList('Defects of millrace', result, undefined),
  ]
  return `${lines.join('\n')}\n`
}

function errorList(title: string, { defects }: CampaignResult, whose: true | undefined): string[] {
  const some = defects.filter(({ ofJob }) => ofJob === whose)
  return list(
    title,
    some.map(({ token, message }) => `\`${token}\`: ${message}`),
  )
}

/** A section with an entry for each line; none without lines. */
function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines.map((line) => `- ${line}`)]
}

const EVIDENCE = [
  'mode',
  'counted runs',
  'checkpoints completed',
  'recoveries',
  'records replayed',
  'fault after a checkpoint',
  'full recovery',
  'trigger to last ack',
  'last ack to store',
  'store to last notification',
  'during recovery',
]

function evidenceRow({ countedRuns, checkpointsCompleted, recoveries, recordsReplayed, fractions }: EvidenceResult): string[] {
  return [
    ...[countedRuns, checkpointsCompleted, recoveries, recordsReplayed].map(grouped),
    percent(fractions.faultAfterCheckpoint),
    percent(fractions.fullRecovery),
    percent(fractions['trigger-to-last-ack']),
    percent(fractions['last-ack-to-store']),
    percent(fractions['store-to-last-notification']),
    percent(fractions['during-recovery']),
  ]
}

function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${headings.map((_, i) => (cells[i] ?? '').replaceAll('|', '\\|')).join(' | ')} |`
  return [line(headings), `|${headings.map(() => ' --- |').join('')}`, ...rows.map(line)]
}
