import { instant, OUTCOMES, type Driver, type Instant, type Link, type Outcome, type Pending, type Timer } from '../../world/index.js'
import type { LinkEnds } from './link-places.js'
import { neverFires, nothingSpent, type Budgets, type Spent } from './budgets.js'

/** A question that a step asked, and the answer it got. */
export interface Answer {
  readonly asks: 'strike' | 'failure' | 'outcome' | 'loss' | 'choice' | 'elapsed'
  /** Failpoint, label of the choice, or kind of the message. */
  readonly about: string
  /** How many answers there are. */
  readonly of: number
  readonly value: number
}

/** Which messages may be lost. */
export type Losable = (link: LinkEnds, message: { readonly kind: string }) => boolean

/**
 * A driver without time that answers the questions of one step as planned, and with the first answer beyond the plan. Whoever
 * runs the step once for each plan of `plans` has seen all that the step can do within the budgets.
 */
export class AnsweringDriver implements Driver {
  readonly forgetful = true
  readonly timeless = true
  answers: Answer[] = []
  private planned: readonly number[] = []
  private spent: Spent = nothingSpent()

  constructor(
    private readonly budgets: Budgets,
    private readonly losable: Losable = () => false,
    private readonly mayCrash: (process: string) => boolean = () => true,
  ) {}

  /** Before each step: its answers, and what the run has spent, which the step adds to. */
  begin(planned: readonly number[], spent: Spent): void {
    this.answers = []
    this.planned = planned
    this.spent = spent
  }

  /** There is one instant only, so that states merge. */
  now(): Instant {
    return instant(0)
  }

  /** A choice; the world does not ask again for what follows from an answer. */
  elapsed(_actor: number, _since: Instant, _us: number, label: string): boolean {
    return this.ask('elapsed', label, 2) === 1
  }

  choose(_actor: number, label: string, n: number): number {
    return this.ask('choice', label, n)
  }

  sent(pending: Pending, link: Link): boolean {
    if (this.spent.losses >= (this.budgets.losses ?? 0) || !this.losable(link, pending.message)) return true
    const lost = this.ask('loss', pending.message.kind, 2) === 1
    if (lost) this.spent.losses++
    return !lost
  }

  strikes(_actor: number, failpoint: string, process: string): boolean {
    if (!this.mayCrash(process)) return false
    if (this.spent.crashes >= (this.budgets.crashes ?? 0)) return false
    const dies = this.ask('strike', failpoint, 2) === 1
    if (dies) this.spent.crashes++
    return dies
  }

  fails(_actor: number, failpoint: string): boolean {
    if (this.spent.failures >= (this.budgets.failures ?? 0)) return false
    const fails = this.ask('failure', failpoint, 2) === 1
    if (fails) this.spent.failures++
    return fails
  }

  outcome(_actor: number, failpoint: string): Outcome {
    if (this.spent.outcomes >= (this.budgets.outcomes ?? 0)) return 'done'
    const outcome = OUTCOMES[this.ask('outcome', failpoint, OUTCOMES.length)] ?? 'done'
    if (outcome !== 'done') this.spent.outcomes++
    return outcome
  }

  taken(): void {
    // what waits is found on the links of the world
  }
  dropped(): void {
    // likewise
  }
  armed(timer: Timer): void {
    if (neverFires(this.budgets, timer.name)) timer.armed = false
  }
  disarmed(): void {
    // likewise
  }
  crashed(): void {
    // a restart is an action of its own
  }

  private ask(asks: Answer['asks'], about: string, of: number): number {
    const value = this.planned[this.answers.length] ?? 0
    this.answers.push({ asks, about, of, value })
    return value
  }
}

/** The plan after the one that led to these answers: the last that can go up goes up, what came after it is asked anew. */
export function nextPlan(answers: readonly Answer[]): number[] | undefined {
  for (let i = answers.length - 1; i >= 0; i--) {
    const answer = answers[i]
    if (answer !== undefined && answer.value + 1 < answer.of) return [...answers.slice(0, i).map(({ value }) => value), answer.value + 1]
  }
  return undefined
}

/** Answers in words, without those that say that nothing special happened. */
export function describeAnswers(answers: readonly Answer[]): string[] {
  return answers.flatMap(({ asks, about, value }) => {
    if (asks === 'choice') return [`${about} = ${value}`]
    if (value === 0) return []
    if (asks === 'outcome') return [`${about} ends ${OUTCOMES[value] ?? ''}`]
    return [{ strike: `dies at ${about}`, failure: `fails at ${about}`, loss: `${about} is lost`, elapsed: `${about} is over` }[asks]]
  })
}
