import { drawChanges, USUAL_DRIVER, type DriverName, type RunChanges } from './drivers/driver-name.js'
import { isRepeated, type ChunkResult, type RunEnd } from './chunk-result.js'
import { findsOf, type Finds } from './drivers/finds.js'
import { ProtocolStates } from './drivers/protocol-states.js'
import { runExperiment, type Experiment } from './experiment.js'
import { faultMenu, planOf } from './fault-menu.js'
import { errorOfJob } from './job-code.js'
import { addTally } from './merge-tallies.js'
import type { RunName } from './replay-token.js'
import { emptyTally, planLandedIn, tallyOf, tallyOfDefect, type FirstRun, type RunTally } from './run-tally.js'
import type { Mode, Scenario } from './scenario.js'

/** A scenario in one mode: what a campaign runs many seeds of. */
export interface Cell {
  readonly scenario: Scenario
  readonly mode: Mode
}

/** Some runs of a cell, by the cell's place in the campaign and the numbers of the runs. */
export interface Chunk {
  readonly cell: number
  readonly from: number
  readonly count: number
  /** What each run has besides its seed; absent: what the driver draws. */
  readonly changes?: readonly (RunChanges | undefined)[]
  /** All of them have the same plan, and it is told which of its faults land. */
  readonly samePlan?: true
  /** All of their completed checkpoints are restored; absent: those of a share of the runs. */
  readonly restores?: true
  /** The steps of the cell's first run are repeated, and before it those of a run without faults; see `RepeatedSteps`. */
  readonly repeatSteps?: true
}

/** The cells of scenarios, in all their modes or only in some. */
export function cellsOf(scenarios: readonly Scenario[], only?: readonly Mode[]): Cell[] {
  return scenarios.flatMap((scenario) =>
    scenario.modes.filter((mode) => only === undefined || only.includes(mode)).map((mode) => ({ scenario, mode })),
  )
}

/** The seed of a run: that of the campaign and the number of the run, the same in every cell. */
export function seedOf(campaign: string, run: number): string {
  return `${campaign}-${String(run)}`
}

/** What came of one run. */
interface OneRun {
  readonly tally: RunTally
  readonly finds: Finds
  /** Absent where it did not come to an end. */
  readonly end: RunEnd | undefined
}

const NO_FINDS: Finds = { landings: [], states: [] }

/** What repeated steps have shown before a run; undefined when they came out the same, so that those of the run are repeated, too. */
type Beforehand = Pick<RunTally, 'notDeterministic'> | undefined

const NOT_REPEATED: Beforehand = {}

/** Runs seeds of cells, remembering what may go wrong in each. */
export class CellRunner {
  private readonly menus = new Map<number, ReturnType<typeof faultMenu>>()

  constructor(
    private readonly cells: readonly Cell[],
    private readonly driver: DriverName = USUAL_DRIVER,
  ) {}

  /** Runs a chunk, and tells what came of it in all. */
  run(chunk: Chunk, campaign: string): RunTally {
    return this.runChunk(chunk, campaign).tally
  }

  /** Runs a chunk. An error in a run is the job's or a defect of millrace: it is told with its seed, and the others go on. */
  runChunk(chunk: Chunk, campaign: string): ChunkResult {
    const { cell, from, count } = chunk
    const tally = emptyTally()
    const finds: Finds[] = []
    const ends: RunEnd[] = []
    for (let run = from; run < from + count; run++) {
      const one = this.runOne(chunk, { seed: seedOf(campaign, run), run })
      addTally(tally, one.tally)
      if (this.driver === 'guided') finds.push(one.finds)
      if (one.end !== undefined && isRepeated(cell, this.cells.length, run)) ends.push(one.end)
    }
    return { tally, finds, ends }
  }

  /** The run of a seed; where its cell's steps are repeated, behind one without faults. */
  private runOne(chunk: Chunk, first: FirstRun): OneRun {
    if (chunk.repeatSteps !== true || first.run !== 0) return this.runDrawn(chunk, first, NOT_REPEATED)
    const faultless = { ...first, changes: { plan: [] } }
    return orError(faultless, () => this.runDrawn(chunk, first, this.faultless(chunk.cell, faultless)))
  }

  /** An error while it is drawn is that of the seed alone. */
  private runDrawn(chunk: Chunk, first: FirstRun, beforehand: Beforehand): OneRun {
    return orError(first, () => {
      const run = this.drawn(chunk, first)
      return orError(run, () => this.runToTheEnd(chunk, run, beforehand))
    })
  }

  /** The run with what it has besides its seed. */
  private drawn({ cell, from, changes: all, restores }: Chunk, first: FirstRun): FirstRun {
    const drawn = all?.[first.run - from] ?? drawChanges(this.driver, first.seed, this.menu(cell))
    const changes = restores === undefined ? drawn : { ...drawn, restores }
    return changes === undefined ? first : { ...first, ...(changes.seed !== undefined && { seed: changes.seed }), changes }
  }

  private runToTheEnd({ cell: index, samePlan }: Chunk, run: FirstRun, beforehand: Beforehand): OneRun {
    const { scenario, mode } = this.cell(index)
    const states = this.driver === 'guided' ? new ProtocolStates() : undefined
    const result = runExperiment(this.experiment(index, run.seed, run.changes), {
      knownToFit: true,
      ...(states && { onEvent: (event) => states.step(event) }),
      repeatSteps: beforehand === undefined,
    })
    const { traceHash, steps } = result
    return {
      tally: { ...tallyOf(run, result, scenario.claims(mode)), ...beforehand, ...(samePlan && { planLanded: planLandedIn(result) }) },
      finds: states === undefined ? NO_FINDS : findsOf(result, states),
      end: { ...run, traceHash, steps },
    }
  }

  /**
   * What the repeated steps of a run without faults show, before anything else of the cell is run: what user code keeps in a module is
   * not what it was any more after that. Undefined when nothing.
   */
  private faultless(index: number, run: FirstRun): Beforehand {
    const { notDeterministic } = runExperiment(this.experiment(index, run.seed, run.changes), { unjudged: true, repeatSteps: true })
    return notDeterministic && { notDeterministic: { ...run, ...notDeterministic } }
  }

  /** The experiment of a seed in a cell, with what it has besides. */
  experiment(index: number, seed: string, { plan, priorities, restores }: RunChanges = {}): Experiment {
    const { scenario, mode } = this.cell(index)
    const others = { ...(priorities && { priorities }), ...(restores && { restores }) }
    return { scenario, mode, seed, plan: plan ?? planOf(seed, this.menu(index)), ...others }
  }

  /** What may go wrong in a cell. */
  menu(index: number): ReturnType<typeof faultMenu> {
    let menu = this.menus.get(index)
    if (menu === undefined) {
      const { scenario, mode } = this.cell(index)
      menu = faultMenu(scenario, mode)
      this.menus.set(index, menu)
    }
    return menu
  }

  private cell(index: number): Cell {
    const cell = this.cells[index]
    if (cell === undefined) throw new RangeError(`the campaign has no cell ${String(index)}`)
    return cell
  }
}

/** What comes of a run, or of the error that ends it: the innermost run that an error passes through is the one that it has ended. */
function orError(run: FirstRun, take: () => OneRun): OneRun {
  try {
    return take()
  } catch (error) {
    return { tally: tallyOfError(run, error), finds: NO_FINDS, end: undefined }
  }
}

/** The tally of a run that has ended in an error. */
function tallyOfError(run: FirstRun, error: unknown): RunTally {
  const ofJob = errorOfJob(error)
  if (ofJob !== undefined) return tallyOfDefect(run, ofJob, true)
  return tallyOfDefect(run, error instanceof Error ? `${error.name}: ${error.message}` : String(error))
}

/** The experiment that a name stands for: the plan of the seed where the name carries none. */
export function experimentOf({ scenario, mode }: Cell, name: Omit<RunName, 'scenario' | 'mode'>): Experiment {
  const { seed, plan = planOf(seed, faultMenu(scenario, mode)), overrides, priorities, restores, reduction } = name
  const others = {
    ...(overrides && { overrides }),
    ...(priorities && { priorities }),
    ...(restores && { restores }),
    ...(reduction && { reduction }),
  }
  return { scenario, mode, seed, plan, ...others }
}
