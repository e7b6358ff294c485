import type { Exploration } from './exploration.js'
import type { WorldLimits } from './world-result.js'

/**
 * Refuses what does not go together.
 * @throws RangeError
 */
export function refuseLimits<F>({ inspect, atomicRestart }: Exploration<F>, limits: WorldLimits): void {
  const { ample, lateWords, symmetry, resume, remember, exact, liveness, seed = 0 } = limits
  if (resume !== undefined && (exact === true || seed !== 0)) throw new RangeError('what was saved are the usual fingerprints')
  const which = ample === true ? 'ample sets' : lateWords === true ? 'late words' : symmetry === true ? 'images' : undefined
  if (symmetry === true && (ample === true || lateWords === true || atomicRestart === true))
    throw new RangeError('ample sets, late words and atomic restarts choose by an order that images have not: no symmetry beside them')
  if (liveness === true && (resume !== undefined || which !== undefined))
    throw new RangeError('whether every way ends is told by all steps: none that were left out, and none of another time')
  if (which === undefined) return
  if (inspect !== undefined) throw new RangeError(`${which} leave out states that an inspection would see`)
  if (resume !== undefined) throw new RangeError(`an exploration with ${which} cannot go on where another one was saved`)
  if (remember === false) throw new RangeError(`${which} are chosen by remembered steps`)
}
