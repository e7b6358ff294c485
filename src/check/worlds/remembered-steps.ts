/**
 * Steps of actors, each run once and remembered: what an actor does follows from its state, the message, what may still be spent and
 * the answers to its questions, because actors are isolated. In large spaces a handful of steps in a million is new.
 */
import type { Actor } from '../../world/parts.js'
import type { Answers } from './answers.js'
import { EFFECT, sameEffects, type Effect } from './effects.js'
import { HandlerRun, type Allowance, type Ran, type Stage } from './handler-run.js'
import { notDeterministic } from './not-deterministic.js'
import { PairTable } from './pair-table.js'
import { plainHash } from './parts.js'

/** Where a step stands when it has been told some answers: it asks the next question, or has come to its end. */
class Moment {
  /** How many answers there are; 0: it has ended. */
  of = 0
  readonly next: Moment[] = []
  effects: readonly Effect[] = []
  defect: Error | undefined = undefined
}

/** A step threw. */
export class StepFailed extends Error {}

/** A step did something else when it was repeated. */
export class NotDeterministic extends Error {}

/** A start, in place of a message's number. */
export const START = 0

/** What a step comes to. */
export type Step = Pick<Moment, 'effects' | 'defect'>

/** Every so many remembered steps one is run again. */
const AUDIT_EVERY = 4096

export class RememberedSteps {
  /** Steps that were asked for, and those of them that had to be run. */
  asked = 0
  fresh = 0
  /** By allowance. */
  private readonly begins: PairTable[] = []
  private readonly moments: Moment[] = []

  /** `remember`: false runs every step every time. */
  constructor(
    private readonly stage: Stage,
    private readonly remember: boolean,
  ) {}

  /** What the actor with this number does with this message; `allowance` has a number of its own, too. */
  step(part: number, message: number, allowance: Allowance, allowed: number, place: number, answers: Answers): Step {
    this.asked++
    if (!this.remember) return this.anew(part, message, allowance, place, answers)
    const first = answers.count
    let moment = this.beginning(part, message, allowed)
    for (;;) {
      if (moment.of < 0) this.explore(moment, part, message, allowance, place, answers.from(first, true))
      if (moment.of === 0) break
      const answer = answers.ask(moment.of)
      moment = moment.next[answer] ??= unexplored()
    }
    if (this.asked % AUDIT_EVERY === 0) this.audit(moment, this.run(part, message, allowance, place, answers.from(first, true)), place)
    return moment
  }

  /** What each actor became by the steps that are remembered, by its number: others than itself, in no order that means anything. */
  changes(): ReadonlyMap<number, readonly number[]> {
    const after = new Map<number, number[]>()
    const note = (part: number, moment: Moment): void => {
      moment.next.forEach((next) => {
        note(part, next)
      })
      const [own] = moment.effects
      if (own?.kind !== EFFECT.actor || own.b === part) return
      const known = after.get(part)
      if (known === undefined) after.set(part, [own.b])
      else known.push(own.b)
    }
    this.begins.forEach((begins) => {
      begins.forEach((part, _, number) => {
        const moment = this.moments[number]
        if (moment !== undefined) note(part, moment)
      })
    })
    return after
  }

  private beginning(part: number, message: number, allowed: number): Moment {
    const begins = (this.begins[allowed] ??= new PairTable())
    const known = begins.get(part, message)
    const found = this.moments[known]
    if (found !== undefined) return found
    const moment = unexplored()
    begins.set(part, message, this.moments.push(moment) - 1)
    return moment
  }

  /** Runs the step with these answers and the first ones beyond, twice, and notes all that was asked on the way. */
  private explore(from: Moment, part: number, message: number, allowance: Allowance, place: number, told: readonly number[]): void {
    this.fresh++
    const ran = this.run(part, message, allowance, place, told)
    let moment = from
    for (let i = told.length; i < ran.questions.length; i++) {
      moment.of = ran.questions[i] ?? 0
      moment = moment.next[ran.answers[i] ?? 0] ??= unexplored()
    }
    moment.of = 0
    moment.effects = ran.effects
    moment.defect = failureOf(ran)
    this.audit(moment, this.run(part, message, allowance, place, told), place)
  }

  private audit(moment: Moment, again: Ran, place: number): void {
    if (moment.defect !== undefined || sameEffects(moment.effects, again.effects)) return
    moment.defect = new NotDeterministic(notDeterministic(this.difference(moment.effects, again.effects, place)))
  }

  /** Where two runs of a step differ first. */
  private difference(one: readonly Effect[], other: readonly Effect[], place: number): string {
    const { actors } = this.stage
    const at = one.findIndex((effect, i) => other[i] === undefined || !sameEffects([effect], [other[i]]))
    const [a, b] = [one[at], other[at]]
    const { name: called, behavior } = actors.get(one[0]?.b ?? 0)
    const name = `${called} (${behavior.kind})`
    if (a?.kind === EFFECT.actor && b?.kind === EFFECT.actor && a.a === place) {
      return `${sameState(actors.get(a.b), actors.get(b.b)) ? 'timers' : 'state'} of ${name}`
    }
    return a?.kind === EFFECT.send || b?.kind === EFFECT.send ? `messages of ${name}` : 'what is asked or recorded'
  }

  private anew(part: number, message: number, allowance: Allowance, place: number, answers: Answers): Step {
    this.fresh++
    const ran = this.run(part, message, allowance, place, answers.from(answers.count, false))
    for (const of of ran.questions) answers.ask(of)
    return { effects: ran.effects, defect: failureOf(ran) }
  }

  private run(part: number, message: number, allowance: Allowance, place: number, told: readonly number[]): Ran {
    const { actors, messages } = this.stage
    const received = message === START ? undefined : messages.get(message)
    return new HandlerRun(this.stage, place, actors.get(part), told, allowance).run(received)
  }
}

function failureOf({ defect }: Ran): StepFailed | undefined {
  return defect === undefined ? undefined : new StepFailed(defect)
}

function sameState(one: Actor, other: Actor): boolean {
  return plainHash(one.state).join() === plainHash(other.state).join()
}

function unexplored(): Moment {
  const moment = new Moment()
  moment.of = -1
  return moment
}
