import { InputError } from '../input-error.js'
import type { Answer, SourceAnswers } from './answers.js'
import { isSettled, open, settled, type Guess } from './guess.js'
import type { Part } from './part.js'
import { replays, type Replayability, type SourceKind, type SourceRole } from './role.js'
import { tellingName } from './telling-name.js'

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
  [/\bfiles?\b|_files?(?:\b|_)|(?<!pro)file-?(?:source|system)|csv|parquet|\bs3\b|hdfs/i, 'file'],
]

/**
 * What sources of a kind may do after a restart, their usual way first. What a log or a file has lost is not read again; collections
 * and generators may be iterators; a queue whose messages have ids that the source remembers is counted once (`RMQSource` with
 * correlation ids).
 */
const replaysOf: Readonly<Record<Exclude<SourceKind, 'unknown'>, readonly [Replayability, ...Replayability[]]>> = {
  kafka: [true, false],
  file: [true, false],
  collection: [true, 'redelivers'],
  datagen: [true, 'redelivers'],
  queue: ['redelivers', true, false],
  socket: [false],
}

/** What a source of this kind usually does after a restart; undefined when the kind does not tell. */
export function replayOf(kind: SourceKind): Replayability | undefined {
  return kind === 'unknown' ? undefined : replaysOf[kind][0]
}

/** What a source may do after a restart as far as its kind is known. */
export function possibleReplays(kind: Guess<SourceKind>): readonly Replayability[] {
  return kind.value === 'unknown' || !isSettled(kind) ? replays : replaysOf[kind.value]
}

/**
 * What kind of source a part is and whether it replays.
 * @throws InputError when the answers contradict each other
 */
export function sourceRole(part: Part, answers: SourceAnswers = {}): SourceRole {
  const kind = kindOf(part, answers)
  return { role: 'source', part, kind, replayable: replayableOf(part, kind, answers) }
}

function kindOf(part: Part, answers: SourceAnswers): Guess<SourceKind> {
  if (answers.kind !== undefined) return settled(answers.kind.value, `assumed at ${answers.kind.where}`)
  const byFlink = flinkNames.find(([pattern]) => pattern.test(part.name))?.[1]
  if (byFlink !== undefined) return settled(byFlink, 'the name is Flink’s own')
  const told = tellingName(part.name)
  const hint = hints.find(([pattern]) => pattern.test(told))?.[1]
  return hint === undefined ? open(['unknown'], 'the name does not tell') : open([hint, 'unknown'], 'guessed from the name')
}

/** `fromCollection` of an iterator has the name of a list's, but starts again from the first element (`FromIteratorFunction`). */
const iterators: readonly (readonly [RegExp, readonly [Replayability, ...Replayability[]]])[] = [
  [/^Source: Collection Source$/, [true, 'redelivers']],
  [/^Source: Parallel Collection Source$/, ['redelivers']],
]

function replayableOf(part: Part, kind: Guess<SourceKind>, answers: SourceAnswers): Guess<Replayability> {
  if (answers.replayable !== undefined) return answered(part, kind, answers.replayable)
  const ofIterator = answers.kind === undefined ? iterators.find(([pattern]) => pattern.test(part.name))?.[1] : undefined
  if (ofIterator !== undefined) return open(ofIterator, 'an iterator starts again from its first element')
  const byKind = replayOf(kind.value)
  if (byKind !== undefined && isSettled(kind)) return settled(byKind, `a ${kind.value} source ${IN_WORDS[`${byKind}`]}`)
  // A name that speaks of another kind is no sign of a queue.
  const possible = kind.value === 'unknown' || kind.value === 'queue' ? replays : replays.filter((replay) => replay !== 'redelivers')
  const first = byKind ?? true
  return open([first, ...possible.filter((replay) => replay !== first)], kind.because)
}

function answered(part: Part, kind: Guess<SourceKind>, { value, where }: Answer<Replayability>): Guess<Replayability> {
  const possible = possibleReplays(kind)
  if (possible.includes(value)) return settled(value, `assumed at ${where}`)
  const why = `a ${kind.value} source ${possible.map((replay) => IN_WORDS[`${replay}`]).join(', or ')}`
  throw new InputError(where, `'replayable' of '${part.label}' cannot be '${String(value)}': ${why}`, possible.join(', '))
}

const IN_WORDS = { true: 'replays', false: 'does not replay', redelivers: 'delivers again what was not acknowledged' } as const
