/** `millrace run`: a campaign over scenarios and modes, or over the possibilities of a job of the user's own. */
import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import type { FaultPlan } from '../faults/index.js'
import { InputError } from '../flink/index.js'
import {
  beyondBudget,
  DRIVERS,
  inThisThread,
  inWorkers,
  processSide,
  refuseUnfit,
  Repeater,
  retryFailure,
  runCampaign,
  shardedCampaign,
  USUAL_DRIVER,
  type CampaignOutcome,
  type Cell,
  type DriverName,
  type ScenarioSource,
  type Shard,
} from '../search/index.js'
import { chosenCells, chosenScenarios } from './chosen-cells.js'
import { jobOf, storedFailures } from './failure-store.js'
import { finishCampaign, type ResultOptions } from './finish-campaign.js'
import { addJobOptions, collect } from './job-options.js'
import { driverName, positiveNumber, seedText, shardOf, wholeNumber } from './option-values.js'
import { checkDirectory, prepareDirectory } from './output-directory.js'
import { ProgressLine, progressText } from './progress-line.js'
import { beyondBudgetOf } from './scenario-source.js'
import type { Terminal } from './terminal.js'
import { untilInterrupted } from './interrupt.js'
import { readPlanFile } from './plan-file.js'

/** What the options hold. */
interface RunOptions extends ResultOptions {
  readonly scenario?: readonly string[]
  readonly mode?: readonly string[]
  readonly runs?: number
  readonly seconds?: number
  readonly seed: string
  readonly driver: DriverName
  readonly shard?: Shard
  readonly faults?: string
  readonly beyondBudget?: true
  readonly restoreEverything?: true
  readonly workers?: number
}

/** With the plan of `--faults`, once it is read. */
interface PlannedOptions extends RunOptions {
  readonly plannedFaults?: FaultPlan
}

/** Another process can run what is compiled only; tests run the sources, too. */
const IS_BUILT = import.meta.url.endsWith('.js')

/** Seconds of a campaign of which nothing else is said. */
const USUAL_SECONDS = 30

/** Threads that a machine may have cores for. */
const MOST_WORKERS = 256

/** Adds the verb. */
export function addRunCommand(program: Command, terminal: Terminal, done: (exitCode: number) => void): void {
  const command = program
    .command('run')
    .description('run seeds of scenarios under faults and tell which claims hold; without options all of them for 30 seconds')
    .showHelpAfterError('(millrace run --scenario NAME runs one scenario; millrace run --help shows what is allowed)')
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
    .option('--shard <i/n>', 'only the i-th of n parts of the runs; `millrace merge` puts the parts together', shardOf)
    .option('--faults <file>', 'the same faults in every run: a file with a plan, in place of what each seed draws')
    .option('--beyond-budget', 'more faults than a job must survive: then it may fail, but must not give a wrong answer')
    .option('--restore-everything', 'in every run a new job restores each completed checkpoint; without it in one run of twenty')
    .option('--workers <n>', 'worker threads (default: as many as there are cores)', wholeNumber('--workers', MOST_WORKERS))
    .option('--output <directory>', 'where results.json and summary.md go', 'reports/latest')
    .option('--failures <directory>', 'where failing runs are stored; those that are there are run first', 'failures')
    .option('--json', 'print one JSON document')
  addJobOptions(command).action(async (options: RunOptions) => done(await run(options, terminal)))
}

async function run(options: RunOptions, terminal: Terminal): Promise<number> {
  checkShard(options)
  const chosen = await chosenScenarios(options)
  const { scenarios, job } = chosen
  if (job !== undefined && options.mode !== undefined) {
    throw new InputError(
      '--mode',
      'the mode of a plan is in its configuration',
      '--set execution.checkpointing.mode=AT_LEAST_ONCE, for example',
    )
  }
  const within = chosenCells(scenarios, options.scenario, options.mode)
  const beyond = options.beyondBudget === true
  const source = beyond ? beyondBudgetOf(chosen.source) : chosen.source
  const cells = beyond ? within.map(({ scenario, mode }) => ({ scenario: beyondBudget(scenario), mode })) : within
  const plan = options.faults === undefined ? undefined : plannedIn(options.faults, cells)
  checkDirectory(options.failures, '--failures')
  const stored = storedFailures(options.failures, cells, options)
  prepareDirectory(options.output, '--output')
  const retried = stored.map(({ path, cell, failure }) => ({ path, ...retryFailure(cell, failure) }))
  const outcome = await campaign(cells, source, { ...options, ...(plan && { plannedFaults: plan }) }, terminal)
  const { shard, seed, driver, runs } = options
  const given = jobOf(options)
  const campaignOfShard = shard &&
    runs !== undefined && {
      shard: {
        index: shard.index,
        campaign: shardedCampaign(cells, { seed, driver, runs, shard, ...(given !== undefined && { job: given }) }),
      },
    }
  return finishCampaign(outcome, { retried, job, ...campaignOfShard }, options, terminal)
}

/** @throws InputError when the file has no plan, or one that does not fit */
function plannedIn(file: string, cells: readonly Cell[]): FaultPlan {
  const plan = readPlanFile(file)
  refuseUnfit(cells, plan, `--faults ${file}`)
  return plan
}

/** @throws InputError when the campaign has no parts that could be told apart beforehand */
function checkShard({ shard, runs, driver, faults, restoreEverything }: RunOptions): void {
  if (shard === undefined) return
  const where = `--shard ${String(shard.index)}/${String(shard.of)}`
  if (faults !== undefined) throw new InputError(where, 'runs of one plan are not divided into shards', '--faults without --shard')
  if (restoreEverything === true) throw new InputError(where, 'shards restore what their seeds say', '--restore-everything without --shard')
  if (runs === undefined) throw new InputError(where, 'a campaign that goes by time has no parts', '--runs as well')
  if (driver !== 'guided') return
  const others = DRIVERS.filter((name) => name !== 'guided').join(', ')
  throw new InputError(where, 'what a guided run is depends on the runs before it, which other shards have', `--driver ${others}`)
}

async function campaign(
  cells: readonly Cell[],
  source: ScenarioSource,
  options: PlannedOptions,
  terminal: Terminal,
): Promise<CampaignOutcome> {
  const workers = options.workers ?? availableParallelism()
  const { runs, seed, driver, shard, plannedFaults, restoreEverything } = options
  const seconds = options.seconds ?? (runs === undefined ? USUAL_SECONDS : undefined)
  const runner = workers === 1 || cells.length === 0 ? inThisThread(cells, driver) : inWorkers(source, cells, workers, driver)
  const repeater = IS_BUILT ? new Repeater(cells, () => processSide(source, cells)) : undefined
  const progress = new ProgressLine(terminal)
  try {
    const outcome = await untilInterrupted(terminal, (signal) => {
      const limits = {
        ...(runs !== undefined && { runs }),
        ...(shard && { shard }),
        ...(seconds !== undefined && { seconds }),
        ...(plannedFaults && { plan: plannedFaults, checked: true as const }),
        ...(restoreEverything && { restores: restoreEverything }),
      }
      return runCampaign(
        cells,
        {
          seed,
          driver,
          ...limits,
          // What the command line runs has no user code.
          repeatSteps: false,
          signal,
          ...(repeater && { repeater }),
          onProgress: (state) => progress.update(state.seconds, progressText(state)),
        },
        runner,
      )
    })
    progress.end()
    return outcome
  } finally {
    await runner.close()
    await repeater?.close()
  }
}
