import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readAnyHistory } from '../../src/flink/index.js'
import { protocolFacts, type ProtocolFacts } from '../../src/guarantees/index.js'
import { readScenario, type Rebuilt } from './recorded-scenario.js'

/** A recording with what its history shows, and the scenario that it is rebuilt as. */
export interface RecordedRun {
  readonly name: string
  /** Undefined where Flink refused the job: there is no history then. */
  readonly facts: ProtocolFacts | undefined
  readonly rebuilt: Rebuilt
}

/** Names of the recordings in a folder, sorted. */
export function recordingsOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'summary.json')))
    .filter((name) => existsSync(join(folder, name, 'history.jsonl')) || existsSync(join(folder, name, 'history.jsonl.gz')))
    .sort()
}

/** Reads a recording. */
export function readRecordedRun(folder: string, name: string): RecordedRun {
  const { header, events, refused } = readAnyHistory(join(folder, name))
  return { name, facts: refused === undefined ? protocolFacts(header, events) : undefined, rebuilt: readScenario(folder, name) }
}
