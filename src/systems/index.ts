/**
 * What lives outside of the engine: each system an actor with its own failure model. They know the world and the words of the
 * history, nothing of the dataflow.
 */
export * from './failpoints.js'
export * from './stored-record.js'
export * from './system-of-kind.js'
export * from './external-store/protocol.js'
export * from './external-store/external-store.js'
export { isRetriable, type KafkaError } from './kafka/errors.js'
export * from './kafka/coordinator-messages.js'
export * from './kafka/group-coordinator.js'
export * from './kafka/kafka-cluster.js'
export type {
  Fetch,
  FetchAnswer,
  IsolationLevel,
  ListOffsetsAnswer,
  PartitionRef,
  Produce,
  ProduceAnswer,
} from './kafka/partition-messages.js'
export { type CoordinatorConfiguration } from './kafka/transaction-coordinator.js'
export * from './file-system/protocol.js'
export * from './file-system/file-system.js'
export * from './message-queue.js'
export * from './socket-server.js'
