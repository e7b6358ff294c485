import { betweenCheckpointsUs, type JobConfiguration } from '../../engine/configuration.js'
import { formatDuration } from '../configuration/index.js'
import type { Circumstances } from './circumstances.js'

/** How much is processed again after a failure. */
export interface Replay {
  /** Input of at most this long is read again, µs; undefined when nothing is (no checkpoints, no restart). */
  readonly longestUs: number | undefined
  /** The same in records, when a rate was given. */
  readonly records?: number
  readonly sentence: string
}

/** Records between the sources' positions in the last completed checkpoint and the failure. */
export function recordsReplayed(configuration: JobConfiguration, circumstances: Circumstances, recordsPerSecond?: number): Replay {
  const { checkpointing, restart } = configuration
  if (restart.type === 'none')
    return { longestUs: undefined, sentence: 'after a failure the job is not restarted, so nothing is read again' }
  if (!checkpointing.enabled) {
    return {
      longestUs: undefined,
      sentence: 'checkpointing is off: after a restart every source begins where it would at first, and state is empty',
    }
  }
  const longestUs = betweenCheckpointsUs(checkpointing) + circumstances.checkpointDurationUs
  const records = recordsPerSecond === undefined ? undefined : Math.ceil((longestUs * recordsPerSecond) / 1_000_000)
  const amount = records === undefined ? '' : `, about ${String(records)} records at ${String(recordsPerSecond)} a second`
  const sentence = `after a failure the input of up to ${formatDuration(longestUs)} is read again (checkpoint interval and duration)${amount}`
  return { longestUs, sentence, ...(records === undefined ? {} : { records }) }
}
