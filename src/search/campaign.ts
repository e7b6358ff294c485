/**
 * A campaign: many seeds of many cells, until so many runs of each are done or the time is up. Runs are handed out in chunks, all cells
 * in turn; what came of them is added up in the order in which they were handed out, so that the number of workers changes nothing.
 */
import type { Cell, Chunk } from './cell.js'
import { USUAL_DRIVER, type DriverName } from './drivers/driver-name.js'
import { addTally } from './merge-tallies.js'
import { emptyTally, type RunTally } from './run-tally.js'

/** How far a campaign goes. */
export interface CampaignOptions {
  /** Seeds are `<seed>-0`, `<seed>-1`, … */
  readonly seed: string
  /** Who decides what is run; `USUAL_DRIVER` unless said otherwise. The chunk runner must have the same. */
  readonly driver?: DriverName
  /** Runs of each cell. */
  readonly runs?: number
  /** Seconds after which no more runs are begun, but of cells that have not shown yet what they must; those have as long again. */
  readonly seconds?: number
  /** Ends the campaign early; what was done until then is kept. */
  readonly signal?: AbortSignal
  /** Is told after each chunk. */
  readonly onProgress?: (progress: Progress) => void
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
  run(chunk: Chunk, campaign: string): Promise<RunTally>
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
  /** After how many runs of the campaign a fault first landed in a cell of a scenario's matrix: `<scenario> <cell>`. */
  readonly firstLanded: ReadonlyMap<string, number>
  /** Ended before all runs were done. */
  readonly interrupted: boolean
  readonly seconds: number
}

/** Runs of one chunk: few, so that time is kept and workers end together. */
const CHUNK_RUNS = 20

/** Runs a campaign. Chunks that are under way when it ends are waited for. */
export async function runCampaign(cells: readonly Cell[], options: CampaignOptions, runner: ChunkRunner): Promise<CampaignOutcome> {
  const campaign = new Campaign(cells, options, runner)
  await campaign.run()
  return campaign.outcome()
}

class Campaign {
  private readonly began = performance.now()
  private readonly tallies: RunTally[]
  /** Chunks that are done before one that was handed out earlier. */
  private readonly waiting = new Map<number, { readonly cell: number; readonly tally: RunTally }>()
  private merged = 0
  private readonly firstLanded = new Map<string, number>()
  private handedOut = 0

  constructor(
    private readonly cells: readonly Cell[],
    private readonly options: CampaignOptions,
    private readonly runner: ChunkRunner,
  ) {
    this.tallies = cells.map(() => emptyTally())
  }

  async run(): Promise<void> {
    const chunks = chunksOf(this.cells.length, this.options.runs)
    const lanes = Array.from({ length: this.runner.concurrency }, () => this.lane(chunks))
    await Promise.all(lanes)
  }

  outcome(): CampaignOutcome {
    return {
      seed: this.options.seed,
      driver: this.options.driver ?? USUAL_DRIVER,
      cells: this.cells.map((cell, index) => ({ cell, tally: this.tallies[index] ?? emptyTally() })),
      firstLanded: this.firstLanded,
      interrupted: this.isCutShort(),
      seconds: this.seconds(),
    }
  }

  /** Takes one chunk after the other until none is left or the campaign is over. */
  private async lane(chunks: Iterator<Chunk, undefined>): Promise<void> {
    while (!this.isOver()) {
      const { value: chunk } = chunks.next()
      if (chunk === undefined) return
      if (this.isLate() && !this.isLacking(chunk.cell)) continue
      const ticket = this.handedOut++
      const tally = await this.runner.run(chunk, this.options.seed)
      this.waiting.set(ticket, { cell: chunk.cell, tally })
      this.merge()
    }
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
    const { runs, signal } = this.options
    return runs === undefined ? signal?.aborted === true : this.runs() < runs * this.cells.length
  }

  private runs(): number {
    return this.tallies.reduce((runs, tally) => runs + tally.runs, 0)
  }

  private merge(): void {
    for (let next = this.waiting.get(this.merged); next !== undefined; next = this.waiting.get(this.merged)) {
      this.waiting.delete(this.merged++)
      const sum = this.tallies[next.cell]
      if (sum === undefined) continue
      addTally(sum, next.tally)
      this.noteLandings(next)
    }
    this.options.onProgress?.({
      runs: this.runs(),
      ofRuns: this.options.runs === undefined ? undefined : this.options.runs * this.cells.length,
      seconds: this.seconds(),
      ofSeconds: this.options.seconds,
      violations: this.tallies.reduce((kinds, tally) => kinds + violationsIn(tally), 0),
    })
  }

  private noteLandings({ cell, tally }: { readonly cell: number; readonly tally: RunTally }): void {
    const runs = this.runs()
    const name = this.cells[cell]?.scenario.name ?? ''
    for (const key of Object.keys(tally.landed)) {
      if (!this.firstLanded.has(`${name} ${key}`)) this.firstLanded.set(`${name} ${key}`, runs)
    }
  }

  private seconds(): number {
    return (performance.now() - this.began) / 1000
  }
}

/** Kinds of violations in a tally. */
export function violationsIn(tally: RunTally): number {
  return Object.values(tally.anomalies).filter(({ standing }) => standing === 'violation').length
}

/** All cells in turn, a chunk each, for ever or until each has had its runs. */
function* chunksOf(cells: number, runs: number | undefined): Generator<Chunk, undefined> {
  if (cells === 0) return undefined
  for (let from = 0; runs === undefined || from < runs; from += CHUNK_RUNS) {
    const count = runs === undefined ? CHUNK_RUNS : Math.min(CHUNK_RUNS, runs - from)
    for (let cell = 0; cell < cells; cell++) yield { cell, from, count }
  }
  return undefined
}
