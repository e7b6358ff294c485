/**
 * Processes that are interchangeable: of states that differ only in which of them does what, one is explored.
 *
 * A *renaming* puts some processes, with the actors that are set up in them, in each other's place; who is spawned keeps its place, for
 * places are given in the order of spawning, which is renamed with the rest. The *image* of a state has at each place what stands for that
 * which the state has at the place renamed from. Which actor, message and memory of the judge stands for which, nobody declares: it begins
 * with the world as it is set up, which must be its own image, and is learned step by step (`mirror.ts`).
 *
 * Lemma. Let s be a state and t its image. Each action of s has one in t, with the same answers, that leads to the image of where the
 * first one leads; and each of t one in s. So t can go wrong only in the image of what goes wrong in s, and it is enough to explore one of
 * them: whichever is met first, known by the least fingerprint of all its images.
 *
 * That the lemma holds is not taken for granted. An action is a step of one actor, or a rule of the world. Each step of an actor that
 * occurs is run by its image, too, with the message that stands for its message: it must ask as many questions with as many answers, do the same to
 * the images, link by link in the same order, and nothing may ever have two images. The rules of the world are the same for all processes;
 * in the states that are compared with a world (the first hundred, and every 8,192nd), all steps from the image are taken as well, and
 * must lead to the images of where the steps from the state lead. The judge must find the image of what it has seen as right or wrong as
 * that. Whatever differs ends the search without a verdict, and names who is not interchangeable.
 *
 * A job has such a symmetry when what runs in one process is what runs in the other: pipelines side by side without an exchange, each
 * in a TaskManager of its own. There is none where an exchange by keys tells subtasks apart by their key groups, or where several
 * of them share a TaskManager, to which the words of the JobManager come in the order of the subtasks and in no other.
 */
import type { World } from '../../../world/index.js'
import type { ActorChanges, Firing } from '../actor-changes.js'
import type { Messages } from '../parts.js'
import type { Step } from '../remembered-steps.js'
import type { Row } from '../row.js'
import type { RowSteps } from '../row-steps.js'
import type { RowWorld, RowWorldParts } from '../row-world.js'
import { Mirror, type Renaming, type TakenStep } from './mirror.js'
import { NotInterchangeable } from './pairs.js'

/** All renamings of processes but the one that changes nothing. */
export function renamings(world: World, names: readonly string[]): Renaming[] {
  const processes = names.map((name) => processNamed(world, name))
  const inside = processes.map((process) => world.actors.flatMap((actor, place) => (actor.process === process ? [place] : [])))
  return ordersOf(names.map((_, index) => index))
    .slice(1)
    .map((order) => ({
      processes: new Map(order.map((to, from) => [processes[from] ?? -1, processes[to] ?? -1])),
      actors: new Map(order.flatMap((to, from) => (inside[from] ?? []).map((place, i) => [place, counterpart(inside[to], i)] as const))),
    }))
}

function processNamed(world: World, name: string): number {
  const index = world.processes.findIndex((process) => process.name === name)
  if (index < 0) throw new RangeError(`there is no process ${name}`)
  return index
}

function counterpart(places: readonly number[] | undefined, i: number): number {
  const place = places?.[i]
  if (place === undefined) throw new NotInterchangeable('processes are set up with different actors')
  return place
}

/** All orders of these, as they are first. */
function ordersOf(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item) => ordersOf(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))
}

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

/** The renamings of an exploration, and what they have learned. */
export class Symmetry {
  private readonly mirrors: readonly Mirror[]
  private readonly row: Row
  /** For an image that is looked at. */
  private readonly scratch: Row

  constructor(
    renamed: readonly Renaming[],
    private readonly parts: RowWorldParts,
    private readonly world: RowWorld,
  ) {
    this.mirrors = renamed.map((renaming) => new Mirror(renaming, parts))
    this.row = world.row
    this.scratch = this.row.another()
    world.symmetry = this
  }

  // ---- what happens

  /** The row is the world as it is set up. */
  start(): void {
    for (const mirror of this.mirrors) {
      mirror.learnStart(this.row)
      mirror.seen = mirror.fold(this.row.fold)
      mirror.hash.loaded(this.row)
    }
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
  }

  /** The timer at this position of the actor with this number has fired. */
  fired({ disarmed, message }: Firing, number: number, place: number, position: number, changes: ActorChanges): void {
    for (const mirror of this.mirrors) {
      const image = changes.firing(mirror.actor(number), mirror.place(place), position)
      mirror.pairActors(disarmed, image.disarmed)
      mirror.pairMessages(message, image.message)
    }
  }

  /** The world itself has made another actor of the one with this number; `change` does the same to another one. */
  changed(number: number, place: number, after: number, change: (number: number, place: number) => number): void {
    for (const mirror of this.mirrors) mirror.pairActors(after, change(mirror.actor(number), mirror.place(place)))
  }

  /** The world itself tells of the end of an actor, or that nothing is heard of it. */
  told(message: number): void {
    const { messages } = this.parts
    for (const mirror of this.mirrors) mirror.pairMessages(message, imageOfWord(messages, message, mirror))
  }

  /** Of two links from which something must not wait, one comes before the other: so do their images. */
  inTurn(first: number, other: number): void {
    const { places } = this.parts
    for (const mirror of this.mirrors) {
      if (places.compare(mirror.linkPlace(first), mirror.linkPlace(other)) > 0)
        throw new NotInterchangeable('of what must not wait, the images come in another order')
    }
  }

  // ---- states

  /** What the row, behind a step, and all its images are known by, two lanes. */
  key(): readonly [number, number] {
    let { high, low } = this.row
    for (const mirror of this.mirrors) {
      mirror.pairFolds(this.row.fold, mirror.seen)
      const [imageHigh, imageLow] = mirror.hash.now(this.row)
      if (imageHigh > high || (imageHigh === high && imageLow >= low)) continue
      high = imageHigh
      low = imageLow
    }
    return [high, low]
  }

  /** Likewise, by all that they consist of. */
  text(): string {
    const images = this.mirrors.map((mirror) => {
      mirror.pairFolds(this.row.fold, mirror.seen)
      mirror.reflect(this.row, this.scratch)
      return this.scratch.text
    })
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
