/** `millrace replay`: runs what a token names, twice, and tells what it shows. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { writeHistoryFile } from '../history/history-file.js'
import { replayCommand, replayDocument, replayText } from '../report/index.js'
import { parseToken, replayFailure, replayRun } from '../search/index.js'
import { chosenScenarios, scenarioNamed } from './chosen-cells.js'
import { exitCodeOfReplay } from './exit-codes.js'
import { jobOptionsOf, readFailure } from './failure-store.js'
import { InputError } from '../flink/index.js'
import { addJobOptions, replayArgumentsOf, type JobOptions } from './job-options.js'
import { checkWritableFile } from './output-directory.js'
import type { Terminal } from './terminal.js'

interface ReplayOptions extends JobOptions {
  readonly history?: string
  readonly shrink?: true
  readonly json?: true
}

/** Adds the verb. */
export function addReplayCommand(program: Command, terminal: Terminal, done: (exitCode: number) => void): void {
  const command = program
    .command('replay')
    .description('run again what a token names, twice, and show what went wrong')
    .argument('<token>', 'a replay token as `millrace run` prints it, or a file under failures/')
    .option('--shrink', 'leave out faults as long as the anomaly remains')
    .option('--history <file>', 'write the whole history as JSON lines (compressed when it ends in .gz)')
    .option('--json', 'print one JSON document')
  addJobOptions(command).action(async (token: string, options: ReplayOptions) => done(await replay(token, options, terminal)))
}

async function replay(token: string, options: ReplayOptions, terminal: Terminal): Promise<number> {
  // A token is never the name of a file: it has no suffix of its own.
  const failure = token.endsWith('.json') || existsSync(token) ? readFailure(token) : undefined
  const name = parseToken(failure?.token ?? token)
  const jobOptions = failure !== undefined && options.plan === undefined ? jobOptionsOf(failure) : options
  if (options.history !== undefined) checkWritableFile(options.history, '--history')
  const { scenarios, job } = await chosenScenarios(jobOptions)
  const where = job === undefined && name.scenario !== '' ? 'replay token (for a job of your own give --plan as well)' : 'replay token'
  const scenario = scenarioNamed(scenarios, name.scenario, where)
  if (!scenario.modes.includes(name.mode)) {
    throw new InputError('replay token', `${scenario.name} does not run in mode ${name.mode}`, scenario.modes.join(', '))
  }
  const cell = { scenario, mode: name.mode }
  const shrink = options.shrink === true
  const result = failure !== undefined && !shrink ? replayFailure(cell, failure) : replayRun(cell, name, { shrink })
  if (options.history !== undefined) writeHistoryFile(options.history, { header: result.header, events: result.history })
  const command = replayCommand(result.token, replayArgumentsOf(jobOptions))
  if (options.json === true) terminal.document(replayDocument(result, command))
  else terminal.out(replayText(result, command, terminal.paint))
  return exitCodeOfReplay(result)
}
