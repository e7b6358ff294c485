import type { AnyMessage } from '../world/index.js'
import { UNORDERED_RPCS } from './failpoint-catalogue.js'

const rpcs: ReadonlySet<string> = new Set(UNORDERED_RPCS)

/** Name of the remote procedure call that a message is, if it is one that may be lost, late or repeated. */
export function rpcOf(message: AnyMessage): string | undefined {
  const { kind } = message
  if (kind !== 'to-task') return rpcs.has(kind) ? kind : undefined
  if (!('mail' in message)) return undefined
  const { mail } = message
  if (typeof mail !== 'object' || mail === null || !('kind' in mail) || typeof mail.kind !== 'string') return undefined
  return rpcs.has(mail.kind) ? mail.kind : undefined
}
