/**
 * What readers of outside systems share: splits are fetched in batches ahead of the records that are handed out
 * (Flink: `SourceReaderBase`, `SplitFetcher`). Splits take turns; a split is fetched again when its batch is used up.
 */
import type { OperatorContext, PollResult, SplitState } from '../engine/operator.js'
import type { StreamRecord } from '../engine/record.js'
import { keyAndCount, type StoredRecord } from '../systems/index.js'
import { recordPaced, startPace, wokenPaced, type Pace, type PaceState } from './pace.js'

/** State of a reader that fetches. */
export interface FetchingReader {
  readonly splits: FetchedSplit[]
  /** Which split is read next. */
  turn: number
  noMoreSplits: boolean
  readonly pace: PaceState
  failure: string | undefined
}

/** A split with what was fetched of it and not handed out yet. */
export interface FetchedSplit {
  readonly split: string
  /** Position of the next record to hand out: what a snapshot holds. */
  offset: number
  /** Position of the next fetch. */
  position: number
  /** Position at which the split ends; null while that is not known. */
  stop: number | null
  /** Fetched records with their positions; those before `head` were handed out. */
  records: readonly StoredRecord[]
  offsets: readonly number[]
  head: number
  /** A request waits for its answer. */
  asked: boolean
  /** The request came to nothing and will be repeated. */
  again: boolean
}

/** Asks the outside system for the next batch of a split. */
export type AskForBatch = (split: FetchedSplit, context: OperatorContext) => void

type Emit = (split: string, offset: number, record: Omit<StreamRecord, 'id'>, key?: string) => void

/** Name of the wake-up after which failed requests are repeated. */
const FETCH_RETRY_WAKE_UP = 'fetch-retry'

/** A reader without splits. */
export function createFetchingReader(pace: Pace | undefined): FetchingReader {
  return { splits: [], turn: 0, noMoreSplits: false, pace: startPace(pace), failure: undefined }
}

/** Adds a split to read from this position on. */
export function addFetchedSplit(reader: FetchingReader, { split, offset }: SplitState, stop: number | null): void {
  reader.splits.push({ split, offset, position: offset, stop, records: [], offsets: [], head: 0, asked: false, again: false })
}

/** Hands out the next record of the split whose turn it is, and asks for more where a batch is used up. */
export function pollFetched(
  reader: FetchingReader,
  pace: Pace | undefined,
  ask: AskForBatch,
  emit: Emit,
  context: OperatorContext,
): PollResult {
  for (const split of reader.splits) {
    if (split.asked || split.head < split.records.length || isFinished(split)) continue
    split.asked = true
    ask(split, context)
  }
  if (reader.pace.left === 0) return 'nothing'
  const next = nextSplit(reader)
  if (next === undefined) return reader.noMoreSplits && reader.splits.every(isFinished) ? 'end' : 'nothing'
  emitHead(next, emit, context)
  recordPaced(reader.pace, pace, context)
  return 'record'
}

function isFinished({ stop, position, head, records }: FetchedSplit): boolean {
  return stop !== null && position >= stop && head >= records.length
}

function nextSplit(reader: FetchingReader): FetchedSplit | undefined {
  const { splits } = reader
  for (let tried = 0; tried < splits.length; tried++) {
    const candidate = splits[reader.turn % splits.length]
    reader.turn = (reader.turn + 1) % splits.length
    if (candidate !== undefined && candidate.head < candidate.records.length) return candidate
  }
  return undefined
}

function emitHead(split: FetchedSplit, emit: Emit, context: OperatorContext): void {
  const record = split.records[split.head]
  const offset = split.offsets[split.head]
  if (record === undefined || offset === undefined) return
  split.head++
  // Handed out and moved past in one step: no barrier comes between.
  split.offset = offset + 1
  emit(split.split, offset, record, context.record === undefined ? undefined : keyAndCount(record.value).key)
}

/** A batch has arrived; `next` is where the following one begins. Records at or behind the end of the split are left out. */
export function takeBatch(split: FetchedSplit, next: number, offsets: readonly number[], records: readonly StoredRecord[]): void {
  const { stop } = split
  const within = stop === null ? records.length : offsets.filter((offset) => offset < stop).length
  split.asked = split.again = false
  split.records = within === records.length ? records : records.slice(0, within)
  split.offsets = offsets
  split.head = 0
  split.position = next
}

/** A request came to nothing: it is repeated after the backoff. */
export function retryBatch(split: FetchedSplit, backoffUs: number, context: OperatorContext): void {
  if (!split.asked) return
  split.again = true
  context.wakeAfter(FETCH_RETRY_WAKE_UP, backoffUs)
}

/** A pause or a backoff is over. */
export function wakeFetching(
  reader: FetchingReader,
  pace: Pace | undefined,
  ask: AskForBatch,
  name: string,
  context: OperatorContext,
): void {
  wokenPaced(reader.pace, pace, name)
  if (name !== FETCH_RETRY_WAKE_UP) return
  for (const split of reader.splits) {
    if (!split.again) continue
    split.again = false
    ask(split, context)
  }
}

/** Splits with the position of the next record each. */
export function snapshotFetching(reader: FetchingReader): readonly SplitState[] {
  return reader.splits.map(({ split, offset }) => ({ split, offset }))
}
