/** `millrace merge`: the shards of a campaign as the one campaign that they are parts of. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { InputError } from '../flink/index.js'
import { belongingTogether, mergedOutcome, parseShard, retryFailure, shardedCampaign, type Cell, type ReadShard } from '../search/index.js'
import { chosenScenarios, scenarioNamed } from './chosen-cells.js'
import { jobOptionsOf, readFailure, type StoredFailure } from './failure-store.js'
import { finishCampaign, type ResultOptions } from './finish-campaign.js'
import { checkDirectory, prepareDirectory } from './output-directory.js'
import { packageVersion } from './package-version.js'
import type { Terminal } from './terminal.js'

/** Adds the verb. */
export function addMergeCommand(program: Command, terminal: Terminal, done: (exitCode: number) => void): void {
  program
    .command('merge')
    .description('put the shards of a campaign together: the results that the whole campaign would have given')
    .argument('<results...>', 'results.json of each shard, or the folders they are in')
    .option('--output <directory>', 'where results.json and summary.md go', 'reports/latest')
    .option('--failures <directory>', 'where failing runs are stored', 'failures')
    .option('--json', 'print one JSON document')
    .action(async (paths: readonly string[], options: ResultOptions) => done(await merge(paths, options, terminal)))
}

async function merge(paths: readonly string[], options: ResultOptions, terminal: Terminal): Promise<number> {
  const shards = belongingTogether(paths.map(readShard))
  const [first] = shards
  if (first === undefined) return 0
  const { version, campaign } = first.shard
  if (version !== packageVersion()) {
    throw new InputError(first.path, `run by millrace ${version}, and this one is ${packageVersion()}`, 'the millrace that ran the shards')
  }
  const jobOptions = jobOptionsOf(campaign)
  const { scenarios, job } = await chosenScenarios(jobOptions)
  const cells = campaign.cells.map(({ scenario, mode }): Cell => ({ scenario: scenarioNamed(scenarios, scenario, first.path), mode }))
  checkConfiguration(first, cells)
  checkDirectory(options.failures, '--failures')
  const retried = failuresBefore(shards, cells).map(({ path, cell, failure }) => ({ path, ...retryFailure(cell, failure) }))
  prepareDirectory(options.output, '--output')
  return finishCampaign(mergedOutcome(shards, cells), { retried, job }, { ...jobOptions, ...options }, terminal)
}

function readShard(path: string): ReadShard {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  const file = isFolder ? join(path, 'results.json') : path
  try {
    return { path: file, shard: parseShard(readFileSync(file, 'utf8'), file) }
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(file, error instanceof Error ? error.message : 'cannot be read', 'results.json of a shard, or its folder')
  }
}

/** What is explained now must be what was run then. */
function checkConfiguration({ path, shard }: ReadShard, cells: readonly Cell[]): void {
  const { of, ...campaign } = shard.campaign
  const now = shardedCampaign(cells, { ...campaign, shard: { index: 1, of } })
  const changed = now.cells.find(({ configuration }, i) => configuration !== campaign.cells[i]?.configuration)
  if (changed === undefined) return
  const what = `${changed.scenario} ${changed.mode} has another configuration by now`
  throw new InputError(path, what, 'the job and the configuration that the shards were run with')
}

/** The failures that were stored before the campaign, which all shards ran first; not those that a shard has stored itself. */
function failuresBefore(shards: readonly ReadShard[], cells: readonly Cell[]): StoredFailure[] {
  const stored = new Set(shards.flatMap(({ shard }) => shard.stored))
  const paths = [...new Set(shards.flatMap(({ shard }) => shard.retried))].filter((path) => !stored.has(path)).sort()
  return paths.flatMap((path) => {
    const failure = readFailure(path)
    const cell = cells.find(({ scenario, mode }) => scenario.name === failure.scenario && mode === failure.mode)
    return cell === undefined ? [] : [{ path, failure, cell }]
  })
}
