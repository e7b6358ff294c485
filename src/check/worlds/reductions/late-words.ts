/**
 * What the dead had sent and nobody heeds any more arrives first. Each dead process leaves several links with something on them, and
 * every state there is comes once for each way in which all of that has arrived so far, although most of it means nothing by then.
 *
 * A message is *idle* in a state of its receiver when the receiver does nothing with it there: its state stays as it is, nothing is sent,
 * asked, recorded. Where the first message on a link of a dead incarnation is idle now and in every state that the receiver may still
 * come to, that delivery is the only step that is taken.
 *
 * Lemma. Nothing is missed but states that differ from others in undelivered messages. Let s be such a state and t the one behind the
 * delivery. Whatever happens in s can happen in t and leads to the same, but for the message; and whatever happens in t can happen in s
 * once the message has arrived, which it may at any time: nobody sends on that link any more, nobody else takes from it, and the death
 * of the receiver takes it away in either case. The delivery changes no actor and records nothing, so s is no end, and all that is judged
 * is the same in both. Each such step leaves fewer messages, so none is put off for ever.
 *
 * That a message stays idle is not taken for granted. Behind the search each message is tried in every state that its receiver came to
 * from one in which it was taken alone, by the steps that were remembered: those are all, because what was left out changes no actor.
 * A message that is heeded somewhere takes its steps like any other from then on, and the search begins anew.
 */
import { Answers } from '../answers.js'
import type { Budgets } from '../budgets.js'
import { EFFECT } from '../effects.js'
import type { Allowance } from '../handler-run.js'
import { PairTable } from '../pair-table.js'
import { RememberedSteps } from '../remembered-steps.js'
import type { RowActions } from '../row-actions.js'
import type { RowWorld, RowWorldParts } from '../row-world.js'

/** A message that was taken alone, and the states of its receiver in which it was. */
interface Taken {
  readonly message: number
  readonly place: number
  readonly states: Set<number>
}

export class LateWords {
  /** How many messages were taken for idle and are heeded later. */
  learned = 0
  private readonly heeded = new Set<number>()
  private readonly taken = new Map<string, Taken>()
  /** Whether a message is idle, by the state of the receiver. */
  private readonly judged = new PairTable()
  private readonly probing: RememberedSteps
  private readonly answers = new Answers()
  /** What a step may spend at most: one that could fail or ask is not idle. */
  private readonly allowance: Allowance

  constructor(
    private readonly world: RowWorld,
    private readonly parts: RowWorldParts,
  ) {
    this.probing = new RememberedSteps(parts, true)
    this.allowance = allowanceOf(parts.budgets)
  }

  /** The action that is enough for now; -1: none is. */
  choose(actions: RowActions): number {
    const { row } = this.world
    const { places, links } = this.parts
    for (let action = 0; action < actions.count; action++) {
      const link = actions.linkOf(action)
      if (link < 0) return -1
      const { former, to } = places.get(link)
      if (former === 0) continue
      const message = links.get(row.link(link)).messages[actions.positionOf(action)] ?? 0
      const receiver = row.actor(to)
      if (this.heeded.has(message) || !this.isIdle(receiver, message, to)) continue
      this.takenAt(to, message).states.add(receiver)
      return action
    }
    return -1
  }

  /** Tries all that was taken alone in every state that its receiver came to later; notes what is heeded there. */
  verify(): void {
    const after = this.parts.steps.changes()
    for (const taken of this.taken.values()) {
      if (!this.staysIdle(taken, after)) {
        this.heeded.add(taken.message)
        this.learned++
      }
    }
    this.taken.clear()
  }

  private staysIdle({ message, place, states }: Taken, after: ReadonlyMap<number, readonly number[]>): boolean {
    const seen = new Set(states)
    // What is added while it is gone through is gone through as well.
    for (const state of seen) {
      if (this.parts.actors.alive.get(state) === 0) continue
      if (!this.isIdle(state, message, place)) return false
      for (const next of after.get(state) ?? []) seen.add(next)
      this.parts.actors.timersOf(state).forEach((_, position) => seen.add(this.world.disarmed(state, place, position)))
    }
    return true
  }

  private takenAt(place: number, message: number): Taken {
    const name = `${place} ${message}`
    let taken = this.taken.get(name)
    if (taken === undefined) this.taken.set(name, (taken = { message, place, states: new Set() }))
    return taken
  }

  private isIdle(receiver: number, message: number, place: number): boolean {
    const known = this.judged.get(receiver, message)
    if (known >= 0) return known === 1
    const idle = this.tried(receiver, message, place)
    this.judged.set(receiver, message, idle ? 1 : 0)
    return idle
  }

  private tried(receiver: number, message: number, place: number): boolean {
    const { answers, probing } = this
    answers.restart()
    const { effects, defect } = probing.step(receiver, message, this.allowance, 0, place, answers)
    const [only] = effects
    return defect === undefined && answers.count === 0 && effects.length === 1 && only?.kind === EFFECT.actor && only.b === receiver
  }
}

function allowanceOf({ crashes = 0, failures = 0, outcomes = 0 }: Budgets): Allowance {
  return { crashes, failures, outcomes, actors: 0 }
}
