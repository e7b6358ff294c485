/**
 * Named calls into outside systems. At each of them the driver says how the call ends: done, failed (not applied, an error is
 * answered), or unknown (the answer is a timeout, whether it was applied or not).
 */

/** Calls into the external store. */
export const STORE_FAILPOINTS = ['store.session', 'store.write', 'store.pre-commit', 'store.commit', 'store.abort', 'store.append'] as const
/** See `STORE_FAILPOINTS`. */
export type StoreFailpoint = (typeof STORE_FAILPOINTS)[number]

/** Requests to Kafka's brokers (the independent readers' are never disturbed). */
export const KAFKA_FAILPOINTS = [
  'kafka.produce',
  'kafka.fetch',
  'kafka.list-offsets',
  'kafka.init-producer-id',
  'kafka.add-partitions',
  'kafka.end-txn',
  'kafka.commit-offsets',
  'kafka.fetch-offsets',
] as const
/** See `KAFKA_FAILPOINTS`. */
export type KafkaFailpoint = (typeof KAFKA_FAILPOINTS)[number]

/** Calls into a file system. */
export const FILE_FAILPOINTS = [
  'file.create',
  'file.write',
  'file.persist',
  'file.rename',
  'file.delete',
  'file.list',
  'file.read',
] as const
/** See `FILE_FAILPOINTS`. */
export type FileFailpoint = (typeof FILE_FAILPOINTS)[number]

/** Calls to a socket server. */
export const SOCKET_FAILPOINTS = ['socket.take'] as const
/** See `SOCKET_FAILPOINTS`. */
export type SocketFailpoint = (typeof SOCKET_FAILPOINTS)[number]
