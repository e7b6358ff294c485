/** Sets a Kafka cluster up: one broker process with both coordinators and the leaders of all partitions. */
import type { ActorRef, ProcessRef, World } from '../../world/index.js'
import type { StoredRecord } from '../stored-record.js'
import type { CoordinatorMessage, CoordinatorRequest } from './coordinator-messages.js'
import { groupCoordinator, type GroupRequest } from './group-coordinator.js'
import { kafkaReader, kafkaReaderState } from './kafka-reader.js'
import { kafkaPartition, partitionState } from './partition.js'
import type { IsolationLevel, PartitionRef } from './partition-messages.js'
import { coordinatorState, transactionCoordinator, type CoordinatorConfiguration } from './transaction-coordinator.js'

/** Addresses of a cluster. All of it lives and dies with one process. */
export interface KafkaCluster {
  readonly process: ProcessRef
  readonly coordinator: ActorRef<CoordinatorRequest>
  readonly groups: ActorRef<GroupRequest>
  readonly topics: Readonly<Record<string, KafkaTopic>>
}

/** The partitions of a topic, in order. */
export interface KafkaTopic {
  readonly name: string
  readonly partitions: readonly PartitionRef[]
}

/** A topic and what its partitions hold from the start; one entry a partition. The arrays are never changed. */
export interface TopicDescription {
  readonly name: string
  readonly partitions: readonly (readonly StoredRecord[])[]
}

/** Kafka's defaults. */
export const DEFAULT_COORDINATOR: CoordinatorConfiguration = { maxTimeoutUs: 900_000_000, cleanupIntervalUs: 10_000_000 }

/** Adds a cluster to a world; it runs when its process is started. */
export function addKafkaCluster(
  world: World,
  process: ProcessRef,
  topics: readonly TopicDescription[],
  configuration: CoordinatorConfiguration = DEFAULT_COORDINATOR,
): KafkaCluster {
  const coordinator: ActorRef<CoordinatorMessage> = world.add(
    process,
    transactionCoordinator,
    'transaction-coordinator',
    coordinatorState(configuration),
  )
  const groups = world.add(process, groupCoordinator, 'group-coordinator', { groups: [] })
  const added: Record<string, KafkaTopic> = {}
  for (const { name, partitions } of topics) {
    const refs = partitions.map((records, i) =>
      world.add(process, kafkaPartition, partitionName(name, i), partitionState(coordinator, records)),
    )
    added[name] = { name, partitions: refs }
  }
  return { process, coordinator, groups, topics: added }
}

/** Adds an independent reader of a topic, in a process of its own choosing. */
export function addKafkaReader(world: World, process: ProcessRef, topic: KafkaTopic, isolation: IsolationLevel, sink: string): void {
  world.add(process, kafkaReader, `reader of ${topic.name} (${isolation})`, kafkaReaderState(sink, isolation, topic.name, topic.partitions))
}

/** A topic of the cluster; asking for another one is a mistake in the set-up. */
export function topicOf({ topics }: KafkaCluster, name: string): KafkaTopic {
  const topic = topics[name]
  if (topic === undefined) throw new RangeError(`there is no topic ${name}; there are ${Object.keys(topics).join(', ')}`)
  return topic
}

/** Kafka's name of a partition. */
export function partitionName(topic: string, partition: number): string {
  return `${topic}-${String(partition)}`
}
