/** The stories: one file each, with a job, its configuration, what it claims in each mode, and what a campaign must have seen. */
import type { Scenario } from '../src/search/index.js'
import { kafkaToKafkaExactlyOnce } from './kafka-to-kafka-exactly-once.js'
import { wordCount } from './word-count.js'

/** The built-in scenarios, in the order of reports. */
export const scenarios: readonly Scenario[] = [wordCount, kafkaToKafkaExactlyOnce]
