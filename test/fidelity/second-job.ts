/** A second job behind a first one that was cancelled: from its retained checkpoints, or from nothing. */
import { checkpointStorage } from '../../src/engine/checkpoint/checkpoint-storage.js'
import { completedCheckpointStore, emptyCheckpointStore } from '../../src/engine/checkpoint/completed-checkpoint-store.js'
import type { Cluster, ClusterSize, JobGraph } from '../../src/engine/index.js'
import { jobManagerBehavior } from '../../src/engine/jobmaster/job-manager.js'
import { taskExecutorBehavior } from '../../src/engine/jobmaster/task-executor.js'
import type { ProcessRef, World } from '../../src/world/index.js'

/** Processes of the second job's cluster, in the order in which they start. */
export type SecondCluster = readonly ProcessRef[]

/**
 * Sets up a JobManager and TaskManagers of their own; attempts count from 0 again. With `restore` the store and the storage are those of
 * the first job: its newest completed checkpoint is the retained one.
 */
export function addSecondCluster(world: World, graph: JobGraph, size: ClusterSize, first: Cluster, restore: boolean): SecondCluster {
  const processes: ProcessRef[] = []
  const process = (name: string): ProcessRef => {
    const made = world.process(name)
    processes.push(made)
    return made
  }
  const storage = restore ? first.storage : world.add(process('second storage'), checkpointStorage, 'storage', { files: new Map() })
  const store = restore ? first.store : world.add(process('second store'), completedCheckpointStore, 'store', emptyCheckpointStore())
  const jobManager = world.add(process('second JobManager'), jobManagerBehavior(graph), 'JobManager', { storage, store })
  const behavior = taskExecutorBehavior(graph)
  for (let ordinal = 0; ordinal < size.taskManagers; ordinal++) {
    const setUp = { jobManager, storage, ordinal, slots: size.slots }
    world.add(process(`second TaskManager-${String(ordinal)}`), behavior, `second TaskExecutor-${String(ordinal)}`, setUp)
  }
  return processes
}
