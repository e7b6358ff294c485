import { describe, expect, it } from 'vitest'
import {
  externalStore,
  fileSystem,
  messageQueue,
  socketServer,
  type FileRequest,
  type QueueRequest,
  type StoreRequest,
  type TakeNext,
} from './index.js'
import { undigestedMembers } from '../../test/systems/digest-coverage.js'
import type { CoordinatorMessage } from './kafka/coordinator-messages.js'
import { groupCoordinator, type GroupRequest } from './kafka/group-coordinator.js'
import { kafkaReader } from './kafka/kafka-reader.js'
import { kafkaPartition } from './kafka/partition.js'
import type { FetchAnswer, PartitionMessage } from './kafka/partition-messages.js'
import { transactionCoordinator } from './kafka/transaction-coordinator.js'
import type { Caller, Reply, WorldMessage } from '../world/index.js'

/** A caller of any kind. */
function caller<A>(): Caller<A> {
  return { ref: 3 as Caller<A>['ref'], tag: 1 }
}

const where = { vertex: 'Sink', subtask: 1, attempt: 2 }
const records = [
  { id: 7, value: { key: 'k', count: 3 }, timestamp: 40 },
  { id: 8, value: 'text', timestamp: 41 },
  { id: 9, value: 5, timestamp: 42 },
]
const identity = { transactionalId: 'p-0-1', producer: 'p-0-1#0', epoch: 4 }

const world: readonly WorldMessage[] = [
  { kind: 'timer', name: 'scan' },
  { kind: 'peer-down', peer: 1, incarnation: 2, lane: 3, crashed: true },
  { kind: 'peer-down', peer: 1, incarnation: 2, lane: 3, crashed: true, silent: true },
]

const store: readonly StoreRequest[] = [
  { kind: 'open-session', caller: caller(), where, parallelism: 2, restored: 3 },
  { kind: 'write', caller: caller(), where, session: 1, transaction: 't', expected: 2, from: 3, records },
  { kind: 'pre-commit', caller: caller(), where, transaction: 't', records: 3 },
  { kind: 'commit', caller: caller(), where, transaction: 't', subtask: 1 },
  { kind: 'abort', caller: caller(), where, transaction: 't', subtask: 1, why: 'close' },
  { kind: 'append', caller: caller(), where, slot: 1, records },
]

const files: readonly FileRequest[] = [
  { kind: 'create', caller: caller(), where, directory: '/d', name: 'part' },
  { kind: 'write', caller: caller(), path: '/d/p', from: 1, records },
  { kind: 'persist', caller: caller(), where, path: '/d/p', target: '/d/q', length: 3 },
  { kind: 'rename', caller: caller(), where, path: '/d/p', target: '/d/q', length: 3 },
  { kind: 'delete', caller: caller(), path: '/d/p' },
  { kind: 'list', caller: caller(), directory: '/d', name: 'p' },
  { kind: 'read', caller: caller(), path: '/d/p', offset: 1, max: 5 },
]

const partition: readonly PartitionMessage[] = [
  { kind: 'produce', caller: caller(), where, ...identity, sequence: 5, records },
  { kind: 'fetch', caller: caller(), offset: 3, isolation: 'read_committed', maxRecords: 9, wait: true, observer: false },
  { kind: 'list-offsets', caller: caller(), isolation: 'read_committed' },
  { kind: 'write-marker', coordinator: caller().ref as never, ...identity, commit: true },
  { kind: 'reply', tag: 0, answer: { type: 'verified', ...identity, error: 'NONE' } },
]

const coordinator: readonly CoordinatorMessage[] = [
  { kind: 'init-producer-id', caller: caller(), where, transactionalId: 'p', timeoutUs: 60 },
  { kind: 'add-partitions', caller: caller(), where, ...identity, partitions: [4 as never, 5 as never] },
  { kind: 'end-txn', caller: caller(), where, ...identity, commit: true },
  { kind: 'verify', caller: caller(), ...identity, partition: 4 },
  { kind: 'marker-written', partition: 4, ...identity },
]

const queue: readonly QueueRequest[] = [
  { kind: 'receive', caller: caller(), queue: 'q', after: 2, max: 5 },
  { kind: 'acknowledge', caller: caller(), queue: 'q', upTo: 3 },
]

const socket: readonly TakeNext[] = [{ kind: 'take-next', caller: caller(), stream: 's', max: 5 }]

const group: readonly GroupRequest[] = [
  { kind: 'commit-offsets', caller: caller(), group: 'g', offsets: [{ partition: 'in-0', offset: 3 }] },
  { kind: 'fetch-offsets', caller: caller(), group: 'g' },
]

const fetched: FetchAnswer = {
  type: 'fetched',
  partition: 4,
  from: 1,
  error: 'NONE',
  next: 3,
  offsets: [1, 2, 3],
  records,
  transactions: ['p'],
}
const reader: readonly Reply<FetchAnswer>[] = [{ kind: 'reply', tag: 2, answer: fetched }]

describe.each([
  ['external store', externalStore.digest, [...store, ...world]],
  ['file system', fileSystem.digest, [...files, ...world]],
  ['partition', kafkaPartition.digest, [...partition, ...world]],
  ['transaction coordinator', transactionCoordinator.digest, [...coordinator, ...world]],
  ['message queue', messageQueue.digest, [...queue, ...world]],
  ['socket server', socketServer.digest, [...socket, ...world]],
  ['group coordinator', groupCoordinator.digest, [...group, ...world]],
  ['independent reader', kafkaReader.digest, [...reader, ...world]],
] as const)('digest of the %s', (_name, digest, messages) => {
  it.each(messages.map((message) => [message.kind, message] as const))('covers every member of %s', (_kind, message) => {
    expect(undigestedMembers(message, digest as (message: unknown) => number)).toEqual([])
  })

  it('tells kinds apart that have the same members', () => {
    const digests = messages.map((message) => (digest as (message: unknown) => number)(message))
    expect(new Set(digests).size).toBe(messages.length)
  })
})

it('finds a member that is left out', () => {
  expect(undigestedMembers({ kind: 'x', a: 1, b: [{ c: 2 }] }, ({ a }) => a)).toEqual(['.b[0].c', '.b.length'])
})
