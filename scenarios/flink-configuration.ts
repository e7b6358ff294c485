/** Configurations of the stories, in Flink's own keys. */
import type { JobConfiguration } from '../src/engine/index.js'
import { effectiveConfiguration, readSetOption } from '../src/flink/index.js'
import type { Mode } from '../src/search/index.js'

/** Values by Flink's key, as a user writes them. */
export type FlinkOptions = Readonly<Record<string, string>>

/** A configuration in one mode: as the engine takes it, and as reports print it. */
export interface ModeConfiguration {
  readonly settings: JobConfiguration
  /** Every value in force by its key. */
  readonly values: FlinkOptions
}

/** What all stories share unless they say otherwise: a checkpoint every 80 ms, so that a run of a second has about nine. */
const COMMON: FlinkOptions = {
  'execution.checkpointing.interval': '80 ms',
  // A late message outlasts the timeout now and then; that some checkpoints fail does not restart the job.
  'execution.checkpointing.timeout': '200 ms',
  'execution.checkpointing.tolerable-failed-checkpoints': '1000',
  'execution.checkpointing.storage': 'filesystem',
  'execution.checkpointing.dir': 'file:///checkpoints',
  'restart-strategy.type': 'fixed-delay',
  // No end of restarts: a job that cannot be restored is stuck, and is not excused by the number of its failures.
  'restart-strategy.fixed-delay.attempts': '2147483647',
  'restart-strategy.fixed-delay.delay': '20 ms',
  'high-availability.type': 'zookeeper',
  // Silence is noticed within the run.
  'heartbeat.interval': '100 ms',
  'heartbeat.timeout': '500 ms',
  // So is a task that does not end.
  'task.cancellation.timeout': '300 ms',
  'execution.buffer-timeout.interval': '1 ms',
}

/** The configuration of a story in each mode. `others` are keys of connectors, which are printed only. */
export function configurations(options: FlinkOptions, others: FlinkOptions = {}): Readonly<Record<Mode, ModeConfiguration>> {
  const all = { ...COMMON, ...options }
  // Without an interval there are no checkpoints; whatever else is said of them has no effect.
  const { 'execution.checkpointing.interval': _interval, ...off } = all
  return {
    aligned: configuration({ ...all, 'execution.checkpointing.mode': 'EXACTLY_ONCE' }, others),
    'at-least-once': configuration({ ...all, 'execution.checkpointing.mode': 'AT_LEAST_ONCE' }, others),
    off: configuration(off, others),
  }
}

function configuration(options: FlinkOptions, others: FlinkOptions): ModeConfiguration {
  const sources = Object.entries(options).map(([key, value]) => readSetOption(`${key}=${value}`))
  const { settings, values } = effectiveConfiguration(sources)
  return { settings, values: { ...Object.fromEntries(values.map(({ key, value }) => [key, value])), ...others } }
}
