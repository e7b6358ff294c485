/** What `millrace run` prints: one table, what was seen beyond the preconditions, the violations, and the verdict. */
import type { CampaignResult, CellResult, Coverage, RetriedFailure, ViolationResult } from '../search/index.js'
import { CAMPAIGN_COLUMNS, campaignRows, type ShowVerdict } from './campaign-table.js'
import { counterexampleText } from './counterexample-text.js'
import { importedText, type ImportedReport } from './imported-report.js'
import { notDeterministicLines } from './not-deterministic.js'
import { counted, grouped, percent } from './numbers.js'
import { differenceLines } from './process-difference.js'
import { plain, type Paint } from './paint.js'
import { choiceLines } from './replay-text.js'
import { textTable } from './text-table.js'

/** What a report needs besides the result. */
export interface CampaignContext {
  /**
   * Arguments that `replay` needs besides the token, such as `--plan job.json`; empty for built-in scenarios. Absent: the command does not
   * know the scenarios, and a run is run again in code.
   */
  readonly replayArguments?: string
  /** About the imported job, when one was run. */
  readonly imported?: ImportedReport
  /** Failures that were stored earlier and have been run first. */
  readonly retried?: readonly (RetriedFailure & { readonly path: string })[]
  /** What of the fault matrix was covered. */
  readonly coverage?: Coverage
  /** Arguments that `list cells` needs to find the results. */
  readonly listArguments?: string
  readonly paint?: Paint
}

/** The lines of the report. */
export function campaignText(result: CampaignResult, context: CampaignContext = {}): string[] {
  const paint = context.paint ?? plain
  const show: ShowVerdict = (verdict) => ({ text: verdict, painted: (text) => painter(verdict, paint)(text) })
  const table = result.cells.length === 0 ? [] : [...textTable(CAMPAIGN_COLUMNS, campaignRows(result, show), paint.bold), '']
  return [
    ...table,
    ...beyondLines(result, context),
    ...retriedLines(context),
    ...result.violations.flatMap((violation) => [...violationText(violation, result, context), '']),
    ...defectLines(result, context),
    ...(context.imported === undefined ? [] : [...importedText(context.imported, result, context.replayArguments), '']),
    ...repeatedLines(result, context),
    ...repeatedStepsLines(result, context),
    ...verdictLines(result, paint),
    ...coverageLines(context).map((line) => `${line}; ${`millrace list cells ${context.listArguments ?? ''}`.trimEnd()}`),
    ...(context.imported === undefined ? [] : [...unclaimed(result).map((line) => `  ${line}`), ...remedyLines(result)]),
  ]
}

const UNCLAIMED = 'nothing was claimed, so nothing could fail: guarantees are derived from the runs; --claim exactly-once@POINT tests one'

/** What no claim was made about cannot fail; and what few runs do not show may be all the same. */
export function unclaimed(result: CampaignResult): string[] {
  if (claimsAnything(result)) return []
  const told = result.verdict === 'holds' ? [UNCLAIMED] : []
  const runs = result.cells.flatMap(({ points }) => points.map((point) => point.runs)).filter((counted) => counted > 0)
  if (runs.length === 0) return told
  const fewest = Math.min(...runs)
  const upTo = runs.every((each) => each === fewest) ? '' : 'up to '
  const part = `${upTo}${percent(Math.min(1, 3 / fewest))}`
  return [
    ...told,
    `what the runs of a possibility have not shown may still happen in ${part} of them (rule of three, 95 %); more --runs tell more`,
  ]
}

/** A plan alone says nothing of checkpoints: what to add so that more can be said. */
function remedyLines({ verdict, cells }: CampaignResult): string[] {
  const unconfigured = verdict === 'incomplete' && cells.length > 0 && cells.every(({ mode }) => mode === 'off')
  if (!unconfigured) return []
  return [
    "  checkpointing is off; if it is not so in the cluster, add its configuration: --conf FILE, or --set execution.checkpointing.interval='10 s'",
  ]
}

/** How much of the fault matrix was covered. */
export function coverageLines({ coverage }: CampaignContext): string[] {
  if (coverage === undefined || coverage.total === 0) return []
  const { total, covered, unreachable } = coverage
  const reachable = total - unreachable
  const part = percent(reachable === 0 ? 0 : covered / reachable)
  return [`  faults landed in ${grouped(covered)} of ${counted(reachable, 'reachable cell')} of the fault matrix (${part})`]
}

/** The command that replays a token. */
export function replayCommand(token: string, replayArguments = ''): string {
  return ['npx millrace replay', token, ...(replayArguments === '' ? [] : [replayArguments])].join(' ')
}

/** How a run is run again: by the command, or in code where the scenario is of one's own. */
export function replayOf(run: { readonly mode: string; readonly token: string }, replayArguments: string | undefined): string {
  const { mode, token } = run
  if (replayArguments !== undefined) return replayCommand(token, replayArguments)
  return `replayRun({ scenario, mode: ${JSON.stringify(mode)} }, parseToken(${JSON.stringify(token)}))`
}

function painter(verdict: string, paint: Paint): (text: string) => string {
  return verdict === 'holds' ? paint.good : verdict === 'violated' ? paint.bad : paint.unsure
}

/** The block of one violation. */
export function violationText(violation: ViolationResult, result: CampaignResult, context: CampaignContext): string[] {
  const { counterexample, scenario, mode, seed, run, anomaly, guarantee, at, message } = violation
  const replay = replayOf(violation, context.replayArguments)
  const runs = result.cells.find((cell) => cell.name === scenario && cell.mode === mode)?.runs ?? 0
  const { failure, stored } = violation
  const earlier = failure === undefined && stored !== undefined
  const place = earlier
    ? 'stored earlier'
    : `run ${grouped(run + 1)} of ${grouped(runs)}, the first of ${counted(violation.runs, 'such run')}`
  if (counterexample !== undefined) {
    return counterexampleText(counterexample, {
      run: place,
      replay,
      ...(stored && { stored }),
      ...(context.paint && { paint: context.paint }),
    })
  }
  const why = violation.nondeterministic ? ['  NOT DETERMINISTIC: the same seed gave another run'] : []
  return [
    `FAIL  ${guarantee} at ${at}     scenario ${scenario}   mode ${mode}   seed ${seed}   ${place}`,
    `  ${anomaly}: ${message}`,
    ...why,
    `  replay    ${replay}`,
  ]
}

/** Anomalies of runs that break a precondition: not counted, but to be known. */
export function beyondAnomalies(result: CampaignResult, { imported }: CampaignContext): string[] {
  // Where nothing is claimed, the conclusions about an imported job tell them.
  if (imported !== undefined && !claimsAnything(result)) return []
  return result.cells.flatMap(({ name, mode, anomalies, claims }) =>
    anomalies
      .filter(({ standing, guarantee, at }) => standing === 'beyond' && (guarantee !== 'none' || !isPromisedAt(claims, at)))
      .map(
        ({ anomaly, at, runs, seed, beyond }) =>
          `${name} ${mode}: ${anomaly} at ${at} in ${counted(runs, 'run')}, seed ${seed} (${beyond.join(', ')})`,
      ),
  )
}

/** What no promise of a place forbids may happen there within the preconditions as well. */
function isPromisedAt(claims: CellResult['claims'], at: string): boolean {
  return claims.some((claim) => claim.promised && claim.at === at)
}

function beyondLines(result: CampaignResult, context: CampaignContext): string[] {
  const lines = beyondAnomalies(result, context)
  return lines.length === 0 ? [] : ['beyond the preconditions, not counted', ...lines.map((line) => `  ${line}`), '']
}

function claimsAnything({ cells }: CampaignResult): boolean {
  return cells.some(({ claims }) => claims.some(({ promised }) => promised))
}

/** A run that ended otherwise in another process. */
function repeatedLines({ repeated }: CampaignResult, { replayArguments }: CampaignContext): string[] {
  const first = repeated?.first
  if (first === undefined) return []
  const { scenario, mode, seed, traceHash, traceHashAgain, parting } = first
  const cause = 'no two processes that run only this seed part: the run depends on what its worker had run before'
  return [
    `NOT DETERMINISTIC     scenario ${scenario}   mode ${mode}   seed ${seed}: trace hash ${traceHash}, in another process ${traceHashAgain}`,
    ...(parting === undefined ? [`  ${cause}`] : differenceLines(parting)),
    `  replay    ${replayOf(first, replayArguments)}`,
    '',
  ]
}

/** Steps that did not come out the same each time. */
function repeatedStepsLines({ notDeterministic = [] }: CampaignResult, { replayArguments }: CampaignContext): string[] {
  return notDeterministic.flatMap((found) => [
    `NOT DETERMINISTIC     scenario ${found.scenario}   mode ${found.mode}   seed ${found.seed}: no verdict on it is worth anything`,
    ...notDeterministicLines(found).map((line) => `  ${line}`),
    `  replay    ${replayOf(found, replayArguments)}`,
    '',
  ])
}

/** What became of the failures that were stored earlier. */
function retriedLines({ retried = [] }: CampaignContext): string[] {
  if (retried.length === 0) return []
  const lines = retried.flatMap(({ path, violation, drift, unfit }) => {
    if (unfit !== undefined) return [`  ${path}: cannot be run any more, ${unfit}; remove it if the job has changed for good`]
    const fails = violation === undefined ? 'does not fail any more' : 'still fails'
    return [
      `  ${path}: ${fails}${drift === undefined ? '' : ', not the recorded run'}`,
      ...choiceLines(drift?.choice, 'expected', 'found').map((line) => `  ${line}`),
    ]
  })
  return ['stored failures, run first', ...lines, '']
}

function defectLines({ defects }: CampaignResult, { replayArguments }: CampaignContext): string[] {
  return defects.flatMap(({ scenario, mode, seed, message, token, runs, ofJob }) => [
    `${ofJob === true ? 'ERROR of the job' : 'DEFECT of millrace'} in ${counted(runs, 'run')}, first in scenario ${scenario}, mode ${mode}, seed ${seed}: ${message}`,
    `  replay    ${replayOf({ mode, token }, replayArguments)}`,
    '',
  ])
}

function verdictLines(result: CampaignResult, paint: Paint): string[] {
  const { verdict, runs, events, seconds, seed, driver } = result
  const rate = seconds > 0 ? `, ${grouped(Math.round(runs / seconds))} runs/s` : ''
  const what = `${counted(runs, 'run')}, ${counted(events, 'event')}, ${seconds.toFixed(1)} s${rate}, campaign seed ${seed}, driver ${driver}`
  return [`${painter(verdict, paint)(verdict.toUpperCase())}  ${what}`, ...bound(result), ...reasons(result).map((reason) => `  ${reason}`)]
}

/** What the runs say about the next ones: for the claim that most of them counted for, and for the one with the fewest. */
function bound({ verdict, cells }: CampaignResult): string[] {
  const bounds = cells.flatMap(({ claims }) =>
    claims.flatMap(({ promised, upperBound }) => (promised && upperBound !== undefined ? [upperBound] : [])),
  )
  if (verdict !== 'holds' || bounds.length === 0) return []
  const [best, worst] = [Math.min(...bounds), Math.max(...bounds)]
  const range = best === worst ? percent(best) : `${percent(best)} to ${percent(worst)}`
  return [`  with 95 % confidence a claim fails in fewer than ${range} of such runs (rule of three over its counted runs)`]
}

/** Why a result is incomplete, or says less than was asked for. */
export function reasons(result: CampaignResult): string[] {
  const { cells, interrupted, violations, notDeterministic = [] } = result
  return [
    ...(interrupted ? ['ended before all runs were done'] : []),
    ...cells.flatMap((cell) =>
      cell.witnesses.filter(({ required, count }) => required && count === 0).map(({ name }) => `${placeOf(cell)}: never seen: ${name}`),
    ),
    ...unlanded(result),
    ...undecided(result),
    ...notDeterministic.map((found) => {
      const place = placeOf({ ...found, name: found.scenario })
      return `${place}: not deterministic: seed ${found.seed}, step ${String(found.step)}, ${found.actor}`
    }),
    ...violations
      .filter(({ nondeterministic }) => nondeterministic)
      .map((violation) => `${placeOf({ ...violation, name: violation.scenario })}: seed ${violation.seed} is not deterministic`),
  ]
}

function placeOf({ name, mode }: { readonly name: string; readonly mode: string }): string {
  return `${name} ${mode}`
}

/** Faults that landed in no run; the same of many scenarios is said once. */
function unlanded({ cells }: CampaignResult): string[] {
  return saidOnce(cells.flatMap((cell) => (cell.unlanded ?? []).map((fault) => [`landed in no run: ${fault}`, placeOf(cell)] as const)))
}

/** Promises without an answer, and places of which nothing can be said; the same of many scenarios is said once. */
function undecided({ cells }: CampaignResult): string[] {
  const said: [what: string, place: string][] = []
  for (const cell of cells) {
    for (const { guarantee, at, missing = '', promised, verdict } of cell.claims) {
      if (verdict !== 'undecided') continue
      said.push([`${promised ? `${guarantee} at ${at} is undecided` : `nothing can be said at ${at}`}: ${missing}`, placeOf(cell)])
    }
  }
  return saidOnce(said)
}

/** What is said of several places, with the first of them. */
function saidOnce(said: readonly (readonly [what: string, place: string])[]): string[] {
  const places = new Map<string, string[]>()
  for (const [what, place] of said) places.set(what, [...(places.get(what) ?? []), place])
  return [...places].map(([what, [first = '', ...others]]) =>
    others.length === 0 ? `${first}: ${what}` : `${first} and ${counted(others.length, 'other')}: ${what}`,
  )
}
