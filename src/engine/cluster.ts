/** A Flink cluster in a world: one JobManager, TaskManagers, checkpoint storage and the durable store, each a process of its own. */
import type { ActorRef, ProcessRef, World } from '../world/index.js'
import { checkpointStorage, type StorageRequest } from './checkpoint/checkpoint-storage.js'
import {
  completedCheckpointStore,
  emptyCheckpointStore,
  type CheckpointPointer,
  type StoreRequest,
} from './checkpoint/completed-checkpoint-store.js'
import type { JobGraph } from './graph/job-graph.js'
import type { JobManagerMessage } from './jobmaster/job-manager-messages.js'
import { jobManagerBehavior } from './jobmaster/job-manager.js'
import { taskExecutorBehavior } from './jobmaster/task-executor.js'
import type { TaskExecutorMessage } from './jobmaster/task-executor-messages.js'

/** Size of a cluster. */
export interface ClusterSize {
  readonly taskManagers: number
  /** `taskmanager.numberOfTaskSlots` */
  readonly slots: number
}

/** What was set up: processes to start and to strike, actors to look at. */
export interface Cluster {
  readonly jobManagerProcess: ProcessRef
  readonly taskManagerProcesses: readonly ProcessRef[]
  readonly storageProcess: ProcessRef
  readonly storeProcess: ProcessRef
  readonly jobManager: ActorRef<JobManagerMessage>
  readonly taskExecutors: readonly ActorRef<TaskExecutorMessage>[]
  readonly storage: ActorRef<StorageRequest>
  readonly store: ActorRef<StoreRequest>
}

/** Sets a cluster up for a job; nothing runs until `startCluster`. */
export function addCluster(world: World, graph: JobGraph, size: ClusterSize): Cluster {
  const storageProcess = world.process('storage')
  const storeProcess = world.process('store')
  const jobManagerProcess = world.process('JobManager')
  const storage = world.add(storageProcess, checkpointStorage, 'storage', { files: new Map() })
  const store = world.add(storeProcess, completedCheckpointStore, 'store', emptyCheckpointStore())
  const jobManager = world.add(jobManagerProcess, jobManagerBehavior(graph), 'JobManager', { storage, store })
  const behavior = taskExecutorBehavior(graph)
  const taskManagerProcesses: ProcessRef[] = []
  const taskExecutors: ActorRef<TaskExecutorMessage>[] = []
  for (let ordinal = 0; ordinal < size.taskManagers; ordinal++) {
    const process = world.process(`TaskManager-${String(ordinal)}`)
    taskManagerProcesses.push(process)
    taskExecutors.push(world.add(process, behavior, `TaskExecutor-${String(ordinal)}`, { jobManager, storage, ordinal, slots: size.slots }))
  }
  return { jobManagerProcess, taskManagerProcesses, storageProcess, storeProcess, jobManager, taskExecutors, storage, store }
}

/**
 * Sets up the cluster of a new job that begins with a checkpoint of another one and has nothing else of it (Flink: `run -s` with the path
 * of a retained checkpoint). It has high availability, because that is how it finds the checkpoint, and counts checkpoints from `nextId`.
 */
export function addRestoringCluster(
  world: World,
  graph: JobGraph,
  size: ClusterSize,
  storage: ActorRef<StorageRequest>,
  from: { readonly pointer: CheckpointPointer; readonly nextId: number },
): readonly ProcessRef[] {
  const job = { ...graph, configuration: { ...graph.configuration, highAvailability: true } }
  const processes: ProcessRef[] = []
  const process = (name: string): ProcessRef => {
    const made = world.process(name)
    processes.push(made)
    return made
  }
  const durable = { ...emptyCheckpointStore(), pointers: [from.pointer], nextId: from.nextId }
  const store = world.add(process('store of the new job'), completedCheckpointStore, 'store', durable)
  const jobManager = world.add(process('new JobManager'), jobManagerBehavior(job), 'JobManager', { storage, store })
  const behavior = taskExecutorBehavior(job)
  for (let ordinal = 0; ordinal < size.taskManagers; ordinal++) {
    const setUp = { jobManager, storage, ordinal, slots: size.slots }
    world.add(process(`new TaskManager-${String(ordinal)}`), behavior, `TaskExecutor-${String(ordinal)}`, setUp)
  }
  return processes
}

/** Starts every process: the durable ones first, then the JobManager, then the TaskManagers. */
export function startCluster(world: World, cluster: Cluster): void {
  world.start(cluster.storageProcess)
  world.start(cluster.storeProcess)
  world.start(cluster.jobManagerProcess)
  for (const process of cluster.taskManagerProcesses) world.start(process)
}
