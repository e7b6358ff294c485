import type { AnyMessage } from './actor-types.js'
import { hashPlain } from './hash.js'
import { assertPlain, freezePlain } from './plain.js'

/** Watches, in test builds, that what is sent is plain data and that its sender does not change it afterwards. */
export class MessageAudit {
  private readonly hashes = new WeakMap<AnyMessage, number>()

  /** Freezes the message, and remembers what freezing cannot protect: the content of Maps and typed arrays. */
  sent(message: AnyMessage): void {
    assertPlain(message, message.kind)
    freezePlain(message)
    this.hashes.set(message, hashPlain(message, 0))
  }

  /** Fails when the message is not what it was when it was sent. */
  delivered(message: AnyMessage): void {
    const hash = this.hashes.get(message)
    if (hash !== undefined && hash !== hashPlain(message, 0)) throw new Error(`message ${message.kind} was changed after it was sent`)
  }
}
