import { digestNumber, digestPlain, fold, hashString, type ActorRef, type Reply, type WorldMessage } from '../../world/index.js'
import type { StorageReply } from '../checkpoint/checkpoint-storage.js'
import type { BufferMessage, CheckpointOptions } from '../network/buffer.js'
import type { InputMessage } from '../network/input-gate.js'
import type { OperatorEvent } from '../operator.js'

/** A consumer asks for its subpartition (Flink: `PartitionRequest`); passed on by the producer's TaskExecutor. */
export interface OpenChannel {
  readonly kind: 'open-channel'
  readonly edge: number
  readonly subpartition: number
  readonly consumer: ActorRef<InputMessage>
  readonly channel: number
  readonly credit: number
  /** In the same process: no connection between them. */
  readonly local: boolean
}

/** Free buffers at the receiver (Flink: `AddCredit`). */
export interface Credit {
  readonly kind: 'credit'
  readonly edge: number
  readonly subpartition: number
  readonly credit: number
}

/** The receiver lets a channel go on that stopped behind an aligned barrier (Flink: `ResumeConsumption`). */
export interface ResumeConsumption {
  readonly kind: 'resume'
  readonly edge: number
  readonly subpartition: number
}

/** Mails of the JobManager, passed on by the TaskExecutor (Flink: `TaskExecutorGateway`). */
export type TaskMail =
  | { readonly kind: 'trigger-checkpoint'; readonly checkpoint: number; readonly options: CheckpointOptions }
  | { readonly kind: 'notify-complete'; readonly checkpoint: number }
  | { readonly kind: 'notify-aborted'; readonly checkpoint: number; readonly latestCompleted: number }
  | { readonly kind: 'operator-event'; readonly operator: number; readonly event: OperatorEvent }
  | { readonly kind: 'cancel' }

/** Everything that reaches a task. */
export type TaskMessage = InputMessage | OpenChannel | Credit | ResumeConsumption | TaskMail | Reply<unknown> | StorageReply

/** Digest of a message to a task: all of it, the hot ones by hand. */
export function digestTaskMessage(message: TaskMessage | WorldMessage): number {
  switch (message.kind) {
    case 'timer':
      return hashString(message.name)
    case 'buffer':
      return digestBuffer(message)
    case 'credit':
      return fold(fold(fold(0xc4ed17, message.credit), message.edge), message.subpartition)
    case 'resume':
      return fold(fold(0x4e5a3e, message.edge), message.subpartition)
    case 'reply':
      return digestPlain(fold(0x5e91, message.tag), message.answer)
    case 'trigger-checkpoint':
      return fold(fold(0x7819, message.checkpoint), hashString(message.options.alignment))
    case 'notify-complete':
      return fold(0xc031, message.checkpoint)
    case 'notify-aborted':
      return fold(fold(0xab08, message.checkpoint), message.latestCompleted)
    case 'channel-opened':
      return fold(fold(0xc4a1, message.channel), message.producer)
    default:
      return digestPlain(0x7a5c, message)
  }
}

function digestBuffer(buffer: BufferMessage): number {
  let h = fold(fold(fold(0xb0ff, buffer.channel), buffer.bytes), buffer.backlog)
  for (const { id, value, timestamp } of buffer.elements) h = digestPlain(digestNumber(digestNumber(h, id), timestamp), value)
  return buffer.event === null ? fold(h, buffer.elements.length) : digestPlain(h, buffer.event)
}
