/**
 * Ample sets: where one group of actors can act and nothing that the others may still do matters to what it does, only its actions are
 * taken, and those of the others later.
 *
 * Lemma. In a state s let G be a group of actors, T all actions that a member takes (deliveries to it, its timers), with all answers.
 * T is taken alone when
 *   1. each action of T changes nothing but members of G and what they send, at its end, on links: no actor is spawned, stopped or
 *      watched, no budget is used, nobody is sent to who is dead and may start again;
 *   2. it records nothing that the fold listens to;
 *   3. whatever the others do before G acts, they send to G only on links in order from which G can take a message already, end no member
 *      and let no timer of G fire;
 *   4. no fault but crashes is left to happen; and if a process may still crash, either all members live in it and all they do ends with
 *      it (they send to its actors only, and nothing of them is durable), or it is not theirs, and they send nothing into it;
 *   5. one of the states that T leads to is not expanded yet.
 * Then every end that s leads to, and every verdict and witness of the fold on the way, is found behind T.
 *
 * Proof. Take a way w from s. By 3 the actions of T stay possible and do the same until one of T is taken or the process of G crashes, and
 * by 1 they commute with those before: a link in order has its head taken and its end appended to, links without order take what comes.
 * If w = u a v with the first a of T, then a u v leads to the same end by as many steps, and by 2 the fold sees the same facts in the
 * same order. If w = u c v, where c ends the process of G (at a failpoint of another actor, too), then for any a of T the way a u c v
 * leads where w leads, because by 4 nothing is left of a behind c. If w has neither, a w leads to a state in which the fold is as behind w
 * (and w did not come to an end). Each time what is left to go is shorter, or as long and, by 5, from a state that is expanded later: so
 * after finitely many steps w has been gone. An action of T that is struck at a failpoint is c itself, after 4, and is left to the others.
 *
 * Condition 3 needs to know what others may do. That is learned, not declared: from all steps of actors that this search has seen, by
 * their state and the link or timer that caused them (`Futures`: an actor may do what it was ever seen to do in a state that it can reach
 * so, by causes that may come so, in any order and number). If the search ends and has learned something on the way, it begins anew.
 * Once it has learned nothing new, 3 held wherever it was used. For let b be the first step on a shortest way s u b that breaks 3 and was
 * not foreseen. The actor of b has come to its state by steps that a way within the searched states takes as well (as above, as all of
 * u b leaves T out and keeps 3 up to b), and there takes b: it was seen.
 *
 * Off where a fold or an inspection looks at more than facts. Not for liveness.
 */
import { SPENDS } from '../circumstance-changes.js'
import { EFFECT, type Effect } from '../effects.js'
import type { RowActions } from '../row-actions.js'
import type { RowWorld, RowWorldParts, StepObserver } from '../row-world.js'
import { Futures } from './futures.js'
import { LocalSteps } from './local-steps.js'

/** What is to be known besides the row. */
export interface AmpleRules {
  mayCrash(process: number): boolean
  /** Whether the fold does anything with the fact with this number, in whatever state. */
  hears(fact: number): boolean
}

/** More members than this are no group. */
const MAX_MEMBERS = 6
const CRASHES = SPENDS.indexOf('crashes')
const NOWHERE = -1

export class AmpleSets implements StepObserver {
  /** States in which not all actions were taken. */
  used = 0
  private readonly steps: LocalSteps
  private readonly futures: Futures
  private readonly isHeard: boolean[] = []
  /** Who has stepped in the action that runs, and what was done. */
  private readonly stepped: number[] = []
  private readonly effects: (readonly Effect[])[] = []
  private note: (effects: readonly Effect[]) => void = () => undefined

  constructor(
    private readonly world: RowWorld,
    private readonly parts: RowWorldParts,
    private readonly rules: AmpleRules,
  ) {
    this.steps = new LocalSteps(parts.places)
    this.futures = new Futures(world, parts, this.steps, (process) => rules.mayCrash(process))
  }

  /** How much was learned; a search in which this grew is to be repeated. */
  get learned(): number {
    return this.steps.size
  }

  // ---- what is seen of steps

  delivered(actor: number, before: number, link: number): void {
    this.stepped.push(actor)
    const cause = this.steps.causedByLink(link)
    this.note = (effects) => {
      this.steps.note(before, cause, effects)
    }
  }

  fired(actor: number, before: number, timer: string): void {
    this.stepped.push(actor)
    const cause = this.steps.causedByTimer(timer)
    this.note = (effects) => {
      this.steps.note(before, cause, effects)
    }
  }

  started(actor: number): void {
    this.stepped.push(actor)
    this.note = (effects) => {
      this.steps.noteStart(actor, effects)
    }
  }

  did(effects: readonly Effect[]): void {
    this.effects.push(effects)
    this.note(effects)
  }

  /** Before an action. */
  begin(): void {
    this.stepped.length = this.effects.length = 0
  }

  /** Whether a process died at a failpoint in the action since. */
  get wasStruck(): boolean {
    return this.effects.some((effects) => effects.some(({ kind }) => kind === EFFECT.crash))
  }

  // ---- the choice

  /** Numbers of the actions that are enough, in the state of the row; undefined: only all are. Answers are left as they were begun. */
  choose(actions: RowActions): readonly number[] | undefined {
    const { row, changes } = this.world
    for (const budget of SPENDS) if (budget !== 'crashes' && changes.left(row.circumstances, budget)) return undefined
    try {
      return this.firstFound(actions)
    } catch {
      // A step fails: who takes all will see it.
      row.reset()
      return undefined
    }
  }

  private firstFound(actions: RowActions): readonly number[] | undefined {
    const tried = new Set<number>()
    for (let action = 0; action < actions.count; action++) {
      const actor = actions.actorOf(action)
      if (actor < 0 || tried.has(actor)) continue
      const group = this.groupOf(actor, actions)
      for (const member of group ?? [actor]) tried.add(member)
      if (group === undefined) continue
      const chosen = actionsOf(group, actions)
      if (chosen.length < actions.count && !this.futures.mayReach(group, this.homeOf(group))) {
        this.used++
        return chosen
      }
    }
    return undefined
  }

  /** The least group with this actor whose actions concern nobody else; undefined: there is none. */
  private groupOf(actor: number, actions: RowActions): readonly number[] | undefined {
    const group = [actor]
    for (let size = 0; size < group.length;) {
      size = group.length
      if (!group.every((member) => this.timersAreItsOwn(member)) || !this.areAtHome(group)) return undefined
      for (const action of actionsOf(group, actions)) {
        if (!this.concernsOnly(group, action, actions)) return undefined
        if (group.length > size) break
      }
      if (group.length > MAX_MEMBERS) return undefined
    }
    return group
  }

  /** Takes the action with all answers; those who step with it join the group. */
  private concernsOnly(group: number[], action: number, actions: RowActions): boolean {
    const { row, answers } = this.world
    row.loaded()
    answers.restart()
    do {
      this.world.begin()
      actions.perform(action)
      const { fold, circumstances } = row
      const { wasStruck, stepped } = this
      const ends = stepped.map((place) => this.world.endOf(row.actor(place), place))
      row.reset()
      const sameRest = row.fold === fold && (wasStruck || row.circumstances === circumstances)
      if (!sameRest || !this.effects.every((effects) => effects.every((effect) => this.isHarmless(effect, group)))) return false
      if (!wasStruck && this.homeOf(group) !== NOWHERE && !this.endAsBefore(ends)) return false
      for (const member of stepped) if (!group.includes(member)) group.push(member)
    } while (answers.next())
    return true
  }

  /** Whether a crash leaves no more of those who have stepped than it would have before. */
  private endAsBefore(ends: readonly number[]): boolean {
    return this.stepped.every((place, i) => ends[i] === this.world.endOf(this.world.row.actor(place), place))
  }

  private isHarmless({ kind, a, b }: Effect, group: readonly number[]): boolean {
    switch (kind) {
      case EFFECT.actor:
        return true
      case EFFECT.send:
        return this.maySend(a, group)
      case EFFECT.fact:
        return !(this.isHeard[b] ??= this.rules.hears(b))
      case EFFECT.spend:
        return b === CRASHES
      case EFFECT.crash:
        return this.homeOf(group) === b
      default:
        return false
    }
  }

  private maySend(place: number, group: readonly number[]): boolean {
    const { row } = this.world
    const { to } = this.parts.places.get(place)
    const process = this.processOf(to)
    if (!this.world.isAlive(to)) return false
    if (!this.world.changes.left(row.circumstances, 'crashes')) return true
    const home = this.homeOf(group)
    return home === NOWHERE ? !this.rules.mayCrash(process) : process === home
  }

  /** The process that may crash and with it all members; NOWHERE: none of them can. */
  private homeOf(group: readonly number[]): number {
    const { row, changes } = this.world
    const process = this.processOf(group[0] ?? 0)
    return changes.left(row.circumstances, 'crashes') && this.rules.mayCrash(process) ? process : NOWHERE
  }

  private areAtHome(group: readonly number[]): boolean {
    const home = this.homeOf(group)
    return group.every((member) => this.homeOf([member]) === home)
  }

  /** Whether no timer of the actor waits for one whose budget others may use up. */
  private timersAreItsOwn(place: number): boolean {
    const { row, changes } = this.world
    const { timers } = this.parts.budgets
    const isBudgeted = (name: string): boolean => timers?.[name] !== undefined && changes.mayFire(row.circumstances, name)
    return !this.parts.actors.timersOf(row.actor(place)).some(({ after }) => after.some(isBudgeted))
  }

  private processOf(place: number): number {
    return this.parts.actors.process.get(this.world.row.actor(place))
  }
}

function actionsOf(group: readonly number[], actions: RowActions): number[] {
  const chosen: number[] = []
  for (let action = 0; action < actions.count; action++) if (group.includes(actions.actorOf(action))) chosen.push(action)
  return chosen
}
