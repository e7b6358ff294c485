/** `millrace run`: a campaign over scenarios and modes, or over the possibilities of a job of the user's own. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { InputError } from '../flink/index.js'
import { campaignDocument, campaignText, summaryMarkdown, type CampaignContext } from '../report/index.js'
import {
  campaignResult,
  coverageOf,
  DRIVERS,
  explainViolations,
  inThisThread,
  inWorkers,
  kindOf,
  retryFailure,
  runCampaign,
  USUAL_DRIVER,
  type CampaignOutcome,
  type Cell,
  type DriverName,
  type RetriedFailure,
  type ScenarioSource,
  type ViolationResult,
} from '../search/index.js'
import { chosenCells, chosenScenarios } from './chosen-cells.js'
import { exitCodeOfCampaign } from './exit-codes.js'
import { storedFailures, storeFailure } from './failure-store.js'
import { addJobOptions, collect, replayArgumentsOf, type JobOptions } from './job-options.js'
import { jobReport } from './job-report.js'
import { driverName, positiveNumber, seedText, wholeNumber } from './option-values.js'
import { checkDirectory, prepareDirectory, writeWhole } from './output-directory.js'
import { ProgressLine, progressText } from './progress-line.js'
import type { Terminal } from './terminal.js'
import { untilInterrupted } from './interrupt.js'

/** What the options hold. */
interface RunOptions extends JobOptions {
  readonly scenario?: readonly string[]
  readonly mode?: readonly string[]
  readonly runs?: number
  readonly seconds?: number
  readonly seed: string
  readonly driver: DriverName
  readonly workers?: number
  readonly output: string
  readonly failures: string
  readonly json?: true
}

/** Seconds of a campaign of which nothing else is said. */
const USUAL_SECONDS = 30

/** Threads that a machine may have cores for. */
const MOST_WORKERS = 256

/** Adds the verb. */
export function addRunCommand(program: Command, terminal: Terminal, done: (exitCode: number) => void): void {
  const command = program
    .command('run')
    .description('run seeds of scenarios under faults and tell which claims hold; without options all of them for 30 seconds')
    .option('--scenario <name>', 'only this scenario; repeatable', collect)
    .option('--mode <mode>', 'only this mode (aligned, at-least-once, off); repeatable', collect)
    .option('--runs <n>', 'runs of each scenario in each mode', wholeNumber('--runs'))
    .option(
      '--seconds <s>',
      `end after so many seconds, or twice as many where a scenario has not yet shown what it must (default ${String(USUAL_SECONDS)} without --runs)`,
      positiveNumber('--seconds'),
    )
    .option('--seed <text>', 'seed of the campaign', seedText, '1')
    .option('--driver <name>', `who decides what each run is: ${DRIVERS.join(', ')}`, driverName, USUAL_DRIVER)
    .option('--workers <n>', 'worker threads (default: as many as there are cores)', wholeNumber('--workers', MOST_WORKERS))
    .option('--output <directory>', 'where results.json and summary.md go', 'reports/latest')
    .option('--failures <directory>', 'where failing runs are stored; those that are there are run first', 'failures')
    .option('--json', 'print one JSON document')
  addJobOptions(command).action(async (options: RunOptions) => done(await run(options, terminal)))
}

async function run(options: RunOptions, terminal: Terminal): Promise<number> {
  const { source, scenarios, job } = await chosenScenarios(options)
  if (job !== undefined && options.mode !== undefined) {
    throw new InputError(
      '--mode',
      'the mode of a plan is in its configuration',
      '--set execution.checkpointing.mode=AT_LEAST_ONCE, for example',
    )
  }
  const cells = chosenCells(scenarios, options.scenario, options.mode)
  checkDirectory(options.failures, '--failures')
  const stored = storedFailures(options.failures, cells, options)
  prepareDirectory(options.output, '--output')
  const retried = stored.map(({ path, cell, failure }) => ({ path, ...retryFailure(cell, failure) }))
  const outcome = await campaign(cells, source, options, terminal)
  const result = campaignResult(outcome, allViolations(retried, explainViolations(outcome), options))
  const context: CampaignContext = {
    replayArguments: replayArgumentsOf(options),
    retried,
    coverage: coverageOf(outcome),
    ...(job !== undefined && { imported: jobReport(job.description, job.possibilities) }),
  }
  const document = campaignDocument(result, context)
  writeWhole(join(options.output, 'results.json'), `${JSON.stringify(document, undefined, 2)}\n`)
  writeWhole(join(options.output, 'summary.md'), summaryMarkdown(result, context))
  if (options.json === true) terminal.document(document)
  else
    terminal.out([
      ...campaignText(result, { ...context, paint: terminal.paint }),
      `  written to ${options.output}: results.json, summary.md`,
    ])
  return exitCodeOfCampaign(result)
}

/** The failures that still fail, then those that are new, which are stored. */
function allViolations(
  retried: readonly (RetriedFailure & { readonly path: string })[],
  found: readonly ViolationResult[],
  options: RunOptions,
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

async function campaign(cells: readonly Cell[], source: ScenarioSource, options: RunOptions, terminal: Terminal): Promise<CampaignOutcome> {
  const workers = options.workers ?? availableParallelism()
  const { runs, seed, driver } = options
  const seconds = options.seconds ?? (runs === undefined ? USUAL_SECONDS : undefined)
  const runner = workers === 1 || cells.length === 0 ? inThisThread(cells, driver) : inWorkers(source, cells, workers, driver)
  const progress = new ProgressLine(terminal)
  try {
    const outcome = await untilInterrupted(terminal, (signal) => {
      const limits = { ...(runs !== undefined && { runs }), ...(seconds !== undefined && { seconds }) }
      return runCampaign(
        cells,
        { seed, driver, ...limits, signal, onProgress: (state) => progress.update(state.seconds, progressText(state)) },
        runner,
      )
    })
    progress.end()
    return outcome
  } finally {
    await runner.close()
  }
}
