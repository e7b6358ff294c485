/**
 * The thin slice at the smallest scope that says something, for an exploration of all its orders: one split, one subtask of each
 * vertex, one TaskManager, state inside the acknowledgements, one exclusive buffer for each channel.
 */
import { eraseOperator } from '../../src/engine/actor-types.js'
import { addCluster, startCluster } from '../../src/engine/cluster.js'
import type { JobConfiguration } from '../../src/engine/configuration.js'
import type { JobGraph } from '../../src/engine/graph/job-graph.js'
import { CREDIT_LANE } from '../../src/engine/lanes.js'
import { sinkWriterOperator } from '../../src/engine/operators/sink-writer-operator.js'
import { bufferedSink } from '../../src/connectors/buffered-sink.js'
import { isHistoryFact } from '../../src/history/history-kinds.js'
import { exploreBreadthFirst, type Exploration, type ExplorationResult, type Fold } from '../../src/check/index.js'
import { emptyStore, externalStore, type StoreRequest } from '../../src/systems/index.js'
import { TimedDriver, World, type ActorRef, type WorldOptions } from '../../src/world/index.js'
import { sliceConfiguration, sliceJob } from './slice-job.js'

const configuration: JobConfiguration = {
  ...sliceConfiguration,
  // No interval: all answers to when the first checkpoint begins mean the same timer, which may fire at any time anyway.
  checkpointing: { ...sliceConfiguration.checkpointing, intervalUs: 0, storage: 'jobmanager', inlineThresholdBytes: 20_480 },
  highAvailability: false,
  network: { segmentBytes: 400, buffersPerChannel: 1, floatingBuffersPerGate: 0, bufferTimeoutUs: 0 },
  maxParallelism: 1,
}

/** What is explored. */
export interface SliceScope {
  readonly records: number
  /**
   * How often the timer that triggers checkpoints may fire; the end of the data asks for one more. None expires, no registration is
   * repeated.
   */
  readonly triggers: number
  /** Crashes of the TaskManager, between any two steps or at a failpoint. */
  readonly crashes: number
  /** Actors whose messages, sent and received, arrive within the step that sends them, besides those of the durable systems. */
  readonly prompt: readonly ('JobManager' | 'TaskExecutor-0')[]
  /** Credits between tasks arrive within the step that sends them. */
  readonly promptCredits?: boolean
  /** Another sink in the place of the two-phase sink: one without transactions. */
  readonly sink?: 'buffered'
  readonly checkTwice?: boolean
}

/** What was seen, with the kinds of ends that were met: how often the job FINISHED, and how often after a restore of a checkpoint. */
export interface SliceExploration extends ExplorationResult {
  readonly finished: number
  readonly finishedAfterRestore: number
}

/** Who explores: the plain explorer, or one that must find the same. */
export type Explorer = <F>(exploration: Exploration<F>) => ExplorationResult

/** Explores all states of the slice within the scope. */
export function exploreSlice(scope: SliceScope, explore: Explorer = exploreBreadthFirst): SliceExploration {
  const ends = { finished: 0, finishedAfterRestore: 0 }
  const prompt = promptActors(scope)
  const result = explore({
    build: (options) => build(options, scope),
    budgets: { crashes: scope.crashes, timers: timerBudgets(scope) },
    mayCrash: (process) => process.startsWith('TaskManager'),
    timersInOrder: true,
    eager: ({ from, to, lane }) =>
      from === to || prompt.has(from) || prompt.has(to) || (scope.promptCredits === true && lane === CREDIT_LANE),
    fold: exactlyOnce(scope.records, ({ restored }) => {
      ends.finished++
      if (restored > 0) ends.finishedAfterRestore++
    }),
    freeze: scope.checkTwice === true,
    checkTwice: scope.checkTwice === true,
  })
  return { ...result, ...ends }
}

/** There are no more checkpoints than the timer triggers, and one at the end of the data, which a crash lets come again. */
function timerBudgets({ triggers, crashes }: SliceScope): Readonly<Record<string, number>> {
  const expiries = Array.from({ length: triggers + 1 + crashes }, (_, i) => [`checkpoint-expiry/${String(i + 1)}`, 0] as const)
  return { 'checkpoint-trigger': triggers, register: 0, ...Object.fromEntries(expiries) }
}

/** By their places in the world, which are the same in every fork. */
function promptActors(scope: SliceScope): ReadonlySet<number> {
  const names = new Set<string>(['external-store', 'storage', 'store', ...scope.prompt])
  const { actors } = build({ driver: new TimedDriver({ seed: 'names', latency: () => ({ minUs: 1, maxUs: 1 }) }) }, scope)
  return new Set(actors.flatMap(({ name }, place) => (names.has(name) ? [place] : [])))
}

function build(options: WorldOptions, { records, sink }: SliceScope): World {
  const world = new World(options)
  const outside = world.process('outside')
  const store = world.add(outside, externalStore, 'external-store', emptyStore())
  const graph = sliceJob(store, { parallelism: 1, perSplit: records, keys: 1, configuration })
  world.start(outside)
  startCluster(world, addCluster(world, sink === undefined ? graph : withBufferedSink(graph, store), { taskManagers: 1, slots: 1 }))
  return world
}

function withBufferedSink(graph: JobGraph, store: ActorRef<StoreRequest>): JobGraph {
  const code = eraseOperator(sinkWriterOperator(bufferedSink({ store, capacity: 1 }), 2))
  const vertices = graph.vertices.map((vertex) => {
    if (vertex.name !== 'Sink') return vertex
    return {
      ...vertex,
      operators: vertex.operators.filter(({ role }) => role === 'sink').map((writer) => ({ ...writer, code, outputs: [] })),
    }
  })
  return { ...graph, vertices }
}

/** What was published and how the job stands. */
interface Output {
  /** By record: how often it became visible. */
  readonly visible: Map<number | string, number>
  status: string
  /** The checkpoint restored last, 0 for none. */
  restored: number
}

/** Never is a record visible twice; the job ends FINISHED, each record visible once, or FAILED. */
function exactlyOnce(records: number, finished: (output: Output) => void): Fold<Output> {
  return {
    init: () => ({ visible: new Map(), status: 'CREATED', restored: 0 }),
    step(state, fact) {
      if (!isHistoryFact(fact)) return
      if (fact.kind === 'visible') state.visible.set(fact.id, (state.visible.get(fact.id) ?? 0) + 1)
      else if (fact.kind === 'job-status') state.status = fact.status
      else if (fact.kind === 'restore-chosen') state.restored = fact.checkpoint ?? 0
    },
    verdict(state, terminal) {
      if ([...state.visible.values()].some((times) => times > 1)) return 'a record is visible twice'
      if (!terminal || state.status === 'FAILED') return undefined
      if (state.status !== 'FINISHED') return `the job ends ${state.status}`
      finished(state)
      return state.visible.size === records ? undefined : `finished with ${String(state.visible.size)} of ${String(records)} records`
    },
  }
}
