/** Recordings of a real Flink become histories here: lines to events, and what lies beside them to a header with its promises. */
export { type ImportedHistory, importRecording, type NamedSource, type RecordingContext } from './import-recording.js'
export { readAnyHistory, type ReadOptions } from './read-recording.js'
