/** What a run says about a job that was imported: which guarantee holds under which assumption, and what its user must know. */
import type { CampaignResult, CellResult } from '../search/index.js'
import { conclusionLines, conclusionsOf, type Possibility } from './conclusions.js'

/** A setting worth a second look. */
export interface QuestionedSetting {
  readonly key: string
  readonly value: string
  readonly origin: string
  readonly reason: string
  readonly remedy: string
  /** What a run may show of it. */
  readonly shows: string
}

/** What is known of an imported job besides its runs. */
export interface ImportedReport {
  readonly plan: string
  /** What cannot be checked, and why. */
  readonly problems: readonly string[]
  /** What was assumed or changed on the way. */
  readonly notes: readonly string[]
  /** The scenarios that were made of it, the best guess first. */
  readonly possibilities: readonly Possibility[]
  /** Replayed records, outages, delays: one sentence each. */
  readonly advice: readonly string[]
  readonly questionable: readonly QuestionedSetting[]
}

/** The first run of the best guess that shows what is questionable about a setting; undefined when none did. */
export function exampleOf({ shows }: QuestionedSetting, { cells: [cell] }: CampaignResult): { seed: string; token: string } | undefined {
  if (cell === undefined) return undefined
  const ended = cell.statuses['FAILED']
  if (shows === 'job ends') return ended === undefined ? undefined : { seed: ended.firstSeed, token: ended.token }
  const witness = cell.witnesses.find(({ name }) => name === shows)
  if (witness?.token !== undefined) return { seed: witness.firstSeed, token: witness.token }
  const seen = cell.anomalies.find((each) => showsIt(shows, each))
  return seen === undefined ? undefined : { seed: seen.seed, token: seen.token }
}

function showsIt(shows: string, { anomaly, at }: CellResult['anomalies'][number]): boolean {
  if (shows === 'wrong state') return at === 'state' && (anomaly === 'wrong-state' || anomaly === 'duplicated')
  return anomaly === shows
}

/** The lines about an imported job. */
export function importedText(imported: ImportedReport, result: CampaignResult, replayArguments = ''): string[] {
  const conditions = imported.possibilities.filter(({ condition }) => condition !== '')
  return [
    `job ${imported.plan}`,
    ...section('cannot be checked', imported.problems),
    ...section('guarantee', conclusionLines(conclusionsOf(imported.possibilities, result))),
    ...section(
      'possibilities',
      conditions.map(({ name, condition }) => `${name}: if ${condition}`),
    ),
    ...section('to know', imported.advice),
    ...section(
      'questionable',
      imported.questionable.map((setting) => questionLine(setting, result, replayArguments)),
    ),
    ...section('notes', imported.notes),
  ]
}

/** A questionable setting as a line, with the run that shows it, if there is one. */
export function questionLine(setting: QuestionedSetting, result: CampaignResult, replayArguments = ''): string {
  const { key, value, origin, reason, remedy } = setting
  const example = exampleOf(setting, result)
  const command = ['npx millrace replay', example?.token, replayArguments].join(' ').trim()
  return `${key} = ${value} (${origin}): ${reason}; better: ${remedy}${example === undefined ? '' : `; seed ${example.seed} shows it: ${command}`}`
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`)]
}
