import type { ActorRef, Context } from '../../world/index.js'
import type { InputMessage } from './input-gate.js'
import { blocksUpstream, hasPriority, type NetworkEvent, type StreamElement } from './buffer.js'
import { enqueue } from './priority-section.js'

/**
 * The producing end of an edge (Flink: `PipelinedResultPartition`, `PipelinedSubpartition`, `BufferWritingResultPartition`).
 * Records are cut into buffers; a buffer leaves when the consumer has given credit for it. All subpartitions share one pool, so
 * that one blocked consumer can make the task wait for all of them.
 */
export interface ResultPartition {
  readonly edge: number
  readonly subpartitions: Subpartition[]
  /** Buffers of the pool that hold data not yet handed over. */
  inUse: number
  readonly poolSize: number
  /** Next target of a round-robin distribution. */
  nextTarget: number
}

/** One consumer's queue. */
export interface Subpartition {
  /** The consuming task, once it has asked for the partition. */
  consumer: ActorRef<InputMessage> | null
  /** Its channel. */
  channel: number
  /** Data buffers the consumer has room for. */
  credit: number
  /** The connection to the consumer is gone, and with it all that is still written for it (Flink: `onConsumedSubpartition`). */
  released: boolean
  /** An aligned barrier has left: nothing follows it until the consumer resumes. */
  blocked: boolean
  readonly queue: QueuedBuffer[]
}

/** A buffer that is being filled or waits to be sent. */
export interface QueuedBuffer {
  bytes: number
  readonly elements: StreamElement[]
  readonly event: NetworkEvent | null
  /** Complete, or flushed by the buffer timeout: may be sent. */
  finished: boolean
}

/** Lane of a data channel: one per channel of the receiver, so that two channels of one pair of tasks do not wait for each other. */
export function dataLane(channel: number): number {
  return channel
}

/** Sizes of a partition's buffers and pool. */
export interface PartitionSizes {
  readonly segmentBytes: number
  readonly poolSize: number
}

/** An empty partition for so many consumers, with a pool of so many buffers. */
export function openPartition(edge: number, consumers: number, poolSize: number): ResultPartition {
  const subpartitions: Subpartition[] = []
  for (let consumer = 0; consumer < consumers; consumer++)
    subpartitions.push({ consumer: null, channel: 0, credit: 0, released: false, blocked: false, queue: [] })
  return { edge, subpartitions, inUse: 0, poolSize, nextTarget: 0 }
}

/** Whether a record may be written without overdrawing the pool (Flink: `RecordWriter.isAvailable`). */
export function isAvailable(partition: ResultPartition): boolean {
  return partition.inUse < partition.poolSize
}

/** Appends an element; when it does not fit, its first bytes fill this buffer and it ends in the next one. */
export function append(partition: ResultPartition, target: number, element: StreamElement, bytes: number, segmentBytes: number): void {
  const subpartition = partition.subpartitions[target]
  if (subpartition === undefined) return
  let left = bytes
  let buffer = openBuffer(partition, subpartition)
  while (buffer.bytes + left > segmentBytes) {
    left -= segmentBytes - buffer.bytes
    buffer.bytes = segmentBytes
    buffer.finished = true
    buffer = openBuffer(partition, subpartition)
  }
  buffer.bytes += left
  buffer.elements.push(element)
  if (buffer.bytes === segmentBytes) buffer.finished = true
}

function openBuffer(partition: ResultPartition, subpartition: Subpartition): QueuedBuffer {
  const last = lastOf(subpartition.queue)
  if (last !== undefined && !last.finished) return last
  const buffer = { bytes: 0, elements: [], event: null, finished: false }
  subpartition.queue.push(buffer)
  partition.inUse++
  return buffer
}

/**
 * Puts an event behind everything queued for every consumer, or, where it has priority, before that: what was being filled is finished
 * first.
 */
export function broadcastEvent(partition: ResultPartition, event: NetworkEvent): void {
  for (const subpartition of partition.subpartitions) {
    finishLast(subpartition)
    enqueue(subpartition.queue, { bytes: 0, elements: [], event, finished: true }, hasPriority)
  }
}

/** Lets partly filled buffers go (Flink: the output flusher of `execution.buffer-timeout`). */
export function flush(partition: ResultPartition): void {
  for (const subpartition of partition.subpartitions) finishLast(subpartition)
}

/** The engine looks an index of -1 up by its name, which takes as long as many steps. */
function lastOf(queue: readonly QueuedBuffer[]): QueuedBuffer | undefined {
  return queue.length === 0 ? undefined : queue[queue.length - 1]
}

function finishLast(subpartition: Subpartition): void {
  const last = lastOf(subpartition.queue)
  if (last !== undefined) last.finished = true
}

/** Whether something waits for the buffer timeout. */
export function hasUnfinished(partition: ResultPartition): boolean {
  for (const { queue } of partition.subpartitions) {
    const last = lastOf(queue)
    if (last !== undefined && !last.finished) return true
  }
  return false
}

/** Sends what credit and blocking allow, to every consumer. */
export function sendAvailable(partition: ResultPartition, context: Context): void {
  for (const subpartition of partition.subpartitions) sendFrom(partition, subpartition, context)
}

function sendFrom(partition: ResultPartition, subpartition: Subpartition, context: Context): void {
  const { queue, consumer, channel } = subpartition
  if (consumer === null) return subpartition.released ? discard(partition, subpartition) : undefined
  for (;;) {
    const head = queue[0]
    if (head === undefined || !head.finished || subpartition.blocked) return
    if (head.event === null && subpartition.credit === 0) return
    queue.shift()
    if (head.event === null) {
      subpartition.credit--
      partition.inUse--
    } else if (blocksUpstream(head.event)) {
      subpartition.blocked = true
    }
    const backlog = dataBuffers(queue)
    context.send(
      consumer,
      { kind: 'buffer', channel, backlog, bytes: head.bytes, elements: head.elements, event: head.event },
      dataLane(channel),
    )
  }
}

/** The consumer is out of reach: its subpartitions are released, and what is written for them from now on takes up no buffer for long. */
export function releaseSubpartitions(partition: ResultPartition, consumer: number): void {
  for (const subpartition of partition.subpartitions) {
    if (subpartition.consumer !== consumer) continue
    subpartition.consumer = null
    subpartition.released = true
    discard(partition, subpartition)
  }
}

function discard(partition: ResultPartition, { queue }: Subpartition): void {
  for (const { event } of queue) if (event === null) partition.inUse--
  queue.length = 0
}

/** Finished data buffers that wait. */
function dataBuffers(queue: readonly QueuedBuffer[]): number {
  let count = 0
  for (const buffer of queue) if (buffer.event === null && buffer.finished) count++
  return count
}
