/** A scenario within a scope as something to explore: the world, the budgets, what is eager, who judges. */
import type { Exploration } from '../../check/index.js'
import { addCluster, startCluster, type Cluster, type JobGraph } from '../../engine/index.js'
import { TimedDriver, World, type WorldOptions } from '../../world/index.js'
import type { JobSetUp, Mode, Scenario } from '../scenario.js'
import { rpcOn } from '../named-calls.js'
import { eagerLinks, type Places, type ReductionName } from './reductions.js'
import { referenceRun } from './reference-run.js'
import { scopeFold, type ScopeListener, type ScopeMemory } from './scope-fold.js'
import { scopedSetUp } from './scoped-set-up.js'
import { budgetsOf, timersOff } from './scope-budgets.js'
import type { Scope } from './scope.js'
import { lateNotifications, rivalAttempts } from './seen-steps.js'

/** What is to be checked. */
export interface ScopedCheck {
  readonly scenario: Scenario
  readonly mode: Mode
  readonly scope: Scope
  readonly reductions: readonly ReductionName[]
  /** Outputs that there are without faults: to FINISH with another one is wrong. Absent: outputs are only collected. */
  readonly transparentTo?: readonly string[]
}

/** What is explored, and what of the scenario is not because the scope switches it off. */
export interface ScopedExploration {
  readonly exploration: Exploration<ScopeMemory>
  readonly switchedOff: readonly string[]
  readonly graph: JobGraph
}

/**
 * The exploration of a scenario within a scope.
 * @throws InputError when the scenario does not have what the scope asks for
 */
export function scopeExploration(check: ScopedCheck, listener: ScopeListener): ScopedExploration {
  const { scenario, mode, scope, reductions, transparentTo } = check
  const built = scopedWorld(check, { driver: new TimedDriver({ seed: 'places', latency: () => ({ minUs: 1, maxUs: 1 }) }) })
  const { crashes, jobManagerCrashes } = scope
  return {
    exploration: {
      build: (options) => scopedWorld(check, options).world,
      budgets: budgetsOf(scope, sourceVerticesOf(built.setUp)),
      mayCrash: (process) => (process === 'JobManager' ? jobManagerCrashes > 0 : crashes > 0 && isTaskManager(process)),
      mayDisconnect: (one, other) => isOfJob(one) && isOfJob(other),
      losable: (link, message) => rpcOn(link, message) !== undefined,
      timersInOrder: true,
      atomicRestart: reductions.includes('atomic-restart'),
      eager: eagerLinks(reductions, placesOf(built)),
      interchangeable: built.world.processes.map(({ name }) => name).filter(isTaskManager),
      rivals: rivalAttempts(listener.sometimes),
      onStep: lateNotifications(listener.sometimes),
      fold: scopeFold(referenceRun(scenario, mode, scope), mode, listener, transparentTo),
    },
    switchedOff: [...built.switchedOff, ...timersOff(scope)],
    graph: built.setUp.graph,
  }
}

interface ScopedWorld {
  readonly world: World
  readonly setUp: JobSetUp
  readonly cluster: Cluster
  readonly switchedOff: readonly string[]
}

/** The world of a check, with everything started. */
function scopedWorld({ scenario, mode, scope, reductions }: ScopedCheck, options: WorldOptions): ScopedWorld {
  const world = new World(options)
  const { setUp, switchedOff } = scopedSetUp(scenario.setUp(world, mode), scope, { inlineState: reductions.includes('inline-state') })
  const cluster = addCluster(world, setUp.graph, setUp.cluster)
  for (const { process } of setUp.outside) world.start(process)
  startCluster(world, cluster)
  return { world, setUp, cluster, switchedOff }
}

function placesOf({ world, setUp, cluster }: ScopedWorld): Places {
  const observers = new Set<number>(setUp.outside.filter(({ strikable }) => !strikable).map(({ process }) => process))
  const systems = new Set<number>([cluster.storageProcess, cluster.storeProcess])
  for (const { process, strikable } of setUp.outside) if (strikable) systems.add(process)
  const inside = (processes: ReadonlySet<number>): Set<number> =>
    new Set(world.actors.flatMap(({ process }, place) => (processes.has(process) ? [place] : [])))
  return {
    systems: inside(systems),
    observers: inside(observers),
    cluster: new Set<number>([cluster.jobManager, ...cluster.taskExecutors]),
  }
}

function sourceVerticesOf({ graph }: JobSetUp): number {
  return graph.vertices.filter(({ operators }) => operators[0]?.splits !== undefined).length
}

function isOfJob(process: string): boolean {
  return process === 'JobManager' || isTaskManager(process)
}

function isTaskManager(process: string): boolean {
  return process.startsWith('TaskManager-')
}
