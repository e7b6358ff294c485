/**
 * Offsets that consumer groups have committed (Kafka: `GroupCoordinator`). Consumers assign partitions themselves; there are no members.
 */
import { fold, hashString, type Behavior, type Caller, type WorldMessage } from '../../world/index.js'
import { takesEffect } from '../outcome.js'
import { digestWorldMessage } from '../world-message.js'
import type { KafkaError } from './errors.js'
import { digestCaller } from './partition-messages.js'

/** The next offset to read of a partition, by its name (`topic-0`). */
export interface CommittedOffset {
  readonly partition: string
  readonly offset: number
}

/** Keeps offsets for a group (Kafka: OffsetCommit). */
export interface CommitOffsets {
  readonly kind: 'commit-offsets'
  readonly caller: Caller<GroupAnswer>
  readonly group: string
  readonly offsets: readonly CommittedOffset[]
}

/** Asks for all that a group has committed (Kafka: OffsetFetch). */
export interface FetchOffsets {
  readonly kind: 'fetch-offsets'
  readonly caller: Caller<GroupAnswer>
  readonly group: string
}

/** What consumers ask. */
export type GroupRequest = CommitOffsets | FetchOffsets

/** What they are answered. */
export type GroupAnswer =
  | { readonly type: 'offsets-committed'; readonly error: KafkaError }
  | { readonly type: 'group-offsets'; readonly error: KafkaError; readonly offsets: readonly CommittedOffset[] }

/** Committed offsets by group and partition, both sorted. */
export interface GroupState {
  readonly groups: { readonly group: string; offsets: CommittedOffset[] }[]
}

/** The coordinator of all groups. */
export const groupCoordinator: Behavior<null, GroupState, GroupRequest> = {
  kind: 'group-coordinator',
  start: () => null,
  digest: digestGroupRequest,
  receive({ durable }, message, context) {
    if (message.kind === 'timer' || message.kind === 'peer-down') return
    const { caller, group } = message
    const outcome = context.outcome(message.kind === 'commit-offsets' ? 'kafka.commit-offsets' : 'kafka.fetch-offsets')
    if (message.kind === 'commit-offsets' && takesEffect(outcome)) commitOffsets(durable, group, message.offsets)
    const error: KafkaError = outcome === 'done' ? 'NONE' : outcome === 'failed' ? 'COORDINATOR_NOT_AVAILABLE' : 'REQUEST_TIMED_OUT'
    const answer: GroupAnswer =
      message.kind === 'commit-offsets'
        ? { type: 'offsets-committed', error }
        : { type: 'group-offsets', error, offsets: [...offsetsOf(durable, group)] }
    context.send(caller.ref, { kind: 'reply', tag: caller.tag, answer })
  },
}

function offsetsOf(state: GroupState, group: string): readonly CommittedOffset[] {
  return state.groups.find((known) => known.group === group)?.offsets ?? []
}

/** The last commit wins, whatever it says: a consumer may go back. */
function commitOffsets(state: GroupState, group: string, offsets: readonly CommittedOffset[]): void {
  let known = state.groups.find((other) => other.group === group)
  if (known === undefined) {
    known = { group, offsets: [] }
    const place = state.groups.findIndex((other) => other.group > group)
    state.groups.splice(place < 0 ? state.groups.length : place, 0, known)
  }
  const others = known.offsets.filter(({ partition }) => !offsets.some((offset) => offset.partition === partition))
  known.offsets = [...others, ...offsets].sort((a, b) => (a.partition < b.partition ? -1 : 1))
}

/** The message as one integer, over all its fields. */
export function digestGroupRequest(message: GroupRequest | WorldMessage): number {
  if (message.kind === 'timer' || message.kind === 'peer-down') return digestWorldMessage(message)
  const kind = hashString(message.kind)
  let h = fold(digestCaller(kind, message.caller), hashString(message.group))
  if (message.kind === 'commit-offsets')
    for (const { partition, offset } of message.offsets) h = fold(fold(h, hashString(partition)), offset)
  return h
}
