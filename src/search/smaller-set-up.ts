/** Applies a reduction to what a scenario has set up: the one place that knows how. */
import {
  JobGraphError,
  withCheckpointInterval,
  withoutOperators,
  withParallelism,
  withRecords,
  type JobGraph,
  type KeptRecords,
} from '../engine/index.js'
import { InputError } from '../flink/input-error.js'
import type { SplitSize } from '../history/index.js'
import type { Chooser, Override } from '../world/index.js'
import type { KeptSplit, Reduction } from './reduction.js'
import type { JobSetUp } from './scenario.js'

/**
 * The set-up with a smaller job. The outside world stays as it is.
 * @throws InputError when the job does not have what the reduction speaks of: it has changed since
 */
export function smallerSetUp(setUp: JobSetUp, reduction: Reduction | undefined): JobSetUp {
  if (reduction === undefined) return setUp
  refuseUnknown(setUp, reduction)
  const { records = [], without = [], parallelism = {}, taskManagers, checkpointIntervalUs } = reduction
  const { cluster, configuration, splits } = setUp
  let graph = leftWithout(withParallelism(withRecords(setUp.graph, keptByVertex(records)), parallelism), without)
  if (checkpointIntervalUs !== undefined) graph = withCheckpointInterval(graph, checkpointIntervalUs)
  const slots = cluster.taskManagers * cluster.slots
  return {
    ...setUp,
    graph,
    splits: splits.filter(({ vertex }) => hasOperator(graph, vertex)).map((split) => smallerSplit(split, records)),
    ...(taskManagers !== undefined && { cluster: { taskManagers, slots: Math.ceil(slots / taskManagers) } }),
    ...(checkpointIntervalUs !== undefined && {
      configuration: { ...configuration, 'execution.checkpointing.interval': `${String(checkpointIntervalUs / 1000)} ms` },
    }),
  }
}

function leftWithout(graph: JobGraph, names: readonly string[]): JobGraph {
  try {
    return names.length === 0 ? graph : withoutOperators(graph, names)
  } catch (error) {
    if (!(error instanceof JobGraphError)) throw error
    const operators = graph.vertices.flatMap((vertex) => vertex.operators.map(({ name }) => name))
    throw new InputError('smaller job', `cannot leave out ${names.join(', ')}: ${error.message}`, operators.join(', '))
  }
}

function hasOperator({ vertices }: JobGraph, name: string): boolean {
  return vertices.some(({ operators }) => operators.some((operator) => operator.name === name))
}

function refuseUnknown({ graph, splits }: JobSetUp, { records = [], parallelism = {} }: Reduction): void {
  const vertices = new Set(graph.vertices.map(({ name }) => name))
  const unknown = Object.keys(parallelism).find((name) => !vertices.has(name))
  if (unknown !== undefined) throw new InputError('smaller job', `the job has no vertex '${unknown}'`, [...vertices].join(', '))
  for (const { vertex, split, offsets } of records) {
    const found = splits.find((each) => each.vertex === vertex && each.split === split)
    const allowed = splits.map((each) => `${each.vertex} ${each.split} below ${String(each.size ?? each.records)}`).join(', ')
    const beyond = found && offsets.find((offset) => offset >= (found.size ?? found.records))
    if (found === undefined) throw new InputError('smaller job', `the job has no split '${split}' of '${vertex}'`, allowed)
    if (beyond !== undefined) throw new InputError('smaller job', `split '${split}' has no record ${String(beyond)}`, allowed)
  }
}

function keptByVertex(records: readonly KeptSplit[]): ReadonlyMap<string, readonly KeptRecords[]> {
  return new Map(records.map(({ vertex }) => [vertex, records.filter((each) => each.vertex === vertex)]))
}

function smallerSplit(split: SplitSize, records: readonly KeptSplit[]): SplitSize {
  const kept = records.find((each) => each.vertex === split.vertex && each.split === split.split)
  return kept === undefined ? split : { ...split, records: kept.offsets.length, size: split.size ?? split.records }
}

/** Lets whatever is drawn come out as its least, as the reduction says; overrides stand. `decide` has what is left. */
export function leastBut(
  { overrides = [], reduction }: { readonly overrides?: readonly Override[]; readonly reduction?: Reduction },
  decide: Chooser | undefined,
): Chooser | undefined {
  if (reduction?.leastBut === undefined) return decide
  const left = new Set([...reduction.leastBut, ...overrides.map(({ stream }) => stream)])
  return (stream, ordinal, n, drawn) => (left.has(stream) ? (decide?.(stream, ordinal, n, drawn) ?? drawn) : 0)
}
