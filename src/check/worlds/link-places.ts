import { mix, type Lane } from '../../world/index.js'
import type { Hash } from '../../world/parts.js'
import { Ints } from './ints.js'

/** The two ends of a link, and its lane. */
export interface LinkEnds {
  readonly from: number
  readonly to: number
  readonly lane: Lane
}

/** The order of links wherever one is taken before others. */
export function compareLinks(one: LinkEnds, other: LinkEnds): number {
  return one.from - other.from || one.to - other.to || one.lane - other.lane
}

/** That a link exists, as a hash. Worlds do not hash it, and it says nothing but this: the connection could break. */
export function connectionHash({ from, to, lane }: LinkEnds): Hash {
  return [mix(mix(mix(0x3707344a, from), to), lane), mix(mix(mix(0x299f31d0, from), to), lane)]
}

/** Where a link can be in a row. */
export interface LinkPlace extends LinkEnds {
  /** 0: of the incarnation that lives; others are of incarnations that are gone, whose last messages are still on their way. */
  readonly former: number
  /** Its messages arrive within the step that sends them. */
  readonly eager: boolean
}

/** Links of a row have places of their own: the same in every state in which there is such a link. */
export class LinkPlaces {
  /** The two ends, and whether the link is of an incarnation that is gone, 1 or 0, by place. */
  readonly from = new Ints()
  readonly to = new Ints()
  readonly former = new Ints()
  private readonly places: LinkPlace[] = []
  /** Places of links to or from an actor, by its place. */
  private readonly ofActor: Ints[] = []
  /** The places one incarnation further back. */
  private readonly before: number[] = []
  private readonly known = new Map<string, number>()

  constructor(private readonly eager: (link: LinkEnds) => boolean) {}

  get size(): number {
    return this.places.length
  }

  placeOf({ from, to, lane }: LinkEnds, former = 0): number {
    const name = `${from} ${to} ${lane} ${former}`
    const known = this.known.get(name)
    if (known !== undefined) return known
    const place = this.places.push({ from, to, lane, former, eager: this.eager({ from, to, lane }) }) - 1
    this.known.set(name, place)
    this.from.push(from)
    this.to.push(to)
    this.former.push(former > 0 ? 1 : 0)
    this.endingAt(from).push(place)
    if (to !== from) this.endingAt(to).push(place)
    return place
  }

  /** Places of links of which one end is the actor at this place, in the order in which they were met. Grows. */
  endingAt(actor: number): Ints {
    return (this.ofActor[actor] ??= new Ints())
  }

  /** The place of the same link one incarnation further back. */
  placeBefore(place: number): number {
    return (this.before[place] ??= this.placeOf(this.get(place), this.get(place).former + 1))
  }

  get(place: number): LinkPlace {
    const found = this.places[place]
    if (found === undefined) throw new Error(`there is no place ${place}`)
    return found
  }

  /** Orders places by what they are, not by when they were met. */
  compare(one: number, other: number): number {
    const [a, b] = [this.get(one), this.get(other)]
    return compareLinks(a, b) || a.former - b.former
  }
}
