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
  const { name } = sink
  const { checkpointing } = configuration
  const intervalUs = betweenCheckpointsUs(checkpointing)
  const told = (longestUs: number | undefined, what: string): VisibilityDelay => ({ sink: name, longestUs, sentence: `'${name}': ${what}` })
  const { guarantee, kind = 'unknown' } = sink.sink ?? {}
  if (guarantee === 'EXACTLY_ONCE') {
    if (!checkpointing.enabled) return told(undefined, neverCommitted)
    const longestUs = intervalUs + circumstances.checkpointDurationUs
    const after = `output is visible up to ${formatDuration(longestUs)} after it was written (checkpoint interval and duration)`
    return told(longestUs, kind === 'file' ? `${after}${filesStayOpen}` : after)
  }
  if (kind === 'print') return told(0, 'output is visible at once')
  // A producer of Kafka and an asynchronous sink send by their own clocks as well, with or without checkpoints.
  if (kind === 'async') return told(undefined, byOwnClock)
  if (guarantee === 'AT_LEAST_ONCE' && checkpointing.enabled)
    return told(intervalUs, `output is visible when the sink flushes, after ${formatDuration(intervalUs)} at the latest`)
  if (kind === 'kafka')
    return told(undefined, `output is visible when the producer has sent it (linger.ms, a full batch)${notFlushed(configuration)}`)
  if (!checkpointing.enabled) return told(undefined, 'nothing makes the sink flush before its buffers are full')
  return told(undefined, `output is visible when the sink’s buffers are full${notFlushed(configuration)}`)
}

function notFlushed({ checkpointing }: JobConfiguration): string {
  return checkpointing.enabled ? '; checkpoints do not flush it' : '; there are no checkpoints that would flush it'
}

const neverCommitted =
  'output is visible when the input ends, and never where it has no end: it is committed when a checkpoint completes, and there are none'

/**
 * `DefaultRollingPolicy`: rows stay in a file for a minute, which is looked at once a minute; `sink.rolling-policy.*` of SQL: for half an
 * hour.
 */
const filesStayOpen =
  ', where files roll at every checkpoint; those of row formats stay open for up to 2 min more by default (DefaultRollingPolicy), half an hour in SQL'

/** `AsyncSinkWriter`: a checkpoint waits for requests that are on their way, and takes what is buffered into its state. */
const byOwnClock =
  'output is visible when a batch is full or has waited long enough (maxTimeInBufferMS, 5 s by default); a checkpoint takes what waits into its state'
