/**
 * The world itself as the judge of the rows: steps from a row are compared with those that a world takes, and a way is shown only when a
 * world goes it, too.
 */
import type { Predecessors } from '../predecessors.js'
import { AnsweringDriver } from './answering-driver.js'
import type { Exploration, ExploredStep } from './exploration.js'
import type { InternedWorld } from './interned-world.js'
import type { RowSteps } from './row-steps.js'
import { describeStep, nth, Successors, type ExploredState, type TakenStep } from './successors.js'

export class WorldWays<F> {
  readonly successors: Successors<F>
  private readonly silent = new AnsweringDriver({})

  constructor(
    exploration: Exploration<F>,
    private readonly interned: InternedWorld<F>,
    private readonly steps: RowSteps,
    private readonly predecessors: Predecessors,
  ) {
    this.successors = new Successors({ ...exploration, checkTwice: true })
  }

  /** The state of the row as a world. */
  here(): ExploredState<F> {
    return this.interned.putTogether(this.silent)
  }

  /** Compares the steps of the row's state, which has this number, with those of a world; returns what is wrong with one. */
  compare(index: number): string | undefined {
    const { successors, steps } = this
    const state = this.here()
    const found: string[] = []
    const defect = steps.every(() => {
      found.push(this.textOf(this.here()))
      return true
    })
    const expected: string[] = []
    for (const taken of successors.from(state, successors.actions(state))) {
      if (taken.state === undefined) return taken.defect
      expected.push(this.textOf(taken.state))
    }
    if (defect !== undefined || expected.sort().join() === found.sort().join()) return defect
    const way = this.pathTo(index).map(({ action, answers }) => [action, ...answers].join(' | '))
    throw new Error(`rows and worlds differ after\n${way.join('\n')}`)
  }

  /** The way to a known state, as a world goes it; `failing`: and the first step from there that fails. */
  pathTo(index: number, failing = false): ExploredStep[] {
    const { successors } = this
    const path: ExploredStep[] = []
    let state: ExploredState<F> | undefined
    for (const ordinal of this.predecessors.ordinalsTo(index)) {
      const taken = state === undefined ? nth(successors.roots(), ordinal) : this.sameStep(state, ordinal)
      if (taken?.state === undefined) throw new Error('a world does not go the way of its rows')
      path.push(describeStep(state?.world, taken))
      state = taken.state
    }
    if (state === undefined || !failing) return path
    for (const taken of successors.from(state, successors.actions(state))) {
      if (taken.defect !== undefined) return [...path, describeStep(state.world, taken)]
    }
    return path
  }

  /** The step of a world that leads where the step of its row with this number leads. */
  private sameStep(state: ExploredState<F>, ordinal: number): TakenStep<F> | undefined {
    const { interned, successors, steps } = this
    interned.takeApart(state)
    steps.actions.find()
    let wanted = ''
    steps.every((reached) => {
      if (reached !== ordinal) return true
      wanted = this.textOf(this.here())
      return false
    })
    for (const taken of successors.from(state, successors.actions(state))) {
      if (taken.state !== undefined && this.textOf(taken.state) === wanted) return taken
    }
    return undefined
  }

  private textOf(state: ExploredState<F>): string {
    return this.successors.key(state).join(' ')
  }
}
