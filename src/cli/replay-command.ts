/** `millrace replay`: runs what a token names, twice, and tells what it shows. */
import type { Command } from 'commander'
import { writeHistoryFile } from '../history/history-file.js'
import { replayCommand, replayDocument, replayText } from '../report/index.js'
import { replayFailure, replayRun } from '../search/index.js'
import { exitCodeOfReplay } from './exit-codes.js'
import { addJobOptions, replayArgumentsOf, type JobOptions } from './job-options.js'
import { namedRun } from './named-run.js'
import { checkWritableFile } from './output-directory.js'
import { replayOfWay } from './replay-way.js'
import type { Terminal } from './terminal.js'
import { wayNamed } from './way-store.js'

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
    .argument('<token>', 'a replay token as `millrace run` and `millrace check` print it, or a file under failures/')
    .option('--shrink', 'make the run smaller first, as `millrace shrink` does')
    .option('--history <file>', 'write the whole history as JSON lines (compressed when it ends in .gz)')
    .option('--json', 'print one JSON document')
  addJobOptions(command).action(async (token: string, options: ReplayOptions) => done(await replay(token, options, terminal)))
}

async function replay(token: string, options: ReplayOptions, terminal: Terminal): Promise<number> {
  const way = wayNamed(token)
  if (way !== undefined) return replayOfWay(way, options, terminal)
  if (options.history !== undefined) checkWritableFile(options.history, '--history')
  const { cell, name, failure, job } = await namedRun(token, options)
  const shrink = options.shrink === true
  const result = failure !== undefined && !shrink ? replayFailure(cell, failure) : replayRun(cell, name, { shrink, repeatSteps: false })
  if (options.history !== undefined) writeHistoryFile(options.history, { header: result.header, events: result.history })
  const command = replayCommand(result.token, replayArgumentsOf(job))
  if (options.json === true) terminal.document(replayDocument(result, command))
  else terminal.out(replayText(result, command, terminal.paint))
  return exitCodeOfReplay(result)
}
