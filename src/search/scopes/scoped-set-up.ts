/** Makes the job of a set-up as small as a scope says, and its configuration one that can be exhausted. */
import type { ChainedOperator, JobConfiguration, JobGraph, JobVertex } from '../../engine/index.js'
import { vertexGroups, withCheckpointInterval, withRecords } from '../../engine/index.js'
import { InputError } from '../../flink/input-error.js'
import type { SplitSize } from '../../history/index.js'
import { refuseUnknownPlaces } from '../fitting-set-up.js'
import type { JobSetUp } from '../scenario.js'
import type { Scope } from './scope.js'

/** A set-up that fits a scope, and what of the scenario is not covered because of that. */
export interface ScopedSetUp {
  readonly setUp: JobSetUp
  /** Features of the engine that the scenario uses and the scope switches off, one sentence each. */
  readonly switchedOff: readonly string[]
}

/** How a set-up is made to fit. */
export interface ScopedOptions {
  /** State travels inside the acknowledgement, whatever the scenario says. */
  readonly inlineState: boolean
  /** For a run by the clock: checkpoints keep their interval. */
  readonly timed?: boolean
}

/**
 * The set-up within a scope: splits, records, subtasks and TaskManagers are fewer, timers that only repeat are off.
 * @throws InputError when the scenario does not have as much as the scope asks for, or names a sink or a split that its job does not have
 */
export function scopedSetUp(setUp: JobSetUp, scope: Scope, { inlineState, timed = false }: ScopedOptions): ScopedSetUp {
  refuseUnknownPlaces(setUp)
  refuseMore(setUp, scope)
  const { configuration, switchedOff } = exhaustible(setUp.graph.configuration, scope, inlineState)
  const { intervalUs } = setUp.graph.configuration.checkpointing
  const kept = keptSplits(setUp, scope)
  const graph = { ...withSplits(withRecords(withSubtasks(setUp.graph, scope), keptRecords(setUp.graph, kept, scope)), kept) }
  const slots = Math.ceil(Math.max(scope.sources, scope.subtasks) / scope.taskManagers)
  return {
    setUp: {
      ...setUp,
      graph: timed ? withCheckpointInterval({ ...graph, configuration }, intervalUs) : { ...graph, configuration },
      cluster: { taskManagers: scope.taskManagers, slots },
      splits: kept.map((split) => ({ ...split, records: scope.records, size: split.size ?? split.records })),
    },
    switchedOff,
  }
}

function refuseMore({ graph, splits }: JobSetUp, scope: Scope): void {
  for (const { name, operators, parallelism } of graph.vertices) {
    const given = operators[0]?.splits?.length
    if (given === undefined) {
      if (parallelism >= scope.subtasks || isSourceGroup(groupOf(graph, name))) continue
      throw new InputError(
        `scope subtasks=${String(scope.subtasks)}`,
        `'${name}' has ${String(parallelism)}`,
        `up to ${String(parallelism)}`,
      )
    }
    const most = Math.min(given, parallelism)
    if (scope.sources > most)
      throw new InputError(`scope sources=${String(scope.sources)}`, `'${name}' has ${String(most)}`, `up to ${String(most)}`)
  }
  const fewest = Math.min(...splits.map(({ records, size = records }) => size))
  if (scope.records > fewest)
    throw new InputError(`scope records=${String(scope.records)}`, `a split has ${String(fewest)}`, `up to ${String(fewest)}`)
}

/** Splits that are read: the first of each source. */
function keptSplits({ graph, splits }: JobSetUp, { sources }: Scope): readonly SplitSize[] {
  const names = new Map(graph.vertices.map(({ operators }) => [operators[0]?.name ?? '', operators[0]?.splits?.slice(0, sources) ?? []]))
  return splits.filter(({ vertex, split }) => names.get(vertex)?.includes(split) === true)
}

/** Of each split that is read the first records; of those that are not read none, for readers who know of them by themselves. */
function keptRecords({ vertices }: JobGraph, kept: readonly SplitSize[], { records }: Scope): Parameters<typeof withRecords>[1] {
  const offsets = Array.from({ length: records }, (_, offset) => offset)
  return new Map(
    vertices.flatMap(({ operators: [source] }) => {
      if (source?.splits === undefined) return []
      const isKept = (split: string): boolean => kept.some((each) => each.vertex === source.name && each.split === split)
      return [
        [source.name, source.splits.map((split) => (isKept(split) ? { split, offsets, end: records } : { split, offsets: [], end: 0 }))],
      ]
    }),
  )
}

/** The other splits do not exist: nobody asks for what they would hold but readers who know of them by themselves. */
function withSplits(graph: JobGraph, kept: readonly SplitSize[]): JobGraph {
  const fewer = (operator: ChainedOperator): ChainedOperator => {
    if (operator.splits === undefined) return operator
    return {
      ...operator,
      splits: operator.splits.filter((split) => kept.some((each) => each.vertex === operator.name && each.split === split)),
    }
  }
  return { ...graph, vertices: graph.vertices.map((vertex) => ({ ...vertex, operators: vertex.operators.map(fewer) })) }
}

function withSubtasks(graph: JobGraph, { sources, subtasks }: Scope): JobGraph {
  const vertices = graph.vertices.map((vertex) => ({
    ...vertex,
    parallelism: Math.min(vertex.parallelism, isSourceGroup(groupOf(graph, vertex.name)) ? sources : subtasks),
  }))
  return { ...graph, vertices }
}

function groupOf(graph: JobGraph, name: string): readonly JobVertex[] {
  return vertexGroups(graph).find((group) => group.some((vertex) => vertex.name === name)) ?? []
}

/** What is joined to a source by FORWARD has as many subtasks as the source. */
function isSourceGroup(group: readonly JobVertex[]): boolean {
  return group.some(({ operators }) => operators[0]?.splits !== undefined)
}

/** Larger than any state of a job that is small enough to be exhausted. */
const ALL_STATE_BYTES = 1 << 20

function exhaustible(
  configuration: JobConfiguration,
  { jobManagerCrashes, sources, subtasks }: Scope,
  inlineState: boolean,
): { readonly configuration: JobConfiguration; readonly switchedOff: readonly string[] } {
  const { checkpointing, network, highAvailability, maxParallelism, restart } = configuration
  const high = highAvailability && jobManagerCrashes > 0
  const fewestKeyGroups = Math.max(sources, subtasks)
  const { storage, inlineThresholdBytes } = checkpointing
  const off: readonly (readonly [boolean, string])[] = [
    [highAvailability && !high, 'high availability: the JobManager does not crash'],
    [inlineState && inlineThresholdBytes < ALL_STATE_BYTES, 'uploads of state: all of it travels inside the acknowledgement'],
    [network.buffersPerChannel > 1 || network.floatingBuffersPerGate > 0, 'more buffers than one a channel'],
    [network.bufferTimeoutUs > 0, 'the buffer timeout: each record is sent at once'],
    [checkpointing.minPauseUs > 0, 'the pause between checkpoints: the next one may begin at any time'],
    [
      restart.type === 'exponential-delay' && restart.jitterPercent > 0,
      'the jitter of restart delays: a restart may come at any time anyway',
    ],
    [maxParallelism > fewestKeyGroups, `more key groups than ${String(fewestKeyGroups)}`],
  ]
  return {
    configuration: {
      ...configuration,
      // Without an interval all draws of when the first checkpoint begins mean the same timer, which may fire at any time anyway.
      checkpointing: {
        ...checkpointing,
        intervalUs: 0,
        minPauseUs: 0,
        ...(inlineState && { storage, inlineThresholdBytes: ALL_STATE_BYTES }),
      },
      network: { ...network, buffersPerChannel: 1, floatingBuffersPerGate: 0, bufferTimeoutUs: 0 },
      highAvailability: high,
      restart: restart.type === 'exponential-delay' ? { ...restart, jitterPercent: 0 } : restart,
      maxParallelism: fewestKeyGroups,
    },
    switchedOff: off.flatMap(([is, what]) => (is ? [what] : [])),
  }
}
