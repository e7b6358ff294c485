/**
 * The world itself as the judge of the rows: steps from a row are compared with those that a world takes, and a way is shown only when a
 * world goes it, too.
 */
import type { Predecessors } from '../predecessors.js'
import { AnsweringDriver } from './answering-driver.js'
import type { Exploration, ExploredStep } from './exploration.js'
import type { InternedWorld } from './interned-world.js'
import { nameOf } from './named-steps.js'
import { LIKELY_CAUSE } from './not-deterministic.js'
import type { RowSteps } from './row-steps.js'
import { nth, Successors, type ExploredState, type TakenStep } from './successors.js'

/** States whose steps are always compared with those of a world. */
export const ALWAYS_COMPARED = 100
/** Later one in so many. */
const COMPARED_EVERY = 8192

/** Whether the steps of the state with this number are compared. */
export function isCompared(number: number): boolean {
  return number < ALWAYS_COMPARED || number % COMPARED_EVERY === 0
}

export class WorldWays<F> {
  readonly successors: Successors<F>
  private readonly silent = new AnsweringDriver({})

  constructor(
    exploration: Exploration<F>,
    private readonly interned: InternedWorld<F>,
    private readonly steps: RowSteps,
    private readonly predecessors: Pick<Predecessors, 'ordinalsTo'>,
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
    throw new Error(`rows and worlds differ, ${LIKELY_CAUSE}; after\n${way.join('\n')}`)
  }

  /** The way to a known state, as a world goes it; `failing`: and the first step from there that fails. */
  pathTo(index: number, failing = false): ExploredStep[] {
    const { successors, predecessors } = this
    const [root = 0, ...ordinals] = predecessors.ordinalsTo(index)
    const setUp = taken(nth(successors.roots(), root))
    const path = [nameOf(successors, undefined, setUp)]
    let { state } = setUp
    let row = this.rowOf(state)
    for (const ordinal of ordinals) {
      row = this.rowAfter(row, ordinal)
      const next = this.stepTo(this.textOf(this.here()), state)
      path.push(nameOf(successors, state, next))
      state = next.state
    }
    if (!failing) return path
    for (const failed of successors.from(state, successors.actions(state))) {
      if (failed.defect !== undefined) return [...path, nameOf(successors, state, failed)]
    }
    return path
  }

  /** The row of the world as it is set up, the one of its ways with this number. */
  rootRow(ordinal: number): Int32Array {
    return this.rowOf(taken(nth(this.successors.roots(), ordinal)).state)
  }

  private rowOf(state: ExploredState<F>): Int32Array {
    this.interned.takeApart(state)
    return this.interned.row.saved()
  }

  /** Takes a step from a row, which is then that of the search: its number means something there only. */
  rowAfter(before: Int32Array, ordinal: number): Int32Array {
    this.interned.row.load(before, 0)
    this.steps.actions.find()
    this.steps.every((reached) => reached !== ordinal)
    return this.interned.row.saved()
  }

  /** The step of a world from here to a state with this text. */
  private stepTo(wanted: string, state: ExploredState<F>): Arrived<F> {
    const { successors } = this
    for (const step of successors.from(state, successors.actions(state))) {
      if (step.state !== undefined && this.textOf(step.state) === wanted) return taken(step)
    }
    return taken(undefined)
  }

  private textOf(state: ExploredState<F>): string {
    return this.successors.key(state).join(' ')
  }
}

type Arrived<F> = TakenStep<F> & { readonly state: ExploredState<F> }

function taken<F>(step: TakenStep<F> | undefined): Arrived<F> {
  if (step?.state === undefined) throw new Error(`a world does not go the way of its rows, ${LIKELY_CAUSE}`)
  return { ...step, state: step.state }
}
