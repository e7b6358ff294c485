/** The questions about a job that neither plan nor assume file answers. */
import type { Guess } from './guess.js'
import type { JobRoles, Role } from './role.js'

/** A question with the answers it may have, the best guess first. */
export interface OpenQuestion {
  /** Label of the part; `*` for the whole job. */
  readonly vertex: string
  readonly question: 'replayable' | 'guarantee' | 'transactionTimeout' | 'deterministic'
  readonly possibilities: readonly string[]
  readonly because: string
}

/** Label under which a question is about all user code at once. */
export const wholeJob = '*'

/**
 * What a run must cover each possibility of. Kinds are not among them: what a kind means for guarantees is asked by the other questions.
 * Whether user code is deterministic is one question for the whole job, so that it does not multiply.
 */
export function openQuestions({ roles }: JobRoles): OpenQuestion[] {
  const perPart = roles.flatMap(questionsOf)
  const undecided = roles.filter((role) => role.role === 'operator' && role.deterministic.possibilities.length > 1)
  if (undecided.length === 0) return perPart
  const because = `no plan shows user code: ${undecided.map((role) => role.part.label).join(', ')}`
  return [...perPart, { vertex: wholeJob, question: 'deterministic', possibilities: ['true', 'false'], because }]
}

function questionsOf(role: Role): OpenQuestion[] {
  const ask = (question: OpenQuestion['question'], guess: Guess<string | boolean>): OpenQuestion[] =>
    guess.possibilities.length < 2
      ? []
      : [{ vertex: role.part.label, question, possibilities: guess.possibilities.map(String), because: guess.because }]
  switch (role.role) {
    case 'source':
      return ask('replayable', role.replayable)
    case 'sink':
      return [...ask('guarantee', role.guarantee), ...ask('transactionTimeout', role.transactionTimeout)]
    case 'operator':
      return []
  }
}
