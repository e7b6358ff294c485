import type { HistoryHeader } from '../history/index.js'

const CHECKPOINTING = 'execution.checkpointing'

/** `execution.checkpointing.num-retained`, and by its earlier name; Flink keeps one unless it is told more. */
export function retainedCheckpoints({ configuration }: HistoryHeader): number {
  const number = Number(configuration[`${CHECKPOINTING}.num-retained`] ?? configuration['state.checkpoints.num-retained'])
  return Number.isInteger(number) && number > 0 ? number : 1
}

/** Whether the newest checkpoints are kept behind the job's end (Flink: `CheckpointProperties`). */
export function isKeptBehind({ configuration }: HistoryHeader, status: 'FINISHED' | 'FAILED'): boolean {
  const retention = configuration[`${CHECKPOINTING}.externalized-checkpoint-retention`] ?? 'NO_EXTERNALIZED_CHECKPOINTS'
  return status === 'FAILED' && !retention.startsWith('NO_EXTERNALIZED')
}
