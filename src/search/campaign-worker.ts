/** What a worker thread of a campaign does: finds the scenarios it was told of, then runs chunk after chunk. */
import type { ChunkResult } from './chunk-result.js'
import { CellRunner, type Cell, type Chunk } from './cell.js'
import type { ScenarioModule, WorkerTask } from './chunk-runners.js'

// Told by the pool when the thread starts; see `inWorkers`.
const { source, cells, driver } = process.__tinypool_state__.workerData as WorkerTask
const { loadScenarios } = (await import(source.module)) as ScenarioModule
const scenarios = new Map(loadScenarios(source.argument).map((scenario) => [scenario.name, scenario]))
const runner = new CellRunner(cells.map(cellNamed), driver)

function cellNamed({ scenario: name, mode }: WorkerTask['cells'][number]): Cell {
  const scenario = scenarios.get(name)
  if (scenario === undefined) throw new RangeError(`${source.module} has no scenario ${name}`)
  return { scenario, mode }
}

/** Runs one chunk. */
export default function runChunk({ chunk, campaign }: { readonly chunk: Chunk; readonly campaign: string }): ChunkResult {
  return runner.runChunk(chunk, campaign)
}
