/** What the thread of a worker does that explores a world: its module calls this. */
import { parentPort, workerData } from 'node:worker_threads'
import { SpillFile } from '../worlds/spill-file.js'
import type { CrewData } from './crew.js'
import { work } from './worker-thread.js'
import { WorldExplorer, type ExploredWorld } from './world-explorer.js'

/** What is told to every worker that explores a world. */
export interface WorldTask<T> {
  /** Where it may keep what waits. */
  readonly directory: string
  /** By this it makes the world: plain data. */
  readonly told: T
}

/** Explores the world that `made` makes of what this thread was told. */
export async function workOnWorld<T, F>(made: (told: T) => ExploredWorld<F> | Promise<ExploredWorld<F>>): Promise<void> {
  if (parentPort === null) throw new Error('only a thread of its own can be a worker')
  const place = workerData as CrewData<WorldTask<T>>
  const { directory, told } = place.data
  await work(parentPort, place, async (share) => new WorldExplorer(await made(told), share.offer, share.ways, new SpillFile(directory)))
}
