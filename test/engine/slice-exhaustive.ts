/** The thin slice at the smallest scope that says something, for an exploration of all its orders. */
import { addCluster, startCluster } from '../../src/engine/cluster.js'
import type { JobConfiguration } from '../../src/engine/configuration.js'
import { exploreBreadthFirst, type Budgets, type ExplorationResult, type Fold } from '../../src/search/index.js'
import { emptyStore, externalStore } from '../../src/systems/index.js'
import { World, type WorldOptions } from '../../src/world/index.js'
import { sliceConfiguration, sliceJob } from './slice-job.js'

const configuration: JobConfiguration = {
  ...sliceConfiguration,
  checkpointing: { ...sliceConfiguration.checkpointing, intervalUs: 0, storage: 'jobmanager', inlineThresholdBytes: 20_480 },
  highAvailability: false,
  network: { segmentBytes: 400, buffersPerChannel: 1, floatingBuffersPerGate: 0, bufferTimeoutUs: 0 },
  maxParallelism: 1,
}

export function build(options: WorldOptions, records: number): World {
  const world = new World(options)
  const outside = world.process('outside')
  const store = world.add(outside, externalStore, 'external-store', emptyStore())
  const graph = sliceJob(store, { parallelism: 1, perSplit: records, keys: 1, configuration })
  world.start(outside)
  startCluster(world, addCluster(world, graph, { taskManagers: 1, slots: 1 }))
  return world
}

export interface Output {
  readonly visible: Map<number, number>
  status: string
}

export function output(records: number): Fold<Output> {
  return {
    init: () => ({ visible: new Map<number, number>(), status: 'CREATED' }),
    step: (state, fact) => {
      const f = fact as unknown as { kind: string; id: number; status: string }
      if (f.kind === 'visible') state.visible.set(f.id, (state.visible.get(f.id) ?? 0) + 1)
      if (f.kind === 'job-status') state.status = f.status
    },
    verdict: ({ visible, status }, terminal) => {
      if ([...visible.values()].some((n) => n > 1)) return `visible twice`
      if (!terminal) return undefined
      if (status !== 'FINISHED') return process.env['ANY'] ? undefined : `ends ${status}`
      return visible.size !== records ? 'lost' : undefined
    },
  }
}
export { exploreBreadthFirst }
export type { Budgets, ExplorationResult }
