/**
 * One renaming of processes that are interchangeable: which part stands for which. Nobody declares it. What an actor does with a message is
 * run a second time by the actor that stands for it, with the message that stands for it, and what comes of the one stands for what comes
 * of the other. Where that does not agree with what stood for something before, the processes are not interchangeable.
 */
import type { Actor } from '../../../world/parts.js'
import { Answers } from '../answers.js'
import { EFFECT, type Effect } from '../effects.js'
import { Ints } from '../ints.js'
import type { RowWorldParts } from '../row-world.js'
import type { NumberedAllowance } from '../circumstance-changes.js'
import type { Circumstances } from '../parts.js'
import type { Step } from '../remembered-steps.js'
import type { Row } from '../row.js'
import { ImageHash } from './image-hash.js'
import { NotInterchangeable, Pairs } from './pairs.js'

/** Which process takes the place of which, and which actor that of which; who is not mentioned stays. */
export interface Renaming {
  /** By the position of a process among the interchangeable ones: that of the one whose place it takes. */
  readonly order: readonly number[]
  readonly processes: ReadonlyMap<number, number>
  readonly actors: ReadonlyMap<number, number>
}

/** What has images that are learned. */
export type Learned = 'actors' | 'messages' | 'folds'

/** A step of an actor that was taken. */
export interface TakenStep {
  readonly place: number
  readonly actor: number
  readonly message: number
  readonly allowance: NumberedAllowance
  /** To its questions, of which each has so many. */
  readonly answers: readonly number[]
  readonly choices: readonly number[]
}

export class Mirror {
  readonly hash: ImageHash
  /** What the fold has seen in the image of the row, within an action. */
  seen = 0
  /** What stands for an actor, a message and what a fold has seen, by number. */
  readonly actors = new Pairs()
  readonly messages = new Pairs()
  readonly folds = new Pairs()
  /** What stands for circumstances, links and, plus one, places of links: made when it is asked for. */
  private readonly circumstances = new Ints()
  private readonly links = new Ints()
  private readonly places = new Ints()
  /** Facts that the image of a step records. */
  private readonly facts = new Map<Step, readonly number[]>()

  constructor(
    readonly renaming: Renaming,
    private readonly parts: RowWorldParts,
    /** Told of everything whose image was not known before. */
    private readonly learned: (kind: Learned, number: number) => void,
  ) {
    this.hash = new ImageHash(this, parts)
  }

  // ---- what stands for what

  place(place: number): number {
    return this.renaming.actors.get(place) ?? place
  }

  process(process: number): number {
    return this.renaming.processes.get(process) ?? process
  }

  actor(number: number): number {
    return this.actors.image(number, () => `nobody stands for ${this.nameOf(number)}`)
  }

  message(number: number): number {
    return this.messages.image(number, () => `nothing stands for ${this.textOf(number)}`)
  }

  fold(number: number): number {
    return this.folds.image(number, () => 'nothing stands for what was seen')
  }

  linkPlace(place: number): number {
    const image = this.places.get(place)
    if (image > 0) return image - 1
    const { from, to, lane, former } = this.parts.places.get(place)
    const made = this.parts.places.placeOf({ from: this.place(from), to: this.place(to), lane }, former)
    if (this.parts.places.get(place).eager !== this.parts.places.get(made).eager)
      throw new NotInterchangeable('what must not wait on a link waits on its image')
    this.places.set(place, made + 1)
    return made
  }

  link(number: number): number {
    if (number === 0) return 0
    const image = this.links.get(number)
    if (image > 0) return image
    const { from, to, messages, ...others } = this.parts.links.get(number)
    const renamed = { ...others, from: this.place(from), to: this.place(to), messages: messages.map((message) => this.message(message)) }
    const made = this.parts.links.add(renamed)
    this.links.set(number, made)
    return made
  }

  circumstancesOf(number: number): number {
    const image = this.circumstances.get(number)
    if (image > 0) return image
    const made = this.parts.circumstances.add(this.renamed(this.parts.circumstances.get(number)))
    this.circumstances.set(number, made)
    return made
  }

  private renamed({ processes, ...others }: Circumstances): Circumstances {
    const renamed = [...processes]
    processes.forEach(({ alive, incarnation }, index) => {
      const image = this.process(index)
      const { name = '' } = processes[image] ?? {}
      renamed[image] = { name, alive, incarnation }
    })
    return { ...others, processes: renamed }
  }

  // ---- what is learned

  /** The world as it is set up is its own image. */
  learnStart(row: Row): void {
    const { links } = this.parts
    for (let place = 0; place < row.count; place++) this.pairActors(row.actor(place), row.actor(this.place(place)))
    for (let i = 0; i < row.present.length; i++) {
      const place = row.present.get(i)
      const [link, image] = [row.link(place), row.link(this.linkPlace(place))]
      if (link === 0) continue
      this.pairAll(links.get(link).messages, image === 0 ? [] : links.get(image).messages)
      if (this.link(link) !== image) throw new NotInterchangeable('links differ as the world is set up')
    }
    if (this.circumstancesOf(row.circumstances) !== row.circumstances)
      throw new NotInterchangeable('processes differ as the world is set up')
    this.pairFolds(row.fold, row.fold)
  }

  /** A step of an actor was taken: its image takes it, too, and does the same to the images. */
  learnStep(step: Step, taken: () => TakenStep): void {
    const facts = this.facts.get(step) ?? this.learnEffects(step, taken())
    for (const fact of facts) this.seen = this.parts.fold?.step(this.seen, fact) ?? 0
  }

  private learnEffects(step: Step, { place, actor, message, allowance, answers, choices }: TakenStep): readonly number[] {
    const told = Answers.planned(answers)
    const { allowance: allowed, number } = allowance
    const image = this.parts.steps.step(this.actor(actor), this.message(message), allowed, number, this.place(place), told)
    const name = (): string => `${this.nameOf(actor)} on ${message === 0 ? 'its start' : this.textOf(message)}`
    if (image.defect !== undefined) throw new NotInterchangeable(`${name()}: ${image.defect.message}`)
    if (told.since(0).choices.join() !== choices.join()) throw new NotInterchangeable(`${name()}: the questions are not the same`)
    if (this.touchesUnborn(step.effects) || this.touchesUnborn(image.effects))
      throw new NotInterchangeable(`${name()}: it turns to somebody before it has spawned him`)
    const facts = this.align(step.effects, image.effects, name)
    this.facts.set(step, facts)
    return facts
  }

  /** Pairs what two steps did, whatever they did first on different connections; returns the facts of the second one. */
  private align(one: readonly Effect[], other: readonly Effect[], name: () => string): readonly number[] {
    const left = new Map<string, Effect[]>()
    for (const effect of other) {
      const key = this.aboutOf(effect, (place) => place)
      const queue = left.get(key)
      if (queue === undefined) left.set(key, [effect])
      else queue.push(effect)
    }
    const facts: number[] = []
    for (const effect of one) {
      const image = left.get(this.aboutOf(effect, (place) => this.place(place)))?.shift()
      if (image === undefined || !this.isImage(effect, image))
        throw new NotInterchangeable(`${name()}: ${this.inWords(effect)} has no image`)
      if (effect.kind === EFFECT.actor || effect.kind === EFFECT.spawn) this.pairActors(effect.b, image.b)
      else if (effect.kind === EFFECT.send) this.pairMessages(effect.b, image.b)
      else if (effect.kind === EFFECT.fact) facts.push(image.b)
    }
    if (one.length !== other.length) throw new NotInterchangeable(`${name()}: the image does more`)
    return facts
  }

  /** What is sent to an address before somebody lives there is lost, and that order is not compared. */
  private touchesUnborn(effects: readonly Effect[]): boolean {
    const touched = new Set<number>()
    return effects.some(({ kind, a }) => {
      if (kind === EFFECT.spawn) return touched.has(a)
      if (kind === EFFECT.stop) touched.add(a)
      if (kind === EFFECT.send || kind === EFFECT.watch || kind === EFFECT.monitor) {
        const { from, to } = this.parts.places.get(a)
        touched.add(from).add(to)
      }
      return false
    })
  }

  /** What an effect is about, with actors at other places: of effects about the same the order matters. To watch mends both directions. */
  private aboutOf({ kind, a }: Effect, placed: (place: number) => number): string {
    if (kind !== EFFECT.send && kind !== EFFECT.watch && kind !== EFFECT.monitor) return `${kind}`
    const { from, to } = this.parts.places.get(a)
    const [one, other] = [placed(from), placed(to)]
    return `between ${Math.min(one, other)} ${Math.max(one, other)}`
  }

  private isImage({ kind, a, b }: Effect, image: Effect): boolean {
    switch (kind) {
      case EFFECT.actor:
      case EFFECT.spawn:
        return image.a === this.place(a)
      case EFFECT.stop:
        return image.a === this.place(a) && image.b === this.place(b)
      case EFFECT.send:
        return image.a === this.linkPlace(a)
      // Who watches has no heartbeat, and both look the other way than who sends.
      case EFFECT.watch:
      case EFFECT.monitor:
        return image.a === this.linkPlace(a) && image.b === b
      case EFFECT.spend:
        return image.b === b
      // Its own process dies, if any.
      case EFFECT.crash:
      case EFFECT.fact:
        return true
    }
  }

  /** One actor stands for the other from now on. */
  pairActors(number: number, image: number): void {
    const { actors } = this.parts
    if (!this.actors.pair(number, image, () => `${this.nameOf(image)} does not stand for ${this.nameOf(number)} alone`)) return
    this.learned('actors', number)
    const [one, other] = [actors.get(number), actors.get(image)]
    // Where someone has lived who was spawned and is dead, means nothing any more.
    const elsewhere = (one.alive || one.root) && this.process(one.process) !== other.process
    if (elsewhere || lifeOf(one) !== lifeOf(other))
      throw new NotInterchangeable(`${this.nameOf(image)} does not live as ${this.nameOf(number)} does`)
    // Timers are told apart by their positions.
    if (JSON.stringify(actors.timersOf(number)) !== JSON.stringify(actors.timersOf(image)))
      throw new NotInterchangeable(`${this.nameOf(image)} has other timers than ${this.nameOf(number)}`)
  }

  /** Likewise, of any kind. */
  pair(kind: Learned, number: number, image: number): void {
    if (kind === 'actors') this.pairActors(number, image)
    else if (kind === 'messages') this.pairMessages(number, image)
    else this.pairFolds(number, image)
  }

  pairMessages(number: number, image: number): void {
    if (this.messages.pair(number, image, () => `${this.textOf(image)} does not stand for ${this.textOf(number)} alone`))
      this.learned('messages', number)
  }

  private pairAll(messages: readonly number[], images: readonly number[]): void {
    messages.forEach((message, i) => {
      this.pairMessages(message, images[i] ?? 0)
    })
  }

  /** What was seen on the way here, and what its image has seen. */
  pairFolds(number: number, image: number): void {
    if (this.folds.pair(number, image, () => 'what is judged depends on which of the processes does it')) this.learned('folds', number)
  }

  // ---- images of rows

  /** Makes another row the image of this one. */
  reflect(row: Row, image: Row): void {
    image.clear()
    image.setCircumstances(this.circumstancesOf(row.circumstances))
    image.setFold(this.fold(row.fold))
    // In order, or there were gaps: the actors of a row are counted by the last.
    for (let place = 0; place < row.count; place++) image.setActor(place, row.actor(place))
    for (let place = 0; place < row.count; place++) image.setActor(this.place(place), this.actor(row.actor(place)))
    for (let i = 0; i < row.present.length; i++) {
      const place = row.present.get(i)
      image.setLink(this.linkPlace(place), this.link(row.link(place)))
    }
    image.loaded()
  }

  private nameOf(number: number): string {
    return number === 0 ? 'nobody' : this.parts.actors.get(number).name
  }

  private textOf(number: number): string {
    return number === 0 ? 'nothing' : JSON.stringify(this.parts.messages.get(number))
  }

  private inWords({ kind, a, b }: Effect): string {
    if (kind === EFFECT.send) return `${this.textOf(b)} to ${this.parts.places.get(a).to}`
    return Object.entries(EFFECT).find(([, number]) => number === kind)?.[0] ?? ''
  }
}

/** Who lives is of the incarnation of his process, and processes are compared. */
function lifeOf({ alive, crashed, root, behavior }: Actor): string {
  return [alive, crashed, root, behavior.kind].join()
}
