/** A run as the rolling trace hash after each of its steps: what two processes compare. */
import type { CellRunner } from './cell.js'
import { choiceInWords, describePending, type NumberedStep } from './choice-log.js'
import type { RunChanges } from './drivers/driver-name.js'
import { runExperiment, type Experiment } from './experiment.js'

/** The hashes of one run. */
export interface RunTrace {
  readonly seed: string
  /** Rolling trace hash at the start and after each step, 32 bits of it. */
  readonly hashes: Uint32Array
  /** All bits of it, at the end. */
  readonly traceHash: string
}

/** One run to be traced, by the place of its cell and its seed. */
export interface TraceRequest {
  readonly cell: number
  readonly seed: string
  readonly changes?: RunChanges
}

/** Runs seeds and keeps their hashes. */
export function traceRuns(runner: CellRunner, requests: readonly TraceRequest[]): RunTrace[] {
  return requests.map(({ cell, seed, changes }) => traceOf(runner.experiment(cell, seed, changes)))
}

function traceOf(experiment: Experiment): RunTrace {
  const hashes: number[] = []
  const { traceHash } = runExperiment(experiment, {
    unjudged: true,
    onStep: (world) => hashes.push(Number.parseInt(world.traceHash().slice(8), 16)),
  })
  return { seed: experiment.seed, hashes: Uint32Array.from(hashes), traceHash }
}

/** The steps of a run up to one of them, in words, with the choices made in them; `context` steps before it. */
export function stepsUntil(runner: CellRunner, { cell, seed, changes }: TraceRequest, step: number, context = 3): NumberedStep[] {
  const steps: Omit<NumberedStep, 'draws' | 'number'>[] = []
  // Choices that were made until the end of each step.
  const made: number[] = []
  let waiting = 'set up'
  const { choices } = runExperiment(runner.experiment(cell, seed, changes), {
    unjudged: true,
    keepChoices: true,
    maxSteps: step,
    onStep: (world, driver, choicesSoFar = 0) => {
      steps.push({ time: driver.now(), what: waiting, hash: world.traceHash() })
      made.push(choicesSoFar)
      const next = driver.upcoming()
      waiting = next === undefined ? '' : describePending(world, next)
    },
  })
  const told = steps.map((each, i) => ({ ...each, number: i, draws: choices.slice(made[i - 1] ?? 0, made[i]).map(choiceInWords) }))
  return told.slice(Math.max(0, step - context), step + 1)
}
