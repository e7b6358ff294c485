/**
 * Explores all states of a world within the budgets, nearest first, as rows of numbers: what is new is only how parts come together,
 * and the step of an actor is run when it is met for the first time. Counts, verdicts and ways are those of `exploreBreadthFirst`.
 */
import { FingerprintTable } from '../fingerprint-table.js'
import { Predecessors } from '../predecessors.js'
import { stopwatch } from '../stopwatch.js'
import { AnsweringDriver } from './answering-driver.js'
import type { Exploration, ExploredStep, ExploredViolation } from './exploration.js'
import { InternedWorld } from './interned-world.js'
import { NotDeterministic, StepFailed } from './remembered-steps.js'
import { RowActions } from './row-actions.js'
import { RowQueue } from './row-queue.js'
import { describeStep, Successors, type ExploredState, type TakenStep } from './successors.js'
import type { WorldLimits, WorldResult } from './world-result.js'

/** States whose steps are always compared with those of a world. */
const ALWAYS_COMPARED = 100
/** Later one in so many. */
const COMPARED_EVERY = 8192

/** Expanded states between two questions whether to go on. */
const ASKED_EVERY = 4096

/** Explores all states within the budgets and limits. */
export function exploreWorld<F = undefined>(exploration: Exploration<F>, limits: WorldLimits = {}): WorldResult {
  return new WorldSearch(exploration, limits).explore()
}

class WorldSearch<F> {
  private readonly interned: InternedWorld<F>
  private readonly actions: RowActions
  private readonly successors: Successors<F>
  private readonly visited = new FingerprintTable()
  private readonly predecessors = new Predecessors()
  private readonly queue = new RowQueue()
  private readonly outcomes = new Set<string>()
  private readonly unseen: Set<string>
  private readonly elapsed = stopwatch()
  private violation: ExploredViolation | undefined
  private interrupted = false
  private generated = 0
  private terminals = 0
  /** Steps on the way to the states that are found now, and to those that are expanded. */
  private depth = 0
  private layer = 0

  constructor(
    private readonly exploration: Exploration<F>,
    private readonly limits: WorldLimits,
  ) {
    this.interned = new InternedWorld(exploration, limits.remember !== false)
    this.successors = new Successors({ ...exploration, checkTwice: true })
    const { world, parts } = this.interned
    const names = (process: number): string => world.circumstances.processes[process]?.name ?? ''
    this.actions = new RowActions(world, parts, {
      mayCrash: (process) => exploration.mayCrash?.(names(process)) ?? true,
      mayDisconnect: (one, other) => exploration.mayDisconnect?.(names(one), names(other)) ?? true,
    })
    this.unseen = new Set(exploration.fold?.sometimes?.map(({ name }) => name))
  }

  explore(): WorldResult {
    this.begin()
    let layerEnds = this.visited.size
    for (let expanded = 0; !this.stopped; expanded++) {
      const index = this.queue.pop(this.interned.row)
      if (index < 0) break
      if (expanded === layerEnds) {
        this.layer++
        layerEnds = this.visited.size
      }
      this.expand(index, expanded)
      if (expanded % ASKED_EVERY === ASKED_EVERY - 1) this.askWhetherToGoOn(expanded + 1)
    }
    return this.result()
  }

  private askWhetherToGoOn(expanded: number): void {
    const { generated, depth, limits } = this
    const distinct = this.visited.size
    if (limits.goOn?.({ distinct, generated, depth, queue: distinct - expanded }) === false) this.interrupted = true
  }

  private get stopped(): boolean {
    return (
      this.violation !== undefined ||
      this.interrupted ||
      this.visited.size >= (this.limits.maxStates ?? this.exploration.maxStates ?? Infinity)
    )
  }

  /** Takes the states in in which the world may be when it is built. */
  private begin(): void {
    let ordinal = 0
    for (const taken of this.successors.roots()) {
      this.generated++
      if (taken.state === undefined) {
        this.violation = { reason: taken.defect ?? '', path: [describeStep(undefined, taken)] }
        return
      }
      this.interned.takeApart(taken.state)
      this.arrive(-1, ordinal++)
    }
  }

  /** Judges a known state, and takes every step from it. */
  private expand(index: number, expanded: number): void {
    const { actions } = this
    actions.find()
    if (actions.terminal) this.terminals++
    const reason = this.judge(actions.terminal)
    if (reason !== undefined) {
      this.violation = { reason, path: this.pathTo(index) }
      return
    }
    const defect =
      (expanded < ALWAYS_COMPARED || expanded % COMPARED_EVERY === 0 ? this.compare(index) : undefined) ??
      this.everyStep((ordinal) => {
        this.generated++
        this.arrive(index, ordinal)
        return true
      })
    if (defect !== undefined) this.violation = { reason: defect, path: this.pathTo(index, true) }
  }

  private judge(terminal: boolean): string | undefined {
    const { interned, exploration } = this
    const { fold, row } = interned
    if (fold !== undefined) {
      const verdict = fold.verdict(row.fold, terminal)
      if (verdict !== undefined) return verdict
      this.witness(terminal)
    }
    return exploration.inspect?.(interned.putTogether(this.silentDriver()).world, terminal)
  }

  private witness(terminal: boolean): void {
    const { fold } = this.exploration
    const { row } = this.interned
    const known = this.interned.fold
    if (fold === undefined || known === undefined || (this.unseen.size === 0 && !terminal)) return
    const state = known.states.get(row.fold)
    for (const fact of fold.sometimes ?? []) if (this.unseen.has(fact.name) && fact.holds(state)) this.unseen.delete(fact.name)
    if (terminal && fold.outcome !== undefined) this.outcomes.add(fold.outcome(state))
  }

  /** Takes every step of the row's state, each with every combination of answers, and puts the row back after each. */
  private everyStep(visit: (ordinal: number) => boolean): string | undefined {
    const { actions, interned } = this
    const { row, world } = interned
    row.loaded()
    let ordinal = 0
    try {
      for (let action = 0; action < actions.count; action++) {
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
      return error instanceof NotDeterministic
        ? error.message
        : `the step failed: ${error instanceof StepFailed ? error.message : String(error)}`
    }
    return undefined
  }

  /** A step has led to the state of the row. */
  private arrive(from: number, ordinal: number): void {
    const { row } = this.interned
    if (!this.visited.add(row.high, row.low)) return
    this.queue.push(this.predecessors.add(from, ordinal), row)
    if (from >= 0) this.depth = this.layer + 1
  }

  // ---- the world itself as the judge of the rows

  /** Compares the steps of the row's state with those that a world takes. */
  private compare(index: number): string | undefined {
    const { interned, successors } = this
    const state = interned.putTogether(this.silentDriver())
    const expected: string[] = []
    for (const taken of successors.from(state, successors.actions(state))) {
      if (taken.state === undefined) return taken.defect
      expected.push(this.textOf(taken.state))
    }
    const found: string[] = []
    const defect = this.everyStep(() => {
      found.push(this.textOf(interned.putTogether(this.silentDriver())))
      return true
    })
    if (defect !== undefined || expected.sort().join() === found.sort().join()) return defect
    const path = this.pathTo(index)
    throw new Error(`rows and worlds differ after ${path.map(({ action, answers }) => [action, ...answers].join(' | ')).join('\n')}`)
  }

  private textOf(state: ExploredState<F> | undefined): string {
    return state === undefined ? 'failed' : this.successors.key(state).join(' ')
  }

  /** The way to a known state, taken again by a world; `failing`: and the first step from there that fails. */
  private pathTo(index: number, failing = false): ExploredStep[] {
    const { successors } = this
    const path: ExploredStep[] = []
    let state: ExploredState<F> | undefined
    for (const ordinal of this.predecessors.ordinalsTo(index)) {
      const taken: TakenStep<F> | undefined = state === undefined ? nth(successors.roots(), ordinal) : this.sameStep(state, ordinal)
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

  private sameStep(state: ExploredState<F>, ordinal: number): TakenStep<F> | undefined {
    const { interned, successors, actions } = this
    interned.takeApart(state)
    actions.find()
    let wanted = ''
    this.everyStep((reached) => {
      if (reached < ordinal) return true
      wanted = this.textOf(interned.putTogether(this.silentDriver()))
      return false
    })
    for (const taken of successors.from(state, successors.actions(state))) if (this.textOf(taken.state) === wanted) return taken
    return undefined
  }

  private silentDriver(): AnsweringDriver {
    return new AnsweringDriver({})
  }

  private result(): WorldResult {
    const { visited, predecessors, queue, generated, terminals, violation, depth, interned } = this
    const { steps } = interned.parts
    const distinct = visited.size
    return {
      distinct,
      generated,
      depth,
      terminals,
      exhausted: !this.stopped,
      ...(violation && { violation }),
      seconds: this.elapsed() / 1000,
      hitRate: steps.asked === 0 ? 0 : 1 - steps.fresh / steps.asked,
      collisionProbability: distinct ** 2 / 2 ** 65,
      visitedBytes: visited.bytes + predecessors.bytes,
      longestQueue: queue.longest,
      sometimes: (this.exploration.fold?.sometimes ?? []).map(({ name }) => ({ name, seen: !this.unseen.has(name) })),
      outcomes: [...this.outcomes].sort(),
    }
  }
}

function nth<T>(items: Iterable<T>, n: number): T | undefined {
  let i = 0
  for (const item of items) if (i++ === n) return item
  return undefined
}
