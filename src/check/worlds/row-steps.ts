/** All steps from the state of a row, each with every combination of answers. */
import type { InternedWorld } from './interned-world.js'
import { NotDeterministic, StepFailed } from './remembered-steps.js'
import type { RowActions } from './row-actions.js'

/** Called with the row as a step has left it; false: that is enough. */
export type StepVisitor = (ordinal: number) => boolean

/** Takes steps in the row, and puts it back after each. */
export class RowSteps {
  /** The action that is being taken. */
  taking = -1

  constructor(
    private readonly interned: InternedWorld<unknown>,
    readonly actions: RowActions,
  ) {}

  /** Visits every step of the actions that were found; what is wrong with one ends it and is returned. */
  every(visit: StepVisitor): string | undefined {
    const { actions } = this
    const { row, world } = this.interned
    row.loaded()
    let ordinal = 0
    try {
      for (let action = 0; action < actions.count; action++) {
        this.taking = action
        world.answers.restart()
        do {
          actions.perform(action)
          const goOn = visit(ordinal++)
          if (!goOn) return undefined
          row.reset()
        } while (world.answers.next())
      }
    } catch (error) {
      row.reset()
      return reasonOf(error)
    }
    this.taking = -1
    return undefined
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof NotDeterministic) return error.message
  return `the step failed: ${error instanceof StepFailed ? error.message : String(error)}`
}
