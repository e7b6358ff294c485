/** What a run has reached, as far as it guides a campaign: plain data that travels from the workers. */
import { hashString, mix } from '../../world/index.js'
import type { ExperimentResult } from '../experiment.js'
import type { ProtocolStates } from './protocol-states.js'

/** What a run has reached. */
export interface Finds {
  /** Cells of the fault matrix in which faults landed; see `landingKey`. */
  readonly landings: readonly string[]
  /** States of the protocol, and how often each step was reached by order of magnitude; each as one number. */
  readonly states: readonly number[]
}

/** The finds of a run. */
export function findsOf({ landings, reached }: Pick<ExperimentResult, 'landings' | 'reached'>, states: ProtocolStates): Finds {
  const magnitudes = [...reached].map(([point, times]) => mix(hashString(point), Math.ceil(Math.log2(times + 1))) | 0)
  return { landings: [...new Set(landings)], states: [...states.seen, ...magnitudes] }
}
