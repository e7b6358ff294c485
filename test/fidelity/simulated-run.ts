/** One run of a rebuilt scenario under a seed. */
import { addCluster, operatorShapes, startCluster, type Cluster, type JobConfiguration } from '../../src/engine/index.js'
import { effectiveConfiguration, readSetOption } from '../../src/flink/index.js'
import { HISTORY_SCHEMA, HistoryRecorder, type History, type HistoryEvent } from '../../src/history/index.js'
import { processRef, TimedDriver, World } from '../../src/world/index.js'
import { machineOf, type Machine } from './machine.js'
import { RecordedFaultInjector, type TaskName } from './recorded-fault.js'
import { rebuildJob } from './rebuilt-job.js'
import type { RecordedScenario } from './recorded-scenario.js'
import { addSecondCluster, type SecondCluster } from './second-job.js'

/** By this factor jobs are made smaller: so many times fewer records, each of which takes and weighs as many times more. */
export const FACTOR = 10
/** The Kafka recordings are small already. */
export const KAFKA_FACTOR = 4

/** The scenario at the size at which it is simulated. Times, intervals and the number of keys stay. */
export function scaledDown(scenario: RecordedScenario): RecordedScenario {
  const factor = factorOf(scenario)
  const { burst, tickUs, fault } = scenario
  const paced =
    burst >= factor ? { burst: Math.round(burst / factor) } : { burst: 1, tickUs: Math.round((tickUs * factor) / Math.max(1, burst)) }
  return {
    ...scenario,
    perSplit: Math.ceil(scenario.perSplit / factor),
    ...(burst === 0 ? {} : paced),
    processUs: scenario.processUs * factor,
    fault: fault === undefined ? undefined : { ...fault, minHits: hitsOf(fault.point, fault.minHits, factor) },
  }
}

function factorOf({ sink }: RecordedScenario): number {
  return sink === 'kafka' ? KAFKA_FACTOR : FACTOR
}

/** Points that are passed once a record (or once a key in an asynchronous part) scale; those that are passed once a checkpoint do not. */
function hitsOf(point: string, hits: number, factor: number): number {
  return point === 'process' || point === 'snapshot-async' ? Math.max(1, Math.round(hits / factor)) : hits
}

/**
 * Flink's own settings of the recorded job; keys that the engine has no use for are left out. A source without a pace is held back by
 * buffers: they are sized so that as large a part of the input fits into them as in the recording, about 300 records a reader.
 */
export function settingsOf({ configuration, burst, second }: RecordedScenario): JobConfiguration {
  const entries = Object.entries(configuration).filter(([key]) => !IRRELEVANT.test(key))
  if (burst === 0) entries.push(['taskmanager.memory.segment-size', '1 kb'])
  const { settings } = effectiveConfiguration(entries.map(([key, value]) => readSetOption(`${key}=${value}`)))
  // The durable store is where the second job finds what the first retained.
  return second?.restore === true ? { ...settings, highAvailability: true } : settings
}
const IRRELEVANT =
  /^(?:state\.backend|pipeline\.generic|pipeline\.object|execution\.checkpointing\.incremental|taskmanager\.network\.memory\.buffer-debloat)/

/** The job is given up as stuck by then, µs. */
const LIMIT_US = 120_000_000
/** Two TaskManagers, a subtask of each vertex in each. */
const SIZE = { taskManagers: 2, slots: 1 }
/** From the cancellation of the first job to the start of the second, µs. */
const UNTIL_SECOND_US = 300_000
/** How long readers are watched behind the end. */
const SETTLE_US = 2_000_000
const MAX_STEPS = 400_000

/** Runs a scenario (at the size at which it is given) to its end. */
export function simulate(scenario: RecordedScenario, seed: string): History {
  const run = new SimulatedRun(scenario, seed)
  run.toTheEnd()
  return run.history()
}

class SimulatedRun {
  private readonly recorder: HistoryRecorder
  private readonly injector: RecordedFaultInjector
  private readonly driver: TimedDriver
  private readonly world: World
  private readonly job: ReturnType<typeof rebuildJob>
  private readonly names = new Map<string, TaskName>()
  /** Records that each subtask of the source has emitted. */
  private readonly emitted: number[] = []
  private endedUs = -1
  /** When the first of two jobs was cancelled, µs; the second one's processes, until they are started. */
  private cancelledUs = -1
  private cancelAt = -1
  private waiting: SecondCluster
  private readonly first: Cluster
  private readonly machine: Machine

  constructor(
    private readonly scenario: RecordedScenario,
    private readonly seed: string,
  ) {
    this.machine = machineOf(seed)
    this.recorder = new HistoryRecorder({ listeners: [(event) => this.onEvent(event)] })
    const vertices = { delay: -1, count: -1, sink: -1 }
    const struck = (fault: NonNullable<RecordedScenario['fault']>, { subtask }: TaskName, actor: number): void => {
      const kind = fault.crash ? 'process-crash' : 'task-exception'
      this.recorder.add({ kind: 'fault', fault: kind, point: fault.point, target: `subtask ${String(subtask)}` }, this.driver.now())
      if (fault.crash) this.crash(this.world.actors[actor]?.process ?? -1, 0)
    }
    const killed = (process: number): void => {
      const target = this.world.processes[process]?.name ?? ''
      this.recorder.add({ kind: 'fault', fault: 'taskmanager-shutdown', point: 'tm_kill', target }, this.driver.now())
    }
    const handled = ({ subtask }: TaskName): number | undefined => (vertices.count === 0 ? (this.emitted[subtask] ?? 0) : undefined)
    const isOver = () => this.cancelledUs >= 0
    const disturbed = { taskOf: (actor: number) => this.taskOf(actor), vertices, handled, struck, killed, isOver }
    this.injector = new RecordedFaultInjector(scenario.fault, scenario.delayUs, this.machine, disturbed)
    this.driver = new TimedDriver({ seed, latency: this.machine.latency, interference: this.injector })
    const recorder = this.recorder.take
    this.world = new World({ driver: this.driver, ...(recorder && { recorder }) })
    this.job = rebuildJob(this.world, scenario, settingsOf(scenario), { factor: factorOf(scenario), sourceUs: this.machine.sourceUs })
    Object.assign(vertices, this.job.vertices)
    const { second } = scenario
    this.first = addCluster(this.world, this.job.graph, SIZE)
    this.waiting =
      second === undefined ? [] : addSecondCluster(this.world, this.job.again(second.samePrefix), SIZE, this.first, second.restore)
    for (const process of this.job.outside) this.world.start(process)
    if (second !== undefined) this.recorder.add({ kind: 'job-status', status: 'CREATED' }, 0)
    startCluster(this.world, this.first)
  }

  toTheEnd(): void {
    const { driver, world } = this
    let steps = 0
    while (this.endedUs < 0 && steps++ < MAX_STEPS && driver.next(world, LIMIT_US)) this.goOn()
    // Readers of committed records may wait for transactions that only their timeout ends.
    const until = this.endedUs + SETTLE_US + (this.cancelledUs < 0 ? 0 : this.scenario.transactionTimeoutUs)
    while (this.endedUs >= 0 && steps++ < MAX_STEPS && driver.next(world, until));
  }

  history(): History {
    const { scenario, job } = this
    return {
      header: {
        millrace: 'history',
        schema: HISTORY_SCHEMA,
        origin: 'simulated',
        scenario: scenario.name,
        operators: operatorShapes(job.graph, job.observed),
        splits: job.splits,
        configuration: scenario.configuration,
        mode: modeOf(job.graph.configuration),
        seed: this.seed,
      },
      events: [...this.recorder.events],
    }
  }

  private onEvent(event: HistoryEvent): void {
    if (event.kind === 'source-emit') this.emitted[event.subtask] = (this.emitted[event.subtask] ?? 0) + 1
    if (event.kind === 'job-status' && (event.status === 'FINISHED' || event.status === 'FAILED')) this.endedUs = event.t
    if (event.kind !== 'checkpoint-completed') return
    this.injector.completed++
    if (this.injector.completed === this.scenario.second?.afterCompleted) this.cancelAt = event.t + this.machine.reactionUs
    if (this.injector.completed === this.scenario.killAfter) this.killTaskManagers()
  }

  /** What the recorded rig did besides: it cancelled the first job, and submitted the second one when that had ended. */
  private goOn(): void {
    const now = this.driver.now()
    if (this.cancelAt >= 0 && this.cancelledUs < 0 && now >= this.cancelAt) this.cancelFirst(now)
    if (this.cancelledUs < 0 || this.waiting.length === 0 || now < this.cancelledUs + UNTIL_SECOND_US) return
    for (const process of this.first.taskManagerProcesses) this.world.crash(process)
    this.recorder.add({ kind: 'job-status', status: 'CANCELED' }, now)
    const restoredFrom = this.scenario.second?.restore === true ? { restoredFrom: 'retained' } : {}
    this.recorder.add({ kind: 'job-status', status: 'CREATED', ...restoredFrom }, now)
    for (const process of this.waiting) this.world.start(process)
    this.waiting = []
  }

  /** Without their JobManager, tasks are cancelled by their TaskManagers, and nobody restarts them. */
  private cancelFirst(now: number): void {
    this.cancelledUs = now
    this.recorder.add({ kind: 'job-status', status: 'CANCELLING' }, now)
    // Something must happen then, or time would not go on where nothing else does.
    this.driver.plan({ kind: 'start', process: this.world.process('rig') }, now + UNTIL_SECOND_US)
    if (this.scenario.second?.crash === true) for (const process of this.first.taskManagerProcesses) this.world.crash(process)
    this.world.crash(this.first.jobManagerProcess)
  }

  /** As the rig did: one after the other, about 90 ms apart. */
  private killTaskManagers(): void {
    this.first.taskManagerProcesses.forEach((process, index) => {
      this.crash(process, this.machine.reactionUs + index * 90_000)
    })
  }

  private crash(process: number, afterUs: number): void {
    this.driver.plan({ kind: 'crash', process: processRef(process) }, this.driver.now() + afterUs)
  }

  private taskOf(actor: number): TaskName | undefined {
    const name = this.world.actors[actor]?.name ?? ''
    if (!name.startsWith('task/')) return undefined
    let task = this.names.get(name)
    if (task === undefined) {
      const [, vertex, subtask] = name.split('/')
      task = { vertex: Number(vertex), subtask: Number(subtask) }
      this.names.set(name, task)
    }
    return task
  }
}

function modeOf({ checkpointing }: JobConfiguration): History['header']['mode'] {
  if (!checkpointing.enabled) return 'off'
  return checkpointing.mode === 'EXACTLY_ONCE' ? 'aligned' : 'at-least-once'
}
