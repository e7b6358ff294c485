/**
 * Ways as lists of marks, short enough for a command line. The mark of a step tells it from the others that are possible in its state:
 * what it is called, of a message only the kind, and what it is told. So a way is found again as long as the same things can happen,
 * whatever else the messages hold.
 */
import { hashString, mix } from '../../world/index.js'
import { describeAnswers } from './answering-driver.js'
import { callAction } from './enabled-actions.js'
import type { Exploration, ExploredStep } from './exploration.js'
import { nameOf, stepNames, takeNamed } from './named-steps.js'
import { judged } from './replay-path.js'
import { Successors, type ExploredState, type TakenStep } from './successors.js'

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Letters of a mark; behind them, where several steps have it, which of them. */
const LETTERS = 3

/** The marks of a way, one for each step. Undefined: the way is not there. */
export function marksOf<F>(exploration: Exploration<F>, path: readonly ExploredStep[]): readonly string[] | undefined {
  const successors = new Successors(exploration)
  const marks: string[] = []
  let before: ExploredState<F> | undefined
  for (const name of path) {
    const taken = takeNamed(successors, before, name)
    if (taken === undefined) return undefined
    const wanted = JSON.stringify([taken.action, taken.answers])
    const [mark] = markedSteps(successors, before).find(([, step]) => JSON.stringify([step.action, step.answers]) === wanted) ?? []
    if (mark === undefined) return undefined
    marks.push(mark)
    before = taken.state
  }
  return marks
}

/** What came of a way that was gone by its marks. */
export interface MarkedWay {
  readonly path: readonly ExploredStep[]
  /** What is wrong at its end; undefined: nothing, or the end was not reached. */
  readonly reason: string | undefined
  /** What is possible where the next step of the way is not; undefined: the whole way was there. */
  readonly possible?: readonly ExploredStep[]
  /** Of all states on the way: another one means that the steps are not determined by their marks. */
  readonly hash: number
}

/** Goes a way by its marks, on a world that is run as it is. */
export function goMarkedWay<F>(exploration: Exploration<F>, marks: readonly string[]): MarkedWay {
  const successors = new Successors(exploration)
  const path: ExploredStep[] = []
  let hash = 0
  let before: ExploredState<F> | undefined
  for (const wanted of marks) {
    const [, taken] = markedSteps(successors, before).find(([mark]) => mark === wanted) ?? []
    if (taken === undefined) return { path, reason: undefined, possible: stepNames(successors, before), hash }
    path.push(nameOf(successors, before, taken))
    // Nothing comes behind a step that fails.
    if (taken.state === undefined) return { path, reason: taken.defect, hash }
    const [high, low] = successors.key(taken.state)
    hash = mix(mix(hash, high), low)
    before = taken.state
  }
  return { path, reason: before && judged(exploration, successors, before), hash }
}

/** All steps from a state, with their marks. */
function markedSteps<F>(successors: Successors<F>, before: ExploredState<F> | undefined): (readonly [string, TakenStep<F>])[] {
  const steps = before === undefined ? successors.roots() : successors.from(before, successors.actions(before))
  const seen = new Map<string, number>()
  return Array.from(steps, (taken) => {
    const mark = letters(before === undefined || taken.action === undefined ? '' : callAction(before.world, taken.action), taken)
    const number = seen.get(mark) ?? 0
    seen.set(mark, number + 1)
    return [number === 0 ? mark : `${mark}~${number}`, taken]
  })
}

function letters<F>(called: string, { answers }: TakenStep<F>): string {
  let rest = hashString([called, ...describeAnswers(answers)].join('; ')) >>> 0
  let mark = ''
  for (let i = 0; i < LETTERS; i++) {
    mark += DIGITS[rest % DIGITS.length] ?? ''
    rest = Math.floor(rest / DIGITS.length)
  }
  return mark
}
