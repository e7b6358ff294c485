/**
 * What worlds consist of, each value kept once and known by a number from then on ("collapse compression", Holzmann 1997): an
 * explored state is a row of such numbers, and what a step does with them can be remembered. Number 0 stands for nothing.
 */
import { hashesOf, hashPlain, mix, type AnyMessage } from '../../world/index.js'
import type { Actor } from '../../world/parts.js'
import { hashActor, hashProcess, Timer, type Hash, type Process } from '../../world/parts.js'
import { FingerprintTable } from '../fingerprint-table.js'
import { hashSpent, type Spent } from './budgets.js'
import { BY_HASH, Contents, type Identity } from './identity.js'
import { Ints } from './ints.js'

const SEEDS = [0x082efa98, 0x6c89452b] as const

/** Owns the actors that belong to no world. */
export const APART = {}

/** Values by number, and numbers by a hash of the content: of 64 bits, as that of whole states. */
export class Numbered<T> {
  /** Hash of each value, two lanes one after the other: what it adds to that of a row. */
  readonly hashes = new Ints()
  private readonly values: (T | undefined)[] = [undefined]
  private readonly numbers = new FingerprintTable(true)

  private readonly contents: Contents | undefined

  constructor(private readonly identity: Identity = BY_HASH) {
    this.hashes.push(0)
    this.hashes.push(0)
    if (identity.exact || identity.seed !== 0) this.contents = new Contents(identity)
  }

  get size(): number {
    return this.values.length - 1
  }

  /** The number of the value with this hash, or with this content where that decides; `make` is called for a new one. */
  number(hash: Hash, make: () => T, content: () => unknown): number {
    const [high, low] = this.hashFor(hash, content)
    const next = this.values.length
    const known = this.identity.exact ? (this.contents?.number(content(), next) ?? -1) : this.numbers.addNumbered(high, low, next)
    return known >= 0 ? known : this.put([high, low], make())
  }

  /** The hash that rows are to have. */
  protected hashFor(hash: Hash, content: () => unknown): Hash {
    return this.contents === undefined ? hash : this.contents.hashOf(content(), hash)
  }

  /** Numbers a value that is known to be new. */
  protected put([high, low]: Hash, value: T): number {
    this.hashes.push(high)
    this.hashes.push(low)
    return this.values.push(value) - 1
  }

  get(number: number): T {
    const value = this.values[number]
    if (value === undefined) throw new Error(`nothing has the number ${number}`)
    return value
  }
}

/** Messages, facts, states of a fold: plain data, which nobody changes. */
export class Plains<T> extends Numbered<T> {
  add(value: T): number {
    return this.number(
      plainHash(value),
      () => value,
      () => value,
    )
  }
}

/** Hash of plain data by content, two lanes. */
export function plainHash(value: unknown): Hash {
  return [hashPlain(value, SEEDS[0]), hashPlain(value, SEEDS[1])]
}

/** All that a row says of neither actors nor links: what has been spent, who is alive, and how many actors there are. */
export interface Circumstances {
  readonly processes: readonly Process[]
  readonly spent: Spent
  readonly actors: number
}

/** Circumstances by number. */
export class AllCircumstances extends Numbered<Circumstances> {
  add(circumstances: Circumstances): number {
    const { processes, spent, actors } = circumstances
    const lane = (i: 0 | 1): number =>
      processes.reduce((sum, process, index) => sum + hashProcess(process, index)[i], mix(hashSpent(spent, SEEDS[i]), actors)) | 0
    return this.number(
      [lane(0), lane(1)],
      () => circumstances,
      () => ({ processes: processes.map(({ alive, incarnation }) => [alive, incarnation]), spent, actors }),
    )
  }
}

/** A timer that can fire. */
export interface ArmedTimer {
  readonly name: string
  /** Names of the timers that surely fire before it. */
  readonly after: readonly string[]
}

/** Actors by number: each with its place in the world, its state and its armed timers. */
export class Actors extends Numbered<Actor> {
  /** Whether it lives, 1 or 0, by number. */
  readonly alive = new Ints()
  /** The process it belongs to, by number. */
  readonly process = new Ints()
  /** How many of its timers are armed, by number. */
  readonly timers = new Ints()
  private readonly armed: (readonly ArmedTimer[])[] = [[]]

  /** `ordered`: timers of one actor fire in order where that is sure. */
  constructor(
    private readonly ordered: boolean,
    identity?: Identity,
  ) {
    super(identity)
    this.alive.push(0)
    this.process.push(-1)
    this.timers.push(0)
  }

  /** Takes an actor over, which nobody changes from now on. */
  add(actor: Actor, place: number): number {
    actor.timers = this.ordered ? ranked(armedTimers(actor, place)) : armedTimers(actor, place, 0)
    const content = (actor.hash = hashActor(actor, place))
    // Hashes of worlds need no names: at one place there is one actor. Here two that were spawned in another order could meet.
    const { first, second } = hashesOf(actor.alive ? `${actor.behavior.kind} ${actor.name}` : '')
    const order = actor.timers.map(({ armedAt }) => armedAt)
    const hash: Hash = [mix(mix(content[0], first), hashPlain(order, SEEDS[0])), mix(mix(content[1], second), hashPlain(order, SEEDS[1]))]
    const make = (): Actor => {
      this.alive.push(actor.alive ? 1 : 0)
      this.process.push(actor.process)
      this.timers.push(actor.timers.length)
      this.armed.push(actor.timers.map((timer) => ({ name: timer.name, after: this.ordered ? namesBefore(timer, actor.timers) : [] })))
      return actor
    }
    return this.number(hash, make, () => contentOfActor(actor, place))
  }

  /** Timers that are armed, by name. */
  timersOf(number: number): readonly ArmedTimer[] {
    return this.armed[number] ?? []
  }
}

/** All that the hash of an actor covers. */
function contentOfActor({ incarnation, process, alive, crashed, state, timers, elapsed, behavior, name }: Actor, place: number): unknown {
  return {
    place,
    incarnation,
    life: alive ? `alive in ${process}` : crashed ? 'crashed' : 'ended',
    state,
    timers: timers.map((timer) => [timer.name, timer.delayUs, timer.armedAt]),
    elapsed: elapsed.map(({ label, us, since }) => [label, us, since].join(' ')).sort(),
    name: alive ? `${behavior.kind} ${name}` : '',
  }
}

/** Armed timers by name: which others there were once means nothing. */
function armedTimers(actor: Actor, place: number, armedAt?: number): Timer[] {
  const armed = actor.timers.filter((timer) => timer.armed).sort((one, other) => (one.name < other.name ? -1 : 1))
  return armed.map((timer, position) => {
    const copy = new Timer(place, position, timer.name)
    copy.armed = true
    copy.delayUs = timer.delayUs
    copy.armedAt = armedAt ?? timer.armedAt
    return copy
  })
}

/** Gives the timers the least ranks that say the same of which waits for which. */
function ranked(timers: Timer[]): Timer[] {
  const least = timers.map(() => 0)
  for (let changed = true; changed;) {
    changed = false
    timers.forEach((one, i) => {
      timers.forEach((other, j) => {
        if (one.delayUs >= other.delayUs) return
        // The shorter is armed no later: it fires before. Otherwise it must rank higher.
        const [later, wanted] = one.armedAt <= other.armedAt ? [j, least[i] ?? 0] : [i, (least[j] ?? 0) + 1]
        if ((least[later] ?? 0) >= wanted) return
        least[later] = wanted
        changed = true
      })
    })
  }
  timers.forEach((timer, i) => {
    timer.armedAt = least[i] ?? 0
  })
  return timers
}

function namesBefore(timer: Timer, timers: readonly Timer[]): string[] {
  return timers.filter((other) => other.delayUs < timer.delayUs && other.armedAt <= timer.armedAt).map(({ name }) => name)
}

/** All messages that were ever sent. */
export type Messages = Plains<AnyMessage>
