/**
 * Sources and sinks: what ties the engine's interfaces to outside systems. Pure code over plain state.
 */
export * from './append-sink.js'
export * from './collection-source.js'
export type { Content } from './content.js'
export type { Pace } from './pace.js'
export * from './two-phase-sink.js'
