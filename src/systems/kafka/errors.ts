/** Error codes of Kafka's protocol as far as producers, consumers and coordinators of this model meet them (`Errors`). */
export type KafkaError =
  | 'NONE'
  | 'INVALID_PRODUCER_EPOCH'
  | 'OUT_OF_ORDER_SEQUENCE_NUMBER'
  | 'INVALID_TXN_STATE'
  | 'PRODUCER_FENCED'
  | 'INVALID_PRODUCER_ID_MAPPING'
  | 'INVALID_TRANSACTION_TIMEOUT'
  | 'OFFSET_OUT_OF_RANGE'
  | 'CONCURRENT_TRANSACTIONS'
  | 'COORDINATOR_NOT_AVAILABLE'
  | 'NOT_LEADER_OR_FOLLOWER'
  /** What the client sees of a request that was lost, or whose answer was. */
  | 'REQUEST_TIMED_OUT'

/** Whether a client may simply ask again (Kafka: `RetriableException`). */
export function isRetriable(error: KafkaError): boolean {
  switch (error) {
    case 'CONCURRENT_TRANSACTIONS':
    case 'COORDINATOR_NOT_AVAILABLE':
    case 'NOT_LEADER_OR_FOLLOWER':
    case 'REQUEST_TIMED_OUT':
      return true
    default:
      return false
  }
}
