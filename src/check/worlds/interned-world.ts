/** A world taken apart into a row of numbers, and put together again from one. */
import type { Heartbeat } from '../../world/index.js'
import { World, type Driver, type Recorder } from '../../world/index.js'
import type { Link } from '../../world/parts.js'
import { Components } from '../../world/parts.js'
import { neverFires } from './budgets.js'
import type { Exploration } from './exploration.js'
import type { Folded } from './fold-memory.js'
import { folded } from './fold-memory.js'
import { RememberedFold } from './fold-steps.js'
import { BY_HASH, type Identity } from './identity.js'
import { Links } from './links.js'
import { LinkPlaces } from './link-places.js'
import { Actors, AllCircumstances, APART, Plains, type Messages } from './parts.js'
import { RememberedSteps } from './remembered-steps.js'
import { Rivals } from './rivals.js'
import { Row } from './row.js'
import { RowWorld, type RowWorldParts } from './row-world.js'
import type { ExploredState } from './successors.js'

/** Later than all that the ranks of timers say. */
const LATER = 2 ** 20

/** All parts of the worlds of one exploration, and the row that is worked on. */
export class InternedWorld<F> {
  readonly row: Row
  readonly world: RowWorld
  readonly fold: RememberedFold<F> | undefined
  readonly parts: RowWorldParts
  private processNames: readonly string[] = []

  constructor(
    private readonly exploration: Exploration<F>,
    remember: boolean,
    identity: Identity = BY_HASH,
  ) {
    const { budgets = {}, losable, eager = () => false, mayCrash, timersInOrder = false, fold, rivals, onStep } = exploration
    const messages: Messages = new Plains(identity)
    const facts = new Plains<{ readonly kind: string }>(identity)
    this.fold = fold && new RememberedFold(fold, facts, identity)
    const stage = {
      actors: new Actors(timersInOrder, identity),
      messages,
      facts,
      heartbeats: new Plains<Heartbeat>(identity),
      places: new LinkPlaces(eager),
      recording: fold !== undefined,
      ...(onStep && { onStep }),
      mayCrash: (process: number) => mayCrash?.(this.processNames[process] ?? '') ?? true,
      neverFires: (timer: string) => neverFires(budgets, timer),
    }
    this.parts = {
      ...stage,
      links: new Links(messages, budgets.disconnects !== undefined, identity),
      circumstances: new AllCircumstances(identity),
      fold: this.fold,
      steps: new RememberedSteps(stage, remember),
      budgets,
      losable: (budgets.losses ?? 0) > 0 ? losable : undefined,
      rivals: rivals && new Rivals(stage.actors, rivals),
    }
    const { circumstances, actors, links } = this.parts
    this.row = new Row({ circumstances, actors, links, folds: this.fold?.states ?? new Plains() })
    this.world = new RowWorld(this.row, this.parts)
  }

  /** Makes the row say what this state is. */
  takeApart({ world, spent, fold }: ExploredState<F>): void {
    const { row, parts } = this
    this.processNames = world.processes.map(({ name }) => name)
    row.clear()
    row.setCircumstances(parts.circumstances.add({ processes: [...world.processes], spent, actors: world.actors.length }))
    if (fold !== undefined && this.fold !== undefined) row.setFold(this.fold.states.add(fold.state))
    world.actors.forEach((actor, place) => {
      row.setActor(place, parts.actors.add(actor.copy(APART), place))
    })
    for (const link of world.links) if (link !== undefined) this.takeLinkApart(link)
  }

  private takeLinkApart(link: Link): void {
    const { row, parts } = this
    let former = link.open ? 0 : 1
    while (former > 0 && row.link(parts.places.placeOf(link, former)) !== 0) former++
    row.setLink(parts.places.placeOf(link, former), parts.links.takeIn(link))
  }

  /** The state that the row says, as a world that can take steps. */
  putTogether(driver: Driver, recorder?: Recorder): ExploredState<F> {
    const { row, parts } = this
    const { processes, spent } = parts.circumstances.get(row.circumstances)
    const components = new Components()
    components.processes = [...processes]
    for (let place = 0; place < row.count; place++) {
      const actor = parts.actors.get(row.actor(place)).copy(APART)
      actor.out = []
      components.actors.push(actor)
    }
    for (let i = 0; i < row.present.length; i++) this.putLink(components, row.present.get(i))
    const world = new World({ driver, ...(recorder && { recorder }) }, components)
    world.steps = LATER
    return { world, spent, fold: this.folded() }
  }

  private putLink(components: Components, place: number): void {
    const { row, parts } = this
    const number = row.link(place)
    if (number === 0) return
    const part = parts.links.get(number)
    const link = components.addLink(part.from, part.to, part.lane)
    parts.links.fill(link, part)
    if (part.open) components.actor(part.from).out.push(link.place)
  }

  private folded(): Folded<F> | undefined {
    return this.fold && folded(this.fold.states.get(this.row.fold))
  }
}
