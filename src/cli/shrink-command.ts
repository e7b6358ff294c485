/** `millrace shrink`: makes a failing run as small as it can be. The smallest until now is always on disk. */
import type { Command } from 'commander'
import { InputError } from '../flink/index.js'
import { replayCommand, shrinkDocument, shrinkText } from '../report/index.js'
import {
  replayRun,
  SHRINK_RUNS,
  shrinking,
  shrinkTask,
  shrunkFailure,
  type Experiment,
  type ShrinkProgress,
  type ShrinkTask,
  type ShrunkRun,
} from '../search/index.js'
import { exitCodeOfReplay } from './exit-codes.js'
import { storeFailure, storeFailureAt } from './failure-store.js'
import { untilInterrupted } from './interrupt.js'
import { addJobOptions, replayArgumentsOf, type JobOptions } from './job-options.js'
import { namedRun, type NamedRun } from './named-run.js'
import { positiveNumber, wholeNumber } from './option-values.js'
import { checkDirectory } from './output-directory.js'
import { ProgressLine, shrinkProgressText } from './progress-line.js'
import type { Terminal } from './terminal.js'
import { refuseWay } from './way-store.js'

interface ShrinkOptions extends JobOptions {
  readonly runs: number
  readonly seconds?: number
  readonly failures: string
  readonly json?: true
}

/** Adds the verb. */
export function addShrinkCommand(program: Command, terminal: Terminal, done: (exitCode: number) => void): void {
  const command = program
    .command('shrink')
    .description('make a failing run as small as it can be: fewer and simpler faults, fewer records, a smaller job')
    .argument('<run>', 'a file under failures/, which then holds the smaller run, or a replay token')
    .option('--runs <n>', `runs at most; the same number gives the same result`, wholeNumber('--runs'), SHRINK_RUNS)
    .option('--seconds <s>', 'end after so many seconds, with what was found until then', positiveNumber('--seconds'))
    .option('--failures <directory>', 'where the smallest run of a token is stored', 'failures')
    .option('--json', 'print one JSON document')
  addJobOptions(command).action(async (run: string, options: ShrinkOptions) => done(await shrink(run, options, terminal)))
}

async function shrink(given: string, options: ShrinkOptions, terminal: Terminal): Promise<number> {
  refuseWay(given, 'it is as short as any, and has no faults that it could do without')
  const run = await namedRun(given, options)
  if (run.failure === undefined) checkDirectory(options.failures, '--failures')
  const task = shrinkTask(run.cell, run.name, run.failure)
  if (task === undefined) throw new InputError(given, nothingToShow(run), 'a run that fails; `millrace replay` tells what it shows')
  let stored: string | undefined
  const keep = (experiment: Experiment): void => {
    stored = store(given, run, { experiment, kind: task.kind }, options) ?? stored
  }
  const { shrunk, interrupted } = await shrunkInTime(task, options, terminal, keep)
  keep(shrunk.experiment)
  const { seed } = run.name
  const { plan, overrides, priorities, reduction } = shrunk.experiment
  const small = { seed, plan, ...(overrides && { overrides }), ...(priorities && { priorities }), ...(reduction && { reduction }) }
  const replay = replayRun(run.cell, small, { repeatSteps: false })
  const command = replayCommand(replay.token, replayArgumentsOf(run.job))
  const told = { replay, shrunk, kind: task.kind, interrupted, command, ...(stored !== undefined && { stored }) }
  if (options.json === true) terminal.document(shrinkDocument(told))
  else terminal.out(shrinkText(told, terminal.paint))
  return exitCodeOfReplay(replay)
}

function nothingToShow({ failure }: NamedRun): string {
  return failure === undefined
    ? 'shows nothing that is wrong'
    : `does not show ${failure.verdict.anomaly} (${failure.verdict.rule}) any more`
}

/** Steps until nothing becomes smaller, the time is up, or somebody interrupts; others have their turn in between. */
async function shrunkInTime(
  { experiment, kind }: ShrinkTask,
  { runs, seconds = Infinity }: ShrinkOptions,
  terminal: Terminal,
  keep: (smaller: Experiment) => void,
): Promise<{ readonly shrunk: ShrunkRun; readonly interrupted: boolean }> {
  const began = performance.now()
  const progress = new ProgressLine(terminal)
  const elapsed = (): number => (performance.now() - began) / 1000
  return untilInterrupted(terminal, async (signal) => {
    const steps = shrinking(experiment, kind, runs)
    let stop = false
    for (let step = steps.next(stop); ; step = steps.next(stop)) {
      if (step.done === true) {
        progress.end()
        return { shrunk: step.value, interrupted: stop }
      }
      tell(step.value)
      await new Promise((resolve) => setImmediate(resolve))
      stop = signal.aborted || elapsed() >= seconds
    }
  })

  function tell(state: ShrinkProgress): void {
    if (state.smaller !== undefined) keep(state.smaller)
    progress.update(elapsed(), shrinkProgressText(state, elapsed()))
  }
}

/** A violation is stored where it was read from, or under a name of its own. */
function store(given: string, { cell, name, failure, job }: NamedRun, task: ShrinkTask, { failures }: ShrinkOptions): string | undefined {
  const smaller = shrunkFailure(cell, name, task)
  if (smaller === undefined) return undefined
  if (failure === undefined) return storeFailure(failures, smaller, job)
  return storeFailureAt(given, { ...smaller, ...(failure.job !== undefined && { job: failure.job }) })
}
