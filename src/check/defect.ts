/** A model that cannot be judged, because it is not what a model must be. */
import { NotPlainError } from '../world/index.js'

/**
 * What is wrong with the model.
 * - `not-plain`: a state or an action holds something that is no plain data.
 * - `not-deterministic`: the same action of the same state led to another state when it was repeated.
 * - `changes-its-input`: an action changed the state that it was given.
 * - `throws`: a function of the model threw.
 * - `does-not-end`: a function of the model was still running when its time was up.
 * - `too-many-actions`: a state has more actions than can be numbered.
 */
export type DefectKind = 'not-plain' | 'not-deterministic' | 'changes-its-input' | 'throws' | 'does-not-end' | 'too-many-actions'

/** Thrown inside the search, and told in its result. */
export class DefectOfModel extends Error {
  constructor(
    readonly kind: DefectKind,
    message: string,
  ) {
    super(message)
    this.name = 'DefectOfModel'
  }
}

/** Which defect an error shows that came out of a function of the model. */
export function defectShownBy(error: unknown): DefectOfModel {
  if (error instanceof DefectOfModel) return error
  if (error instanceof NotPlainError) return new DefectOfModel('not-plain', error.message)
  return new DefectOfModel('throws', String(error))
}
