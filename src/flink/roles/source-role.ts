import type { SourceAnswers } from './answers.js'
import { open, settled, type Guess } from './guess.js'
import type { Part } from './part.js'
import type { SourceKind, SourceRole } from './role.js'

/** Names that Flink itself gives; they settle the kind. */
const flinkNames: readonly (readonly [RegExp, SourceKind])[] = [
  [/^Source: Socket Stream$/, 'socket'],
  [/^Source: Collection Source$/, 'collection'],
  [/^Source: Sequence Source$/, 'datagen'],
  [/^Source: Custom File Source$/i, 'file'],
]

/** Words in names that users give; they are no more than hints. */
const hints: readonly (readonly [RegExp, SourceKind])[] = [
  [/kafka/i, 'kafka'],
  [/socket|netcat/i, 'socket'],
  [/in-?memory|collection|elements|from-?data|values/i, 'collection'],
  [/datagen|generat|sequence/i, 'datagen'],
  [/files?\b|filesystem|csv|parquet|avro|\bs3\b|hdfs/i, 'file'],
]

/** Whether a source of this kind can be read again from a position; undefined when the kind does not tell. */
function replayableKind(kind: SourceKind): boolean | undefined {
  if (kind === 'unknown') return undefined
  return kind !== 'socket'
}

/** What kind of source a part is and whether it replays. */
export function sourceRole(part: Part, answers: SourceAnswers = {}): SourceRole {
  const kind = kindOf(part, answers)
  return { role: 'source', part, kind, replayable: replayableOf(kind, answers) }
}

function kindOf(part: Part, answers: SourceAnswers): Guess<SourceKind> {
  if (answers.kind !== undefined) return settled(answers.kind.value, `assumed at ${answers.kind.where}`)
  const byFlink = flinkNames.find(([pattern]) => pattern.test(part.name))?.[1]
  if (byFlink !== undefined) return settled(byFlink, 'the name is Flink’s own')
  const hint = hints.find(([pattern]) => pattern.test(part.name))?.[1]
  return hint === undefined ? open(['unknown'], 'the name does not tell') : open([hint, 'unknown'], 'guessed from the name')
}

function replayableOf(kind: Guess<SourceKind>, answers: SourceAnswers): Guess<boolean> {
  if (answers.replayable !== undefined) return settled(answers.replayable.value, `assumed at ${answers.replayable.where}`)
  const byKind = replayableKind(kind.value)
  if (byKind !== undefined && kind.possibilities.length === 1)
    return settled(byKind, `a ${kind.value} source ${byKind ? 'replays' : 'does not replay'}`)
  return byKind === false ? open([false, true], kind.because) : open([true, false], kind.because)
}
