/** Actors of which one is meant to be alive at a time, such as the attempts of a subtask: whether two of them ever are. */
import { Ints } from './ints.js'
import type { Actors } from './parts.js'
import type { Row } from './row.js'

/**
 * What actors with the same answer are rivals for; undefined: for nothing. `met` is told when two are alive at once, for the first time.
 */
export interface RivalRule {
  readonly of: (actor: string, volatile: unknown) => string | undefined
  readonly met: (what: string) => void
}

/** No actor has this number. */
const NOTHING = -1

export class Rivals {
  private haveMet = false
  private readonly numbers = new Map<string, number>()
  private readonly names: string[] = []
  /** What an actor is a rival for, by the number of its part: a number from 1, or NOTHING; 0 where nobody has looked. */
  private readonly known = new Ints()

  constructor(
    private readonly actors: Actors,
    private readonly rule: RivalRule,
  ) {}

  /** An actor was spawned in a step, which is over. */
  spawned(row: Row, place: number): void {
    if (this.haveMet || this.actors.alive.get(row.actor(place)) === 0) return
    const what = this.stakeOf(row.actor(place))
    if (what === NOTHING) return
    for (let other = 0; other < row.count; other++) {
      const number = row.actor(other)
      if (other === place || this.actors.alive.get(number) === 0 || this.stakeOf(number) !== what) continue
      this.haveMet = true
      this.rule.met(this.names[what - 1] ?? '')
      return
    }
  }

  private stakeOf(number: number): number {
    const known = this.known.get(number)
    if (known !== 0) return known
    const { name: actor, state } = this.actors.get(number)
    const name = this.rule.of(actor, state.volatile)
    const what = name === undefined ? NOTHING : (this.numbers.get(name) ?? this.add(name))
    this.known.set(number, what)
    return what
  }

  private add(name: string): number {
    const number = this.names.push(name)
    this.numbers.set(name, number)
    return number
  }
}
