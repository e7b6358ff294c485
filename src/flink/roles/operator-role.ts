import type { Answer, OperatorAnswers } from './answers.js'
import { open, settled, type Guess } from './guess.js'
import type { Part, PartEdge } from './part.js'
import type { OperatorRole } from './role.js'
import { readWindowName, type WindowName } from './window-name.js'

/** Names that Flink, Paimon and Iceberg give to operators that run no code of the user, or only a key or timestamp function. */
const withoutUserCode =
  /^(?:Timestamps\/Watermarks|Keyed Aggregation|Union|Writer : .*|Global Committer : .*|(?:.+-)?Iceberg(?:StreamWriter|FilesCommitter)|StreamingFileWriter|PartitionCommitter)$/

/** What an operator is, from its name and its edges. */
export function operatorRole(
  part: Part,
  edges: readonly PartEdge[],
  answers: OperatorAnswers = {},
  everywhere?: Answer<boolean>,
): OperatorRole {
  const inputs = edges.filter((edge) => edge.to === part.label)
  const keyed = inputs.some((edge) => edge.ship === 'HASH')
  const window = readWindowName(part.name)
  return {
    role: 'operator',
    part,
    keyed,
    inputs: inputs.length,
    ...(window === undefined ? {} : { window }),
    stateful: statefulOf(keyed, window, answers.stateful),
    deterministic: deterministicOf(part, window, answers.deterministic ?? everywhere),
  }
}

function statefulOf(keyed: boolean, window: WindowName | undefined, answer: Answer<boolean> | undefined): Guess<boolean> {
  if (answer !== undefined) return settled(answer.value, `assumed at ${answer.where}`)
  if (window !== undefined) return settled(true, 'a window keeps its content in state')
  return settled(keyed, keyed ? 'its input is keyed' : 'its input is not keyed')
}

function deterministicOf(part: Part, window: WindowName | undefined, answer: Answer<boolean> | undefined): Guess<boolean> {
  if (window?.time === 'processing') return settled(false, 'what falls into a processing-time window differs from run to run')
  if (answer !== undefined) return settled(answer.value, `assumed at ${answer.where}`)
  if (withoutUserCode.test(part.name)) return settled(true, 'it runs no user code that could matter')
  return open([true, false], 'no plan shows user code')
}
