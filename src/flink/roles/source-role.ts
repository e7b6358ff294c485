import type { SourceAnswers } from './answers.js'
import { open, settled, type Guess } from './guess.js'
import type { Part } from './part.js'
import { replays, type Replayability, type SourceKind, type SourceRole } from './role.js'

/** Names that Flink itself gives; they settle the kind. */
const flinkNames: readonly (readonly [RegExp, SourceKind])[] = [
  [/^Source: Socket Stream$/, 'socket'],
  [/^Source: (?:Parallel )?Collection Source$/, 'collection'],
  [/^Source: Sequence Source$/, 'datagen'],
  [/^Source: Custom File Source$/i, 'file'],
]

/** Words in names that users give; they are no more than hints. */
const hints: readonly (readonly [RegExp, SourceKind])[] = [
  [/kafka/i, 'kafka'],
  [/pub[-_ \/]?sub|rabbit|rmq|amqp|mqtt|activemq|\b(?:jms|sqs)\b/i, 'queue'],
  [/socket|netcat/i, 'socket'],
  [/in-?memory|collection|elements|from-?data|values/i, 'collection'],
  [/datagen|generat|sequence/i, 'datagen'],
  [/\bfiles?\b|_files?(?:\b|_)|file-?(?:source|system)|csv|parquet|\bs3\b|hdfs/i, 'file'],
]

/** What a source of this kind does after a restart; undefined when the kind does not tell. */
export function replayOf(kind: SourceKind): Replayability | undefined {
  if (kind === 'unknown') return undefined
  if (kind === 'queue') return 'redelivers'
  return kind !== 'socket'
}

/** What kind of source a part is and whether it replays. */
export function sourceRole(part: Part, answers: SourceAnswers = {}): SourceRole {
  const kind = kindOf(part, answers)
  return { role: 'source', part, kind, replayable: replayableOf(part, kind, answers) }
}

function kindOf(part: Part, answers: SourceAnswers): Guess<SourceKind> {
  if (answers.kind !== undefined) return settled(answers.kind.value, `assumed at ${answers.kind.where}`)
  const byFlink = flinkNames.find(([pattern]) => pattern.test(part.name))?.[1]
  if (byFlink !== undefined) return settled(byFlink, 'the name is Flink’s own')
  const hint = hints.find(([pattern]) => pattern.test(part.name))?.[1]
  return hint === undefined ? open(['unknown'], 'the name does not tell') : open([hint, 'unknown'], 'guessed from the name')
}

/** `fromCollection` of an iterator has the name of a list's, but starts again from the first element (`FromIteratorFunction`). */
const iterators: readonly (readonly [RegExp, readonly [Replayability, ...Replayability[]]])[] = [
  [/^Source: Collection Source$/, [true, 'redelivers']],
  [/^Source: Parallel Collection Source$/, ['redelivers']],
]

function replayableOf(part: Part, kind: Guess<SourceKind>, answers: SourceAnswers): Guess<Replayability> {
  if (answers.replayable !== undefined) return settled(answers.replayable.value, `assumed at ${answers.replayable.where}`)
  const ofIterator = answers.kind === undefined ? iterators.find(([pattern]) => pattern.test(part.name))?.[1] : undefined
  if (ofIterator !== undefined) return open(ofIterator, 'an iterator starts again from its first element')
  const byKind = replayOf(kind.value)
  if (byKind !== undefined && kind.possibilities.length === 1) return settled(byKind, `a ${kind.value} source ${IN_WORDS[`${byKind}`]}`)
  // A name that speaks of another kind is no sign of a queue.
  const possible = kind.value === 'unknown' || kind.value === 'queue' ? replays : replays.filter((replay) => replay !== 'redelivers')
  const first = byKind ?? true
  return open([first, ...possible.filter((replay) => replay !== first)], kind.because)
}

const IN_WORDS = { true: 'replays', false: 'does not replay', redelivers: 'delivers again what was not acknowledged' } as const
