import { describe, expect, it } from 'vitest'
import { fire, ManualDriver } from './fixtures/manual-driver.js'
import { refusePromise, UserCodeError, World, type Behavior } from './index.js'

interface Word {
  readonly kind: 'word'
}

/** Its functions are what a caller without types could give. */
function actor(functions: object): Behavior<null, null, Word> {
  return { kind: 'actor', start: () => null, receive() {}, digest: () => 1, ...functions }
}

describe('code that returns a promise', () => {
  it('is refused at the start of an actor', () => {
    const world = new World({ driver: new ManualDriver() })
    const process = world.process('here')
    world.add(process, actor({ start: () => Promise.resolve(null) }), 'sleeper', null)
    expect(() => world.start(process)).toThrow('sleeper: a function returned a promise; user code must be synchronous')
  })

  it('is refused at a step, and a rejection that follows is not left over', () => {
    const world = new World({ driver: new ManualDriver() })
    const process = world.process('here')
    const failing = actor({
      start: (_durable: null, context: Parameters<Behavior<null, null, Word>['start']>[1]) => context.timer('tick', 1),
      receive: () => Promise.reject(new Error('nobody hears of this')),
    })
    world.add(process, failing, 'sleeper', null)
    world.start(process)
    expect(() => fire(world, 'tick')).toThrow('sleeper: a function returned a promise')
  })

  it('is told by a method `then`, whoever made it', () => {
    expect(() => refusePromise({ then: () => undefined }, 'x')).toThrow(UserCodeError)
    for (const value of [undefined, null, 3, 'then', true, [], { then: 3 }, new Map()]) refusePromise(value, 'x')
  })
})
