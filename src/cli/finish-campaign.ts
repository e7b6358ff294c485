/** What becomes of the runs of a campaign, or of its merged shards: violations are told and stored, results written and printed. */
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { campaignDocument, campaignText, summaryMarkdown, type CampaignContext } from '../report/index.js'
import {
  campaignResult,
  coverageOf,
  explainingViolations,
  kindOf,
  violationsOf,
  type CampaignOutcome,
  type CampaignResult,
  type RetriedFailure,
  type ShardedCampaign,
  type ViolationResult,
} from '../search/index.js'
import { LAST_RESULTS } from './cells-list.js'
import type { ChosenScenarios } from './chosen-cells.js'
import { exitCodeOfCampaign } from './exit-codes.js'
import { storeFailure } from './failure-store.js'
import { untilInterrupted } from './interrupt.js'
import { quoted, replayArgumentsOf, type JobOptions } from './job-options.js'
import { jobReport } from './job-report.js'
import { writeWhole } from './output-directory.js'
import { packageVersion } from './package-version.js'
import { explainProgressText, ProgressLine } from './progress-line.js'
import type { Terminal } from './terminal.js'

/** Where the results go. */
export interface ResultOptions extends JobOptions {
  readonly output: string
  readonly failures: string
  readonly json?: true
}

/** What else is to be told. */
export interface Finish {
  readonly retried: readonly (RetriedFailure & { readonly path: string })[]
  readonly job: ChosenScenarios['job']
  /** When the runs are a shard of a campaign only. */
  readonly shard?: { readonly index: number; readonly campaign: ShardedCampaign }
}

/**
 * Writes and prints the results; returns the exit code. What was found is written before it is explained, which takes a while and may be
 * cut off.
 */
export async function finishCampaign(
  outcome: CampaignOutcome,
  finish: Finish,
  options: ResultOptions,
  terminal: Terminal,
): Promise<number> {
  const found = violationsOf(outcome)
  if (found.length > 0) writeResults(outcome, found, finish, options)
  const { result, context, document } = writeResults(outcome, await explained(outcome, terminal), finish, options)
  if (options.json === true) terminal.document(document)
  else
    terminal.out([
      ...campaignText(result, { ...context, listArguments: listArgumentsOf(options), paint: terminal.paint }),
      `  written to ${options.output}: results.json, summary.md`,
    ])
  return exitCodeOfCampaign(result)
}

function listArgumentsOf({ output }: ResultOptions): string {
  const results = join(output, 'results.json')
  return results === join(LAST_RESULTS) ? '' : `--from ${quoted(results)}`
}

/** Writes the results with these violations, and says what was written. */
function writeResults(
  outcome: CampaignOutcome,
  violations: readonly ViolationResult[],
  { retried, job, shard }: Finish,
  options: ResultOptions,
): { result: CampaignResult; context: CampaignContext; document: object } {
  const result = campaignResult(outcome, allViolations(retried, violations, options))
  const context: CampaignContext = {
    replayArguments: replayArgumentsOf(options),
    retried,
    coverage: coverageOf(outcome),
    ...(job !== undefined && { imported: jobReport(job.description, job.possibilities) }),
  }
  const document = {
    ...campaignDocument(result, context),
    ...(shard && {
      shard: {
        ...shard,
        version: packageVersion(),
        seconds: outcome.seconds,
        ...(outcome.repeated && { repeated: outcome.repeated }),
        retried: retried.map(({ path }) => path),
        stored: result.violations.flatMap(({ stored, failure }) => (stored === undefined || failure === undefined ? [] : [stored])),
        tallies: outcome.cells.map(({ tally }) => tally),
      },
    }),
  }
  writeWhole(join(options.output, 'results.json'), `${JSON.stringify(document, undefined, 2)}\n`)
  writeWhole(join(options.output, 'summary.md'), summaryMarkdown(result, context))
  return { result, context, document }
}

/** Explains what was found; who interrupts gets what is left as it was found. */
async function explained(outcome: CampaignOutcome, terminal: Terminal): Promise<ViolationResult[]> {
  const began = performance.now()
  const elapsed = (): number => (performance.now() - began) / 1000
  const progress = new ProgressLine(terminal)
  return untilInterrupted(terminal, async (signal) => {
    const steps = explainingViolations(outcome)
    for (let step = steps.next(); ; step = steps.next(signal.aborted)) {
      if (step.done === true) {
        progress.end()
        return step.value
      }
      progress.update(elapsed(), explainProgressText(step.value, elapsed()))
      await setImmediate()
    }
  })
}

/** The failures that still fail, then those that are new, which are stored. */
function allViolations(
  retried: readonly (RetriedFailure & { readonly path: string })[],
  found: readonly ViolationResult[],
  options: ResultOptions,
): ViolationResult[] {
  const before = retried.flatMap(({ violation, path }) => (violation === undefined ? [] : [{ ...violation, stored: path }]))
  const known = new Set(before.map(sameDefect))
  const others = found.filter((violation) => !known.has(sameDefect(violation)))
  return [
    ...before,
    ...others.map((violation) =>
      violation.failure === undefined ? violation : { ...violation, stored: storeFailure(options.failures, violation.failure, options) },
    ),
  ]
}

function sameDefect(violation: ViolationResult): string {
  return `${violation.scenario}|${violation.mode}|${kindOf(violation)}`
}
