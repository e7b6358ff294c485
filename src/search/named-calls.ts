import { RPC_LANE } from '../engine/index.js'
import type { AnyMessage, Link } from '../world/index.js'
import { UNORDERED_RPCS } from './failpoint-catalogue.js'

const rpcs: ReadonlySet<string> = new Set(UNORDERED_RPCS)

/** The name of the remote procedure call that a message is, if it is one that faults may concern. */
export function rpcOf(message: AnyMessage): string | undefined {
  const { kind } = message
  if (kind !== 'to-task') return rpcs.has(kind) ? kind : undefined
  if (!('mail' in message)) return undefined
  const { mail } = message
  if (typeof mail !== 'object' || mail === null || !('kind' in mail) || typeof mail.kind !== 'string') return undefined
  return rpcs.has(mail.kind) ? mail.kind : undefined
}

/**
 * The same for a message on its way between processes. What a TaskExecutor puts into a task's mailbox has arrived: nothing of it is lost,
 * and a mail that is late would hold back the cancellation behind it; in Flink a cancellation is no mail (`Task.cancelExecution` interrupts
 * the task).
 */
export function rpcOn({ lane }: Pick<Link, 'lane'>, message: AnyMessage): string | undefined {
  return lane === RPC_LANE ? rpcOf(message) : undefined
}
