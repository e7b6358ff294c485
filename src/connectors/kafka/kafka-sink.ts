import type { Sink } from '../../engine/sink.js'
import { exactlyOnceKafkaWriter } from './exactly-once-kafka-writer.js'
import { kafkaCommitter, type KafkaCommitter } from './kafka-committer.js'
import type { KafkaCommittable, KafkaSinkAnswer, KafkaSinkOptions } from './kafka-sink-options.js'
import { kafkaWriter, type KafkaWriter } from './kafka-writer.js'

/** A Kafka sink, whatever its delivery guarantee. */
export type KafkaSink = Sink<KafkaWriter, KafkaCommittable, KafkaSinkAnswer, KafkaCommitter, KafkaSinkAnswer>

/** Builds a sink (Flink: `KafkaSink`). Only EXACTLY_ONCE has a committer. */
export function kafkaSink({ cluster, ...others }: KafkaSinkOptions): KafkaSink {
  // Given by `{ ...DEFAULTS, … }` as a rule: not begun with what is spread they are read faster (see "Speed" in docs/world.md).
  const options: KafkaSinkOptions = { cluster, ...others }
  if (options.deliveryGuarantee !== 'EXACTLY_ONCE') return { writer: kafkaWriter(options), supportsCommitter: true }
  const { transactionalIdPrefix } = options
  if (transactionalIdPrefix === '') throw new RangeError('EXACTLY_ONCE needs a transactionalIdPrefix')
  return { writer: exactlyOnceKafkaWriter(options), committer: kafkaCommitter(options), transactionalIdPrefix }
}
