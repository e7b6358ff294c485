import type { StreamRecord } from '../record.js'

/**
 * What travels in a data channel: buffers of records, and events between them. A record may span buffers; it belongs to the one
 * that holds its last byte, because only then can the receiver read it.
 */
export interface BufferMessage {
  readonly kind: 'buffer'
  /** Index of the channel at the receiver. */
  readonly channel: number
  /** Data buffers still queued behind this one at the sender (Flink: backlog). */
  readonly backlog: number
  readonly bytes: number
  /** Records and watermarks that end in this buffer; empty for an event. */
  readonly elements: readonly StreamElement[]
  readonly event: NetworkEvent | null
}

/** The producer tells a consumer that its channel is open, and who it is. */
export interface ChannelOpened {
  readonly kind: 'channel-opened'
  readonly channel: number
  readonly producer: number
}

/** A record, or a watermark (see `watermark`); of one shape, because both share the hottest path. */
export type StreamElement = StreamRecord

/** Time of the watermark behind which nothing comes (Flink: `Watermark.MAX_WATERMARK`); it goes on whatever was seen. */
export const MAX_WATERMARK = Number.MAX_SAFE_INTEGER

/** A watermark on its way in line with the records: no more records at or below `timestamp`. */
export function watermark(timestamp: number): StreamElement {
  return { id: -1, value: null, timestamp }
}

/** Whether an element is a watermark. */
export function isWatermark(element: StreamElement): boolean {
  return element.id < 0
}

/** How a barrier makes channels wait (Flink: `CheckpointOptions.AlignmentType`). Nobody takes unaligned checkpoints yet. */
export type Alignment = 'AT_LEAST_ONCE' | 'ALIGNED' | 'UNALIGNED'

/** Options that travel with a barrier. */
export interface CheckpointOptions {
  readonly alignment: Alignment
}

/** Flink: `CheckpointBarrier`. */
export interface CheckpointBarrier {
  readonly type: 'barrier'
  readonly checkpoint: number
  readonly options: CheckpointOptions
}

/** Flink: `CancelCheckpointMarker`: the task upstream will not send this barrier. */
export interface CancelCheckpointMarker {
  readonly type: 'cancel-marker'
  readonly checkpoint: number
}

/** Flink: `EndOfData`, then `EndOfPartitionEvent`. */
export interface EndOfData {
  readonly type: 'end-of-data'
}
/** Nothing more will come, no events either (Flink: `EndOfPartitionEvent`). */
export interface EndOfPartition {
  readonly type: 'end-of-partition'
}

/** An event between the buffers of a channel (Flink: `AbstractEvent`). */
export type NetworkEvent = CheckpointBarrier | CancelCheckpointMarker | EndOfData | EndOfPartition

/** Whether the sender stops behind this event until the receiver resumes the channel (FLINK-16536 blocks at the sender). */
export function blocksUpstream(event: NetworkEvent): boolean {
  return event.type === 'barrier' && event.options.alignment === 'ALIGNED'
}

/** Whether it overtakes the buffers that wait in a channel (Flink: `Buffer.DataType.hasPriority`). */
export function hasPriority({ event }: { readonly event: NetworkEvent | null }): boolean {
  return event?.type === 'barrier' && event.options.alignment === 'UNALIGNED'
}
