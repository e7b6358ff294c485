import { externalStore } from './external-store/external-store.js'
import type { SystemRole } from './failpoints.js'
import { fileSystem } from './file-system/file-system.js'
import { groupCoordinator } from './kafka/group-coordinator.js'
import { kafkaReader } from './kafka/kafka-reader.js'
import { kafkaPartition } from './kafka/partition.js'
import { transactionCoordinator } from './kafka/transaction-coordinator.js'
import { messageQueue } from './message-queue.js'
import { socketServer } from './socket-server.js'

const systems: ReadonlyMap<string, SystemRole> = new Map([
  [externalStore.kind, 'external-store'],
  [transactionCoordinator.kind, 'broker'],
  [groupCoordinator.kind, 'broker'],
  [kafkaPartition.kind, 'broker'],
  [kafkaReader.kind, 'broker'],
  [fileSystem.kind, 'file-system'],
  [messageQueue.kind, 'message-queue'],
  [socketServer.kind, 'socket-server'],
])

/** The system that actors of a kind are a part of; undefined for a kind of the user's own. */
export function systemOfKind(kind: string): SystemRole | undefined {
  return systems.get(kind)
}
