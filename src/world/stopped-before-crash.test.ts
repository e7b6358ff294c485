import { expect, it } from 'vitest'
import { ManualDriver, settle } from './fixtures/manual-driver.js'
import { friends, note, noteTaker, type Note } from './fixtures/note-taker.js'
import { World, type ActorRef } from './index.js'

it('an actor that had ended in order has not crashed with its process', () => {
  const world = new World({ driver: new ManualDriver() })
  const [left, right] = [world.process('left'), world.process('right')]
  const a: ActorRef<Note> = world.add(
    left,
    noteTaker({ onStart: (_, context) => context.send(a0(), note('end')), onNote: (_, context) => context.stop(a0()) }),
    'a',
    friends(),
  )
  function a0(): ActorRef<Note> {
    return 0 as unknown as ActorRef<Note>
  }
  const b: ActorRef<Note> = world.add(right, noteTaker({ onStart: (_, context) => context.watch(a, 0) }), 'b', friends())
  world.start(left)
  settle(world)
  expect(world.inspect(a).alive).toBe(false)
  world.crash(left)
  world.start(right)
  settle(world)
  expect(world.inspect(b).state.volatile).toEqual({ heard: ['down 0#1 stopped'] })
})
