import type { Finds } from './drivers/finds.js'
import type { FirstRun, RunTally } from './run-tally.js'

/** What came of a chunk of runs: plain data that travels from the workers. */
export interface ChunkResult {
  readonly tally: RunTally
  /** What each run reached, in order; empty where the driver does not ask for it. */
  readonly finds: readonly Finds[]
  /** How runs ended that another process repeats. */
  readonly ends: readonly RunEnd[]
}

/** How a run ended, as far as it must end the same in every process. */
export interface RunEnd extends FirstRun {
  readonly traceHash: string
  readonly steps: number
}

/** One run in so many is repeated by another process. */
export const REPEATED_ONE_IN = 20

/** Whether a run is repeated: of all runs in the order of a campaign every twentieth, so that all cells have their turn. */
export function isRepeated(cell: number, cells: number, run: number): boolean {
  return (run * cells + cell + Math.floor(run / REPEATED_ONE_IN)) % REPEATED_ONE_IN === REPEATED_ONE_IN / 2
}
