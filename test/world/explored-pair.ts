import { friends, note, noteTaker, type Kept, type Script } from '../../src/world/fixtures/note-taker.js'
import { World, type Context, type Lane, type WorldOptions } from '../../src/world/index.js'
import { exploreBreadthFirst, type Exploration, type ExplorationResult } from '../../src/check/index.js'

/** A world of one receiver and one sender, which follow their scripts. */
export const pair =
  (sender: Script, receiver: Script = {}) =>
  (options: WorldOptions): World => {
    const world = new World(options)
    const [left, right] = [world.process('left'), world.process('right')]
    const to = world.add(right, noteTaker(receiver), 'receiver', friends())
    world.add(left, noteTaker(sender), 'sender', friends(to))
    world.start(right)
    world.start(left)
    return world
  }

/** Sends these words on these lanes. */
export const sends =
  (...words: readonly (readonly [string, Lane])[]): NonNullable<Script['onStart']> =>
  ({ friends: [to] }: Kept, context: Context) => {
    if (to !== undefined) for (const [word, lane] of words) context.send(to, note(word), lane)
  }

/** Explores everything, each step twice. */
export function explore<F>(build: Exploration['build'], more: Partial<Exploration<F>> = {}): ExplorationResult {
  return exploreBreadthFirst<F>({ build, checkTwice: true, freeze: true, ...more })
}

/** What an actor has heard ever. */
export const heardBy = (world: World, ref: number) => world.inspect(ref).state.durable as Kept
