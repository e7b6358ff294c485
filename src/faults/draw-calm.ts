import type { Stream } from '../world/index.js'
import type { CalmFault } from './fault.js'
import type { FaultMenu } from './menu.js'

/** A stretch of the run in which nothing strikes. */
export interface DrawnCalm {
  readonly calm: CalmFault
  /** Before this no failure may be planned that is to come to pass, µs. */
  readonly quietUntilUs: number
  /** What is aimed at the first recovery would not come to pass. */
  readonly recoversInPeace: boolean
}

/**
 * A step is reached somewhat earlier or later than its share of the counts says: so much later it is surely behind the quiet, of 8 parts.
 */
const MARGIN = 9

/**
 * Draws a stability window, in every fourth run: a quiet beginning, so that the protocol has come far when the first failure strikes; or
 * peace behind the first restore, so that what a failure has left behind meets checkpoints that complete.
 */
export function drawCalm(
  stream: Stream,
  { firstCheckpointUs, endUs }: Pick<FaultMenu, 'firstCheckpointUs' | 'endUs'>,
): DrawnCalm | undefined {
  const left = Math.max(1, endUs - firstCheckpointUs)
  switch (stream.below(8)) {
    case 0: {
      const forUs = firstCheckpointUs + stream.below(Math.ceil(left / 2))
      return { calm: { kind: 'calm', at: { timeUs: 0 }, forUs }, quietUntilUs: Math.floor((forUs * MARGIN) / 8), recoversInPeace: false }
    }
    case 1: {
      const forUs = Math.ceil(left / 4) + stream.below(Math.ceil(left / 2))
      return {
        calm: { kind: 'calm', at: { point: 'recovery.restore.chosen', nth: 1, depth: 1 }, forUs },
        quietUntilUs: 0,
        recoversInPeace: true,
      }
    }
    default:
      return undefined
  }
}
