/**
 * Sources and sinks: what ties the engine's interfaces to outside systems. Pure code over plain state.
 */
export * from './append-sink.js'
export * from './collection-source.js'
export { recordsOf, type Content } from './content.js'
export { kafkaSink, type KafkaSink } from './kafka/kafka-sink.js'
export { KAFKA_SINK_DEFAULTS, type DeliveryGuarantee, type KafkaCommittable, type KafkaSinkOptions } from './kafka/kafka-sink-options.js'
export { KAFKA_SOURCE_DEFAULTS, kafkaSource, type KafkaSourceOptions } from './kafka/kafka-source.js'
export type { Pace } from './pace.js'
export * from './two-phase-sink.js'
export * from './file/file-sink.js'
export * from './file/file-source.js'
export * from './async-sink.js'
export * from './buffered-sink.js'
export * from './queue-source.js'
export * from './socket-source.js'
export { recordSinkWrite } from './sink-write.js'
