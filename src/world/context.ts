import { actorRef, eraseBehavior, processRef, type AnyMessage } from './actor-types.js'
import type { ActorRef, Behavior, Context, Heartbeat, Instant, Lane, Outcome, ProcessRef } from './behavior.js'
import { wrongChoice, wrongDelay } from './misuse.js'
import type { World } from './world.js'
import type { WorldOptions } from './world-options.js'

/** The context of the step that is running: one object per world, pointed at the actor whose step it is. */
export class StepContext implements Context {
  self = -1
  process: ProcessRef = processRef(-1)
  readonly record: (<F extends { readonly kind: string }>(fact: F) => void) | undefined

  constructor(
    private readonly world: World,
    private readonly options: WorldOptions,
  ) {
    const { recorder, driver } = options
    this.record = recorder && ((fact) => recorder(fact, driver.now()))
  }

  /** Points at an actor; returns whom it pointed at before (a spawn runs the child's start inside the parent's step). */
  enter(actor: number, process: number): number {
    const outer = this.self
    this.self = actor
    this.process = processRef(process)
    return outer
  }

  leave(outer: number): void {
    this.self = outer
  }

  get incarnation(): number {
    return this.world.processes[this.process]?.incarnation ?? 0
  }

  send(to: ActorRef<never>, message: AnyMessage, lane: Lane = 0): void {
    this.world.send(this.self, to, message, lane)
  }

  spawn<V, D, M extends AnyMessage>(behavior: Behavior<V, D, M>, name: string, durable: D): ActorRef<M> {
    return actorRef(behavior, this.world.spawn(this.self, eraseBehavior(behavior), name, durable))
  }

  stop(actor: ActorRef<never>): void {
    this.world.stop(this.self, actor)
  }

  watch(peer: ActorRef<never>, lane: Lane): void {
    this.world.watch(this.self, peer, lane)
  }

  monitor(peer: ActorRef<never>, lane: Lane, heartbeat: Heartbeat): void {
    this.world.monitor(this.self, peer, lane, heartbeat)
  }

  timer(name: string, delayUs: number): void {
    if (!(delayUs >= 0)) throw wrongDelay(this.self, name, delayUs)
    this.world.arm(this.self, name, delayUs)
  }

  cancel(name: string): void {
    this.world.cancel(this.self, name)
  }

  now(): Instant {
    const { driver } = this.options
    return driver.timeless === true ? this.world.presentOf(this.self) : driver.now(this.self)
  }

  elapsed(since: Instant, us: number, label: string): boolean {
    return this.world.elapsed(this.self, since, us, label)
  }

  choose(label: string, n: number): number {
    if (n > 1) return this.options.driver.choose(this.self, label, n)
    if (n !== 1) throw wrongChoice(label, n)
    return 0
  }

  reach(failpoint: string): void {
    const { name = '' } = this.world.processes[this.process] ?? {}
    if (this.options.driver.strikes(this.self, failpoint, name)) this.world.strike()
  }

  halt(): never {
    return this.world.strike()
  }

  fails(failpoint: string): boolean {
    return this.options.driver.fails(this.self, failpoint)
  }

  outcome(failpoint: string): Outcome {
    return this.options.driver.outcome(this.self, failpoint)
  }
}
