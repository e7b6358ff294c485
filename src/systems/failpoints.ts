/**
 * Named calls into outside systems. At each of them the driver says how the call ends: done, failed (not applied, an error is
 * answered), or unknown (the answer is a timeout, whether it was applied or not). The independent readers' are never disturbed.
 */

/** The systems that calls go to. */
export type SystemRole = 'external-store' | 'broker' | 'file-system' | 'socket-server' | 'message-queue'

/** A call into an outside system. */
interface SystemCall {
  readonly name: string
  readonly role: SystemRole
  readonly about: string
}

/** Calls into outside systems, by system. */
export const systemCalls = [
  { name: 'store.session', role: 'external-store', about: 'a writer opens its session; what its predecessors left is aborted' },
  { name: 'store.write', role: 'external-store', about: 'records are written into an open transaction' },
  { name: 'store.pre-commit', role: 'external-store', about: 'a transaction is made ready to commit' },
  { name: 'store.commit', role: 'external-store', about: 'a transaction is committed' },
  { name: 'store.abort', role: 'external-store', about: 'a transaction is aborted' },
  { name: 'store.append', role: 'external-store', about: 'records are appended at once' },
  { name: 'kafka.produce', role: 'broker', about: 'a batch is appended to a partition' },
  { name: 'kafka.fetch', role: 'broker', about: 'records of a partition are read' },
  { name: 'kafka.list-offsets', role: 'broker', about: 'the end of a partition is asked for' },
  { name: 'kafka.init-producer-id', role: 'broker', about: 'a producer gets its id and epoch; its predecessor is fenced' },
  { name: 'kafka.add-partitions', role: 'broker', about: 'a partition becomes part of a transaction' },
  { name: 'kafka.end-txn', role: 'broker', about: 'a transaction is committed or aborted' },
  { name: 'kafka.commit-offsets', role: 'broker', about: 'the offsets of a consumer group are stored' },
  { name: 'kafka.fetch-offsets', role: 'broker', about: 'the offsets of a consumer group are read' },
  { name: 'file.create', role: 'file-system', about: 'a file is created' },
  { name: 'file.write', role: 'file-system', about: 'records are written to a file that is in progress' },
  { name: 'file.persist', role: 'file-system', about: 'a file is made durable and closed' },
  { name: 'file.rename', role: 'file-system', about: 'a file gets its final name, and appears' },
  { name: 'file.delete', role: 'file-system', about: 'a file is deleted' },
  { name: 'file.list', role: 'file-system', about: 'the files of a directory are listed' },
  { name: 'file.read', role: 'file-system', about: 'records of a file are read' },
  { name: 'queue.receive', role: 'message-queue', about: 'messages of a queue are delivered' },
  { name: 'queue.acknowledge', role: 'message-queue', about: 'messages of a queue are acknowledged' },
  { name: 'socket.take', role: 'socket-server', about: 'records are taken from a socket' },
] as const satisfies readonly SystemCall[]

/** Name of a call into an outside system. */
export type SystemCallName = (typeof systemCalls)[number]['name']
