import { hashPlain, hashString, mix, type World } from '../world/index.js'
import { AnsweringDriver, describeAnswers, nextPlan, type Answer } from './answering-driver.js'
import { copySpent, nothingSpent, type Spent } from './budgets.js'
import { differences } from './compare-worlds.js'
import { describeAction, enabledActions, firesBefore, perform, type Action, type ActionRules } from './enabled-actions.js'
import type { Exploration, ExploredStep } from './exploration.js'
import { FoldMemory } from './fold-memory.js'

/** A state of an exploration: the world, what was spent of the budgets, and what the fold has seen. */
export interface ExploredState<F> {
  readonly world: World
  readonly spent: Spent
  readonly fold: F | undefined
}

/** A step that was taken: the state it led to, or why it must not be. */
export interface TakenStep<F> {
  readonly answers: readonly Answer[]
  readonly state?: ExploredState<F>
  /** It threw, or it did something else when it was repeated. */
  readonly defect?: string
  describe(): ExploredStep
}

type Attempt<F> = Omit<TakenStep<F>, 'describe'>

const SEEDS = [0x452821e6, 0x38d01377] as const

/** More eager deliveries in one step than this are taken for a loop. */
const MAX_EAGER = 100_000

/** Takes every step that is possible from a state, each from a fork and once for each combination of answers. */
export class Successors<F> {
  private readonly rules: ActionRules
  private readonly driver: AnsweringDriver
  private readonly memory: FoldMemory<F> | undefined

  constructor(private readonly exploration: Exploration<F>) {
    const { budgets = {}, losable, timersInOrder = false, fold } = exploration
    this.driver = new AnsweringDriver(budgets, losable)
    this.rules = { budgets, timersInOrder, mayCrash: (process) => exploration.mayCrash?.(process) ?? true }
    this.memory = fold && new FoldMemory(fold)
  }

  /** The states in which the world may be when it is built. */
  *roots(): Iterable<TakenStep<F>> {
    const nothing = { spent: nothingSpent(), fold: this.exploration.fold?.init() }
    const recording = this.memory && { recorder: this.memory.recorder }
    const options = { driver: this.driver, freeze: this.exploration.freeze === true, ...recording }
    const build = () => this.settled(this.exploration.build(options))
    yield* this.everyAnswer('set up', (planned) => this.attempt(nothing, planned, build))
  }

  /** The states after one more step. */
  *from(state: ExploredState<F>): Iterable<TakenStep<F>> {
    for (const action of this.actions(state)) {
      const act = (spent: Spent) => {
        const world = state.world.fork(this.driver, this.memory?.recorder)
        perform(world, action, spent)
        return this.settled(world)
      }
      yield* this.everyAnswer(
        () => describeAction(state.world, action),
        (planned) => this.attempt(state, planned, act),
      )
    }
  }

  actions({ world, spent }: Omit<ExploredState<F>, 'fold'>): Action[] {
    return enabledActions(world, spent, this.rules)
  }

  /** Hash of everything the future depends on, two lanes: content of the world, budgets used, judge's state, order of timers. */
  key({ world, spent, fold }: ExploredState<F>): [number, number] {
    const [high, low] = world.contentHash()
    const order = this.exploration.timersInOrder === true ? timerOrder(world) : 0
    const rest = (seed: number) => mix(mix(hashPlain(spent, seed), hashPlain(fold, seed)), order)
    return [mix(high, rest(SEEDS[0])), mix(low, rest(SEEDS[1]))]
  }

  private *everyAnswer(action: string | (() => string), take: (planned: readonly number[]) => Attempt<F>): Iterable<TakenStep<F>> {
    let planned: number[] | undefined = []
    while (planned !== undefined) {
      const taken = this.exploration.checkTwice === true ? this.agreed(take(planned), take(planned)) : take(planned)
      const describe = () => ({ action: typeof action === 'string' ? action : action(), answers: describeAnswers(taken.answers) })
      yield { ...taken, describe }
      planned = nextPlan(taken.answers)
    }
  }

  private attempt(before: Omit<ExploredState<F>, 'world'>, planned: readonly number[], act: (spent: Spent) => World): Attempt<F> {
    const spent = copySpent(before.spent)
    this.driver.begin(planned, spent)
    if (before.fold !== undefined) this.memory?.begin(before.fold)
    const { answers } = this.driver
    try {
      const world = act(spent)
      return { answers, state: { world, spent, fold: this.memory?.state } }
    } catch (error) {
      return { answers, defect: `the step failed: ${String(error)}` }
    }
  }

  /** The first of two executions of one step, when the second did the same. */
  private agreed(first: Attempt<F>, second: Attempt<F>): Attempt<F> {
    if (first.state === undefined || second.state === undefined) return first.state === undefined ? first : second
    const [high, low] = this.key(first.state)
    const again = this.key(second.state)
    if (high === again[0] && low === again[1] && first.answers.length === second.answers.length) return first
    const where = differences(first.state.world, second.state.world).join(', ') || 'what is asked or recorded'
    return { answers: first.answers, defect: `not deterministic when repeated: ${where}` }
  }

  /** Delivers what must not wait. */
  private settled(world: World): World {
    const { eager } = this.exploration
    if (eager === undefined) return world
    for (let i = 0; i < MAX_EAGER; i++) {
      const next = world.links.find((link) => link !== undefined && link.length > 0 && eager(link))?.first
      if (next === undefined) return world
      world.deliver(next)
    }
    throw new Error(`more than ${String(MAX_EAGER)} eager deliveries in one step`)
  }
}

/** Which timers wait for which: part of the state where timers fire in order. */
function timerOrder(world: World): number {
  let sum = 0
  world.actors.forEach(({ timers }, actor) => {
    for (const one of timers) {
      for (const other of timers) {
        if (other.armed && firesBefore(one, other)) sum = (sum + mix(mix(actor, hashString(one.name)), hashString(other.name))) | 0
      }
    }
  })
  return sum
}
