import { Tinypool } from 'tinypool'
import type { ChunkRunner } from './campaign.js'
import type { ChunkResult } from './chunk-result.js'
import { CellRunner, type Cell } from './cell.js'
import { USUAL_DRIVER, type DriverName } from './drivers/driver-name.js'
import type { Mode, Scenario } from './scenario.js'

/**
 * Where the scenarios of a campaign come from, in terms that reach another thread: a module and what it is told. Its export
 * `loadScenarios` must give the same scenarios for the same argument.
 */
export interface ScenarioSource {
  /** Address of the module (`file:`). */
  readonly module: string
  /** Plain data. */
  readonly argument: unknown
}

/** What the module of a scenario source exports. */
export interface ScenarioModule {
  readonly loadScenarios: (argument: unknown) => readonly Scenario[]
}

/** What a worker is told when it starts. */
export interface WorkerTask {
  readonly source: ScenarioSource
  readonly cells: readonly { readonly scenario: string; readonly mode: Mode }[]
  readonly driver: DriverName
}

/** Runs chunks in this thread, one at a time, and lets others (a signal, a progress line) have their turn in between. */
export function inThisThread(cells: readonly Cell[], driver: DriverName = USUAL_DRIVER): ChunkRunner {
  const runner = new CellRunner(cells, driver)
  return {
    concurrency: 1,
    run: (chunk, campaign) =>
      new Promise((resolve) => {
        setImmediate(() => {
          resolve(runner.runChunk(chunk, campaign))
        })
      }),
    close: () => Promise.resolve(),
  }
}

/**
 * Memory for the young objects of a worker, in megabytes of the engine that runs it (V8 has three semi-spaces). At its usual 48 it clears
 * up every five runs or so, and copies each time what the current one lives on: an eighth of all time. At twice as much it is half of that.
 */
export const YOUNG_GENERATION_MB = 96

/** Runs chunks in threads of their own. */
export function inWorkers(source: ScenarioSource, cells: readonly Cell[], workers: number, driver: DriverName = USUAL_DRIVER): ChunkRunner {
  const task: WorkerTask = { source, cells: cells.map(({ scenario, mode }) => ({ scenario: scenario.name, mode })), driver }
  const pool = new Tinypool({
    filename: new URL('./campaign-worker.js', import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    workerData: task,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  })
  return {
    // One chunk each is under way, and one waits for whoever is ready first.
    concurrency: workers + 1,
    run: async (chunk, campaign) => (await pool.run({ chunk, campaign })) as ChunkResult,
    close: () => pool.destroy(),
  }
}
