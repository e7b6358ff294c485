/** The volatile state of a task as it is when it has just been deployed. */
import { barrierAligner } from '../checkpoint/barrier-aligner.js'
import { barrierTracker } from '../checkpoint/barrier-tracker.js'
import { consumersOf, type JobGraph, type JobVertex } from '../graph/job-graph.js'
import { openChannel, type InputGate } from '../network/input-gate.js'
import { openPartition, type ResultPartition } from '../network/result-partition.js'
import type { TaskDeployment } from './task-deployment.js'
import type { TaskState } from './task-state.js'

/** The state of a task that has just been deployed. */
export function openTask(graph: JobGraph, vertex: JobVertex, deployment: TaskDeployment): TaskState {
  const channels = deployment.producers.length
  return {
    phase: 'RESTORING',
    gate: openGate(graph, vertex, deployment),
    producers: deployment.producers.map(() => null),
    partitions: openPartitions(graph, vertex, deployment.subtask),
    aligner: barrierAligner.open(channels),
    tracker: barrierTracker.open(channels),
    operators: vertex.operators.map(() => ({ state: undefined, keyed: null, watermark: -Infinity })),
    mailbox: [],
    activity: null,
    snapshots: [],
    lastCheckpoint: 0,
    latestReported: deployment.restore?.checkpoint ?? 0,
    abortedAhead: [],
    working: false,
    sourceIdle: false,
    inputEnded: false,
    finished: false,
    finalCheckpoint: 0,
    deferredTrigger: null,
    restoring: [],
    bufferTimerArmed: false,
    hangs: false,
  }
}

function openGate(graph: JobGraph, vertex: JobVertex, { producers }: TaskDeployment): InputGate {
  const { buffersPerChannel, floatingBuffersPerGate } = graph.configuration.network
  const channels = producers.map(({ gate, local }, index) => openChannel(index, gate, local, buffersPerChannel))
  return { channels, available: [], floating: floatingBuffersPerGate * vertex.inputs.length }
}

function openPartitions(graph: JobGraph, vertex: JobVertex, subtask: number): ResultPartition[] {
  const { buffersPerChannel, floatingBuffersPerGate } = graph.configuration.network
  return vertex.outputs.map((edge) => {
    const consumers = graph.vertices[edge.to]?.parallelism ?? 1
    const fed = consumersOf(edge, vertex.parallelism, consumers, subtask).length
    return openPartition(edge.id, fed, buffersPerChannel * fed + floatingBuffersPerGate)
  })
}
