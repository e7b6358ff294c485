import { callSteps, crashSteps } from '../engine/index.js'
import { drawBeyondBudget, drawPlan, type FaultMenu, type FaultPlan } from '../faults/index.js'
import { systemCalls } from '../systems/index.js'
import { refusePromise, Stream, TimedDriver, World } from '../world/index.js'
import { drawAimedPlan } from './aimed-plan.js'
import { aimsOf, type Aims } from './aims.js'
import { runExperiment } from './experiment.js'
import { failpointsOf, LATE_CALLS, LOSSY_RPCS, UNORDERED_RPCS } from './failpoint-catalogue.js'
import type { JobSetUp, Mode, Scenario } from './scenario.js'

/** Most faults in one plan besides its failures: within what the restart strategy of the scenarios survives. */
const MAX_FAULTS = 5

/** Messages may be later than the checkpoint timeout, and than this, µs. */
const MIN_TIMEOUT_US = 100_000

/** Flink discards the state of an acknowledgement that it has no pending checkpoint for, and relies on its RPCs not to repeat one. */
const UNREPEATABLE_RPC = 'acknowledge'

/** Steps, calls and exceptions of a deployment. */
const RECOVERY_STEPS: ReadonlySet<string> = new Set([
  ...failpointsOf('crash').filter((point) => point.startsWith('recovery.') || point.startsWith('task.restore')),
  'task.restore',
  'task.cancelled',
  'storage.get',
  'store.load',
])

/** An exception in the asynchronous part only declines the checkpoint; a finished task needs nothing any more, if the job is done. */
const HARMLESS: ReadonlySet<string> = new Set(['task.snapshot.async', 'task.finished'])

/** Steps that are taken by a TaskManager. */
const OF_TASKS: readonly string[] = crashSteps.filter(({ role }) => role !== 'JobManager').map(({ name }) => name)

/** Steps at which a crash leaves an acknowledged checkpoint unstored. */
const BEFORE_STORE: ReadonlySet<string> = new Set(['checkpoint.ack.received', 'checkpoint.metadata.written'])
/** Steps at which a crash leaves a stored checkpoint untold. */
const BEFORE_NOTIFICATION: ReadonlySet<string> = new Set([
  'checkpoint.store.added',
  'checkpoint.notify.sent',
  'task.notify.received',
  'sink.commit.sent',
  'sink.commit.applied',
  'task.notify.done',
])

/**
 * What may go wrong in a scenario, and how often each step is reached: measured by one run without faults, because a fault that
 * never comes to pass is worth nothing.
 */
export function faultMenu(scenario: Scenario, mode: Mode): FaultMenu & Required<NamedMenu> {
  const census = new Map<string, number>()
  const probe = runExperiment({ scenario, mode, seed: 'probe', plan: [] }, { unjudged: true, census })
  const world = new World({ driver: new TimedDriver({ seed: 'menu', latency: () => ({ minUs: 0, maxUs: 0 }) }) })
  const setUp = refusePromise(scenario.setUp(world, mode), `setUp of ${scenario.name}`)
  const { checkpointing, highAvailability } = setUp.graph.configuration
  const taskManagers = Array.from({ length: setUp.cluster.taskManagers }, (_, i) => `TaskManager-${String(i)}`)
  const outside = setUp.outside.filter(({ strikable }) => strikable).map(({ process }) => world.processes[process]?.name ?? '')
  const jobManager = highAvailability && checkpointing.enabled ? ['JobManager'] : []
  const points = jobManager.length > 0 ? failpointsOf('crash') : OF_TASKS
  const cell = `${scenario.name}/${mode}`
  const menu = {
    cell,
    processes: [...taskManagers, ...jobManager, ...outside],
    ofTheJob: [...taskManagers, ...jobManager],
    moments: momentsOf(points),
    exceptions: failpointsOf('exception'),
    harmless: HARMLESS,
    calls: [...(checkpointing.enabled ? callSteps.map(({ name }) => name) : []), ...systemCallsOf(probe.reached)],
    later: LATE_CALLS,
    overtaken: checkpointing.enabled ? UNORDERED_RPCS : [],
    repeated: checkpointing.enabled ? UNORDERED_RPCS.filter((rpc) => rpc !== UNREPEATABLE_RPC) : [],
    rpcs: checkpointing.enabled ? LOSSY_RPCS : [],
    slow: [...taskManagers, 'JobManager', 'storage', ...outside],
    connections: [...(hasExchange(setUp) ? pairsOf(taskManagers) : []), ...linksOutside(taskManagers, outside)],
    partitions: [
      ...partitionsOf(taskManagers),
      ...linksOutside(taskManagers, outside).map(([process, other]) => ({ process, others: [other] })),
    ],
    pauses: [...taskManagers, 'JobManager', 'storage', ...outside],
    clocks: [...taskManagers, 'JobManager', ...outside],
    hangs: isWatched(setUp) ? failpointsOf('hang') : [],
    expendable: isOneToSpare(setUp) ? taskManagers : [],
    tasks: setUp.graph.vertices.reduce((sum, { parallelism }) => sum + parallelism, 0),
    heartbeatTimeoutUs: setUp.graph.configuration.heartbeatTimeoutUs,
    latestUs: 2 * Math.max(MIN_TIMEOUT_US, checkpointing.enabled ? checkpointing.timeoutUs : 0),
    recovery: RECOVERY_STEPS,
    reached: probe.reached,
    firstCheckpointUs: probe.firstCheckpointUs,
    endUs: probe.endUs,
    maxFaults: MAX_FAULTS,
  }
  const alike = scenario.modes.filter((other) => (other === 'off') === (mode === 'off'))
  const aims = aimsOf(scenario.name, { menu, graph: setUp.graph, census }, { index: alike.indexOf(mode), count: alike.length })
  return { ...menu, isBeyondBudget: scenario.discipline === 'beyond-budget', aims }
}

/** Calls into the outside systems that the scenario has: one that it does not have is never called. */
function systemCallsOf(reached: ReadonlyMap<string, number>): string[] {
  const present = new Set(systemCalls.filter(({ name }) => reached.has(name)).map(({ role }) => role))
  return systemCalls.filter(({ role }) => present.has(role)).map(({ name }) => name)
}

/** Steps from the trigger to the last acknowledgement (and those of a job that starts or ends), to the store, to the notification. */
function momentsOf(points: readonly string[]): readonly (readonly string[])[] {
  const others = points.filter((point) => !BEFORE_STORE.has(point) && !BEFORE_NOTIFICATION.has(point))
  return [others, points.filter((point) => BEFORE_STORE.has(point)), points.filter((point) => BEFORE_NOTIFICATION.has(point))]
}

/** Whether a task that hangs is killed before the run is given up: nothing else ends it. */
function isWatched({ graph, limitUs }: JobSetUp): boolean {
  const { cancellationTimeoutUs } = graph.configuration
  return cancellationTimeoutUs > 0 && cancellationTimeoutUs < limitUs
}

/** Whether the job finds slots enough with one TaskManager less. */
function isOneToSpare({ graph, cluster }: JobSetUp): boolean {
  const needed = Math.max(...graph.vertices.map(({ parallelism }) => parallelism))
  return (cluster.taskManagers - 1) * cluster.slots >= needed
}

/** Whether records go from one TaskManager to another: slots are given out in turn, so that subtask 0 and 1 are apart. */
function hasExchange({ graph }: JobSetUp): boolean {
  return graph.edges.some(({ ship, from, to }) => {
    const most = Math.max(graph.vertices[from]?.parallelism ?? 1, graph.vertices[to]?.parallelism ?? 1)
    return ship !== 'FORWARD' && most > 1
  })
}

/** A TaskManager loses the JobManager, or the whole of the cluster, but not what lies outside: a zombie goes on writing. */
function partitionsOf(taskManagers: readonly string[]): FaultMenu['partitions'] {
  return taskManagers.flatMap((process) => {
    const others = taskManagers.filter((other) => other !== process)
    return [
      { process, others: ['JobManager'] },
      { process, others: ['JobManager', ...others] },
    ]
  })
}

/** Between each TaskManager and each outside system. */
function linksOutside(taskManagers: readonly string[], outside: readonly string[]): (readonly [string, string])[] {
  return taskManagers.flatMap((process) => outside.map((other) => [process, other] as const))
}

function pairsOf(names: readonly string[]): (readonly [string, string])[] {
  return names.flatMap((one, i) => names.slice(i + 1).map((other) => [one, other] as const))
}

/** Whose menu it is: cells that share their seeds do not share their plans. */
interface NamedMenu {
  readonly cell?: string
  readonly aims?: Aims
  /** More goes wrong than the job must survive. */
  readonly isBeyondBudget?: boolean
}

/** Every second run of a campaign aims at cells of the fault matrix; which one it is of those, or undefined where it is none of them. */
function aimedRun(seed: string): number | undefined {
  const number = Number(/-(\d+)$/.exec(seed)?.[1] ?? '0')
  return number % 2 === 1 ? (number - 1) / 2 : undefined
}

/** The plan of a seed. */
export function planOf(seed: string, menu: FaultMenu & NamedMenu): FaultPlan {
  const { cell = '', aims } = menu
  if (menu.isBeyondBudget === true) {
    const disasters = drawBeyondBudget(new Stream(seed, `fault-plan/beyond-budget/${cell}`), menu)
    return [...disasters, ...drawPlan(new Stream(seed, `fault-plan/swarm/${cell}`), menu)]
  }
  const number = aims === undefined ? undefined : aimedRun(seed)
  if (aims !== undefined && number !== undefined) return drawAimedPlan(new Stream(seed, `fault-plan/aimed/${cell}`), aims, menu, number)
  return drawPlan(new Stream(seed, `fault-plan/swarm/${cell}`), menu)
}
