/**
 * Histories: the event schema, recording, reading and writing. Everything a guarantee knows about a run, it knows from here.
 * Files are read and written by `history-file.ts`, which is a door of its own: the rest does no input and output.
 */
export * from './event.js'
export * from './header.js'
export { HistoryFormatError } from './history-format-error.js'
export { type History, formatHistory, isHistoryHeader, linesOf, parseHistory, parseJsonLine, sortedJson } from './history-text.js'
export { type HistoryListener, HistoryRecorder, type RecorderOptions, type TakeFact } from './recorder.js'
export { HISTORY_KINDS, isHistoryFact } from './history-kinds.js'
export { type CountsState, countHistory, countsSoFar, createCounts, type HistoryCounts, type OutputCounts, stepCounts } from './counts.js'
