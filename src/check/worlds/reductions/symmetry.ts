/**
 * Processes that are interchangeable: of states that differ only in which of them does what, one is explored (symmetry reduction: Ip and
 * Dill 1996, Emerson and Sistla 1996).
 *
 * A *renaming* is a permutation of these processes, with the actors that are set up in them; who is spawned keeps its place, for places are
 * given in the order of spawning, which is renamed with the rest. The *image* of a state has at each place what stands for that which the
 * state has at the place renamed from. Which actor, message and memory of the judge stands for which, nobody declares: it begins with
 * the world as it is set up, which must be its own image, and is learned step by step (`mirror.ts`). A state and its images are an *orbit*;
 * it is known by the least of their fingerprints, and whichever of them is met first is explored.
 *
 * Lemma. Let s be a state and t an image of it. Each action of s has one in t that leads to the same images, and each of t one in s. So t
 * can go wrong only in the image of what goes wrong in s, and it is enough to explore one of them.
 *
 * That this holds is not taken for granted; whatever does not agree ends the search without a verdict, and is named:
 *
 * - Each step of an actor that occurs is run by its images, too, with the images of its message. It must ask as many questions with as many
 *   answers, and do the same to the images, in the same order between two ends of a connection, and nothing to who is spawned before he is.
 * - Nothing ever has two images by one renaming, or is the image of two. What one renaming makes of something, and what another one makes
 *   of it, are each other's images by the renaming between them: so the images are a group, and s is the image of what is known in its
 *   place.
 * - The rules of the exploration (who may crash, which connections may break, what may be lost, what must not wait) are the same for
 *   images. What must not wait comes in the same order.
 * - The judge finds what the image has seen as right or wrong as what the state has.
 * - The rules of the world treat all processes alike. In the states that are compared with a world (the first hundred, and every
 *   8,192nd) all steps from the images are taken as well, and must lead to the images of where the steps from the state lead.
 *
 * A job has such a symmetry when what runs in one process is what runs in the other: pipelines side by side without an exchange, each
 * in a TaskManager of its own. There is none where an exchange by keys tells subtasks apart by their key groups, or where several
 * of them share a TaskManager, to which the words of the JobManager come in the order of the subtasks and in no other.
 */
import type { ActorChanges, Firing } from '../actor-changes.js'
import type { LinkEnds } from '../link-places.js'
import type { Messages } from '../parts.js'
import type { Step } from '../remembered-steps.js'
import type { Row } from '../row.js'
import type { RowSteps } from '../row-steps.js'
import type { RowWorld, RowWorldParts } from '../row-world.js'
import { Mirror, type Learned, type Renaming, type TakenStep } from './mirror.js'
import { NotInterchangeable } from './pairs.js'

/** Does it; why there is no symmetry, where that turns out. */
export function whyAsymmetric(work: () => void): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof NotInterchangeable) return `no symmetry: ${error.message}`
    throw error
  }
}

/** The order in which every process keeps its place. */
const IDENTITY: readonly number[] = []

/** The renamings of an exploration, and what they have learned. */
export class Symmetry {
  private readonly mirrors: readonly Mirror[]
  /** What has images that were not known, and has not been looked at. */
  private readonly fresh: { readonly kind: Learned; readonly number: number }[] = []
  private readonly parts: RowWorldParts
  private readonly world: RowWorld
  private readonly row: Row
  /** For an image that is looked at. */
  private readonly scratch: Row

  constructor(renamed: readonly Renaming[], { parts, world }: { readonly parts: RowWorldParts; readonly world: RowWorld }) {
    this.parts = parts
    this.world = world
    const note = (kind: Learned, number: number): void => {
      this.fresh.push({ kind, number })
    }
    this.mirrors = renamed.map((renaming) => new Mirror(renaming, parts, note))
    this.row = world.row
    this.scratch = this.row.another()
    world.symmetry = this
  }

  /** By how much it is likelier that two states are known by the same, because each is known by the least of several hashes. */
  get collisionFactor(): number {
    const hashes = this.mirrors.length + 1
    return hashes ** 2 / (2 * hashes - 1)
  }

  // ---- what happens

  /** The row is the world as it is set up. */
  start(): void {
    this.row.loaded()
    for (const mirror of this.mirrors) {
      mirror.learnStart(this.row)
      mirror.seen = mirror.fold(this.row.fold)
      mirror.hash.loaded(this.row)
    }
    this.closeOrbits()
  }

  /** Before the steps from a state, which the row has loaded. */
  loaded(): void {
    for (const mirror of this.mirrors) mirror.hash.loaded(this.row)
  }

  /** Before an action. */
  begin(): void {
    for (const mirror of this.mirrors) mirror.seen = mirror.fold(this.row.fold)
  }

  /** An actor has taken a step. */
  stepped(step: Step, taken: () => TakenStep): void {
    for (const mirror of this.mirrors) mirror.learnStep(step, taken)
    this.closeOrbits()
  }

  /** The timer at this position of the actor with this number has fired. */
  fired({ disarmed, message }: Firing, number: number, place: number, position: number, changes: ActorChanges): void {
    for (const mirror of this.mirrors) {
      const image = changes.firing(mirror.actor(number), mirror.place(place), position)
      mirror.pairActors(disarmed, image.disarmed)
      mirror.pairMessages(message, image.message)
    }
    this.closeOrbits()
  }

  /** The world itself has made another actor of the one with this number; `change` does the same to another one. */
  changed(number: number, place: number, after: number, change: (number: number, place: number) => number): void {
    for (const mirror of this.mirrors) mirror.pairActors(after, change(mirror.actor(number), mirror.place(place)))
    this.closeOrbits()
  }

  /** The world itself tells of the end of an actor, or that nothing is heard of it. */
  told(message: number): void {
    const { messages } = this.parts
    for (const mirror of this.mirrors) mirror.pairMessages(message, imageOfWord(messages, message, mirror))
    this.closeOrbits()
  }

  /** Whether a message waits is the same on the images of its link. */
  sentOn(place: number): void {
    for (const mirror of this.mirrors) mirror.linkPlace(place)
  }

  /** Of two links from which something must not wait, one comes before the other: so do their images. */
  inTurn(first: number, other: number): void {
    const { places } = this.parts
    for (const mirror of this.mirrors) {
      if (places.compare(mirror.linkPlace(first), mirror.linkPlace(other)) > 0)
        throw new NotInterchangeable('of what must not wait, the images come in another order')
    }
  }

  /**
   * Of the messages on a link that must not wait, the first one is delivered, whose place without an order its hash decides: so is its
   * image.
   */
  firstOf(link: number): void {
    const { links } = this.parts
    for (const mirror of this.mirrors) {
      if (links.message(mirror.link(link), 0) !== mirror.message(links.message(link, 0)))
        throw new NotInterchangeable('of what must not wait and has no order, the images come in another one')
    }
  }

  /** Whether a message may be lost, which its image may as well. */
  lost(ends: LinkEnds, message: number, mayBeLost: (ends: LinkEnds, message: number) => boolean): void {
    for (const mirror of this.mirrors) {
      const image = { ...ends, from: mirror.place(ends.from), to: mirror.place(ends.to) }
      if (mayBeLost(ends, message) !== mayBeLost(image, mirror.message(message)))
        throw new NotInterchangeable('what may be lost has an image that may not')
    }
  }

  /**
   * What stands for something by one renaming stands for what else stands for it by the renaming that leads from there to here: without
   * that a state might be taken for the image of one whose image it is not.
   */
  private closeOrbits(): void {
    const { fresh, mirrors } = this
    for (let one = fresh.pop(); one !== undefined; one = fresh.pop()) {
      const { kind, number } = one
      const orbit = [
        { order: IDENTITY, number },
        ...mirrors.map(({ renaming, [kind]: pairs }) => ({ order: renaming.order, number: pairs.known(number) })),
      ]
      for (const from of orbit) {
        for (const to of orbit) this.mirrorBetween(from.order, to.order)?.pair(kind, from.number, to.number)
      }
    }
  }

  /** That of the renaming which leads from what the first one makes to what the second one makes. */
  private mirrorBetween(from: readonly number[], to: readonly number[]): Mirror | undefined {
    return this.mirrors.find(({ renaming: { order } }) => order.every((_, i) => order[from[i] ?? i] === (to[i] ?? i)))
  }

  // ---- states

  /** What the row, behind a step, and all its images are known by, two lanes. */
  key(): { readonly high: number; readonly low: number } {
    let { high, low } = this.row
    for (const mirror of this.mirrors) {
      mirror.pairFolds(this.row.fold, mirror.seen)
      const [imageHigh, imageLow] = mirror.hash.now(this.row)
      if (imageHigh > high || (imageHigh === high && imageLow >= low)) continue
      high = imageHigh
      low = imageLow
    }
    this.closeOrbits()
    return { high, low }
  }

  /** Likewise, by all that they consist of. */
  text(): string {
    const images = this.mirrors.map((mirror) => {
      mirror.pairFolds(this.row.fold, mirror.seen)
      mirror.reflect(this.row, this.scratch)
      return this.scratch.text
    })
    this.closeOrbits()
    return images.reduce((least, text) => (text < least ? text : least), this.row.text)
  }

  /** What is right in the state of the row must be right in its images: `judge` says what is wrong with what was seen there. */
  judgeImages(judge: (seen: number) => string | undefined): void {
    for (const mirror of this.mirrors) {
      const reason = judge(mirror.fold(this.row.fold))
      if (reason !== undefined) throw new NotInterchangeable(`only in an image of a state: ${reason}`)
    }
  }

  /** Takes all steps from the row, of which none fails, and from its images, and compares where they lead. */
  audit(steps: RowSteps): void {
    const { row, mirrors } = this
    const here = row.saved()
    const expected = mirrors.map((): string[] => [])
    this.loaded()
    steps.every(() => {
      this.key()
      mirrors.forEach((mirror, i) => expected[i]?.push(mirror.hash.of(row).join(' ')))
      return true
    })
    mirrors.forEach((mirror, i) => {
      row.load(here, 0)
      if (this.stepsFromImage(mirror, steps).join() !== expected[i]?.sort().join())
        throw new NotInterchangeable('steps from a state and from its image lead elsewhere')
    })
    row.load(here, 0)
    steps.actions.find()
  }

  /** Where they lead. */
  private stepsFromImage(mirror: Mirror, steps: RowSteps): string[] {
    const { row, world } = this
    mirror.reflect(row, this.scratch)
    row.load(this.scratch.saved(), 0)
    steps.actions.find()
    const found: string[] = []
    // Images of images are not looked at.
    world.symmetry = undefined
    steps.every(() => found.push(`${row.high} ${row.low}`) > 0)
    world.symmetry = this
    return found.sort()
  }
}

function imageOfWord(messages: Messages, message: number, mirror: Mirror): number {
  const word = messages.get(message)
  if (!('peer' in word) || typeof word.peer !== 'number') return message
  const image = { ...word, peer: mirror.place(word.peer) }
  return messages.add(image)
}
