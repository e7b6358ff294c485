import { existsSync, readFileSync } from 'node:fs'
import { NOTHING } from '../../src/guarantees/index.js'
import type { RecordedRun } from './recorded-facts.js'

/** Answers that some recording gives, by fact, each with the first recording that does. Those that give several are taken apart. */
export type SeenAnswers = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What recordings answer. */
export function seenAnswersOf(runs: readonly RecordedRun[]): SeenAnswers {
  const seen: Record<string, Record<string, string>> = {}
  for (const { name, facts } of runs) {
    for (const [fact, answer] of facts ?? []) {
      if (answer === NOTHING) continue
      for (const part of answer.split(' + ')) (seen[fact] ??= {})[part] ??= name
    }
  }
  return seen
}

/**
 * What was seen in all recordings when the page was written: there are more of them than belong to the project.
 * @returns nothing where the file is missing
 */
export function readSeenAnswers(file: string): SeenAnswers {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SeenAnswers) : {}
}

/** Whether every part of an answer was seen. */
export function isSeen(seen: readonly SeenAnswers[], fact: string, answer: string): boolean {
  return answer.split(' + ').every((part) => seen.some((answers) => answers[fact]?.[part] !== undefined))
}
