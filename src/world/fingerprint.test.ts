import { describe, expect, it } from 'vitest'
import { ManualDriver, settle, takeable } from './fixtures/manual-driver.js'
import { friends, note, noteTaker } from './fixtures/note-taker.js'
import { eraseBehavior } from './actor-types.js'
import { UNORDERED, World, type Lane } from './index.js'

/** Two processes of two silent actors each, running. */
function quartet() {
  const world = new World({ driver: new ManualDriver() })
  const processes = ['p', 'q'].map((name) => world.process(name))
  const refs = processes.flatMap((process) => ['x', 'y'].map((name) => world.add(process, noteTaker(), name, friends())))
  for (const process of processes) world.start(process)
  return { world, processes, refs }
}

function fingerprintAfter(change: (world: World) => void): string {
  const { world } = quartet()
  change(world)
  return world.fingerprint()
}

const send =
  (from: number, to: number, word: string, lane: Lane = 0) =>
  (world: World) => {
    world.send(from, to, note(word), lane)
  }
const all =
  (...changes: ((world: World) => void)[]) =>
  (world: World) => {
    for (const change of changes) change(world)
  }

describe('the fingerprint', () => {
  it('is the same everywhere', () => {
    expect(
      fingerprintAfter(
        all(send(0, 1, 'a'), send(2, 1, 'b', UNORDERED), (world) => {
          world.arm(3, 'tick', 5)
        }),
      ),
    ).toBe('f329b5e19e16fbc0')
  })

  it('does not depend on the order in which content came about', () => {
    const one = fingerprintAfter(all(send(0, 1, 'a'), send(2, 1, 'b'), send(0, 3, 'c')))
    const other = fingerprintAfter(all(send(0, 3, 'c'), send(2, 1, 'b'), send(0, 1, 'a')))
    expect(other).toBe(one)
    expect(fingerprintAfter(all(send(0, 1, 'a', UNORDERED), send(0, 1, 'b', UNORDERED)))).toBe(
      fingerprintAfter(all(send(0, 1, 'b', UNORDERED), send(0, 1, 'a', UNORDERED))),
    )
    const armed = (first: string, second: string) =>
      fingerprintAfter((world) => {
        world.arm(0, first, 1)
        world.arm(0, second, 1)
      })
    expect(armed('s', 't')).toBe(armed('t', 's'))
  })

  it('does not depend on what has passed without a trace', () => {
    const untouched = fingerprintAfter(() => undefined)
    expect(
      fingerprintAfter((world) => {
        world.arm(0, 'tick', 1)
        world.cancel(0, 'tick')
      }),
    ).toBe(untouched)
    const passed = quartet().world
    send(0, 1, 'a')(passed)
    settle(passed)
    const empty = quartet().world
    empty.actors[1]?.behavior.receive(empty.actors[1].state, note('a'), null as never)
    expect(passed.fingerprint()).toBe(empty.fingerprint())
  })

  it('differs with everything that the future depends on', () => {
    const [crashP, startP] = [
      (world: World) => {
        world.crash(0 as never)
      },
      (world: World) => {
        world.start(0 as never)
      },
    ]
    const worlds: Record<string, string> = {
      untouched: fingerprintAfter(() => undefined),
      'a message': fingerprintAfter(send(0, 1, 'a')),
      'another word': fingerprintAfter(send(0, 1, 'b')),
      'the other direction': fingerprintAfter(send(1, 0, 'a')),
      'another sender': fingerprintAfter(send(2, 1, 'a')),
      'another receiver': fingerprintAfter(send(0, 2, 'a')),
      'another lane': fingerprintAfter(send(0, 1, 'a', 1)),
      'no order': fingerprintAfter(send(0, 1, 'a', UNORDERED)),
      twice: fingerprintAfter(all(send(0, 1, 'a'), send(0, 1, 'a'))),
      'twice without order': fingerprintAfter(all(send(0, 1, 'a', UNORDERED), send(0, 1, 'a', UNORDERED))),
      'in order': fingerprintAfter(all(send(0, 1, 'a'), send(0, 1, 'b'))),
      'the other order': fingerprintAfter(all(send(0, 1, 'b'), send(0, 1, 'a'))),
      'a timer': fingerprintAfter((world) => {
        world.arm(0, 'tick', 1)
      }),
      'a longer timer': fingerprintAfter((world) => {
        world.arm(0, 'tick', 2)
      }),
      'another timer': fingerprintAfter((world) => {
        world.arm(0, 'tock', 1)
      }),
      "another actor's timer": fingerprintAfter((world) => {
        world.arm(1, 'tick', 1)
      }),
      'someone spawned': fingerprintAfter((world) => {
        world.spawn(0, eraseBehavior(noteTaker()), 'z', friends())
      }),
      'someone spawned in another process': fingerprintAfter((world) => {
        world.spawn(2, eraseBehavior(noteTaker()), 'z', friends())
      }),
      'a watch': fingerprintAfter((world) => {
        world.watch(0, 1, 0)
      }),
      'the watch in return': fingerprintAfter((world) => {
        world.watch(1, 0, 0)
      }),
      'a crash': fingerprintAfter(crashP),
      'another crash': fingerprintAfter((world) => {
        world.crash(1 as never)
      }),
      'a restart': fingerprintAfter(all(crashP, startP)),
      'two restarts': fingerprintAfter(all(crashP, startP, crashP, startP)),
      'a stop': fingerprintAfter((world) => {
        world.stop(0, 0)
        settle(world)
        send(1, 1, 'end')(world)
        settle(world)
      }),
      'a message of the dead': fingerprintAfter(all(send(0, 2, 'a'), crashP, startP)),
      'a message of the living': fingerprintAfter(all(crashP, startP, send(0, 2, 'a'))),
      'old a, new b': fingerprintAfter(all(send(0, 2, 'a'), crashP, startP, send(0, 2, 'b'))),
      'old b, new a': fingerprintAfter(all(send(0, 2, 'b'), crashP, startP, send(0, 2, 'a'))),
    }
    expect(new Set(Object.values(worlds)).size).toBe(Object.keys(worlds).length)
  })

  it('is recomputed after every step that changes a state', () => {
    const { world } = quartet()
    for (const word of ['a', 'b', 'c']) send(0, 1, word)(world)
    const seen = new Set([world.fingerprint()])
    for (let [next] = takeable(world); next !== undefined; [next] = takeable(world)) {
      world.deliver(next)
      seen.add(world.fingerprint())
    }
    expect(seen.size).toBe(4)
  })
})
