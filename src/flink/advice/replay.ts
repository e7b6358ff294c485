import { betweenCheckpointsUs, type JobConfiguration } from '../../engine/configuration.js'
import { formatDuration } from '../configuration/index.js'
import type { JobModelOperator } from '../job-model.js'
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
      sentence: 'checkpointing is off: after a restart state is empty, and every source that can go back begins where it would at first',
    }
  }
  const longestUs = betweenCheckpointsUs(checkpointing) + circumstances.checkpointDurationUs
  const records = recordsPerSecond === undefined ? undefined : Math.ceil((longestUs * recordsPerSecond) / 1_000_000)
  const amount = records === undefined ? '' : `, about ${String(records)} records at ${String(recordsPerSecond)} a second`
  const sentence = `after a failure the input of up to ${formatDuration(longestUs)} is read again (checkpoint interval and duration)${amount}`
  return { longestUs, sentence, ...(records === undefined ? {} : { records }) }
}

/** What becomes of the input of a source that does not read it again after a failure; undefined for all others. */
export function notReadAgain({ name, source }: JobModelOperator, { checkpointing }: JobConfiguration): string | undefined {
  if (source?.replayable === false)
    return `'${name}': after a restart it goes on with what comes next; what it had read and no checkpoint covers is lost`
  if (source?.replayable !== 'redelivers' || !checkpointing.enabled) return undefined
  return `'${name}': after a restart it is given again what it had not acknowledged, and what of that the checkpoint covers is counted twice`
}
