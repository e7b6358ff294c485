/**
 * Kafka as a source (Flink: `KafkaSource`, `KafkaPartitionSplitReader`): one split a partition, offsets in the reader's state. Offsets
 * are committed to the group when a checkpoint is complete, which helps nobody's correctness: a restore reads the state.
 */
import type { ConnectionLost, OperatorContext, SplitState } from '../../engine/operator.js'
import type { Source } from '../../engine/source.js'
import {
  isRetriable,
  partitionName,
  type CommittedOffset,
  type FetchAnswer,
  type GroupAnswer,
  type IsolationLevel,
  type KafkaCluster,
  type KafkaError,
  type KafkaTopic,
  type ListOffsetsAnswer,
  type PartitionRef,
} from '../../systems/index.js'
import type { Pace } from '../pace.js'
import {
  addFetchedSplit,
  createFetchingReader,
  pollFetched,
  retryBatch,
  snapshotFetching,
  takeBatch,
  wakeFetching,
  type FetchedSplit,
  type FetchingReader,
} from '../split-fetching.js'

/** Options of a Kafka source, in the words of `KafkaSourceBuilder` and of Kafka's consumer. */
export interface KafkaSourceOptions {
  readonly cluster: KafkaCluster
  readonly topic: KafkaTopic
  /** `isolation.level`; Kafka's default is read_uncommitted. */
  readonly isolation: IsolationLevel
  /** `OffsetsInitializer`, used by splits that no state knows. `committed` falls back to the earliest. */
  readonly startingOffsets: 'earliest' | 'latest' | 'committed'
  /** Where a bounded source stops, by partition; null for an unbounded one. */
  readonly stoppingOffsets: readonly number[] | null
  /** `group.id`; '' for none. */
  readonly group: string
  /** `commit.offsets.on.checkpoint` */
  readonly commitOffsetsOnCheckpoint: boolean
  /** `max.poll.records` */
  readonly maxPollRecords: number
  readonly pace?: Pace
  /** `retry.backoff.ms`, in µs. */
  readonly retryBackoffUs: number
}

/** The defaults of the connector and of Kafka's consumer. */
export const KAFKA_SOURCE_DEFAULTS = {
  isolation: 'read_uncommitted',
  startingOffsets: 'earliest',
  stoppingOffsets: null,
  group: '',
  commitOffsetsOnCheckpoint: true,
  maxPollRecords: 500,
  retryBackoffUs: 100_000,
} as const

/** Positions that are looked up when a split is first read (Flink: `KafkaPartitionSplit`). A snapshot may hold them. */
export const LATEST_OFFSET = -1
/** The group's committed offset; see `LATEST_OFFSET`. */
export const COMMITTED_OFFSET = -3

/** What brokers answer to a source. */
export type KafkaSourceAnswer = FetchAnswer | ListOffsetsAnswer | GroupAnswer

/** State of a reader. */
export interface KafkaReader extends FetchingReader {
  /** Offsets of checkpoints that are not known to be complete, in the order of checkpoints. */
  pending: { readonly checkpoint: number; readonly offsets: readonly CommittedOffset[] }[]
}

/** Builds a source (Flink: `KafkaSource`). */
export function kafkaSource({ cluster, ...others }: KafkaSourceOptions): Source<KafkaReader, KafkaSourceAnswer> {
  // Given by `{ ...DEFAULTS, … }` as a rule: not begun with what is spread they are read faster (see "Speed" in docs/world.md).
  const options: KafkaSourceOptions = { cluster, ...others }
  const { topic, pace, startingOffsets, retryBackoffUs } = options
  const splits = topic.partitions.map((_, index) => partitionName(topic.name, index))
  const indexOf = (split: string): number => splits.indexOf(split)
  const ask = (split: FetchedSplit, context: OperatorContext): void => askBroker(options, indexOf(split.split), split, context)

  function splitOf(state: KafkaReader, partition: number): FetchedSplit | undefined {
    const index = topic.partitions.findIndex((ref) => ref === partition)
    return state.splits.find(({ split }) => split === splits[index])
  }

  return {
    splits,
    // Without an end the enumerator never tells its readers that nothing more comes (Flink: `assignPendingPartitionSplits`).
    unbounded: options.stoppingOffsets === null,
    startOffset: () => ({ earliest: 0, latest: LATEST_OFFSET, committed: COMMITTED_OFFSET })[startingOffsets],
    reader: {
      // Not begun with what is spread: every step reads it (see "Speed" in docs/world.md).
      open: () => ({ pending: [], ...createFetchingReader(pace) }),
      addSplits(state, added) {
        for (const split of added) addFetchedSplit(state, split, options.stoppingOffsets?.[indexOf(split.split)] ?? null)
      },
      noMoreSplits(state) {
        state.noMoreSplits = true
      },
      poll: (state, emit, context) => pollFetched(state, pace, ask, emit, context),
      snapshot(state, checkpoint) {
        const snapshot = snapshotFetching(state)
        if (commitsOffsets(options)) state.pending.push({ checkpoint, offsets: snapshot.filter(isResolved).map(committedOffset) })
        return snapshot
      },
      notifyComplete(state, checkpoint, context) {
        const offsets = state.pending.find((pending) => pending.checkpoint === checkpoint)?.offsets ?? []
        state.pending = state.pending.filter((pending) => pending.checkpoint > checkpoint)
        if (offsets.length === 0) return
        const caller = context.caller<KafkaSourceAnswer>()
        context.call(options.cluster.groups, { kind: 'commit-offsets', caller, group: options.group, offsets })
      },
      answer(state, answer, context) {
        if ('kind' in answer) connectionLost(state, answer, context)
        else if (answer.type === 'fetched') fetched(state, splitOf(state, answer.partition), answer, context)
        else if (answer.type === 'offsets') located(state, splitOf(state, answer.partition), answer.error, answer.end, context)
        else if (answer.type === 'group-offsets') groupOffsets(state, answer.error, answer.offsets, context)
      },
      woken: (state, name, context) => wakeFetching(state, pace, ask, name, context),
      failure: (state) => state.failure,
    },
  }

  function fetched(state: KafkaReader, split: FetchedSplit | undefined, answer: FetchAnswer, context: OperatorContext): void {
    // An answer to a request that was repeated comes twice; the second one is old.
    if (split === undefined || !split.asked || answer.from !== split.position) return
    if (answer.error === 'NONE') takeBatch(split, answer.next, answer.offsets, answer.records)
    else failOrRetry(state, split, answer.error, context)
  }

  /** The position to begin with was looked up. */
  function located(state: KafkaReader, split: FetchedSplit | undefined, error: KafkaError, offset: number, context: OperatorContext): void {
    if (split === undefined || split.position >= 0) return
    if (error !== 'NONE') {
      failOrRetry(state, split, error, context)
      return
    }
    split.offset = split.position = offset
    split.asked = split.again = false
  }

  function groupOffsets(state: KafkaReader, error: KafkaError, offsets: readonly CommittedOffset[], context: OperatorContext): void {
    for (const split of state.splits) {
      if (split.position !== COMMITTED_OFFSET) continue
      const committed = offsets.find(({ partition }) => partition === split.split)
      located(state, split, error, committed?.offset ?? 0, context)
    }
  }

  function failOrRetry(state: KafkaReader, split: FetchedSplit, error: KafkaError, context: OperatorContext): void {
    if (isRetriable(error)) retryBatch(split, retryBackoffUs, context)
    else state.failure = `${split.split}: ${error}`
  }

  function connectionLost(state: KafkaReader, { system }: ConnectionLost, context: OperatorContext): void {
    for (const split of state.splits) {
      const asked = split.position === COMMITTED_OFFSET ? options.cluster.groups : topic.partitions[indexOf(split.split)]
      if (asked === system) retryBatch(split, retryBackoffUs, context)
    }
  }
}

function askBroker(options: KafkaSourceOptions, index: number, { position }: FetchedSplit, context: OperatorContext): void {
  const { cluster, topic, isolation, group, maxPollRecords: maxRecords } = options
  const caller = context.caller<KafkaSourceAnswer>()
  const ref: PartitionRef | undefined = topic.partitions[index]
  if (ref === undefined) throw new RangeError(`topic ${topic.name} has no partition ${String(index)}`)
  if (position === COMMITTED_OFFSET) context.call(cluster.groups, { kind: 'fetch-offsets', caller, group })
  // The end of the log, not of what is committed: `LatestOffsetsInitializer` asks an AdminClient, which reads uncommitted.
  else if (position === LATEST_OFFSET) context.call(ref, { kind: 'list-offsets', caller, isolation: 'read_uncommitted' })
  else context.call(ref, { kind: 'fetch', caller, offset: position, isolation, maxRecords, wait: true, observer: false })
}

function commitsOffsets({ group, commitOffsetsOnCheckpoint }: KafkaSourceOptions): boolean {
  return group !== '' && commitOffsetsOnCheckpoint
}

function isResolved({ offset }: SplitState): boolean {
  return offset >= 0
}

function committedOffset({ split, offset }: SplitState): CommittedOffset {
  return { partition: split, offset }
}
