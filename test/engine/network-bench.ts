/** One result partition, a gate for each of its consumers, and the wires between them, without tasks: for tests of flow control. */
import { actorRef, type AnyMessage, type Behavior, type Context } from '../../src/world/index.js'
import type { BufferMessage, NetworkEvent, StreamElement } from '../../src/engine/network/buffer.js'
import {
  nextChannel,
  openChannel,
  receive,
  recycle,
  rotate,
  type InputChannel,
  type InputGate,
  type InputMessage,
} from '../../src/engine/network/input-gate.js'
import {
  append,
  broadcastEvent,
  flush,
  openPartition,
  sendAvailable,
  type ResultPartition,
  type Subpartition,
} from '../../src/engine/network/result-partition.js'

export interface NetworkSizes {
  readonly consumers: number
  readonly segmentBytes: number
  readonly poolSize: number
  readonly exclusive: number
  readonly floating: number
  readonly local: boolean
}

const consumerBehavior: Behavior<null, null, InputMessage> = { kind: 'consumer', start: () => null, receive: () => {}, digest: () => 0 }

/** A record that can be told from the others. */
export function element(id: number): StreamElement {
  return { id, value: id, timestamp: 0 }
}

export class NetworkBench {
  readonly partition: ResultPartition
  readonly gates: InputGate[]
  /** Buffers and events on their way, by consumer. */
  readonly wires: BufferMessage[][]
  /** Everything that was ever sent, by consumer. */
  readonly sent: BufferMessage[][]
  /** Resumptions that have arrived, by consumer. */
  readonly resumed: number[]
  /** Credits on their way back. */
  readonly credits: number[][]
  /** Resumptions on their way back. */
  readonly resumptions: number[]
  /** Elements written for, and read by, each consumer; events by their kind. */
  readonly written: (number | string)[][]
  readonly read: (number | string)[][]
  private readonly context: Context

  constructor(readonly sizes: NetworkSizes) {
    const consumers = Array.from({ length: sizes.consumers }, (_, index) => index)
    this.partition = openPartition(0, sizes.consumers, sizes.poolSize)
    this.gates = consumers.map(() => ({
      channels: [openChannel(0, 0, sizes.local, sizes.exclusive)],
      available: [],
      floating: sizes.floating,
    }))
    this.wires = consumers.map(() => [])
    this.sent = consumers.map(() => [])
    this.resumed = consumers.map(() => 0)
    this.credits = consumers.map(() => [])
    this.resumptions = consumers.map(() => 0)
    this.written = consumers.map(() => [])
    this.read = consumers.map(() => [])
    const send = (to: number, message: AnyMessage): void => {
      // Only buffers leave a partition.
      const buffer = message as BufferMessage
      this.wires[to]?.push(buffer)
      this.sent[to]?.push(buffer)
    }
    // The partition asks nothing else of its context.
    this.context = { send } as unknown as Context
    for (const index of consumers) this.connect(index)
  }

  private connect(index: number): void {
    const subpartition = this.subpartition(index)
    subpartition.consumer = actorRef(consumerBehavior, index)
    subpartition.credit = this.channel(index).exclusive
  }

  subpartition(index: number): Subpartition {
    const found = this.partition.subpartitions[index]
    if (found === undefined) throw new RangeError(`there is no consumer ${index}`)
    return found
  }

  gate(index: number): InputGate {
    const found = this.gates[index]
    if (found === undefined) throw new RangeError(`there is no consumer ${index}`)
    return found
  }

  channel(index: number): InputChannel {
    const [found] = this.gate(index).channels
    if (found === undefined) throw new RangeError(`consumer ${index} has no channel`)
    return found
  }

  write(index: number, id: number, bytes: number): void {
    this.written[index]?.push(id)
    append(this.partition, index, element(id), bytes, this.sizes.segmentBytes)
    sendAvailable(this.partition, this.context)
  }

  broadcast(event: NetworkEvent): void {
    for (const list of this.written) list.push(event.type)
    broadcastEvent(this.partition, event)
    sendAvailable(this.partition, this.context)
  }

  flush(): void {
    flush(this.partition)
    sendAvailable(this.partition, this.context)
  }

  /** Takes one buffer off the wire. */
  arrive(index: number): boolean {
    const message = this.wires[index]?.shift()
    if (message !== undefined) receive(this.gate(index), message)
    return message !== undefined
  }

  /** Reads one element, as a task does. */
  readOne(index: number): boolean {
    const gate = this.gate(index)
    const channel = nextChannel(gate)
    const buffer = channel?.queue[0]
    if (channel === undefined || buffer === undefined) return false
    if (buffer.event !== null) {
      this.read[index]?.push(buffer.event.type)
      this.takeOff(gate, channel)
      return true
    }
    const next = buffer.elements[channel.position++]
    if (next !== undefined) this.read[index]?.push(next.id)
    if (channel.position >= buffer.elements.length) {
      this.takeOff(gate, channel)
      this.announce(index, channel)
    }
    return true
  }

  private takeOff(gate: InputGate, channel: InputChannel): void {
    recycle(gate, channel)
    rotate(gate, channel)
  }

  private announce(index: number, channel: InputChannel): void {
    if (channel.unannounced === 0) return
    this.credits[index]?.push(channel.unannounced)
    channel.credit += channel.unannounced
    channel.unannounced = 0
  }

  /** The consumer is through with its alignment. */
  resume(index: number): void {
    this.resumptions[index] = (this.resumptions[index] ?? 0) + 1
  }

  /** Takes credit, or a resumption, back to the sender. */
  returnToSender(index: number): boolean {
    const subpartition = this.subpartition(index)
    const credit = this.credits[index]?.shift()
    if (credit !== undefined) subpartition.credit += credit
    else if ((this.resumptions[index] ?? 0) > 0) {
      this.resumptions[index] = (this.resumptions[index] ?? 0) - 1
      this.resumed[index] = (this.resumed[index] ?? 0) + 1
      subpartition.blocked = false
    } else return false
    sendAvailable(this.partition, this.context)
    return true
  }
}

/** Data buffers among messages. */
export function dataIn(buffers: readonly { readonly event: NetworkEvent | null }[]): number {
  return buffers.filter(({ event }) => event === null).length
}
