/** The thread of a worker that explores a model. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Limits } from '../limits.js'
import type { CrewData } from './crew.js'
import { ModelExplorer } from './model-explorer.js'
import { importModel, type ModelSource } from './model-source.js'
import { work } from './worker-thread.js'

/** What it is told. */
export interface ModelTask {
  readonly source: ModelSource
  readonly limits: Pick<Limits, 'seed' | 'maxDepth' | 'auditEvery'>
}

const told = workerData as CrewData<ModelTask>
const { source, limits } = told.data
if (parentPort !== null) {
  await work(parentPort, told, async (share) => new ModelExplorer(await importModel(source), limits, share.offer))
}
