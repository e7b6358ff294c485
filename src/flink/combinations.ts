/** The possibilities of a job whose plan leaves questions open, as few as will do. */
import type { JobConfiguration } from '../engine/configuration.js'
import { jobModel, type JobModel } from './job-model.js'
import { openQuestions, shorterThanAnOutage, wholeJob, type JobRoles, type OpenQuestion } from './roles/index.js'

/** How many possibilities of one job are run at most: all of two sources and a sink, or of a source and two sinks. */
export const mostCombinations = 64

/** One possibility: the job, and what is assumed of it. */
export interface Combination {
  readonly model: JobModel
  /** The answers that are not the best guess, in words; empty for the best guess itself. */
  readonly condition: string
  /** The same without what concerns sinks alone: no state depends on that. */
  readonly conditionOfState: string
  /** Conditions of the possibilities whose every behaviour is one of this one's as well; absent for none. See `mayBeAbsent`. */
  readonly mayBeLike?: readonly string[]
  readonly answers: readonly { readonly vertex: string; readonly question: string; readonly value: string }[]
}

export interface Combinations {
  /** The best guess first, then those that differ from it for one part of the job, then for two, … */
  readonly combinations: readonly Combination[]
  /** All possibilities, also those not run. */
  readonly total: number
  /** Says what is left out; absent when nothing is. */
  readonly cut?: string
}

interface Choice {
  readonly question: OpenQuestion
  readonly value: string
  readonly isGuess: boolean
}

/** All that one part of a job may be: the best guess first. */
type Axis = readonly (readonly Choice[])[]

/**
 * All possibilities of a job, or the likeliest. That user code is not deterministic is a possibility beside the others, and none of each of
 * them: of what lies behind such code nothing can be said whatever else is assumed, and all else is as if it were deterministic.
 */
export function combinationsOf(name: string, roles: JobRoles, configuration: JobConfiguration): Combinations {
  const questions = openQuestions(roles)
  const axes = axesOf(questions, roles)
  const ofAll = axes.reduce((product, axis) => product * axis.length, 1)
  const total = questions.some(isOfCode) ? ofAll / 2 + 1 : ofAll
  const chosen: Choice[][] = []
  for (const choices of likeliestFirst(axes)) {
    if (chosen.length === mostCombinations) break
    if (deviations(choices) <= 1 || !choices.some(({ question, isGuess }) => isOfCode(question) && !isGuess)) chosen.push(choices)
  }
  const combinations = chosen.map((choices) => combination(name, roles, choices, configuration))
  if (total <= combinations.length) return { combinations, total }
  const asked = questions
    .map((question) => `${question.vertex === wholeJob ? 'userCode' : `'${question.vertex}'`} ${question.question}`)
    .join(', ')
  return {
    combinations,
    total,
    cut: `${String(combinations.length)} of ${total > 1_000_000 ? 'over a million' : String(total)} possibilities are covered, the likeliest first; answer some of these to cover all: ${asked}`,
  }
}

function axesOf(questions: readonly OpenQuestion[], roles: JobRoles): Axis[] {
  // The last one is varied first: sinks before sources before the whole job.
  const parts = [...new Set(questions.map((question) => question.vertex))].sort((a, b) => Number(b === wholeJob) - Number(a === wholeJob))
  return parts.map((part) => {
    const asked = questions.filter((question) => question.vertex === part)
    const all = asked.reduce<Choice[][]>(
      (partial, question) =>
        partial.flatMap((choices) => question.possibilities.map((value, index) => [...choices, { question, value, isGuess: index === 0 }])),
      [[]],
    )
    return all.filter((choices) => isMeaningful(choices, part, roles)).sort((a, b) => deviations(a) - deviations(b))
  })
}

function isOfCode({ question }: OpenQuestion): boolean {
  return question === 'deterministic'
}

function deviations(choices: readonly Choice[]): number {
  return choices.filter((choice) => !choice.isGuess).length
}

/** A transaction timeout is no question for a sink without transactions: of its possibilities only the first stands. */
function isMeaningful(choices: readonly Choice[], part: string, { roles }: JobRoles): boolean {
  const timeout = choices.find((choice) => choice.question.question === 'transactionTimeout')
  if (timeout === undefined || timeout.isGuess) return true
  const sink = roles.find((role) => role.part.label === part)
  const guessed = sink?.role === 'sink' ? sink.guarantee.value : undefined
  return (choices.find((choice) => choice.question.question === 'guarantee')?.value ?? guessed) === 'EXACTLY_ONCE'
}

/** One alternative of each axis: all at their best guess, then every one axis elsewhere, then every two. */
function* likeliestFirst(axes: readonly Axis[]): Generator<Choice[]> {
  for (let elsewhere = 0; elsewhere <= axes.length; elsewhere++) yield* pick(axes, elsewhere)
}

function* pick(axes: readonly Axis[], elsewhere: number): Generator<Choice[]> {
  const [axis, ...others] = axes
  if (axis === undefined) {
    if (elsewhere === 0) yield []
    return
  }
  for (const [index, alternative] of axis.entries()) {
    if (index > 0 && elsewhere === 0) return
    if (elsewhere - (index > 0 ? 1 : 0) > others.length) continue
    for (const rest of pick(others, index > 0 ? elsewhere - 1 : elsewhere)) yield [...alternative, ...rest]
  }
}

function combination(name: string, roles: JobRoles, choices: readonly Choice[], configuration: JobConfiguration): Combination {
  const answers = new Map<string, Map<string, string>>()
  for (const { question, value } of choices) {
    const ofPart = answers.get(question.vertex) ?? new Map<string, string>()
    answers.set(question.vertex, ofPart.set(question.question, value))
  }
  const assumed = choices.filter((choice) => !choice.isGuess)
  const milder = subsetsOf(assumed, (choice) => mayBeAbsent(choice, configuration)).filter(({ length }) => length < assumed.length)
  return {
    model: jobModel(name, roles, answers, configuration),
    condition: assumed.map(inWords).join('; '),
    conditionOfState: assumed
      .filter(({ question: { question } }) => question !== 'guarantee' && question !== 'transactionTimeout')
      .map(inWords)
      .join('; '),
    ...(milder.length > 0 && { mayBeLike: milder.map((fewer) => fewer.map(inWords).join('; ')) }),
    answers: choices.map(({ question, value }) => ({ vertex: question.vertex, question: question.question, value })),
  }
}

/**
 * Whether what is assumed need not show in a run: code that is not deterministic may happen to be, no outage need come to a transaction
 * with a short timeout, and who gets again what was not acknowledged may have acknowledged just what the checkpoint covers.
 */
function mayBeAbsent({ question: { question }, value }: Choice, { checkpointing }: JobConfiguration): boolean {
  // Without checkpoints a queue acknowledges on delivery, and replays nothing.
  return question === 'deterministic' || value === shorterThanAnOutage || (value === 'redelivers' && checkpointing.enabled)
}

/** A list with all, some or none of those that may be left out, in its order. */
function subsetsOf<T>(list: readonly T[], isOptional: (each: T) => boolean): T[][] {
  return list.reduce<T[][]>(
    (subsets, each) => subsets.flatMap((subset) => [[...subset, each], ...(isOptional(each) ? [subset] : [])]),
    [[]],
  )
}

function inWords({ question, value }: Choice): string {
  const { vertex } = question
  switch (question.question) {
    case 'replayable':
      if (value === 'redelivers') return `'${vertex}' delivers again what was not acknowledged`
      return value === 'true' ? `'${vertex}' replays` : `'${vertex}' does not replay`
    case 'guarantee':
      return `'${vertex}' is ${value}`
    case 'transactionTimeout':
      return value === shorterThanAnOutage
        ? `the transactions of '${vertex}' time out before an outage is over`
        : `the transaction timeout of '${vertex}' is ${value}`
    case 'deterministic':
      return value === 'true' ? 'user code is deterministic' : 'user code is not deterministic'
  }
}
