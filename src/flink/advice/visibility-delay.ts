import { betweenCheckpointsUs, type JobConfiguration } from '../../engine/configuration.js'
import { formatDuration } from '../configuration/index.js'
import type { JobModelOperator } from '../job-model.js'
import type { Circumstances } from './circumstances.js'

/** How long after it was written a record is visible to readers of a sink. */
export interface VisibilityDelay {
  readonly sink: string
  readonly longestUs: number | undefined
  readonly sentence: string
}

/** Output of a transactional sink is visible after the commit, that of others at once or at the latest when a checkpoint flushes it. */
export function visibilityDelay(sink: JobModelOperator, configuration: JobConfiguration, circumstances: Circumstances): VisibilityDelay {
  const { checkpointing } = configuration
  const intervalUs = betweenCheckpointsUs(checkpointing)
  const committed = sink.sink?.guarantee === 'EXACTLY_ONCE'
  if (!checkpointing.enabled) {
    const never = `'${sink.name}': output is visible when the input ends, and never where it has no end: it is committed when a checkpoint completes, and there are none`
    return {
      sink: sink.name,
      longestUs: undefined,
      sentence: committed ? never : `'${sink.name}': nothing makes the sink flush before its buffers are full`,
    }
  }
  if (!committed) {
    const flushed = sink.sink?.guarantee === 'AT_LEAST_ONCE'
    const longest = formatDuration(intervalUs)
    const sentence = flushed
      ? `'${sink.name}': output is visible when the sink flushes, after ${longest} at the latest`
      : `'${sink.name}': output is visible when the sink’s buffers are full; checkpoints do not flush it`
    return { sink: sink.name, longestUs: flushed ? intervalUs : undefined, sentence }
  }
  const longestUs = intervalUs + circumstances.checkpointDurationUs
  return {
    sink: sink.name,
    longestUs,
    sentence: `'${sink.name}': output is visible up to ${formatDuration(longestUs)} after it was written (checkpoint interval and duration)`,
  }
}
