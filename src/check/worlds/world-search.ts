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
import { RowActions } from './row-actions.js'
import { RowQueue } from './row-queue.js'
import { describeStep, Successors, type ExploredState, type TakenStep } from './successors.js'
import type { WorldLimits, WorldResult } from './world-result.js'

/** States whose steps are always compared with those of a world. */
const ALWAYS_COMPARED = 100
/** Later one in so many. */
const COMPARED_EVERY = 8192

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
  private generated = 0
  private terminals = 0
  private depth = 0

  constructor(
    private readonly exploration: Exploration<F>,
    private readonly limits: WorldLimits,
  ) {
    this.interned = new InternedWorld(exploration, limits.remember !== false)
    this.successors = new Successors(exploration)
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
        this.depth++
        layerEnds = this.visited.size
      }
      this.expand(index, expanded)
    }
    return this.result()
  }

  private get stopped(): boolean {
    return this.violation !== undefined || this.visited.size >= (this.limits.maxStates ?? this.exploration.maxStates ?? Infinity)
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
    if (expanded < ALWAYS_COMPARED || expanded % COMPARED_EVERY === 0) this.compare(index)
    const defect = this.everyStep((ordinal) => {
      this.generated++
      this.arrive(index, ordinal)
      return true
    })
    if (defect !== undefined) this.violation = { reason: defect, path: this.pathTo(index) }
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
    for (const { name, holds } of fold.sometimes ?? []) if (this.unseen.has(name) && holds(state)) this.unseen.delete(name)
    if (terminal && fold.outcome !== undefined) this.outcomes.add(fold.outcome(state))
  }

  /** Takes every step of the row's state, each with every combination of answers, and puts the row back after each. */
  private everyStep(visit: (ordinal: number) => boolean): string | undefined {
    const { actions, interned } = this
    const { row, world } = interned
    const before = row.mark()
    let ordinal = 0
    try {
      for (let action = 0; action < actions.count; action++) {
        world.answers.restart()
        do {
          actions.perform(action)
          const goOn = visit(ordinal++)
          if (!goOn) return undefined
          row.restore(before)
        } while (world.answers.next())
      }
    } catch (error) {
      row.restore(before)
      return `the step failed: ${String(error)}`
    }
    return undefined
  }

  /** A step has led to the state of the row. */
  private arrive(from: number, ordinal: number): void {
    const { row } = this.interned
    if (this.visited.add(row.high, row.low)) this.queue.push(this.predecessors.add(from, ordinal), row)
  }

  // ---- the world itself as the judge of the rows

  /** Compares the steps of the row's state with those that a world takes. */
  private compare(index: number): void {
    const { interned, successors } = this
    const state = interned.putTogether(this.silentDriver())
    const expected = [...successors.from(state, successors.actions(state))].map((taken) => this.textOf(taken.state))
    const found: string[] = []
    const defect = this.everyStep(() => {
      found.push(this.textOf(interned.putTogether(this.silentDriver())))
      return true
    })
    if (process.env.DBG && expected.slice().sort().join() !== found.slice().sort().join()) {
      const describe = (s: ExploredState<F>) => JSON.stringify({ p: s.world.processes, sp: s.spent, f: s.fold?.state, a: s.world.actors.map((x) => [x.alive, x.crashed, x.incarnation, x.state, x.timers.filter((y) => y.armed).map((y) => [y.name, y.delayUs, y.armedAt])]), l: s.world.links.filter((x) => x).map((x: any) => [x.from, x.to, x.lane, x.open, x.watched, x.broken, x.length, x.first?.message]) })
      console.log('SIZES', expected.length, found.length, JSON.stringify(successors.actions(state))); console.log(JSON.stringify(state.world.actors.map((a) => a.out)), JSON.stringify(state.world.links.map((l) => l && [l.from, l.to, l.place, l.open]))); for (const taken of successors.from(state, successors.actions(state))) if (taken.state && !found.includes(this.textOf(taken.state))) console.log('ONLY WORLD', describeStep(state.world, taken), describe(taken.state))
      this.everyStep(() => { const s = interned.putTogether(this.silentDriver()); if (!expected.includes(this.textOf(s))) console.log('ONLY ROWS', describe(s)); return true })
    }
    if (defect !== undefined || expected.sort().join() === found.sort().join()) return
    const path = this.pathTo(index)
    throw new Error(`rows and worlds differ after ${path.map(({ action, answers }) => [action, ...answers].join(' | ')).join('\n')}`)
  }

  private textOf(state: ExploredState<F> | undefined): string {
    return state === undefined ? 'failed' : this.successors.key(state).join(' ')
  }

  /** The way to a known state, taken again by a world. */
  private pathTo(index: number): ExploredStep[] {
    const { successors } = this
    const path: ExploredStep[] = []
    let state: ExploredState<F> | undefined
    for (const ordinal of this.predecessors.ordinalsTo(index)) {
      const taken: TakenStep<F> | undefined = state === undefined ? nth(successors.roots(), ordinal) : this.sameStep(state, ordinal)
      if (taken?.state === undefined) throw new Error('a world does not go the way of its rows')
      path.push(describeStep(state?.world, taken))
      state = taken.state
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
    console.log('SIZES', expected.length, found.length, JSON.stringify(successors.actions(state))); console.log(JSON.stringify(state.world.actors.map((a) => a.out)), JSON.stringify(state.world.links.map((l) => l && [l.from, l.to, l.place, l.open]))); for (const taken of successors.from(state, successors.actions(state))) if (this.textOf(taken.state) === wanted) return taken
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
      hitRate: steps.asked === 0 ? 0 : 1 - steps.executed / 2 / steps.asked,
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
