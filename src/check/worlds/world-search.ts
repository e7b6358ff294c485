/**
 * Explores all states of a world within the budgets, nearest first, as rows of numbers: what is new is only how parts come together,
 * and the step of an actor is run when it is met for the first time. Counts, verdicts and ways are those of `exploreBreadthFirst`.
 */
import { FingerprintTable } from '../fingerprint-table.js'
import { MAX_ACTIONS, Predecessors } from '../predecessors.js'
import { STOOD_STILL, stopwatch, Watchdog } from '../stopwatch.js'
import { endingsOf, type Endings } from './endings.js'
import type { Exploration, ExploredViolation } from './exploration.js'
import { InternedWorld } from './interned-world.js'
import { AmpleSets } from './reductions/ample-sets.js'
import { LateWords } from './reductions/late-words.js'
import { renamings } from './reductions/renamings.js'
import { Symmetry, whyAsymmetric } from './reductions/symmetry.js'
import { retrace } from './retrace.js'
import { refuseLimits } from './refused-limits.js'
import { RowActions, rulesOf } from './row-actions.js'
import type { World } from '../../world/index.js'
import { RowQueue } from './row-queue.js'
import { RowSteps } from './row-steps.js'
import { StateJudge } from './state-judge.js'
import { StepGraph } from './step-graph.js'
import { describeStep } from './successors.js'
import type { SavedSearch, WorldLimits, WorldResult } from './world-result.js'
import { WholeStates } from './whole-states.js'
import { ALWAYS_COMPARED, isCompared, WorldWays } from './world-ways.js'

/** Expanded states between two questions whether to go on, if nobody says. */
const ASKED_EVERY = 4096

/** Expanded states between two looks at the clock. */
const SLICE = 256
/** Milliseconds of work under one watch. */
const SLICE_MS = 50
/** Seconds that a single step may take. */
const MAX_STEP_SECONDS = 10

/** Explores all states within the budgets and limits. */
export function exploreWorld<F = undefined>(exploration: Exploration<F>, limits: WorldLimits = {}): WorldResult {
  const exploring = exploringWorld(exploration, limits)
  for (;;) {
    const { done, value } = exploring.next()
    if (done === true) return value
  }
}

/** Likewise, but stops after each short while, for those who have something else to do, such as to listen to signals. */
export function* exploringWorld<F = undefined>(exploration: Exploration<F>, limits: WorldLimits = {}): Generator<undefined, WorldResult> {
  refuseLimits(exploration, limits)
  const elapsed = stopwatch()
  const interned = new InternedWorld(exploration, limits.remember !== false, { exact: limits.exact === true, seed: limits.seed ?? 0 })
  for (let search = new WorldSearch(exploration, limits, interned); ; search = search.repeated()) {
    const result = yield* search.exploring()
    if (!search.isToBeRepeated)
      return limits.ample === true || limits.lateWords === true ? { ...result, seconds: elapsed() / 1000 } : result
  }
}

/** What is wrong in the state with this number. */
interface Wrong {
  readonly reason: string
  readonly index: number
  /** On the way there. */
  readonly faults: number
}

class WorldSearch<F> {
  private readonly steps: RowSteps
  private readonly ways: WorldWays<F>
  private readonly visited: FingerprintTable
  /** All states as texts, where no fingerprint is trusted. */
  private readonly whole: WholeStates | undefined
  private readonly predecessors = new Predecessors()
  /** All steps, where it is asked whether every way ends. */
  private readonly graph: StepGraph | undefined
  private endings: Endings | undefined
  private readonly queue: RowQueue
  private readonly judge: StateJudge<F>
  private readonly elapsed = stopwatch()
  private readonly maxStates: number
  private readonly ample: AmpleSets | undefined
  private readonly late: LateWords | undefined
  private symmetry: Symmetry | undefined
  private readonly learned: number
  /** Whether a known state is found by its number. */
  private readonly isNumbered: boolean
  private violation: ExploredViolation | undefined
  private wrong: Wrong | undefined
  private bound: string | undefined
  private generated = 0
  private terminals = 0
  private expanded = 0
  /** The state that is expanded. */
  private index = -1
  /** Steps on the way to the states that are found now, and to those that are expanded; how many of those there are. */
  private depth = 0
  private layer = 0
  private layerEnds = 0
  private secondsBefore = 0

  constructor(
    private readonly exploration: Exploration<F>,
    private readonly limits: WorldLimits,
    private readonly interned: InternedWorld<F>,
    ample?: AmpleSets,
    late?: LateWords,
  ) {
    this.graph = limits.liveness === true ? new StepGraph() : undefined
    this.isNumbered = limits.ample === true || limits.liveness === true
    this.visited = new FingerprintTable(this.isNumbered)
    this.whole = limits.exact === true ? new WholeStates() : undefined
    this.queue = new RowQueue(limits.spill)
    this.maxStates = limits.maxStates ?? exploration.maxStates ?? Infinity
    const { world, parts } = this.interned
    const rules = rulesOf(exploration, interned)
    this.steps = new RowSteps(interned, new RowActions(world, parts, rules))
    this.ways = new WorldWays(exploration, this.interned, this.steps, this.predecessors)
    if (limits.ample === true) {
      const hears = (fact: number): boolean => interned.fold?.hears(fact) ?? true
      this.ample = ample ?? new AmpleSets(world, parts, { hears, mayCrash: (process) => rules.mayCrash(process) })
    }
    if (limits.lateWords === true) this.late = late ?? new LateWords(world, parts)
    this.learned = this.learnedByNow
    this.judge = new StateJudge(exploration, interned, () => this.ways.here().world)
  }

  *exploring(): Generator<undefined, WorldResult> {
    const watchdog = new Watchdog()
    const { maxStepSeconds = MAX_STEP_SECONDS, resume } = this.limits
    if (resume !== undefined) this.resume(resume)
    else
      this.whileSymmetric(() => {
        this.begin()
      })
    while (!this.ended) {
      const watched = watchdog.watch(1000 * maxStepSeconds + SLICE_MS, () => {
        this.whileSymmetric(() => {
          this.slice()
        })
      })
      if (watched === 'endless') this.violation = { ...this.endless(maxStepSeconds), path: this.ways.pathTo(this.index) }
      if (watched === STOOD_STILL) this.bound = watched
      yield
      // Whoever is asked may have heard of something meanwhile.
      if (!this.ended) this.askWhetherToGoOn()
    }
    if (this.wrong !== undefined) {
      const { reason, index } = yield* this.calmest(this.wrong)
      this.violation = { reason, path: this.ways.pathTo(index) }
    }
    if (this.violation === undefined && this.bound === undefined) {
      this.late?.verify()
      this.judgeEndings()
    }
    return this.result()
  }

  /** Whether every way ends; one that cannot is a violation. */
  private judgeEndings(): void {
    if (this.graph === undefined) return
    this.endings = endingsOf(this.graph)
    const { lost } = this.endings
    if (lost >= 0) this.violation = { reason: 'whatever happens from here on, it never comes to an end', path: this.ways.pathTo(lost) }
  }

  /** Expands states for a short while. */
  private slice(): void {
    const until = this.elapsed() + SLICE_MS
    while (!this.ended) {
      this.index = this.queue.pop(this.interned.row)
      if (this.expanded === this.layerEnds) {
        this.layer++
        this.layerEnds = this.predecessors.size
      }
      this.expand(this.index)
      this.expanded++
      if (this.expanded % (this.limits.askEvery ?? ASKED_EVERY) === 0) {
        this.askWhetherToGoOn()
        this.measure()
      }
      // States that are compared take long.
      if ((this.expanded % SLICE === 0 || this.expanded < ALWAYS_COMPARED) && this.elapsed() >= until) return
    }
  }

  private askWhetherToGoOn(): void {
    const { generated, depth, limits, queue } = this
    const distinct = this.predecessors.size
    const goOn = limits.goOn?.({ distinct, generated, depth, queue: queue.size }, () => this.save()) ?? true
    if (!goOn) this.bound = 'stopped'
  }

  private measure(): void {
    const { queue, limits } = this
    if (this.visitedBytes + queue.bytes > (limits.maxBytes ?? Infinity)) this.bound = 'memory'
  }

  private get ended(): boolean {
    return this.violation !== undefined || this.wrong !== undefined || this.bound !== undefined || this.queue.size === 0
  }

  /** Takes the states in in which the world may be when it is built. */
  private begin(): void {
    let ordinal = 0
    for (const taken of this.ways.successors.roots()) {
      this.generated++
      if (ordinal >= MAX_ACTIONS) {
        this.violation = { reason: `the world may be set up in more ways than can be numbered (${MAX_ACTIONS})`, path: [] }
        return
      }
      if (taken.state === undefined) {
        this.violation = { reason: taken.defect ?? '', path: [describeStep(undefined, taken)] }
        return
      }
      this.interned.takeApart(taken.state)
      if (this.limits.symmetry === true) this.mirror(taken.state.world)
      this.arrive(-1, ordinal++)
    }
    this.layerEnds = this.predecessors.size
  }

  private whileSymmetric(work: () => void): void {
    this.bound = whyAsymmetric(work) ?? this.bound
  }

  /** The row is this world as it is set up. */
  private mirror(world: World): void {
    this.symmetry ??= new Symmetry(renamings(world, this.exploration), this.interned)
    this.symmetry.start()
  }

  /** Judges a known state, and takes every step from it. */
  private expand(index: number): void {
    const { steps, ways, expanded } = this
    steps.actions.find()
    const { terminal } = steps.actions
    if (terminal) this.terminals++
    this.graph?.leave(terminal)
    steps.actions.noteBranches()
    const reason = this.judge.judge(terminal)
    if (reason !== undefined) {
      this.wrong = { reason, index, faults: this.judge.faults }
      return
    }
    this.symmetry?.judgeImages((seen) => this.judge.judgeSeen(seen, terminal))
    const defect = (isCompared(expanded) ? this.compare(index) : undefined) ?? this.takeSteps()
    if (defect !== undefined) this.violation = { reason: defect, path: ways.pathTo(index, true) }
  }

  /** The state that is wrong for the same reason with the fewest faults, of all as few steps away: the layer is judged to its end. */
  private *calmest(found: Wrong): Generator<undefined, Wrong> {
    let best = found
    const { queue, interned, steps } = this
    for (let index = found.index + 1; index < this.layerEnds && best.faults > 0; index++) {
      queue.pop(interned.row)
      if (this.judge.faults >= best.faults) continue
      steps.actions.find()
      const reason = this.judge.judge(steps.actions.terminal)
      if (reason === found.reason) best = { reason, index, faults: this.judge.faults }
      if (index % SLICE === 0) yield
    }
    return best
  }

  private compare(index: number): string | undefined {
    const defect = this.ways.compare(index)
    if (defect === undefined) this.symmetry?.audit(this.steps)
    return defect
  }

  private takeSteps(): string | undefined {
    this.symmetry?.loaded()
    const word = this.late?.choose(this.steps.actions) ?? -1
    if (word >= 0) return this.steps.every(this.takeStep, [word])
    return this.ample === undefined ? this.steps.every(this.takeStep) : this.takeAmple(this.ample)
  }

  /** Takes the actions of an ample set, and all of them where there is none or where none of its states is still to be expanded. */
  private takeAmple(ample: AmpleSets): string | undefined {
    const { steps, index } = this
    const { world } = this.interned
    world.observer = ample
    const chosen = ample.choose(steps.actions)
    let goesOn = false
    const take = (ordinal: number): boolean => {
      if (ample.wasStruck) return true
      this.generated++
      if (this.arrive(index, ordinal) > index) goesOn = true
      return true
    }
    let defect = chosen && steps.every(take, chosen)
    if (defect === undefined && !goesOn) defect = steps.every(this.takeStep)
    world.observer = undefined
    return defect
  }

  /** Whether steps were left out without all that this search has learned. */
  get isToBeRepeated(): boolean {
    return this.violation === undefined && this.bound === undefined && this.learnedByNow > this.learned
  }

  private get learnedByNow(): number {
    return (this.ample?.learned ?? 0) + (this.late?.learned ?? 0)
  }

  /** The same search with what this one has learned. */
  repeated(): WorldSearch<F> {
    return new WorldSearch(this.exploration, this.limits, this.interned, this.ample, this.late)
  }

  private readonly takeStep = (ordinal: number): boolean => {
    this.generated++
    const to = this.arrive(this.index, ordinal)
    this.graph?.step(to)
    return true
  }

  /** A step has led to the state of the row; its number, where states are numbered. */
  private arrive(from: number, ordinal: number): number {
    const { row } = this.interned
    const known = this.known()
    if (known >= 0) return known
    const index = this.predecessors.add(from, ordinal)
    this.queue.push(index, row)
    if (from >= 0) this.depth = this.layer + 1
    if (this.predecessors.size >= this.maxStates) this.bound = 'states'
    return index
  }

  /** -1 for a new state; for a known one its number, where states are numbered. */
  private known(): number {
    const { row } = this.interned
    if (this.whole !== undefined) return this.whole.add(this.symmetry?.text() ?? row.text, this.predecessors.size)
    const { high, low } = this.symmetry?.key() ?? row
    if (this.isNumbered) return this.visited.addNumbered(high, low, this.predecessors.size)
    return this.visited.add(high, low) ? -1 : 0
  }

  private save(): SavedSearch {
    const { expanded, layer, layerEnds, depth, generated, terminals, visited, predecessors, queue } = this
    const { unseen, outcomes } = this.judge
    return {
      ...{ expanded, layer, layerEnds, depth, generated, terminals, seconds: this.seconds, longestQueue: queue.longest },
      ...{
        unseen: [...unseen],
        outcomes: [...outcomes],
        timers: [...this.steps.actions.branched],
        visited: visited.save(),
        predecessors: predecessors.save(),
      },
    }
  }

  private resume(saved: SavedSearch): void {
    const { visited, predecessors } = this
    const { unseen, outcomes } = this.judge
    const { expanded, layer, layerEnds, depth, generated, terminals, seconds, longestQueue } = saved
    Object.assign(this, { expanded, layer, layerEnds, depth, generated, terminals, secondsBefore: seconds })
    unseen.clear()
    for (const name of saved.unseen) unseen.add(name)
    for (const outcome of saved.outcomes) outcomes.add(outcome)
    for (const timer of saved.timers) this.steps.actions.branched.add(timer)
    visited.restore(saved.visited)
    predecessors.restore(saved.predecessors)
    retrace({ interned: this.interned, steps: this.steps, ways: this.ways, predecessors, visited, expanded }, this.queue)
    this.queue.longest = Math.max(longestQueue, this.queue.size)
  }

  private endless(seconds: number): { readonly reason: string; readonly endless: true } {
    this.interned.row.reset()
    this.interned.world.observer = undefined
    return { reason: `a step was still running after ${seconds} s: ${this.steps.actions.describe(this.steps.taking)}`, endless: true }
  }

  private get visitedBytes(): number {
    return (this.whole ?? this.visited).bytes + this.predecessors.bytes + (this.graph?.bytes ?? 0)
  }

  private get seconds(): number {
    return this.secondsBefore + this.elapsed() / 1000
  }

  private result(): WorldResult {
    const { predecessors, queue, generated, terminals, violation, bound, depth, seconds } = this
    const { steps } = this.interned.parts
    const distinct = predecessors.size
    return {
      ...{ distinct, generated, depth, terminals, exhausted: violation === undefined && bound === undefined, seconds, bound },
      ...(violation && { violation }),
      ...(this.endings && { endless: this.endings.endless }),
      hitRate: steps.asked === 0 ? 0 : 1 - steps.fresh / steps.asked,
      collisionProbability: this.whole === undefined ? (distinct ** 2 / 2 ** 65) * (this.symmetry?.collisionFactor ?? 1) : 0,
      visitedBytes: this.visitedBytes,
      longestQueue: queue.longest,
      sometimes: (this.exploration.fold?.sometimes ?? []).map(({ name }) => ({ name, seen: !this.judge.unseen.has(name) })),
      outcomes: [...this.judge.outcomes].sort(),
      timersBranched: [...this.steps.actions.branched].sort(),
    }
  }
}
