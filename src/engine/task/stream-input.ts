/**
 * Reading elements: from the input channels in the gate's turn, or from the source (Flink: `StreamTaskNetworkInput`,
 * `StreamTaskSourceInput`).
 */
import { CREDIT_LANE } from '../lanes.js'
import { isWatermark, type NetworkEvent } from '../network/buffer.js'
import { nextChannel, recycle, rotate, type InputChannel } from '../network/input-gate.js'
import { onBarrier, onCancelMarker, onEndOfPartition } from './subtask-checkpoint-coordinator.js'
import { endOfInput, endWhenDone, failTask } from './task-end.js'
import { advanceWatermark, processInChain } from './operator-chain.js'
import type { Task } from './task.js'

/** Handles the next element of the channel whose turn it is. */
export function processNextElement(task: Task): void {
  const { gate } = task.state
  const channel = nextChannel(gate)
  const buffer = channel?.queue[0]
  if (channel === undefined || buffer === undefined) return
  if (buffer.event !== null) {
    recycle(gate, channel)
    rotate(gate, channel)
    return processEvent(task, channel, buffer.event)
  }
  const element = buffer.elements[channel.position++]
  if (channel.position >= buffer.elements.length) {
    recycle(gate, channel)
    rotate(gate, channel)
    announceCredit(task, channel)
  }
  if (element === undefined) return
  if (isWatermark(element)) return watermarkOf(task, channel, element.timestamp)
  if (task.context.fails('task.record')) return failTask(task, 'exception while processing a record')
  processInChain(task, 0, element, channel.gate)
}

/** Tells the sender of the buffers that became free. */
function announceCredit(task: Task, channel: InputChannel): void {
  const location = task.deployment.producers[channel.index]
  const producer = task.state.producers[channel.index]
  if (channel.unannounced === 0 || location === undefined || producer === undefined || producer === null) return
  const credit = channel.unannounced
  channel.credit += credit
  channel.unannounced = 0
  task.context.send(producer, { kind: 'credit', edge: location.edge, subpartition: location.subpartition, credit }, CREDIT_LANE)
}

function processEvent(task: Task, channel: InputChannel, event: NetworkEvent): void {
  switch (event.type) {
    case 'barrier':
      return onBarrier(task, event, channel.index)
    case 'cancel-marker':
      return onCancelMarker(task, event, channel.index)
    case 'end-of-data':
      channel.endOfData = true
      if (task.state.gate.channels.every(({ endOfData }) => endOfData)) endOfInput(task)
      return
    case 'end-of-partition':
      channel.ended = true
      onEndOfPartition(task, channel.index)
      return endWhenDone(task)
  }
}

/** The task's event time is the lowest of its channels' (Flink: `StatusWatermarkValve`); a channel at its end no longer holds it back. */
function watermarkOf(task: Task, channel: InputChannel, timestamp: number): void {
  channel.watermark = Math.max(channel.watermark, timestamp)
  let lowest = Infinity
  for (const other of task.state.gate.channels) lowest = Math.min(lowest, other.watermark)
  advanceWatermark(task, 0, lowest)
}

/** Lets the source hand out one record. */
export function pollSource(task: Task): void {
  const code = task.vertex.operators[0]?.code
  const call = task.calls[0]
  const state = task.state.operators[0]?.state
  if (code?.poll === undefined || call === undefined) return
  if (task.context.fails('task.record')) return failTask(task, 'exception while reading a record')
  const result = code.poll(state, call)
  if (result === 'nothing') task.state.sourceIdle = true
  if (result === 'end') endOfInput(task)
}
