/** All steps from the state of a row, each with every combination of answers. */
import { MAX_ACTIONS } from '../predecessors.js'
import type { InternedWorld } from './interned-world.js'
import { NotDeterministic, StepFailed } from './remembered-steps.js'
import { NotInterchangeable } from './reductions/pairs.js'
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

  /**
   * Visits every step of the actions that were found, or of those that are chosen; what is wrong with one ends it and is returned. The
   * ordinal of a step tells its action and which of its combinations of answers it is.
   */
  every(visit: StepVisitor, chosen?: readonly number[]): string | undefined {
    const { actions } = this
    const { count } = actions
    const { row, world } = this.interned
    row.loaded()
    try {
      for (let i = 0; i < (chosen?.length ?? count); i++) {
        const action = chosen?.[i] ?? i
        this.taking = action
        let ordinal = action
        world.answers.restart()
        do {
          if (ordinal >= MAX_ACTIONS) return this.tooMany()
          world.begin()
          actions.perform(action)
          const goOn = visit(ordinal)
          if (!goOn) return undefined
          ordinal += count
          row.reset()
        } while (world.answers.next())
      }
    } catch (error) {
      row.reset()
      if (error instanceof NotInterchangeable) throw error
      return reasonOf(error)
    }
    this.taking = -1
    return undefined
  }

  private tooMany(): string {
    return `more steps than can be numbered (${MAX_ACTIONS}) from one state: ${this.actions.describe(this.taking)}`
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof NotDeterministic) return error.message
  return `the step failed: ${error instanceof StepFailed ? error.message : String(error)}`
}
