/** What the parts of a job are: guesses from names and edges, an assume file for what no plan tells, and the questions left open. */
export { noAssumptions, type Answer, type Assumptions, type OperatorAnswers, type SinkAnswers, type SourceAnswers } from './answers.js'
export { assumeTemplate } from './assume-template.js'
export { readAssumptions } from './assumptions.js'
export { guessRoles } from './guess-roles.js'
export { isSettled, type Guess } from './guess.js'
export { partsOf, type JobParts, type Part, type PartEdge } from './part.js'
export { openQuestions, wholeJob, type OpenQuestion } from './questions.js'
export {
  noTransactionTimeout,
  replays,
  shorterThanAnOutage,
  type DeliveryGuarantee,
  type JobRoles,
  type OperatorRole,
  type Replayability,
  type Role,
  type SinkKind,
  type SinkRole,
  type SourceKind,
  type SourceRole,
  type TransactionTimeout,
} from './role.js'
export { replayOf } from './source-role.js'
export type { WindowName } from './window-name.js'
