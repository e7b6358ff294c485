/** The stories: one file each, with a job, its configuration, what it claims in each mode, and what a campaign must have seen. */
import type { Scenario } from '../src/search/index.js'
import { broadcastRules } from './broadcast-rules.js'
import { countToAppend } from './count-to-append.js'
import { fileToFile } from './file-to-file.js'
import { kafkaToKafkaAtLeastOnce } from './kafka-to-kafka-at-least-once.js'
import { kafkaToKafkaExactlyOnce } from './kafka-to-kafka-exactly-once.js'
import { kafkaToKafkaNone } from './kafka-to-kafka-none.js'
import { kafkaTransactionTimeout } from './kafka-transaction-timeout.js'
import { importedPlan } from './recorded-job.js'
import { sessionWindows } from './session-windows.js'
import { windowedJoin } from './windowed-join.js'
import { wordCount } from './word-count.js'

/** The built-in scenarios, in the order of reports. */
export const scenarios: readonly Scenario[] = [
  wordCount,
  countToAppend,
  windowedJoin,
  broadcastRules,
  sessionWindows,
  kafkaToKafkaExactlyOnce,
  kafkaToKafkaAtLeastOnce,
  kafkaToKafkaNone,
  kafkaTransactionTimeout,
  fileToFile,
  importedPlan,
]

export { wordCount } from './word-count.js'
export { longKafkaToKafka } from './kafka-to-kafka-exactly-once.js'
export { importedScenarios, type ImportedScenario } from './imported-plan.js'
export { twoChannels } from './two-channels.js'
export { kafkaTransactionTimeout } from './kafka-transaction-timeout.js'
