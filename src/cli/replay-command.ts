/** `millrace replay`: runs what a token names, twice, and tells what it shows. */
import type { Command } from 'commander'
import { writeHistoryFile } from '../history/history-file.js'
import { replayCommand, replayDocument, replayText } from '../report/index.js'
import { parseToken, replayRun } from '../search/index.js'
import { chosenScenarios, scenarioNamed } from './chosen-cells.js'
import { exitCodeOfReplay } from './exit-codes.js'
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
    .argument('<token>', 'a replay token as `millrace run` prints it')
    .option('--shrink', 'leave out faults as long as the anomaly remains')
    .option('--history <file>', 'write the whole history as JSON lines (compressed when it ends in .gz)')
    .option('--json', 'print one JSON document')
  addJobOptions(command).action(async (token: string, options: ReplayOptions) => done(await replay(token, options, terminal)))
}

async function replay(token: string, options: ReplayOptions, terminal: Terminal): Promise<number> {
  const name = parseToken(token)
  if (options.history !== undefined) checkWritableFile(options.history, '--history')
  const { scenarios, job } = await chosenScenarios(options)
  const where = job === undefined && name.scenario !== '' ? 'replay token (for a job of your own give --plan as well)' : 'replay token'
  const scenario = scenarioNamed(scenarios, name.scenario, where)
  if (!scenario.modes.includes(name.mode)) {
    throw new InputError('replay token', `${scenario.name} does not run in mode ${name.mode}`, scenario.modes.join(', '))
  }
  const result = replayRun({ scenario, mode: name.mode }, name, { shrink: options.shrink === true })
  if (options.history !== undefined) writeHistoryFile(options.history, { header: result.header, events: result.history })
  const command = replayCommand(result.token, replayArgumentsOf(options))
  if (options.json === true) terminal.document(replayDocument(result, command))
  else terminal.out(replayText(result, command, terminal.paint))
  return exitCodeOfReplay(result)
}
