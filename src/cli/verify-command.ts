/** `millrace verify`: judges a history that somebody else, or millrace, has recorded. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { InputError, readAnyHistory, readConfigurationFile } from '../flink/index.js'
import { judge } from '../guarantees/index.js'
import { countHistory } from '../history/index.js'
import { overallVerdict, verifyDocument, verifyText } from '../report/index.js'
import { exitCodeOf } from './exit-codes.js'
import { collect } from './job-options.js'
import type { Terminal } from './terminal.js'

interface VerifyOptions {
  readonly conf?: readonly string[]
  readonly json?: true
}

/** Adds the verb. */
export function addVerifyCommand(program: Command, terminal: Terminal, done: (exitCode: number) => void): void {
  program
    .command('verify')
    .description('judge a recorded history: one of millrace, or a recording of a real Flink')
    .argument('<history>', 'a history as JSON lines, compressed or not, or the folder it is in')
    .option('--conf <file>', 'the configuration that says what was promised; repeatable, later ones win', collect)
    .option('--json', 'print one JSON document')
    .action((path: string, options: VerifyOptions) => done(verify(path, options, terminal)))
}

function verify(path: string, { conf = [], json }: VerifyOptions, terminal: Terminal): number {
  const configuration = conf.map((file) => ({ name: file, source: readConfigurationFile(textOf(file), file) }))
  const { header, events, sources, unknown, refused, promisedBy } = readAnyHistory(path, { configuration })
  const verified = {
    path,
    header,
    verdict: judge(header, events),
    counts: countHistory(header, events),
    promisedBy,
    refused,
    unknown,
    // Millrace's own histories number their events from 1, behind a header.
    lines: header.origin === 'recorded' ? sources : events.map(({ seq }) => seq + 1),
  }
  if (json === true) terminal.document(verifyDocument(verified))
  else terminal.out(verifyText(verified, terminal.paint))
  return exitCodeOf(overallVerdict(verified))
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new InputError(`--conf ${file}`, error instanceof Error ? error.message : 'cannot be read', 'a configuration file')
  }
}
