/**
 * One experiment: a scenario in a mode, under a seed and a fault plan, from the first step until the job has ended and the outside
 * world has settled, judged while it runs.
 */
import { addCluster, startCluster, TOO_MANY_FAILED, type Cluster, type JobGraph } from '../engine/index.js'
import {
  FaultInjector,
  hitsSomething,
  isCrash,
  lastingUs,
  strikeOf,
  type Fault,
  type FaultPlan,
  type FaultTarget,
} from '../faults/index.js'
import { createJudge, restoredBranchFindings, type Judge, type JudgeVerdict } from '../guarantees/index.js'
import { HistoryRecorder, type HistoryEvent, type HistoryHeader, type HistoryListener, type JobStatus } from '../history/index.js'
import { NotPlainError, processRef, refusePromise, TimedDriver, World, type Chooser, type Override, type Strike } from '../world/index.js'
import { actorInWords } from './actor-in-words.js'
import { ChoiceLog } from './choice-log.js'
import { AS_DRAWN, isFannedOut, restoreInBranch, type RestoredBranch } from './restore-fan-out.js'
import { checkedPlan, refuseUnknownNames } from './fitting-plan.js'
import { refuseUnknownPlaces } from './fitting-set-up.js'
import { refuseAbsentSystems } from './fitting-systems.js'
import { hastily } from './haste.js'
import { landingKey } from './landing.js'
import { decidingChoices, type Priorities } from './drivers/priorities.js'
import type { ExperimentOptions } from './experiment-options.js'
import type { ExperimentResult } from './experiment-result.js'
import { latencyOf } from './latency.js'
import { placeOfNotPlain } from './not-plain-place.js'
import { noting } from './reach-log.js'
import type { Reduction } from './reduction.js'
import { RepeatedSteps } from './repeated-steps.js'
import { rpcOn } from './named-calls.js'
import { BatchedJudge } from './batched-judge.js'
import { headerOf } from './run-header.js'
import { safetyPhaseUs, type JobSetUp, type Mode, type Scenario } from './scenario.js'
import { leastBut, smallerSetUp } from './smaller-set-up.js'
import { stepLimit } from './step-limit.js'
import { takerOf } from './taker.js'

export type { ExperimentOptions } from './experiment-options.js'
export type { ExperimentResult } from './experiment-result.js'

/** Everything that determines a run. */
export interface Experiment {
  readonly scenario: Scenario
  readonly mode: Mode
  readonly seed: string
  readonly plan: FaultPlan
  readonly overrides?: readonly Override[]
  /** A new job restores each completed checkpoint, in a branch of its own; absent: for a share of the seeds. */
  readonly restores?: boolean
  /** Who is late; absent: latencies are drawn one by one. */
  readonly priorities?: Priorities
  /** What is left of the scenario's job; absent: all of it. */
  readonly reduction?: Reduction
}

/**
 * Runs an experiment to its end.
 * @throws InputError when its plan has a fault that can never strike, or its set-up names a sink or a split that the job does not have
 */
export function runExperiment(experiment: Experiment, options: ExperimentOptions = {}): ExperimentResult {
  const run = new Run(experiment, options)
  try {
    run.toTheEnd()
    return run.result()
  } catch (error) {
    throw error instanceof NotPlainError ? (placeOfNotPlain(run) ?? error) : error
  }
}

/** An experiment before its first step, with nobody who takes notes: no history, no verdict, only the trace. */
export function unrecordedExperiment(experiment: Experiment): { readonly world: World; readonly driver: TimedDriver } {
  return new Run(experiment, { unjudged: true }, [])
}

/** A run that goes its own way from where another one stands. */
interface ForkedFrom {
  readonly run: Run
  /** Another seed makes other choices from here on. */
  readonly seed: string
  /** The history so far, for the judge; without it the fork is not judged. */
  readonly past?: readonly HistoryEvent[]
}

/** A run that can be stepped. */
export class Run {
  readonly world: World
  readonly driver: TimedDriver
  readonly cluster: Cluster
  private readonly setUp: JobSetUp
  private readonly header: HistoryHeader
  private readonly judge: Judge | undefined
  private readonly recorder: HistoryRecorder
  private readonly target: FaultTarget
  private readonly injector: FaultInjector
  /** Faults that have hit something, and the events that tell so. */
  private readonly struck = new Map<Fault, number>()
  /** Strikes at a time, which wait in the driver's schedule. */
  private readonly planned = new Map<Strike, Fault>()
  private readonly log: ChoiceLog | undefined
  /** Decides the choices of forks: they leave none in the log. */
  private readonly decide: Chooser | undefined
  private readonly repeated: RepeatedSteps | undefined
  private status: JobStatus = 'CREATED'
  private firstCheckpointUs = 0
  private repeatedCommits = 0
  private failedByCheckpoints = false
  private readonly landings: string[] = []
  private endedUs = -1
  private readonly branches: RestoredBranch[] | undefined
  /** The checkpoint that the last step has completed; 0 for none. */
  private justCompleted = 0
  private nextCheckpoint = 1
  /** Checkpoints that were aborted. */
  private readonly givenUp = new Set<number>()

  constructor(
    private readonly experiment: Experiment,
    private readonly options: ExperimentOptions,
    listeners?: readonly HistoryListener[],
    from?: ForkedFrom,
  ) {
    const { seed, plan, scenario, mode, reduction } = experiment
    const listener: HistoryListener = (event) => {
      this.onEvent(event)
    }
    const { restores = from === undefined && isFannedOut(seed) } = experiment
    if (restores && options.unjudged !== true) this.branches = []
    const keep = options.keepHistory === true || this.branches !== undefined
    this.recorder = new HistoryRecorder({ keep, listeners: listeners ?? [listener], after: from?.past?.length ?? 0 })
    this.target = this.faultTarget()
    const recorder = this.recorder.take
    if (from !== undefined) {
      const { run } = from
      this.injector = run.injector.fork(this.target, plan)
      this.decide = from.seed === run.experiment.seed ? run.decide : AS_DRAWN
      const changes = from.seed === run.experiment.seed && run.log === undefined ? {} : { chooser: this.decide ?? AS_DRAWN }
      const fork = run.driver.fork(run.world, { seed: from.seed, interference: this.injector, ...changes }, recorder, options.freeze)
      this.driver = fork.driver
      this.world = fork.world
      this.setUp = run.setUp
      this.cluster = run.cluster
      this.header = run.header
      this.judge = options.unjudged === true ? undefined : new BatchedJudge(createJudge(this.header))
      this.takeOver(run, from.past ?? [])
      return
    }
    if (options.knownToFit !== true) checkedPlan(plan)
    this.injector = new FaultInjector(plan, this.target)
    const interference = options.reached === undefined ? this.injector : noting(this.injector, this.target, options.reached)
    this.decide = leastBut(experiment, hastily(plan, decidingChoices(experiment)))
    this.log = options.keepChoices === true ? new ChoiceLog(this.decide) : undefined
    this.repeated = options.repeatSteps === true ? new RepeatedSteps(this) : undefined
    const chooser = this.log?.chooser ?? this.decide
    this.driver = new TimedDriver({ seed, latency: latencyOf, interference, ...(chooser && { chooser }) })
    this.world = new World({ driver: this.driver, ...(recorder && { recorder }), freeze: options.freeze === true })
    const whole = refusePromise(scenario.setUp(this.world, mode), `setUp of ${scenario.name}`)
    this.setUp = smallerSetUp(whole, reduction)
    this.cluster = addCluster(this.world, this.setUp.graph, this.setUp.cluster)
    if (options.knownToFit !== true) {
      refuseUnknownPlaces(whole)
      refuseUnknownNames(plan, this.world, whole, this.graph)
      refuseAbsentSystems(plan, this.world, whole)
    }
    this.header = headerOf(experiment, this.setUp)
    this.judge = options.unjudged === true ? undefined : new BatchedJudge(createJudge(this.header))
    this.planStrikes(plan)
    for (const { process } of this.setUp.outside) this.world.start(process)
    startCluster(this.world, this.cluster)
  }

  /** A copy of the run as it stands, that makes the same choices; not judged. Frozen, if asked for, is what it sends from then on. */
  snapshot(freeze?: true): Run {
    return new Run(this.experiment, { unjudged: true, ...(freeze && { freeze }) }, [], { run: this, seed: this.experiment.seed })
  }

  /**
   * A copy that makes the same choices and has the same faults before it, and is judged.
   * @param past the history until here
   */
  again(past: readonly HistoryEvent[]): Run {
    return new Run(this.experiment, {}, undefined, { run: this, seed: this.experiment.seed, past })
  }

  /**
   * A copy of the run as it stands, that makes the choices of another seed from here on and in which nothing more goes wrong than what
   * has begun.
   * @param past the history until here
   */
  fork(seed: string, past: readonly HistoryEvent[]): Run {
    const plan = this.experiment.plan.filter((fault) => this.hasBegun(fault))
    return new Run({ ...this.experiment, seed, plan }, {}, undefined, { run: this, seed, past })
  }

  private takeOver(run: Run, past: readonly HistoryEvent[]): void {
    for (const event of past) this.onEvent(event)
    for (const [fault, seq] of run.struck) this.struck.set(fault, seq)
    for (const [strike, fault] of run.planned) this.planned.set(strike, fault)
    this.endedUs = run.endedUs
    this.status = run.status
  }

  private hasBegun(fault: Fault): boolean {
    // A partition whose turn has come may not have held anything yet.
    if (this.struck.has(fault) || this.injector.turnsInRun.has(fault)) return true
    if (fault.kind === 'slow' || fault.kind === 'skew') return fault.fromUs <= this.driver.now()
    if (fault.kind === 'ties' || fault.kind === 'haste' || fault.kind === 'calm') return true
    return fault.kind === 'partition' && 'timeUs' in fault.at && fault.at.timeUs <= this.driver.now()
  }

  /** The job is stuck when it has not ended by then, µs. */
  get limitUs(): number {
    return this.setUp.limitUs
  }

  /** The job that is run. */
  get graph(): JobGraph {
    return this.setUp.graph
  }

  /** Events so far, where they are kept. */
  get history(): readonly HistoryEvent[] {
    return this.recorder.events
  }

  /** The name of an actor for people: a task has that of its vertex, with the number of its subtask. */
  actorName(actor: number): string {
    const { name = `actor ${String(actor)}` } = this.world.actors[actor] ?? {}
    return actorInWords(name, this.setUp.graph)
  }

  /** Faults that have hit something until now, with the `seq` of the events that tell so. */
  get faultsStruck(): ReadonlyMap<Fault, number> {
    return this.struck
  }

  /** Steps until the job has ended and the outside has settled, or the limit is reached. */
  toTheEnd(untilUs = Infinity): void {
    const { setUp, options } = this
    options.onStep?.(this.world, this.driver, this.log?.choices.length)
    const { maxSteps } = options
    let steps = 0
    // Heartbeats and strikes are no steps of the job's.
    const isAllowed = (): boolean => (maxSteps === undefined ? this.world.steps < stepLimit(this.driver.now()) : steps++ < maxSteps)
    const limitUs = Math.min(untilUs, setUp.limitUs)
    while (this.endedUs < 0 && isAllowed() && this.step(limitUs));
    if (this.endedUs < 0) return
    // What a fault holds back, such as the deletion of a file, comes to pass before the outside has settled.
    const settledUs = (): number => Math.max(this.endedUs, this.injector.heldUntilUs) + setUp.settleUs
    while (isAllowed() && this.step(Math.min(untilUs, settledUs())));
  }

  /** Takes the next step; false when there is none until then. */
  step(until = Infinity): boolean {
    if (this.planned.size > 0) this.spareFromStrike()
    this.repeated?.rehearse(until)
    const stepped = this.driver.next(this.world, until)
    if (stepped) this.repeated?.compare()
    if (this.justCompleted > 0) this.branchOff()
    if (stepped) this.options.onStep?.(this.world, this.driver, this.log?.choices.length)
    return stepped
  }

  /** A fork goes on without the faults that had not begun; and within a stability window nothing strikes. */
  private spareFromStrike(): void {
    for (;;) {
      const { strike, time = 0 } = this.driver.upcoming() ?? {}
      const fault = strike && this.planned.get(strike)
      if (fault === undefined || (this.experiment.plan.includes(fault) && !this.injector.isCalm(time))) return
      this.driver.withdraw()
    }
  }

  /**
   * Whether a new job can restore what completes now. Nobody is promised that of a checkpoint that was aborted and is late, nor of one that
   * completes when the job has ended: it goes with all others at once.
   */
  private owesRestore(checkpoint: number): boolean {
    return this.branches !== undefined && this.endedUs < 0 && !this.givenUp.has(checkpoint)
  }

  /** Behind the step that has completed a checkpoint: a new job restores it. */
  private branchOff(): void {
    const { justCompleted: checkpoint, nextCheckpoint: nextId, world, driver, header, setUp, cluster } = this
    this.justCompleted = 0
    const event = this.recorder.events.length
    this.branches?.push(restoreInBranch({ checkpoint, nextId, event, header, world, driver, setUp, cluster }))
  }

  /** The verdict on the run, and on the branches that go on from its checkpoints. */
  private verdict(): JudgeVerdict | undefined {
    const own = this.judge?.verdict()
    if (own === undefined || this.branches === undefined) return own
    const found = restoredBranchFindings({ header: this.header, events: this.recorder.events, branches: this.branches }, own)
    return found.length === 0 ? own : { ...own, verdict: 'violated', protocol: [...own.protocol, ...found] }
  }

  result(): ExperimentResult {
    const notDeterministic = this.repeated?.result()
    return {
      experiment: this.experiment,
      verdict: this.verdict(),
      setUp: this.setUp,
      header: this.header,
      history: this.recorder.events,
      status: this.status,
      steps: this.world.steps,
      endUs: this.endedUs < 0 ? this.driver.now() : this.endedUs,
      traceHash: this.world.traceHash(),
      reached: this.injector.reached,
      firstCheckpointUs: this.firstCheckpointUs,
      repeatedCommits: this.repeatedCommits,
      failedByCheckpoints: this.failedByCheckpoints,
      landings: this.landings,
      unlanded: this.experiment.plan.filter((fault) => hitsSomething(fault) && !this.struck.has(fault)),
      choices: this.log?.choices ?? [],
      branches: this.branches ?? [],
      actors: this.log === undefined ? [] : this.world.actors.map(({ name }) => name),
      ...(notDeterministic && { notDeterministic }),
    }
  }

  private onEvent(event: HistoryEvent): void {
    this.options.onEvent?.(event)
    this.judge?.step(event)
    switch (event.kind) {
      case 'job-status':
        this.status = event.status
        if (event.status === 'FINISHED' || event.status === 'FAILED' || event.status === 'CANCELED') this.endedUs = event.t
        return
      case 'checkpoint-completed':
        if (this.firstCheckpointUs === 0) this.firstCheckpointUs = event.t
        if (this.owesRestore(event.checkpoint)) this.justCompleted = event.checkpoint
        return
      case 'checkpoint-aborted':
        this.givenUp.add(event.checkpoint)
        return
      case 'checkpoint-triggered':
        this.nextCheckpoint = event.checkpoint + 1
        return
      case 'commit':
        if (event.result === 'already') this.repeatedCommits++
        return
      case 'failure':
        if (event.cause === TOO_MANY_FAILED) this.failedByCheckpoints = true
        return
      default:
    }
  }

  private planStrikes(plan: FaultPlan): void {
    for (const fault of plan) {
      if ((isCrash(fault) || fault.kind === 'disconnect' || fault.kind === 'pause') && 'timeUs' in fault.at) {
        const strike = strikeOf(fault, this.target)
        this.planned.set(strike, fault)
        this.driver.plan(strike, fault.at.timeUs)
      }
    }
  }

  private faultTarget(): FaultTarget {
    const { census } = this.options
    return {
      safetyPhaseUs: () => safetyPhaseUs(this.setUp),
      counted:
        census &&
        ((point, actor, message) => {
          const key = `${point} ${takerOf(this.world, this.setUp.graph, point, actor, message).role}`
          census.set(key, (census.get(key) ?? 0) + 1)
        }),
      processNamed: (name) => processRef(this.world.processes.findIndex((process) => process.name === name)),
      processOf: (actor) => this.world.processes[this.world.actors[actor]?.process ?? -1]?.name ?? '',
      incarnationOf: (actor) => this.world.actors[actor]?.incarnation ?? 0,
      processName: (process) => this.world.processes[process]?.name ?? '',
      rpcOf: rpcOn,
      isOfJob: (name) => name === 'JobManager' || name.startsWith('TaskManager-'),
      takerOf: (point, actor, message) => takerOf(this.world, this.setUp.graph, point, actor, message),
      landed: (fault, point, target, place) => {
        if (place !== undefined) this.landings.push(landingKey(fault, point, place))
        const lastsUs = lastingUs(fault)
        const fact = { kind: 'fault', fault: fault.kind, point, target, ...(lastsUs > 0 && { lastsUs }) } as const
        this.struck.set(fault, this.recorder.add(fact, this.driver.now()))
      },
    }
  }
}
