import { Command, CommanderError } from 'commander'
import { InputError } from '../flink/index.js'
import { errorOfJob } from '../search/index.js'
import { addCheckCommand } from './check-command.js'
import { addDoctorCommand } from './doctor-command.js'
import { EXIT } from './exit-codes.js'
import { addExplainCommand } from './explain-command.js'
import { addImportCommand } from './import-command.js'
import { collect } from './job-options.js'
import { addListCommand } from './list-command.js'
import { addMergeCommand } from './merge-command.js'
import { packageVersion } from './package-version.js'
import { addReplayCommand } from './replay-command.js'
import { addRunCommand } from './run-command.js'
import { addShrinkCommand } from './shrink-command.js'
import type { Terminal } from './terminal.js'
import { addVerifyCommand } from './verify-command.js'

/**
 * Runs the command line.
 * @param words what stands behind `millrace`
 * @returns the exit code
 */
export async function runProgram(words: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.holds
  const program = newProgram(terminal, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(words, { from: 'user' })
    return exitCode
  } catch (error) {
    return told(error, terminal)
  }
}

/** The command line as commander knows it; `done` is told the exit code. */
export function newProgram(terminal: Terminal, done: (exitCode: number) => void): Command {
  const program = new Command('millrace')
  program
    .description('Which delivery guarantee of a Flink job survives crashes, delays and lost messages, with the evidence beside it.')
    .version(packageVersion())
    .exitOverride()
    .showSuggestionAfterError(true)
    .showHelpAfterError('(millrace --help, or millrace <verb> --help, shows what is allowed)')
    .configureOutput({ writeOut: (text) => terminal.out([text.trimEnd()]), writeErr: (text) => terminal.raw(text) })
    .addHelpText(
      'after',
      `\nExit codes: 0 claims hold, 1 violated, 2 wrong usage or input, 3 not deterministic, 4 incomplete, 70 defect of millrace, 130 interrupted twice.`,
    )
  addRunCommand(program, terminal, done)
  addCheckCommand(program, terminal, done)
  addMergeCommand(program, terminal, done)
  addReplayCommand(program, terminal, done)
  addShrinkCommand(program, terminal, done)
  addExplainCommand(program, terminal, done)
  addVerifyCommand(program, terminal, done)
  addImportCommand(program, terminal, done)
  addListCommand(program, terminal, done)
  addDoctorCommand(program, terminal, done)
  for (const command of program.commands) {
    command.allowExcessArguments(false)
    refuseRepetition(command)
  }
  return program
}

/** An option that is not repeatable and has two values is a mistake: which of them counts would be a guess. */
function refuseRepetition(command: Command): void {
  for (const option of command.options) {
    if (option.parseArg === collect || !option.required) continue
    let given = 0
    command.on(`option:${option.name()}`, () => {
      if (++given > 1) throw new InputError(option.long ?? option.name(), 'given twice', 'one value')
    })
  }
}

function told(error: unknown, terminal: Terminal): number {
  // Commander has written its own message.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.holds : EXIT.usage
  if (error instanceof InputError) {
    terminal.note(`${error.where}: ${error.what}`)
    terminal.note(`  allowed: ${error.allowed}`)
    return EXIT.usage
  }
  const ofJob = errorOfJob(error)
  terminal.note(ofJob ?? 'a defect of millrace, please report it:')
  terminal.note(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return ofJob === undefined ? EXIT.internal : EXIT.violated
}
