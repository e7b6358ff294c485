import { hashString, mix, processRef, type Link, type Pending, type World } from '../../world/index.js'
import type { Hash } from '../../world/parts.js'
import { AnsweringDriver, describeAnswers, nextPlan, type Answer } from './answering-driver.js'
import { copySpent, hashSpent, nothingSpent, type Spent } from './budgets.js'
import { differences } from './compare-worlds.js'
import { describeAction, enabledActions, firesBefore, perform, type Action, type ActionRules } from './enabled-actions.js'
import type { Exploration, ExploredStep } from './exploration.js'
import { compareLinks, connectionHash } from './link-places.js'
import { notDeterministic } from './not-deterministic.js'
import { plainHash } from './parts.js'
import { FoldMemory, type Folded } from './fold-memory.js'
import { firstDead } from './reductions/atomic-restart.js'

/** A state of an exploration: the world, what was spent of the budgets, and what the fold has seen. */
export interface ExploredState<F> {
  readonly world: World
  readonly spent: Spent
  readonly fold: Folded<F> | undefined
}

/** A step that was taken: the state it led to, or why it must not be. */
export interface TakenStep<F> {
  /** Undefined: the set-up. */
  readonly action: Action | undefined
  readonly answers: readonly Answer[]
  readonly state: ExploredState<F> | undefined
  /** It threw, or it did something else when it was repeated. */
  readonly defect: string | undefined
}

const SEEDS = [0xbe5466cf, 0x34e90c6c] as const

/** More eager deliveries in one step than this are taken for a loop. */
const MAX_EAGER = 100_000

/** Takes every step that is possible from a state, each from a fork and once for each combination of answers. */
export class Successors<F> {
  private readonly rules: ActionRules
  private readonly driver: AnsweringDriver
  private readonly memory: FoldMemory<F> | undefined

  constructor(private readonly exploration: Exploration<F>) {
    const { budgets = {}, losable, timersInOrder = false, fold, mayCrash, mayDisconnect } = exploration
    this.driver = new AnsweringDriver(budgets, losable, mayCrash)
    this.rules = {
      budgets,
      timersInOrder,
      mayCrash: (process) => mayCrash?.(process) ?? true,
      mayDisconnect: (one, other) => mayDisconnect?.(one, other) ?? true,
    }
    this.memory = fold && new FoldMemory(fold)
  }

  /** The states in which the world may be when it is built. */
  roots(): Iterable<TakenStep<F>> {
    return this.everyAnswer(undefined, undefined)
  }

  /** The states after one of these actions, which are possible in the state. */
  *from(state: ExploredState<F>, actions: readonly Action[]): Iterable<TakenStep<F>> {
    for (const action of actions) yield* this.everyAnswer(state, action)
  }

  /** What can happen next. */
  actions({ world, spent }: ExploredState<F>): Action[] {
    return enabledActions(world, spent, this.rules)
  }

  /** Hash of everything the future depends on, two lanes: content of the world, budgets used, judge's state, order of timers. */
  key({ world, spent, fold }: ExploredState<F>): [number, number] {
    const [high, low] = world.contentHash()
    const order = this.exploration.timersInOrder === true ? timerOrder(world) : 0
    const [seenHigh, seenLow] = fold?.hash ?? [0, 0]
    const [linkedHigh, linkedLow] = this.rules.budgets.disconnects === undefined ? [0, 0] : connectionsOf(world)
    return [
      mix(mix(mix((high + linkedHigh) | 0, hashSpent(spent, SEEDS[0])), seenHigh), order),
      mix(mix(mix((low + linkedLow) | 0, hashSpent(spent, SEEDS[1])), seenLow), order),
    ]
  }

  private *everyAnswer(before: ExploredState<F> | undefined, action: Action | undefined): Iterable<TakenStep<F>> {
    let planned: number[] | undefined = []
    while (planned !== undefined) {
      const taken = this.take(before, action, planned)
      yield this.exploration.checkTwice === true ? this.agreed(taken, this.take(before, action, planned)) : taken
      planned = nextPlan(taken.answers)
    }
  }

  /** Takes one step, the set-up where there is no state before, with these answers and the first ones beyond. */
  take(before: ExploredState<F> | undefined, action: Action | undefined, planned: readonly number[]): TakenStep<F> {
    const spent = before === undefined ? nothingSpent() : copySpent(before.spent)
    this.driver.begin(planned, spent)
    this.memory?.begin(before?.fold)
    const { answers } = this.driver
    try {
      const world = this.settled(this.act(before?.world, action, spent))
      return { action, answers, state: { world, spent, fold: this.memory?.end() }, defect: undefined }
    } catch (error) {
      return { action, answers, state: undefined, defect: `the step failed: ${String(error)}` }
    }
  }

  private act(before: World | undefined, action: Action | undefined, spent: Spent): World {
    if (before === undefined || action === undefined) {
      const recording = this.memory && { recorder: this.memory.recorder }
      return this.exploration.build({ driver: this.driver, freeze: this.exploration.freeze === true, ...recording })
    }
    const world = before.fork(this.driver, this.memory?.recorder)
    perform(world, action, spent, this.rules.budgets)
    return world
  }

  /** The first of two executions of one step, when the second did the same. */
  private agreed(first: TakenStep<F>, second: TakenStep<F>): TakenStep<F> {
    if (first.state === undefined || second.state === undefined) return first.state === undefined ? first : second
    const [high, low] = this.key(first.state)
    const again = this.key(second.state)
    if (high === again[0] && low === again[1] && first.answers.length === second.answers.length) return first
    const where = differences(first.state.world, second.state.world).join(', ') || 'what is asked or recorded'
    return { ...first, state: undefined, defect: notDeterministic(where) }
  }

  /** Does what must not wait: deliveries and, where they are no steps, restarts. */
  private settled(world: World): World {
    this.deliverEager(world)
    if (this.exploration.atomicRestart !== true) return world
    for (let dead = firstDead(world.processes); dead >= 0; dead = firstDead(world.processes)) {
      world.start(processRef(dead))
      this.deliverEager(world)
    }
    return world
  }

  private deliverEager(world: World): void {
    const { eager } = this.exploration
    if (eager === undefined) return
    for (let i = 0; i < MAX_EAGER; i++) {
      const next = eagerDelivery(world, eager)
      if (next === undefined) return
      world.deliver(next)
    }
    throw new Error(`more than ${String(MAX_EAGER)} eager deliveries in one step`)
  }
}

/** What is to be delivered at once, where such links deliver at once; undefined: nothing. */
export function eagerDelivery(world: World, eager: (link: Link) => boolean): Pending | undefined {
  return firstOf(world.links.filter((link): link is Link => link !== undefined && link.length > 0 && eager(link)))
}

/** What is to be taken first: links in order of their ends, those of former incarnations last, and unordered messages by content. */
function firstOf(links: readonly Link[]): Pending | undefined {
  const [first] = [...links].sort((one, other) => compareLinks(one, other) || Number(other.open) - Number(one.open))
  if (first === undefined) return undefined
  const takeable: { readonly pending: Pending; readonly hash: Hash }[] = []
  first.forEachTakeable((pending) => takeable.push({ pending, hash: plainHash(pending.message) }))
  return takeable.sort(({ hash: a }, { hash: b }) => a[0] - b[0] || a[1] - b[1])[0]?.pending
}

/** Which connections exist: part of the state where they may break. */
function connectionsOf({ links }: World): Hash {
  let [high, low] = [0, 0]
  for (const link of links) {
    if (link?.open !== true) continue
    const hash = connectionHash(link)
    high = (high + hash[0]) | 0
    low = (low + hash[1]) | 0
  }
  return [high, low]
}

/** The step with this number, from 0. */
export function nth<F>(steps: Iterable<TakenStep<F>>, number: number): TakenStep<F> | undefined {
  let i = 0
  for (const step of steps) if (i++ === number) return step
  return undefined
}

/** A step in words; `before` is the world in which it was taken. */
export function describeStep<F>(before: World | undefined, { action, answers }: TakenStep<F>): ExploredStep {
  const what = before === undefined || action === undefined ? 'set up' : describeAction(before, action)
  return { action: what, answers: describeAnswers(answers) }
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
