import { z } from 'zod'
import { shapeError } from '../json-shape.js'
import { parseJsonText } from '../json-text.js'

/** What `summary.json` tells about the job of a recording; its numbers are not looked at. */
export interface RecordingSummary {
  readonly scenario: string | undefined
  /** Flink's keys verbatim. */
  readonly configuration: Readonly<Record<string, string>>
  readonly sink: '2pc' | 'legacy' | 'file' | 'append' | 'alo' | 'none' | undefined
  readonly kafkaGuarantee: 'EXACTLY_ONCE' | 'AT_LEAST_ONCE' | 'NONE' | undefined
  readonly splits: number
  readonly recordsPerSplit: number
}

const summary = z.looseObject({
  scenario: z.string().optional(),
  config: z.record(z.string(), z.string()).optional(),
  job: z
    .looseObject({
      splits: z.number().optional(),
      perSplit: z.number().optional(),
      sink: z.enum(['2pc', 'legacy', 'file', 'append', 'alo', 'none']).optional(),
    })
    .optional(),
  kafka: z
    .looseObject({
      guarantee: z.enum(['EXACTLY_ONCE', 'AT_LEAST_ONCE', 'NONE']),
      transactionTimeoutMs: z.number().optional(),
      restartDelayMs: z.number().optional(),
      checkpointIntervalMs: z.number().optional(),
    })
    .optional(),
})

/**
 * Reads a recording's summary.
 * @throws InputError with the place in the file
 */
export function readSummary(text: string, path: string): RecordingSummary {
  const json = parseJsonText(text, path)
  const parsed = summary.safeParse(json)
  if (!parsed.success) throw shapeError(parsed.error, json, `${path} $`, 'the summary.json of a recording, or none')
  const { scenario, config, job, kafka } = parsed.data
  return {
    scenario,
    configuration: { ...config, ...kafkaConfiguration(kafka) },
    sink: job?.sink,
    kafkaGuarantee: kafka?.guarantee,
    splits: job?.splits ?? 0,
    recordsPerSplit: job?.perSplit ?? 0,
  }
}

/** The Kafka recordings name their few settings in their own way; here they get Flink's and the producer's keys. */
function kafkaConfiguration(kafka: z.infer<typeof summary>['kafka']): Record<string, string> {
  const settings: Record<string, string> = {}
  const add = (key: string, value: number | undefined, unit: string): void => {
    if (value !== undefined) settings[key] = `${value}${unit}`
  }
  add('execution.checkpointing.interval', kafka?.checkpointIntervalMs, ' ms')
  add('restart-strategy.fixed-delay.delay', kafka?.restartDelayMs, ' ms')
  add('transaction.timeout.ms', kafka?.transactionTimeoutMs, '')
  return settings
}
