/**
 * The engine's workload: Kafka to Kafka in transactions at parallelism 2, with trace hash, failpoints and a fault plan of its own
 * for every seed, and nobody who takes notes: no history, no oracle.
 */
import { addCluster, RPC_LANE, startCluster } from '../src/engine/index.js'
import { FaultInjector, strikeOf, type FaultPlan, type FaultTarget } from '../src/faults/index.js'
import { faultMenu, LOSSY_RPCS, planOf } from '../src/search/index.js'
import { mix, processRef, TimedDriver, World, type AnyMessage, type Latency } from '../src/world/index.js'
import { scenarioNamed } from './scenario-named.js'

const MODE = 'aligned'
const kafkaToKafka = scenarioNamed('kafka-to-kafka-exactly-once')

/** What may go wrong, and when the job ends if nothing does: measured once, when the workload is loaded. */
const menu = faultMenu(kafkaToKafka, MODE)

/** Runs so many world steps, seed after seed, each to the same virtual time, and returns a hash of all their traces. */
export function engineKafka(seed: string, events: number): string {
  let hash = 0
  let left = events
  for (let run = 0; left > 0; run++) {
    const { world, driver } = job(`${seed}-${String(run)}`)
    while (world.steps < left && driver.next(world, menu.endUs));
    if (world.steps === 0) throw new RangeError('a job without any step')
    left -= world.steps
    hash = mix(hash, Number.parseInt(world.traceHash().slice(-8), 16))
  }
  return String(hash)
}

/** A started job under the fault plan of its seed. */
function job(seed: string): { readonly world: World; readonly driver: TimedDriver } {
  const plan = planOf(seed, menu)
  // The injector is asked by the driver, and asks the world that the driver is for.
  const worldOf = (): World => world
  const driver = new TimedDriver({ seed, latency, interference: new FaultInjector(plan, faultTarget(worldOf)) })
  const world: World = new World({ driver })
  const { graph, cluster, outside } = kafkaToKafka.setUp(world, MODE)
  const engine = addCluster(world, graph, cluster)
  planStrikes(plan, world, driver)
  for (const { process } of outside) world.start(process)
  startCluster(world, engine)
  return { world, driver }
}

function planStrikes(plan: FaultPlan, world: World, driver: TimedDriver): void {
  for (const fault of plan) {
    if ((fault.kind === 'crash' || fault.kind === 'disconnect' || fault.kind === 'pause') && 'timeUs' in fault.at) {
      driver.plan(
        strikeOf(
          fault,
          faultTarget(() => world),
        ),
        fault.at.timeUs,
      )
    }
  }
}

function faultTarget(worldOf: () => World): FaultTarget {
  return {
    processOf: (actor) => worldOf().processes[worldOf().actors[actor]?.process ?? -1]?.name ?? '',
    processName: (process) => worldOf().processes[process]?.name ?? '',
    processNamed: (name) => processRef(worldOf().processes.findIndex((process) => process.name === name)),
    rpcOf,
    landed: () => undefined,
  }
}

const rpcs: readonly string[] = LOSSY_RPCS

/** The call that a message is, as in experiments. */
function rpcOf(message: AnyMessage): string | undefined {
  if (message.kind === 'acknowledge') return message.kind
  if (message.kind !== 'to-task' || !('mail' in message)) return undefined
  const { mail } = message
  if (typeof mail !== 'object' || mail === null || !('kind' in mail) || typeof mail.kind !== 'string') return undefined
  return rpcs.includes(mail.kind) ? mail.kind : undefined
}

/** Latencies of experiments, µs. */
function latency(_from: number, _to: number, lane: number): Latency {
  return lane === RPC_LANE || lane < 0 ? { minUs: 100, maxUs: 2_000 } : { minUs: 20, maxUs: 300 }
}
