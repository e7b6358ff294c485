/** What actors were seen to do, by their state: all that is known of what they may still do. */
import { EFFECT, type Effect } from '../effects.js'
import type { LinkPlaces } from '../link-places.js'
import { SPENDS } from '../circumstance-changes.js'

/** A step of an actor in some state. */
export interface LocalStep {
  /** By what it was caused: the place of a link, or a number below 0 for a timer. */
  readonly cause: number
  /** Actors that have another state now, or are new: place and number, in pairs. */
  readonly becomes: readonly number[]
  /** Links on which it sends, each by the place of the one that lives. */
  readonly sends: readonly number[]
  /** Places of the actors that it ends. */
  readonly stops: readonly number[]
  /** Its process ended with it, and no fault was to blame. */
  readonly halts: boolean
}

const CRASHES = SPENDS.indexOf('crashes')

/** Steps by the state in which they were taken; they are only ever added to. */
export class LocalSteps {
  /** How many are known. */
  size = 0
  private readonly byActor: LocalStep[][] = []
  private readonly starts = new Map<number, LocalStep[]>()
  private readonly known = new Map<readonly Effect[], number[]>()
  private readonly timers = new Map<string, number>()
  private readonly living: number[] = []

  constructor(private readonly places: LinkPlaces) {}

  /** A message from the link at a place (of whatever incarnation) was the cause. */
  causedByLink(place: number): number {
    return (this.living[place] ??= this.places.placeOf(this.places.get(place)))
  }

  /** A timer was the cause. */
  causedByTimer(name: string): number {
    let cause = this.timers.get(name)
    if (cause === undefined) this.timers.set(name, (cause = -1 - this.timers.size))
    return cause
  }

  /** Names of timers, by -1 - cause. */
  timerNames(): readonly string[] {
    return [...this.timers.keys()]
  }

  /** The actor with this number did this. Effects are remembered ones: the same list for the same step. */
  note(actor: number, cause: number, effects: readonly Effect[]): void {
    const step = this.unknown(cause, effects)
    if (step !== undefined) (this.byActor[actor] ??= []).push(step)
  }

  /** The actor at this place did this when its process was started. */
  noteStart(place: number, effects: readonly Effect[]): void {
    const step = this.unknown(0, effects)
    if (step === undefined) return
    const known = this.starts.get(place)
    if (known === undefined) this.starts.set(place, [step])
    else known.push(step)
  }

  /** What an actor with this number was seen to do. */
  of(actor: number): readonly LocalStep[] {
    return this.byActor[actor] ?? []
  }

  /** What the actor at this place was seen to do when its process was started. */
  ofStart(place: number): readonly LocalStep[] {
    return this.starts.get(place) ?? []
  }

  private unknown(cause: number, effects: readonly Effect[]): LocalStep | undefined {
    const causes = this.known.get(effects)
    if (causes?.includes(cause) === true) return undefined
    if (causes === undefined) this.known.set(effects, [cause])
    else causes.push(cause)
    const dies = effects.some(({ kind }) => kind === EFFECT.crash)
    const struck = effects.some(({ kind, b }) => kind === EFFECT.spend && b === CRASHES)
    // Whoever is struck has done no more than who was not.
    if (dies && struck) return undefined
    this.size++
    return { ...this.summed(effects), cause, halts: dies }
  }

  private summed(effects: readonly Effect[]): Pick<LocalStep, 'becomes' | 'sends' | 'stops'> {
    const becomes: number[] = []
    const sends: number[] = []
    const stops: number[] = []
    for (const { kind, a, b } of effects) {
      if (kind === EFFECT.actor || kind === EFFECT.spawn) becomes.push(a, b)
      // Who asks to be told of the end of somebody who has ended is told at once.
      else if (kind === EFFECT.send || kind === EFFECT.watch) sends.push(this.causedByLink(a))
      else if (kind === EFFECT.stop) stops.push(a)
    }
    return { becomes, sends, stops }
  }
}
