/** `millrace doctor`: whether runs are the same in every process, step by step, and on every Node that is given. */
import { accessSync, constants } from 'node:fs'
import type { Command } from 'commander'
import { InputError } from '../flink/index.js'
import { DOCUMENT_SCHEMA, doctorText, grouped } from '../report/index.js'
import { compareSides, processSide, type Cell, type Side } from '../search/index.js'
import { chosenCells } from './chosen-cells.js'
import { EXIT } from './exit-codes.js'
import { untilInterrupted } from './interrupt.js'
import { collect } from './job-options.js'
import { seedText, wholeNumber } from './option-values.js'
import { ProgressLine } from './progress-line.js'
import { builtIn, loadScenarios } from './scenario-source.js'
import type { Terminal } from './terminal.js'

interface DoctorOptions {
  readonly seeds: number
  readonly seed: string
  readonly scenario?: readonly string[]
  readonly mode?: readonly string[]
  readonly node?: readonly string[]
  readonly json?: true
}

/** Seeds unless more or fewer are asked for. */
const USUAL_SEEDS = 1000

/** Adds the verb. */
export function addDoctorCommand(program: Command, terminal: Terminal, done: (exitCode: number) => void): void {
  program
    .command('doctor')
    .description('run the same seeds in two processes and compare their rolling trace hashes at every step')
    .option('--seeds <n>', `seeds, of all scenarios and modes in turn (default ${String(USUAL_SEEDS)})`, wholeNumber('--seeds'))
    .option('--seed <text>', 'seed of the campaign', seedText, '1')
    .option('--scenario <name>', 'only this scenario; repeatable', collect)
    .option('--mode <mode>', 'only this mode (aligned, at-least-once, off); repeatable', collect)
    .option('--node <binary>', 'compare this process with this Node instead of with a second one like it; repeatable', collect)
    .option('--json', 'print one JSON document')
    .action(async ({ seeds = USUAL_SEEDS, ...options }: Omit<DoctorOptions, 'seeds'> & { readonly seeds?: number }) =>
      done(await examine({ seeds, ...options }, terminal)),
    )
}

async function examine(
  { seeds, seed, scenario, mode, node = [process.execPath], json }: DoctorOptions,
  terminal: Terminal,
): Promise<number> {
  const cells = chosenCells(loadScenarios(undefined), scenario, mode)
  for (const binary of node) checkBinary(binary)
  const sides: Side[] = []
  const progress = new ProgressLine(terminal)
  const began = performance.now()
  const seconds = (): number => (performance.now() - began) / 1000
  try {
    for (const binary of [process.execPath, ...node]) sides.push(await sideOn(binary, cells))
    const result = await untilInterrupted(terminal, (signal) =>
      compareSides(cells, sides, {
        seed,
        runs: seeds,
        signal,
        onProgress: (runs) =>
          progress.update(seconds(), `${grouped(runs)} of ${grouped(seeds)} seeds compared, ${String(Math.floor(seconds()))} s`),
      }),
    )
    progress.end()
    if (json === true) terminal.document({ schema: DOCUMENT_SCHEMA, ...result })
    else terminal.out(doctorText(result, terminal.paint))
    if (result.verdict === 'differs') return EXIT.nondeterminism
    return result.interrupted ? EXIT.incomplete : EXIT.holds
  } finally {
    for (const side of sides) side.close()
  }
}

function checkBinary(path: string): void {
  try {
    accessSync(path, constants.X_OK)
  } catch (error) {
    throw new InputError(`--node ${path}`, error instanceof Error ? error.message : 'cannot be run', 'the path of a Node binary')
  }
}

async function sideOn(binary: string, cells: readonly Cell[]): Promise<Side> {
  try {
    return await processSide(builtIn, cells, binary)
  } catch (error) {
    throw new InputError(
      `--node ${binary}`,
      error instanceof Error ? error.message : 'cannot be run',
      'the path of a Node binary, 20.19 or newer',
    )
  }
}
