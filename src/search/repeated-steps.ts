/**
 * Whether user code does the same each time. Before each step of a run a copy of it is made that takes the step, and is thrown away; then
 * the run takes it, and both must be the same by content: a random number, the clock, or a variable outside of Flink's state that the
 * first time has changed makes them differ. When the run has ended, all its steps are taken once more from its beginning: that shows what
 * user code has kept from later steps without harm to the next ones, such as the last offset that was read. And once with everything that
 * is sent frozen, where who changes in place what was handed over meets a `TypeError`; the run itself is left as it is.
 *
 * Tasks with an operator that is declared nondeterministic may differ: their steps are passed over, and where one differs when all are
 * taken once more, that ends.
 */
import { NotPlainError, type Pending } from '../world/index.js'
import type { Run } from './experiment.js'
import { pendingInWords } from './pending-in-words.js'
import { vertexOf } from './taker.js'

/** A step that is not determined by the state before it. */
export interface NotDeterministic {
  /** `differs`: it came out otherwise when it was taken again; `changed-in-place`: it changes a value that others have as well. */
  readonly kind: 'differs' | 'changed-in-place'
  /** Which step of the run, from 1. */
  readonly step: number
  /** When it was taken, µs. */
  readonly timeUs: number
  /** Whose step it is: a task by its vertex and the number of its subtask. */
  readonly actor: string
  /** What the step was. */
  readonly what: string
  /** What is wrong, and what to do. */
  readonly message: string
}

/** A step that was taken in a copy of the run. */
interface Attempt {
  readonly copy: Run
  readonly next: Pending | undefined
  /** Actors before it. */
  readonly actors: number
  /** What user code threw in it. */
  readonly thrown: Error | undefined
}

type Hash = readonly [number, number]

/** Takes the steps of one run again. */
export class RepeatedSteps {
  /** The run before its first step. */
  private beginning: Run | undefined
  /** The next step, taken beforehand. */
  private attempt: Attempt | undefined
  /** The content of the world after each step. */
  private readonly contents: Hash[] = []
  private found: NotDeterministic | undefined

  constructor(private readonly run: Run) {}

  /** Takes the step that comes next in a copy. Nothing is compared any more once a step has differed. */
  rehearse(untilUs: number): void {
    this.beginning ??= this.run.snapshot()
    this.attempt = this.found === undefined ? attempted(this.run.snapshot(), untilUs) : undefined
  }

  /** Compares the step that was taken beforehand with the one that the run has taken now. */
  compare(): void {
    const { attempt, run, contents } = this
    if (attempt === undefined) return
    const content = run.world.contentHash()
    contents.push(content)
    if (attempt.thrown === undefined && same(content, attempt.copy.world.contentHash())) return
    this.found = differing(attempt, contents.length)
  }

  /** What was found, at the latest by taking all steps once more. */
  result(): NotDeterministic | undefined {
    const { beginning } = this
    this.beginning = undefined
    if (beginning !== undefined) this.found ??= this.frozen(beginning.snapshot(true)) ?? this.onceMore(beginning)
    return this.found
  }

  /** All steps, with everything frozen that is sent: the first that changes such a value. */
  private frozen(again: Run): NotDeterministic | undefined {
    for (let step = 1; step <= this.contents.length; step++) {
      const attempt = attempted(again)
      if (attempt.thrown !== undefined) return isOfFrozen(attempt.thrown) ? differing(attempt, step) : undefined
    }
    return undefined
  }

  /** All steps: the first after which the world is not what it was. */
  private onceMore(again: Run): NotDeterministic | undefined {
    for (const [i, content] of this.contents.entries()) {
      // The run was forked before each of its steps: parts of a state that were one object are two from then on.
      again.snapshot()
      const attempt = attempted(again)
      if (attempt.thrown === undefined && same(content, again.world.contentHash())) continue
      return differing(attempt, i + 1)
    }
    return undefined
  }
}

/** Takes the next step of a run; what user code throws is part of what comes of it. */
function attempted(copy: Run, untilUs?: number): Attempt {
  const before = { copy, next: copy.driver.upcoming(), actors: copy.world.actors.length }
  try {
    copy.step(untilUs)
    return { ...before, thrown: undefined }
  } catch (error) {
    if (!(error instanceof Error) || error instanceof NotPlainError) throw error
    return { ...before, thrown: error }
  }
}

function same([a, b]: Hash, [c, d]: Hash): boolean {
  return a === c && b === d
}

/** What is said of a step that differs; undefined where it may. */
function differing(attempt: Attempt, step: number): NotDeterministic | undefined {
  const { copy, next, thrown } = attempt
  const actor = whose(attempt)
  const inPlace = thrown !== undefined && isOfFrozen(thrown)
  if (!inPlace && isDeclared(copy, actor)) return undefined
  return {
    kind: inPlace ? 'changed-in-place' : 'differs',
    step,
    timeUs: copy.driver.now(),
    actor: actor === undefined ? 'the fault plan' : copy.actorName(actor),
    what: next === undefined ? 'nothing' : pendingInWords(copy, next),
    message: inPlace ? `${IN_PLACE} (${thrown.message})` : thrown === undefined ? DIFFERS : `${DIFFERS} (once it threw ${String(thrown)})`,
  }
}

/** Whether it is what frozen values and the audit of messages throw. */
function isOfFrozen({ message }: Error): boolean {
  return /read only property|not extensible|^Cannot (?:delete|define|redefine) property|was changed after it was sent/.test(message)
}

const IN_PLACE =
  'it changes a value in place that it was handed or has handed on, and that others have as well: give state and the next operator a new value'

const DIFFERS =
  "taken again from the same state it came out differently: look for state kept outside of Flink's state (in a variable that outlives the call), " +
  'random numbers, or the clock. An operator that is meant to be like that is declared so: stream.map(…).nondeterministic()'

/** The actor whose step it was; of a deployment the task that it has started. Undefined for what the fault plan does. */
function whose({ copy, next, actors }: Attempt): number | undefined {
  if (copy.world.actors.length > actors) return actors
  const { link, timer, strike } = next ?? {}
  return link?.to ?? timer?.actor ?? (strike?.kind === 'arrival' ? strike.to : undefined)
}

/** Whether it is a task with an operator that is declared nondeterministic. */
function isDeclared({ world, graph }: Run, actor: number | undefined): boolean {
  const vertex = actor === undefined ? undefined : vertexOf(graph, world.actors[actor]?.name ?? '')
  return vertex?.operators.some(({ deterministic }) => deterministic === false) ?? false
}
