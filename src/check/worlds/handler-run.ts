/** One step of one actor, run by itself: what it does is noted as effects, what it asks is answered from a list. */
import { copyPlain, OUTCOMES, processRef, type ActorRef, type AnyMessage, type Behavior, type Context } from '../../world/index.js'
import type { Heartbeat, Instant, Lane, Outcome, ProcessRef } from '../../world/index.js'
import { Actor, actorRef, eraseBehavior, hasElapsed, presentInstant, Timer, withElapsed } from '../../world/parts.js'
import type { AnyBehavior } from '../../world/parts.js'
import { SPENDS } from './circumstance-changes.js'
import { EFFECT, Effect, type EffectKind } from './effects.js'
import type { StepListener } from './exploration.js'
import type { LinkPlaces } from './link-places.js'
import { APART, type Actors, type Messages, type Plains } from './parts.js'

/** What every run needs. */
export interface Stage {
  readonly actors: Actors
  readonly messages: Messages
  readonly facts: Plains<{ readonly kind: string }>
  readonly heartbeats: Plains<Heartbeat>
  readonly places: LinkPlaces
  /** Whether facts are of interest. */
  readonly recording: boolean
  readonly onStep?: StepListener
  mayCrash(process: number): boolean
  /** Whether no timer of this name ever fires. */
  neverFires(timer: string): boolean
}

/** How much a step may still spend, and where the first actor goes that it spawns. */
export interface Allowance {
  readonly crashes: number
  readonly failures: number
  readonly outcomes: number
  readonly actors: number
}

/** What came of a run. */
export interface Ran {
  readonly effects: readonly Effect[]
  /** How many answers there were to each question, in order. */
  readonly questions: readonly number[]
  readonly answers: readonly number[]
  /** What was thrown. */
  readonly defect: string | undefined
}

/** Later than all that is known of timers. */
const NOW = 2 ** 30

/** The signal by which a strike leaves a step. */
class Struck extends Error {}
const struck = new Struck()

/** An actor whose code runs, and where its effect is noted. */
interface Running {
  readonly actor: Actor
  readonly place: number
  readonly noted: number
  readonly kind: EffectKind
}

/** The context of one step, which belongs to the actor that takes it, and for a while to those that it spawns. */
export class HandlerRun implements Context {
  readonly record: Context['record']
  private readonly effects: Effect[] = []
  private readonly questions: number[] = []
  private readonly answers: number[] = []
  private readonly ran: Running[] = []
  private readonly left: Record<'crashes' | 'failures' | 'outcomes', number>
  private running: Running
  private next: number

  /** @param message undefined: it starts */
  constructor(
    private readonly stage: Stage,
    place: number,
    part: Actor,
    private readonly planned: readonly number[],
    { crashes, failures, outcomes, actors }: Allowance,
  ) {
    this.left = { crashes, failures, outcomes }
    this.next = actors
    const actor = part.copy(APART)
    actor.ownState()
    this.running = this.begin(actor, place, EFFECT.actor)
    if (stage.recording) {
      this.record = (fact) => {
        this.note(EFFECT.fact, 0, stage.facts.add(copyPlain(fact)))
      }
    }
  }

  run(message: AnyMessage | undefined): Ran {
    const { actor } = this.running
    let defect: string | undefined
    try {
      if (message === undefined) this.start(actor)
      else actor.behavior.receive(actor.state, copyPlain(message), this)
    } catch (signal) {
      if (signal === struck) this.note(EFFECT.crash, 0, actor.process)
      else defect = String(signal)
    }
    for (const one of this.ran) this.effects[one.noted] = new Effect(one.kind, one.place, this.stage.actors.add(one.actor, one.place))
    this.stage.onStep?.(
      actor.state.volatile,
      message,
      this.effects.some(({ kind }) => kind === EFFECT.send),
    )
    return { effects: this.effects, questions: this.questions, answers: this.answers, defect }
  }

  get self(): number {
    return this.running.place
  }

  get process(): ProcessRef {
    return processRef(this.running.actor.process)
  }

  get incarnation(): number {
    return this.running.actor.incarnation
  }

  send(to: ActorRef<never>, message: AnyMessage, lane: Lane = 0): void {
    const link = this.stage.places.placeOf({ from: this.self, to, lane })
    this.note(EFFECT.send, link, this.stage.messages.add(copyPlain(message)))
  }

  spawn<V, D, M extends { readonly kind: string }>(behavior: Behavior<V, D, M>, name: string, durable: D): ActorRef<M> {
    const { actor: parent } = this.running
    const place = this.next++
    const actor = new Actor(eraseBehavior(behavior), name, parent.process, false, APART, { volatile: undefined, durable })
    actor.alive = true
    actor.incarnation = parent.incarnation
    const outer = this.running
    this.running = this.begin(actor, place, EFFECT.spawn)
    this.start(actor)
    this.running = outer
    return actorRef<V, D, M>(behavior, place)
  }

  stop(actor: ActorRef<never>): void {
    this.note(EFFECT.stop, actor, this.self)
  }

  watch(peer: ActorRef<never>, lane: Lane): void {
    this.note(EFFECT.watch, this.stage.places.placeOf({ from: peer, to: this.self, lane }), 0)
  }

  monitor(peer: ActorRef<never>, lane: Lane, heartbeat: Heartbeat): void {
    this.note(EFFECT.monitor, this.stage.places.placeOf({ from: peer, to: this.self, lane }), this.stage.heartbeats.add(heartbeat))
  }

  timer(name: string, delayUs: number): void {
    if (this.stage.neverFires(name)) return
    const { actor, place } = this.running
    let timer = actor.timer(name)
    if (timer === undefined) actor.timers.push((timer = new Timer(place, actor.timers.length, name)))
    timer.armed = true
    timer.delayUs = delayUs
    timer.armedAt = NOW
  }

  cancel(name: string): void {
    const timer = this.running.actor.timer(name)
    if (timer !== undefined) timer.armed = false
  }

  now(): Instant {
    return presentInstant(this.running.actor.elapsed)
  }

  elapsed(since: Instant, us: number, label: string): boolean {
    const { actor } = this.running
    if (hasElapsed(actor.elapsed, since, us, label)) return true
    if (this.ask(2) === 0) return false
    actor.elapsed = withElapsed(actor.elapsed, since, us, label)
    return true
  }

  choose(_label: string, n: number): number {
    return n <= 1 ? 0 : this.ask(n)
  }

  reach(): void {
    if (this.left.crashes === 0 || !this.stage.mayCrash(this.process) || this.ask(2) === 0) return
    this.spend('crashes')
    throw struck
  }

  halt(): never {
    throw struck
  }

  fails(): boolean {
    if (this.left.failures === 0 || this.ask(2) === 0) return false
    this.spend('failures')
    return true
  }

  outcome(): Outcome {
    const outcome = this.left.outcomes === 0 ? 'done' : (OUTCOMES[this.ask(OUTCOMES.length)] ?? 'done')
    if (outcome !== 'done') this.spend('outcomes')
    return outcome
  }

  private begin(actor: Actor, place: number, kind: EffectKind): Running {
    const running = { actor, place, kind, noted: this.note(kind, place, 0) }
    this.ran.push(running)
    return running
  }

  private start(actor: Actor): void {
    const { behavior, state }: { behavior: AnyBehavior; state: Actor['state'] } = actor
    state.volatile = behavior.start(state.durable, this)
  }

  private note(kind: EffectKind, a: number, b: number): number {
    return this.effects.push(new Effect(kind, a, b)) - 1
  }

  private spend(budget: 'crashes' | 'failures' | 'outcomes'): void {
    this.left[budget]--
    this.note(EFFECT.spend, 0, SPENDS.indexOf(budget))
  }

  private ask(of: number): number {
    const value = this.planned[this.answers.length] ?? 0
    this.questions.push(of)
    this.answers.push(value)
    return value
  }
}
