import { friends, note, noteTaker, type Kept, type Script } from '../../src/world/fixtures/note-taker.js'
import { World, type Context, type Lane, type WorldOptions } from '../../src/world/index.js'
import { expect } from 'vitest'
import { exploreBreadthFirst, exploreWorld, type Exploration, type ExplorationResult } from '../../src/check/index.js'

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

/** Explores everything, each step twice; then again as rows of numbers, with the same result. */
export function explore<F>(build: Exploration['build'], more: Partial<Exploration<F>> = {}): ExplorationResult {
  const exploration: Exploration<F> = { build, checkTwice: true, freeze: true, ...more }
  const result = exploreBreadthFirst(exploration)
  // Rows of numbers repeat every step, asked or not.
  if (exploration.checkTwice === true) expectSame(exploreWorld(exploration), result)
  return result
}

/** Expects that an exploration has seen what another one has. */
export function expectSame(actual: ExplorationResult, expected: ExplorationResult): void {
  const { distinct, generated, depth, terminals, exhausted, violation } = expected
  if (violation === undefined) expect(actual).toMatchObject({ distinct, generated, depth, terminals, exhausted })
  else expect(actual.violation).toMatchObject({ reason: violation.reason, path: violation.path.map(() => expect.anything() as unknown) })
}

/** What an actor has heard ever. */
export const heardBy = (world: World, ref: number) => world.inspect(ref).state.durable as Kept
