import { describe, expect, it } from 'vitest'
import { actorRef, processRef, World, type ActorRef, type Behavior, type WorldOptions } from '../../world/index.js'
import { exploreWorld, replayPath, type Exploration } from '../index.js'

interface Ball {
  readonly kind: 'ball'
  readonly from: number
  readonly round: number
}

interface Player {
  readonly others: readonly ActorRef<Ball>[]
  readonly heard: string[]
}

const ROUNDS = 3

/** Plays with two others, who send back what they get: links are empty for a while, and are used again. */
const first: Behavior<null, Player, Ball> = {
  kind: 'first',
  start: ({ others }, context) => {
    others.forEach((other, from) => context.send(other, { kind: 'ball', from, round: 1 }))
    return null
  },
  receive: ({ durable }, message, context) => {
    if (message.kind !== 'ball') return
    const { from, round } = message
    durable.heard.push(`${'xy'[from] ?? ''}${String(round)}`)
    const other = durable.others[from]
    if (round < ROUNDS && other !== undefined) context.send(other, { kind: 'ball', from, round: round + 1 })
  },
  digest: () => 0,
}

const other: Behavior<null, Player, Ball> = {
  kind: 'other',
  start: () => null,
  receive: ({ durable }, message, context) => {
    const [back] = durable.others
    if (message.kind === 'ball' && back !== undefined) context.send(back, message)
  },
  digest: () => 0,
}

function build(options: WorldOptions): World {
  const world = new World(options)
  const process = world.process('all')
  world.add(process, first, 'first', { others: [actorRef(other, 1), actorRef(other, 2)], heard: [] })
  for (const name of ['x', 'y']) world.add(process, other, name, { others: [actorRef(first, 0)], heard: [] })
  world.start(processRef(0))
  return world
}

describe('the way to a state', () => {
  it.each(['x1 x2 y1 y2 x3 y3', 'y1 y2 x1 y3 x2 x3', 'x1 y1 x2 y2 x3 y3', 'y1 x1 x2 x3 y2 y3'])(
    'is gone by a world, too, although links were empty on it and came back: %s',
    (order) => {
      const inspect = (world: World): string | undefined => {
        const { heard } = world.inspect(0).state.durable as Player
        return heard.join(' ') === order ? order : undefined
      }
      const exploration: Exploration = { build, inspect }
      const { violation } = exploreWorld(exploration)
      expect(violation?.path).toHaveLength(1 + 4 * ROUNDS)
      expect(replayPath(exploration, violation?.path ?? []).reason).toBe(order)
    },
  )
})

describe('code that keeps state outside of its actor', () => {
  /** Forgets after so many calls what it said until then. */
  function forgetting(calls: number): Exploration {
    let count = 0
    const other: Behavior<null, string[], Ball> = {
      kind: 'other',
      start: (_, context) => {
        context.timer('go', 1)
        return null
      },
      receive: ({ durable }) => {
        durable.push(count++ < calls ? 'before' : 'later')
      },
      digest: () => 0,
    }
    return {
      build: (options) => {
        const world = new World(options)
        world.add(world.process('all'), other, 'other', [])
        world.start(processRef(0))
        return world
      },
      inspect: (_, terminal) => (terminal ? 'the end' : undefined),
    }
  }

  it('is named as the likely cause where rows and worlds differ, and where a world does not go the way of its rows', () => {
    const cause = ', the likely cause is code that keeps state outside of its actor'
    expect(() => exploreWorld(forgetting(2))).toThrow(`rows and worlds differ${cause}`)
    expect(() => exploreWorld(forgetting(4))).toThrow(`a world does not go the way of its rows${cause}`)
  })
})
