import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HistoryCounts } from '../../src/history/index.js'

const project = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** The recordings that belong to the project. */
export const FIXTURES = join(project, 'test', 'fixtures', 'recordings')

/** A larger collection beside the project; nothing depends on it. */
export const SHARED = join(project, '..', 'shared', 'recordings')

/** Names of the recordings in a folder, sorted. */
export function recordingsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'history.jsonl')) || existsSync(join(folder, name, 'history.jsonl.gz')))
    .sort()
}

/** The file of a recording, compressed or not. */
export function historyOf(folder: string, name: string): string {
  const plain = join(folder, name, 'history.jsonl')
  return existsSync(plain) ? plain : `${plain}.gz`
}

interface OutputNumbers {
  records: number
  distinct: number
  dup: number
  lost: number
}

/** What `summary.json` counted, in the words of `HistoryCounts`; what it does not tell is left out. */
export function countsOfSummary(folder: string, name: string): Partial<HistoryCounts> {
  const summary = JSON.parse(readFileSync(join(folder, name, 'summary.json'), 'utf8'))
  const numbers: Record<string, number> = summary.numbers
  const counts: Record<string, unknown> = {
    emitted: numbers['emitted'],
    processed: numbers['processed'],
    written: numbers['sinkWrites'],
    visible: numbers['visible'],
    duplicated: numbers['dup'],
    lost: numbers['lost'],
    keyedStateMaxError: numbers['keyMaxErr'],
    checkpointsCompleted: numbers['cpCompleted'],
    readCommitted: output(summary.readCommitted),
    readUncommitted: output(summary.readUncommitted),
  }
  return Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== undefined))
}

function output(numbers: OutputNumbers | undefined): unknown {
  if (numbers === undefined) return undefined
  return { records: numbers.records, distinct: numbers.distinct, duplicated: numbers.dup, lost: numbers.lost }
}
