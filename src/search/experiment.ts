/**
 * One experiment: a scenario in a mode, under a seed and a fault plan, from the first step until the job has ended and the outside
 * world has settled, judged while it runs.
 */
import { addCluster, operatorShapes, RPC_LANE, startCluster, type Cluster } from '../engine/index.js'
import { FaultInjector, strikeOf, type FaultPlan, type FaultTarget, type ReachCounts } from '../faults/index.js'
import { createJudge, restoredBranchFindings, type Judge, type JudgeVerdict } from '../guarantees/index.js'
import {
  HISTORY_SCHEMA,
  HistoryRecorder,
  type HistoryEvent,
  type HistoryHeader,
  type HistoryListener,
  type JobStatus,
} from '../history/index.js'
import { processRef, TimedDriver, World, type AnyMessage, type Latency, type Override } from '../world/index.js'
import { ChoiceLog, type Choice } from './choice-log.js'
import { UNORDERED_RPCS } from './failpoint-catalogue.js'
import { isFannedOut, restoreInBranch, type RestoredBranch } from './restore-fan-out.js'
import { landingKey } from './landing.js'
import { decidingChoices, type Priorities } from './drivers/priorities.js'
import type { JobSetUp, Mode, Scenario } from './scenario.js'
import { takerOf } from './taker.js'

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
}

/** What is asked of a run besides its verdict. */
export interface ExperimentOptions {
  /** Keep the whole history (to write, print or tamper with it). */
  readonly keepHistory?: boolean
  /** Do not judge: only run. */
  readonly unjudged?: boolean
  /** Freeze everything that is sent (tests). */
  readonly freeze?: boolean
  /** Steps after which a run is given up. */
  readonly maxSteps?: number
  /** Note every choice. */
  readonly keepChoices?: boolean
  /** Told of the world before its first step and after each, and how many choices were made until then, if they are kept. */
  readonly onStep?: (world: World, driver: TimedDriver, choices: number | undefined) => void
}

/** What came of a run. */
export interface ExperimentResult {
  readonly verdict: JudgeVerdict | undefined
  readonly header: HistoryHeader
  readonly history: readonly HistoryEvent[]
  readonly status: JobStatus
  readonly steps: number
  readonly endUs: number
  readonly traceHash: string
  /** How often each named step, call and RPC was reached. */
  readonly reached: ReachCounts
  readonly firstCheckpointUs: number
  /** Commits of transactions that had been committed before: a recovery repeated them. */
  readonly repeatedCommits: number
  /** Cells of the matrix that faults landed in, in order; see `landingKey`. */
  readonly landings: readonly string[]
  /** With `keepChoices`: all choices, in order. */
  readonly choices: readonly Choice[]
  /** A branch for each completed checkpoint, if they were restored. */
  readonly branches: readonly RestoredBranch[]
  /** Names of the actors by their numbers, as choices mention them. */
  readonly actors: readonly string[]
}

/** Steps after which a run is given up as stuck. */
const MAX_STEPS = 200_000

/** Events that wait for the judge at most. */
const JUDGE_BATCH = 1024

/** Runs an experiment to its end. */
export function runExperiment(experiment: Experiment, options: ExperimentOptions = {}): ExperimentResult {
  const run = new Run(experiment, options)
  run.toTheEnd()
  return run.result()
}

/** An experiment before its first step, with nobody who takes notes: no history, no verdict, only the trace. */
export function unrecordedExperiment(experiment: Experiment): { readonly world: World; readonly driver: TimedDriver } {
  return new Run(experiment, { unjudged: true }, [])
}

/** A run that can be stepped. */
class Run {
  readonly world: World
  readonly driver: TimedDriver
  readonly cluster: Cluster
  private readonly setUp: JobSetUp
  private readonly header: HistoryHeader
  private readonly judge: Judge | undefined
  /** Events for the judge, who reads them in batches: to change over to its code at every event costs more than the judging. */
  private readonly unread: HistoryEvent[] = []
  private readonly recorder: HistoryRecorder
  private readonly target: FaultTarget
  private readonly injector: FaultInjector
  private readonly log: ChoiceLog | undefined
  private status: JobStatus = 'CREATED'
  private firstCheckpointUs = 0
  private repeatedCommits = 0
  private readonly landings: string[] = []
  private endedUs = -1
  private readonly branches: RestoredBranch[] | undefined
  /** The checkpoint that the last step has completed; 0 for none. */
  private justCompleted = 0
  private nextCheckpoint = 1

  constructor(
    private readonly experiment: Experiment,
    private readonly options: ExperimentOptions,
    listeners?: readonly HistoryListener[],
  ) {
    const { seed, plan, scenario, mode } = experiment
    const listener: HistoryListener = (event) => {
      this.onEvent(event)
    }
    const { restores = isFannedOut(seed) } = experiment
    if (restores && options.unjudged !== true) this.branches = []
    const keep = options.keepHistory === true || this.branches !== undefined
    this.recorder = new HistoryRecorder({ keep, listeners: listeners ?? [listener] })
    this.target = this.faultTarget()
    this.injector = new FaultInjector(plan, this.target)
    const decide = decidingChoices(experiment)
    this.log = options.keepChoices === true ? new ChoiceLog(decide) : undefined
    const chooser = this.log?.chooser ?? decide
    this.driver = new TimedDriver({ seed, latency: latencyOf, interference: this.injector, ...(chooser && { chooser }) })
    const recorder = this.recorder.take
    this.world = new World({ driver: this.driver, ...(recorder && { recorder }), freeze: options.freeze === true })
    this.setUp = scenario.setUp(this.world, mode)
    this.cluster = addCluster(this.world, this.setUp.graph, this.setUp.cluster)
    this.header = headerOf(experiment, this.setUp)
    this.judge = options.unjudged === true ? undefined : createJudge(this.header)
    this.planStrikes(plan)
    for (const { process } of this.setUp.outside) this.world.start(process)
    startCluster(this.world, this.cluster)
  }

  /** Steps until the job has ended and the outside has settled, or the limit is reached. */
  toTheEnd(): void {
    const { setUp, options } = this
    const maxSteps = options.maxSteps ?? MAX_STEPS
    options.onStep?.(this.world, this.driver, this.log?.choices.length)
    let steps = 0
    while (this.endedUs < 0 && steps++ < maxSteps && this.step(setUp.limitUs));
    if (this.endedUs < 0) return
    const until = this.endedUs + setUp.settleUs
    while (steps++ < maxSteps && this.step(until));
  }

  private step(until: number): boolean {
    const stepped = this.driver.next(this.world, until)
    if (this.justCompleted > 0) this.branchOff()
    if (stepped) this.options.onStep?.(this.world, this.driver, this.log?.choices.length)
    return stepped
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
    this.letJudgeRead()
    return {
      verdict: this.verdict(),
      header: this.header,
      history: this.recorder.events,
      status: this.status,
      steps: this.world.steps,
      endUs: this.endedUs < 0 ? this.driver.now() : this.endedUs,
      traceHash: this.world.traceHash(),
      reached: this.injector.reached,
      firstCheckpointUs: this.firstCheckpointUs,
      repeatedCommits: this.repeatedCommits,
      landings: this.landings,
      choices: this.log?.choices ?? [],
      branches: this.branches ?? [],
      actors: this.log === undefined ? [] : this.world.actors.map(({ name }) => name),
    }
  }

  private letJudgeRead(): void {
    if (this.judge !== undefined) for (const event of this.unread) this.judge.step(event)
    this.unread.length = 0
  }

  private onEvent(event: HistoryEvent): void {
    if (this.judge !== undefined) {
      this.unread.push(event)
      if (this.unread.length >= JUDGE_BATCH) this.letJudgeRead()
    }
    if (event.kind === 'job-status') {
      this.status = event.status
      if (event.status === 'FINISHED' || event.status === 'FAILED' || event.status === 'CANCELED') this.endedUs = event.t
    } else if (event.kind === 'checkpoint-completed') {
      if (this.firstCheckpointUs === 0) this.firstCheckpointUs = event.t
      if (this.branches !== undefined) this.justCompleted = event.checkpoint
    } else if (event.kind === 'checkpoint-triggered') {
      this.nextCheckpoint = event.checkpoint + 1
    } else if (event.kind === 'commit' && event.result === 'already') {
      this.repeatedCommits++
    }
  }

  private planStrikes(plan: FaultPlan): void {
    for (const fault of plan) {
      if ((fault.kind === 'crash' || fault.kind === 'disconnect' || fault.kind === 'pause') && 'timeUs' in fault.at) {
        this.driver.plan(strikeOf(fault, this.target), fault.at.timeUs)
      }
    }
  }

  private faultTarget(): FaultTarget {
    return {
      processNamed: (name) => processRef(this.world.processes.findIndex((process) => process.name === name)),
      processOf: (actor) => this.world.processes[this.world.actors[actor]?.process ?? -1]?.name ?? '',
      incarnationOf: (actor) => this.world.actors[actor]?.incarnation ?? 0,
      processName: (process) => this.world.processes[process]?.name ?? '',
      rpcOf,
      isOfJob: (name) => name === 'JobManager' || name.startsWith('TaskManager-'),
      takerOf: (point, actor, message) => takerOf(this.world, this.setUp.graph, point, actor, message),
      landed: (fault, point, target, place) => {
        if (place !== undefined) this.landings.push(landingKey(fault, point, place))
        this.recorder.add({ kind: 'fault', fault: fault.kind, point, target }, this.driver.now())
      },
    }
  }
}

const rpcs: ReadonlySet<string> = new Set(UNORDERED_RPCS)

function rpcOf(message: AnyMessage): string | undefined {
  const { kind } = message
  if (kind !== 'to-task') return rpcs.has(kind) ? kind : undefined
  if (!('mail' in message)) return undefined
  const { mail } = message
  if (typeof mail !== 'object' || mail === null || !('kind' in mail) || typeof mail.kind !== 'string') return undefined
  return rpcs.has(mail.kind) ? mail.kind : undefined
}

/** Latencies of a small cluster in one data centre, µs. Within a process a message takes almost nothing. */
function latencyOf(_from: number, _to: number, lane: number): Latency {
  return lane === RPC_LANE || lane < 0 ? { minUs: 100, maxUs: 2_000 } : { minUs: 20, maxUs: 300 }
}

function headerOf({ scenario, mode, seed }: Experiment, setUp: JobSetUp): HistoryHeader {
  return {
    millrace: 'history',
    schema: HISTORY_SCHEMA,
    origin: 'simulated',
    scenario: scenario.name,
    operators: operatorShapes(setUp.graph, setUp.observed),
    splits: setUp.splits,
    configuration: setUp.configuration,
    mode,
    seed,
    promises: scenario.claims(mode),
  }
}
