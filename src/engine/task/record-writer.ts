import { keyGroupOf, ownerOf } from '../graph/key-groups.js'
import type { JobEdge } from '../graph/job-graph.js'
import type { NetworkEvent, StreamElement } from '../network/buffer.js'
import {
  append,
  broadcastEvent,
  flush,
  hasUnfinished,
  isAvailable,
  sendAvailable,
  type ResultPartition,
} from '../network/result-partition.js'
import type { StreamRecord } from '../record.js'
import { maxParallelismOf } from './task-deployment.js'
import type { Task } from './task.js'

/** Name of the timer that flushes partly filled buffers. */
export const BUFFER_TIMER = 'buffer-timeout'

/** Writes a record into the partition of an edge, for the subtasks that the edge's strategy says (Flink: `RecordWriter`). */
export function writeRecord(task: Task, edgeId: number, record: StreamRecord): void {
  const partition = partitionOf(task, edgeId)
  const edge = edgeOf(task, edgeId)
  if (partition === undefined || edge === undefined) return
  if (edge.ship === 'BROADCAST') writeToAll(task, partition, record)
  else append(partition, targetOf(task, edge, partition, record), record, task.graph.recordBytes, segmentBytes(task))
  afterWrite(task, partition)
}

/**
 * Writes copies of a record, each made where it is written: one for the subtask that the edge's strategy says, or one for every subtask.
 */
export function writeCopies(task: Task, edgeId: number, copy: () => StreamRecord): void {
  const partition = partitionOf(task, edgeId)
  const edge = task.vertex.outputs.find(({ id }) => id === edgeId)
  if (partition === undefined || edge === undefined) return
  if (edge.ship !== 'BROADCAST') return writeRecord(task, edgeId, copy())
  for (let i = 0; i < partition.subpartitions.length; i++) append(partition, i, copy(), task.graph.recordBytes, segmentBytes(task))
  afterWrite(task, partition)
}

/** Writes a watermark for every subtask that the edge feeds. */
export function broadcastElement(task: Task, edgeId: number, element: StreamElement): void {
  const partition = partitionOf(task, edgeId)
  if (partition === undefined) return
  writeToAll(task, partition, element)
  afterWrite(task, partition)
}

/** Puts an event behind everything written so far, on all outputs of the task. */
export function broadcastToAll(task: Task, event: NetworkEvent): void {
  for (const partition of task.state.partitions) {
    broadcastEvent(partition, event)
    sendAvailable(partition, task.context)
  }
}

/** Whether every output has room for another record; without it the task waits (backpressure). */
export function outputsAvailable(task: Task): boolean {
  for (const partition of task.state.partitions) if (!isAvailable(partition)) return false
  return true
}

/** The buffer timeout fired: what is there goes out, full or not. */
export function flushAll(task: Task): void {
  task.state.bufferTimerArmed = false
  for (const partition of task.state.partitions) {
    flush(partition)
    sendAvailable(partition, task.context)
  }
}

function writeToAll(task: Task, partition: ResultPartition, element: StreamElement): void {
  for (let i = 0; i < partition.subpartitions.length; i++) append(partition, i, element, task.graph.recordBytes, segmentBytes(task))
}

/**
 * Where the turns of a rebalancing edge begin: each attempt draws it anew, so that a replay takes other ways (Flink:
 * `RebalancePartitioner.setup`).
 */
export function drawFirstTargets(task: Task): void {
  for (const edge of task.vertex.outputs) {
    const partition = edge.ship === 'REBALANCE' ? partitionOf(task, edge.id) : undefined
    if (partition !== undefined) partition.nextTarget = task.context.choose('rebalance', partition.subpartitions.length)
  }
}

function targetOf(task: Task, edge: JobEdge, partition: ResultPartition, record: StreamRecord): number {
  const targets = partition.subpartitions.length
  switch (edge.ship) {
    case 'HASH': {
      const max = maxParallelismOf(task)
      return edge.keyOf === undefined ? 0 : ownerOf(keyGroupOf(edge.keyOf(record.value), max), targets, max)
    }
    case 'REBALANCE':
    case 'RESCALE': {
      const target = partition.nextTarget % targets
      partition.nextTarget = (target + 1) % targets
      return target
    }
    case 'SHUFFLE':
      return task.context.choose('shuffle', targets)
    case 'FORWARD':
    case 'GLOBAL':
    case 'BROADCAST':
      return 0
  }
}

/** Sends what is ready; what is not waits for more records, for an event, or for the buffer timeout; a negative one never comes. */
function afterWrite(task: Task, partition: ResultPartition): void {
  const { bufferTimeoutUs } = task.graph.configuration.network
  if (bufferTimeoutUs === 0) flush(partition)
  sendAvailable(partition, task.context)
  if (bufferTimeoutUs >= 0 && !task.state.bufferTimerArmed && hasUnfinished(partition)) {
    task.state.bufferTimerArmed = true
    task.context.timer(BUFFER_TIMER, bufferTimeoutUs)
  }
}

/** The partition that an edge of the job reads; undefined when the task has none for it. */
export function partitionOf(task: Task, edgeId: number): ResultPartition | undefined {
  for (const partition of task.state.partitions) if (partition.edge === edgeId) return partition
  return undefined
}

function edgeOf(task: Task, edgeId: number): JobEdge | undefined {
  for (const edge of task.vertex.outputs) if (edge.id === edgeId) return edge
  return undefined
}

function segmentBytes(task: Task): number {
  return task.graph.configuration.network.segmentBytes
}
