import { copyPlain } from '../../world/index.js'
import { hasPriority, type BufferMessage, type ChannelOpened } from './buffer.js'
import { enqueue } from './priority-section.js'

/**
 * The consuming end of a task's edges (Flink: `SingleInputGate`, `UnionInputGate`, `RemoteInputChannel`, `LocalInputChannel`).
 * A remote channel owns exclusive buffers and borrows floating ones from the gate when the sender has a backlog; every free buffer
 * is a credit. A local channel has no wire: its queue is the sender's, and one element at a time is handed over.
 */
export interface InputChannel {
  readonly index: number
  /** Gate (input of the head operator) it belongs to. */
  readonly gate: number
  /** In the same process as its producer. */
  readonly local: boolean
  /** Buffers of its own. */
  readonly exclusive: number
  /** Floating buffers it has borrowed. */
  floating: number
  /** Received and not yet read, what has priority first. */
  readonly queue: BufferMessage[]
  /** Elements already read from the first data buffer of the queue. */
  position: number
  /** Free buffers announced to the sender and not yet filled. */
  credit: number
  /** Free buffers not yet announced. */
  unannounced: number
  watermark: number
  endOfData: boolean
  ended: boolean
}

/** Messages that reach a task over its data channels. */
export type InputMessage = BufferMessage | ChannelOpened

/** All channels of a task's inputs, and which of them have something to read. */
export interface InputGate {
  readonly channels: InputChannel[]
  /** Channels with data, in the order in which Flink's gate polls them: those first in which something has priority. */
  readonly available: number[]
  /** Floating buffers left in the pool. */
  floating: number
}

/** A channel of a gate; a local one gets one exclusive buffer and never borrows. */
export function openChannel(index: number, gate: number, local: boolean, buffers: number): InputChannel {
  const exclusive = local ? 1 : buffers
  return {
    index,
    gate,
    local,
    exclusive,
    floating: 0,
    queue: [],
    position: 0,
    credit: exclusive,
    unannounced: 0,
    watermark: -Infinity,
    endOfData: false,
    ended: false,
  }
}

/** Takes a buffer off the wire: it waits in the channel's queue until the task reads it. */
export function receive(gate: InputGate, message: BufferMessage): void {
  const channel = gate.channels[message.channel]
  if (channel === undefined || channel.ended) return
  const inLine = channel.queue.length > 0
  enqueue(channel.queue, ownBuffer(message), hasPriority)
  if (!inLine) lineUp(gate, channel)
  else if (hasPriority(message)) moveUp(gate, channel)
  if (message.event === null) {
    channel.credit--
    borrow(gate, channel, message.backlog)
  }
}

/** The writer made the values in it for the reader alone, who may change them; an audit of messages freezes them nevertheless. */
function ownBuffer(message: BufferMessage): BufferMessage {
  return Object.isFrozen(message) ? copyPlain(message) : message
}

/** The channel has something to read: it waits for its turn. */
function lineUp({ available, channels }: InputGate, channel: InputChannel): void {
  const { index } = channel
  if (beginsUrgently(channel)) enqueue(available, index, (other) => beginsUrgently(channels[other]))
  else available.push(index)
}

function beginsUrgently(channel: InputChannel | undefined): boolean {
  const first = channel?.queue[0]
  return first !== undefined && hasPriority(first)
}

/** It waits for its turn already, behind channels in which nothing has priority. */
function moveUp(gate: InputGate, channel: InputChannel): void {
  gate.available.splice(gate.available.indexOf(channel.index), 1)
  lineUp(gate, channel)
}

/** Borrows floating buffers for what waits at the sender (Flink: `RemoteInputChannel.onSenderBacklog`). */
function borrow(gate: InputGate, channel: InputChannel, backlog: number): void {
  while (!channel.local && gate.floating > 0 && channel.credit + channel.unannounced < backlog) {
    gate.floating--
    channel.floating++
    channel.unannounced++
  }
}

/** The next channel to read, in turn; it stays in line while it has more. */
export function nextChannel(gate: InputGate): InputChannel | undefined {
  const index = gate.available[0]
  return index === undefined ? undefined : gate.channels[index]
}

/** Passes the turn to the next channel after one element was read. */
export function rotate(gate: InputGate, channel: InputChannel): void {
  gate.available.shift()
  if (channel.queue.length > 0) lineUp(gate, channel)
}

/** Frees the buffer at the head of a channel: a borrowed one goes back to the gate, an own one becomes credit. */
export function recycle(gate: InputGate, channel: InputChannel): void {
  const buffer = channel.queue.shift()
  // What overtook a data buffer leaves where that has been read to.
  if (buffer === undefined || buffer.event !== null) return
  channel.position = 0
  if (channel.floating > 0) {
    channel.floating--
    gate.floating++
  } else {
    channel.unannounced++
  }
}
