import { z } from 'zod'
import { shapeError } from '../json-shape.js'
import type { ConfigurationEntry, ConfigurationSource } from './configuration-source.js'

/** `CheckpointConfigInfo` of the REST interface (`/jobs/:id/checkpoints/config`). Times are milliseconds. */
const checkpointConfigInfo = z.looseObject({
  mode: z.string(),
  interval: z.number(),
  timeout: z.number().optional(),
  min_pause: z.number().optional(),
  max_concurrent: z.number().optional(),
  externalization: z.object({ enabled: z.boolean(), delete_on_cancellation: z.boolean() }).optional(),
  state_backend: z.string().optional(),
  checkpoint_storage: z.string().optional(),
  unaligned_checkpoints: z.boolean().optional(),
  tolerable_failed_checkpoints: z.number().optional(),
  aligned_checkpoint_timeout: z.number().optional(),
  checkpoints_after_tasks_finish: z.boolean().optional(),
  state_changelog_enabled: z.boolean().optional(),
})

type CheckpointConfigInfo = z.infer<typeof checkpointConfigInfo>

/** Without checkpointing the interval is `Long.MAX_VALUE`, and the mode that is shown with it means nothing. */
const noInterval = 9e18

/** Whether a JSON document is the answer of `/jobs/:id/checkpoints/config`. */
export function isCheckpointsConfig(json: unknown): boolean {
  return z.looseObject({ mode: z.string(), interval: z.number() }).safeParse(json).success
}

/**
 * Reads the answer of `/jobs/:id/checkpoints/config`.
 * @throws InputError with the JSON path of what is missing or of the wrong type
 */
export function readCheckpointsConfig(json: unknown, path: string): ConfigurationSource {
  const parsed = checkpointConfigInfo.safeParse(json)
  if (parsed.success) return { entries: entriesOf(parsed.data, path), warnings: [] }
  throw shapeError(parsed.error, json, `${path} $`, 'the answer of /jobs/:jobid/checkpoints/config')
}

function entriesOf(info: CheckpointConfigInfo, path: string): ConfigurationEntry[] {
  const entries: ConfigurationEntry[] = []
  const add = (field: string, key: string, value: string | number | boolean | undefined): void => {
    if (value !== undefined) entries.push({ key, text: String(value), where: `${path} $.${field}` })
  }
  const option = (name: string): string => `execution.checkpointing.${name}`
  if (info.interval < noInterval) {
    add('interval', option('interval'), milliseconds(info.interval))
    add('mode', option('mode'), info.mode)
  }
  add('timeout', option('timeout'), milliseconds(info.timeout))
  add('min_pause', option('min-pause'), milliseconds(info.min_pause))
  add('max_concurrent', option('max-concurrent-checkpoints'), info.max_concurrent)
  add('externalization', option('externalized-checkpoint-retention'), retention(info.externalization))
  add('checkpoint_storage', option('storage'), storageName(info.checkpoint_storage))
  add('state_backend', 'state.backend.type', backendName(info.state_backend))
  add('unaligned_checkpoints', option('unaligned.enabled'), info.unaligned_checkpoints)
  add('aligned_checkpoint_timeout', option('aligned-checkpoint-timeout'), milliseconds(info.aligned_checkpoint_timeout))
  add('tolerable_failed_checkpoints', option('tolerable-failed-checkpoints'), info.tolerable_failed_checkpoints)
  add('checkpoints_after_tasks_finish', option('checkpoints-after-tasks-finish'), info.checkpoints_after_tasks_finish)
  add('state_changelog_enabled', 'state.changelog.enabled', info.state_changelog_enabled)
  return entries
}

function milliseconds(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${String(value)} ms`
}

function retention(info: CheckpointConfigInfo['externalization']): string | undefined {
  if (info === undefined) return undefined
  if (!info.enabled) return 'NO_EXTERNALIZED_CHECKPOINTS'
  return info.delete_on_cancellation ? 'DELETE_ON_CANCELLATION' : 'RETAIN_ON_CANCELLATION'
}

/** The interface gives class names; the configuration has short ones. */
function storageName(className: string | undefined): string | undefined {
  if (className === 'FileSystemCheckpointStorage') return 'filesystem'
  return className === 'JobManagerCheckpointStorage' ? 'jobmanager' : className
}

function backendName(className: string | undefined): string | undefined {
  if (className === 'HashMapStateBackend') return 'hashmap'
  return className === 'EmbeddedRocksDBStateBackend' ? 'rocksdb' : className
}
