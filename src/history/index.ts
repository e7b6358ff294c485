/**
 * Histories: the event schema, recording, reading and writing. Everything a guarantee knows about a run, it knows from here.
 */
export * from './event.js'
export * from './header.js'
