/**
 * What lives outside of the engine: each system an actor with its own failure model. They know the world and the words of the
 * history, nothing of the dataflow.
 */
export * from './failpoints.js'
export * from './stored-record.js'
export * from './external-store/protocol.js'
export * from './external-store/external-store.js'
