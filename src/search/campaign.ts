/**
 * A campaign: many seeds of many cells, until so many runs of each are done or the time is up. Runs are handed out in chunks, all cells
 * in turn; what came of them is added up in the order in which they were handed out, so that the number of workers changes nothing.
 */
import type { FaultPlan } from '../faults/index.js'
import { InputError } from '../flink/input-error.js'
import { CellRunner, seedOf, type Cell, type Chunk } from './cell.js'
import type { ChunkResult } from './chunk-result.js'
import { USUAL_DRIVER, type DriverName } from './drivers/driver-name.js'
import { Guide, GENERATIONS_BEHIND } from './drivers/guide.js'
import { unrecordedExperiment } from './experiment.js'
import { addTally } from './merge-tallies.js'
import type { RepeatedRuns, Repeater } from './repeated-runs.js'
import { emptyTally, type RunTally } from './run-tally.js'

/** How far a campaign goes. */
export interface CampaignOptions {
  /** Seeds are `<seed>-0`, `<seed>-1`, … */
  readonly seed: string
  /** Who decides what is run; `USUAL_DRIVER` unless said otherwise. The chunk runner must have the same. */
  readonly driver?: DriverName
  /** Runs of each cell. */
  readonly runs?: number
  /** Only this part of the runs of each cell; the parts of one campaign can be merged. Needs `runs`. */
  readonly shard?: Shard
  /** Seconds after which no more runs are begun, but of cells that have not shown yet what they must; those have as long again. */
  readonly seconds?: number
  /** The faults of every run, in place of those that its seed draws. */
  readonly plan?: FaultPlan
  /** Cells and plan are known to fit: `refuseUnfit` was asked before. */
  readonly checked?: true
  /** All completed checkpoints are restored in every run. */
  readonly restores?: boolean
  /**
   * The steps of each cell's first run are repeated, and before it those of a run without faults: whether user code does the same each
   * time (see `RepeatedSteps`); true unless said otherwise.
   */
  readonly repeatSteps?: boolean
  /** Ends the campaign early; what was done until then is kept. */
  readonly signal?: AbortSignal
  /** Repeats a share of the runs elsewhere. */
  readonly repeater?: Repeater
  /** Is told after each chunk. */
  readonly onProgress?: (progress: Progress) => void
}

/** One of several parts of a campaign, from 1. */
export interface Shard {
  readonly index: number
  readonly of: number
}

/** How far a campaign has come. */
export interface Progress {
  readonly runs: number
  /** Runs of the whole campaign, where it has a number. */
  readonly ofRuns: number | undefined
  readonly seconds: number
  readonly ofSeconds: number | undefined
  /** Kinds of violations so far. */
  readonly violations: number
}

/** Whoever runs chunks: this thread, or a pool of workers. */
export interface ChunkRunner {
  /** Chunks that it can work on at the same time. */
  readonly concurrency: number
  run(chunk: Chunk, campaign: string): Promise<ChunkResult>
  close(): Promise<void>
}

/** What came of the runs of one cell. */
export interface CellOutcome {
  readonly cell: Cell
  readonly tally: RunTally
}

/** What came of a campaign. */
export interface CampaignOutcome {
  readonly seed: string
  readonly driver: DriverName
  readonly cells: readonly CellOutcome[]
  /** The faults of every run; absent where each has its own. */
  readonly plan?: FaultPlan
  /** Ended before all runs were done. */
  readonly interrupted: boolean
  /** Whether runs that were repeated by another process ended the same; absent where none were to be. */
  readonly repeated?: RepeatedRuns
  readonly seconds: number
}

/** Runs of one chunk: few, so that time is kept and workers end together. */
const CHUNK_RUNS = 20

/**
 * Runs a campaign. Chunks that are under way when it ends are waited for.
 * @throws InputError when the plan of every run has a fault that can never strike in one of the cells, or the set-up of one does not fit
 * its job
 */
export async function runCampaign(cells: readonly Cell[], options: CampaignOptions, runner: ChunkRunner): Promise<CampaignOutcome> {
  if (options.checked !== true) refuseUnfit(cells, options.plan)
  const campaign = new Campaign(cells, options, runner)
  await campaign.run()
  const { repeater, signal } = options
  if (signal?.aborted === true) repeater?.cutShort()
  const repeated = await repeater?.result()
  return { ...campaign.outcome(), ...(repeated && { repeated }) }
}

/** A chunk on its way, and what came of it. */
interface Answered {
  readonly chunk: Chunk
  readonly result: ChunkResult
}

class Campaign {
  private readonly began = performance.now()
  private readonly tallies: RunTally[]
  private readonly range: RunRange
  /** Chunks that are done before one that was handed out earlier. */
  private readonly waiting = new Map<number, Answered>()
  private merged = 0
  private handedOut = 0
  private readonly guide: Guide | undefined
  private readonly chunks: Iterator<Chunk, undefined>
  /** Whoever takes a chunk waits for those who are about to take one. */
  private taking: Promise<unknown> = Promise.resolve()
  /** The chunks of each generation, by the ticket behind its last one. */
  private readonly generations: number[] = []
  /** Is called when a chunk has been merged. */
  private wake = (): void => {}

  constructor(
    private readonly cells: readonly Cell[],
    private readonly options: CampaignOptions,
    private readonly runner: ChunkRunner,
  ) {
    this.tallies = cells.map(() => emptyTally())
    this.range = rangeOf(options)
    // A plan leaves nothing to guide.
    this.guide = options.driver === 'guided' && options.plan === undefined ? guideOf(cells) : undefined
    this.chunks = chunksOf(cells.length, this.range, this.guide?.runsOfCell ?? CHUNK_RUNS, options)
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: this.runner.concurrency }, () => this.lane()))
  }

  outcome(): CampaignOutcome {
    return {
      seed: this.options.seed,
      driver: this.options.driver ?? USUAL_DRIVER,
      cells: this.cells.map((cell, index) => ({ cell, tally: this.tallies[index] ?? emptyTally() })),
      ...(this.options.plan && { plan: this.options.plan }),
      interrupted: this.isCutShort(),
      seconds: this.seconds(),
    }
  }

  /** Takes one chunk after the other until none is left or the campaign is over. */
  private async lane(): Promise<void> {
    for (;;) {
      const taken = this.taking.then(() => this.take())
      this.taking = taken.catch(() => undefined)
      const handed = await taken
      if (handed === undefined) return
      const { chunk, ticket } = handed
      this.waiting.set(ticket, { chunk, result: await this.runner.run(chunk, this.options.seed) })
      this.merge()
    }
  }

  /** The next chunk; where the driver is guided, when enough is known for it. */
  private async take(): Promise<{ readonly chunk: Chunk; readonly ticket: number } | undefined> {
    while (!this.isOver()) {
      const { value: chunk } = this.chunks.next()
      if (chunk === undefined) return undefined
      if (this.isLate() && !this.isLacking(chunk.cell)) continue
      const ticket = this.handedOut++
      return { chunk: await this.guided(chunk, ticket), ticket }
    }
    return undefined
  }

  private async guided(chunk: Chunk, ticket: number): Promise<Chunk> {
    const { guide } = this
    if (guide === undefined) return chunk
    const generation = guide.generationOf(chunk.from)
    this.generations[generation] = ticket + 1
    const known = this.generations[generation - GENERATIONS_BEHIND] ?? 0
    while (this.merged < known) await new Promise<void>((resolve) => (this.wake = resolve))
    const runs = Array.from({ length: chunk.count }, (_, i) => chunk.from + i)
    return { ...chunk, changes: runs.map((run) => guide.changesOf(chunk.cell, run, seedOf(this.options.seed, run))) }
  }

  private isOver(): boolean {
    if (this.options.signal?.aborted === true) return true
    return this.isLate() && (this.isLate(2) || !this.cells.some((_, cell) => this.isLacking(cell)))
  }

  /** Whether so many times the seconds of the campaign are over. */
  private isLate(times = 1): boolean {
    const { seconds } = this.options
    return seconds !== undefined && this.seconds() >= times * seconds
  }

  /** No run yet, or none that shows what the cell must have shown: without it the whole campaign says nothing. */
  private isLacking(index: number): boolean {
    const [cell, tally] = [this.cells[index], this.tallies[index]]
    if (cell === undefined || tally === undefined) return false
    return tally.runs === 0 || cell.scenario.witnesses(cell.mode).some((name) => tally.witnesses[name] === undefined)
  }

  /** A number of runs was asked for and not reached, or somebody ended a campaign that goes by time. */
  private isCutShort(): boolean {
    const { signal } = this.options
    const all = this.runsInAll()
    return all === undefined ? signal?.aborted === true : this.runs() < all
  }

  private runsInAll(): number | undefined {
    const { from, to } = this.range
    return to === undefined ? undefined : (to - from) * this.cells.length
  }

  private runs(): number {
    return this.tallies.reduce((runs, tally) => runs + tally.runs, 0)
  }

  private merge(): void {
    for (let next = this.waiting.get(this.merged); next !== undefined; next = this.waiting.get(this.merged)) {
      this.waiting.delete(this.merged++)
      this.takeIn(next)
    }
    this.wake()
    this.options.onProgress?.({
      runs: this.runs(),
      ofRuns: this.runsInAll(),
      seconds: this.seconds(),
      ofSeconds: this.options.seconds,
      violations: this.tallies.reduce((kinds, tally) => kinds + violationsIn(tally), 0),
    })
  }

  private takeIn({ chunk, result }: Answered): void {
    const { cell, from, changes } = chunk
    const sum = this.tallies[cell]
    if (sum !== undefined) addTally(sum, result.tally)
    this.options.repeater?.add(cell, result.ends)
    result.finds.forEach((finds, i) => {
      this.guide?.learn(cell, from + i, seedOf(this.options.seed, from + i), changes?.[i], finds)
    })
  }

  private seconds(): number {
    return (performance.now() - this.began) / 1000
  }
}

/** Kinds of violations in a tally. */
export function violationsIn(tally: RunTally): number {
  return Object.values(tally.anomalies).filter(({ standing }) => standing === 'violation').length
}

/** Runs of each cell, by their numbers. */
interface RunRange {
  readonly from: number
  /** Behind the last; undefined: for ever. */
  readonly to: number | undefined
}

/** The runs of a campaign, or of one of its shards. */
function rangeOf({ runs, shard }: CampaignOptions): RunRange {
  if (runs === undefined || shard === undefined) return { from: 0, to: runs }
  return { from: Math.floor(((shard.index - 1) * runs) / shard.of), to: Math.floor((shard.index * runs) / shard.of) }
}

/**
 * Tells a slip in a plan or a set-up before the first run; what else is wrong with a cell its runs tell.
 * @param where what the plan is called in a message
 * @throws InputError when it has a fault that can never strike in one of the cells, or the set-up of one does not fit its job
 */
export function refuseUnfit(cells: readonly Cell[], plan: FaultPlan = [], where = 'plan'): void {
  for (const { scenario, mode } of cells) {
    try {
      unrecordedExperiment({ scenario, mode, seed: 'plan', plan })
    } catch (error) {
      if (!(error instanceof InputError)) continue
      throw new InputError(`${error.where.replace(/^plan/, () => where)} in ${scenario.name} (${mode})`, error.what, error.allowed)
    }
  }
}

function guideOf(cells: readonly Cell[]): Guide {
  const runner = new CellRunner(cells)
  return new Guide(cells.length, (cell) => {
    try {
      return runner.menu(cell)
    } catch {
      // Whoever runs the cell meets the same error, and tells it with the seed.
      return undefined
    }
  })
}

/** All cells in turn, a chunk each, for ever or until each has had its runs. */
function* chunksOf(
  cells: number,
  { from: first, to }: RunRange,
  size: number,
  { plan, restores, repeatSteps = true }: CampaignOptions,
): Generator<Chunk, undefined> {
  if (cells === 0) return undefined
  for (let from = first; to === undefined || from < to; from += size) {
    const count = to === undefined ? size : Math.min(size, to - from)
    const changes = plan && Array.from({ length: count }, () => ({ plan }))
    const others = { ...(changes && { changes, samePlan: true as const }), ...(restores === true && { restores }) }
    for (let cell = 0; cell < cells; cell++) yield { cell, from, count, ...others, ...(repeatSteps && from === 0 && { repeatSteps }) }
  }
  return undefined
}
