import { describe, expect, it } from 'vitest'
import { armedTimers, ManualDriver, settle, takeable } from './fixtures/manual-driver.js'
import { friends, note, noteTaker, type Note, type Script } from './fixtures/note-taker.js'
import { UNORDERED, World, type ActorRef, type Context } from './index.js'

/** Two processes with an actor each; `left` follows the script, `right` takes notes and follows its own. */
function pair(leftScript: Script, rightScript: Script = {}) {
  const driver = new ManualDriver()
  const world = new World({ driver })
  const [left, right] = [world.process('left'), world.process('right')]
  const [leftBehavior, rightBehavior] = [noteTaker(leftScript), noteTaker(rightScript)]
  const a: ActorRef<Note> = world.add(left, leftBehavior, 'a', friends())
  const b: ActorRef<Note> = world.add(right, rightBehavior, 'b', friends(a))
  world.setDurable(leftBehavior, a, friends(b))
  const heard = (ref: number) => world.inspect(ref).state.volatile
  return { world, driver, left, right, a, b, heard }
}

function tell(context: Context, to: ActorRef<Note> | undefined, ...words: string[]): void {
  if (to !== undefined) for (const word of words) context.send(to, note(word))
}

describe('a crash', () => {
  it('drops the volatile part and keeps the durable one; a restart begins with it, one incarnation on', () => {
    const incarnations: number[] = []
    const { world, left, a } = pair({
      onStart: (durable, context) => {
        incarnations.push(context.incarnation)
        durable.kept.push('start')
      },
    })
    world.start(left)
    world.crash(left)
    expect(world.inspect(a)).toMatchObject({ alive: false, state: { volatile: undefined, durable: { kept: ['start'] } } })
    expect(world.isAlive(left)).toBe(false)
    world.start(left)
    expect(world.inspect(a)).toMatchObject({ alive: true, state: { volatile: { heard: [] }, durable: { kept: ['start', 'start'] } } })
    expect(incarnations).toEqual([1, 2])
  })

  it('runs none of the code of the process, and loses its timers', () => {
    let ran = 0
    const { world, left } = pair({
      onStart: (_, context) => {
        context.timer('tick', 1)
      },
      onNote: () => {
        ran++
      },
      onWorld: () => {
        ran++
      },
    })
    world.start(left)
    world.crash(left)
    expect([armedTimers(world), takeable(world), ran]).toEqual([[], [], 0])
  })

  it('loses what was under way to the process, and lets arrive what it had sent', () => {
    const { world, left, right, b, heard } = pair(
      {
        onStart: ({ friends: [to] }, context) => {
          tell(context, to, 'one', 'two')
        },
      },
      {
        onStart: ({ friends: [to] }, context) => {
          tell(context, to, 'never heard')
        },
      },
    )
    world.start(left) // b does not run yet: what is sent to it is lost
    world.start(right)
    world.crash(left)
    expect(takeable(world)).toEqual([])
    world.start(left)
    world.crash(left)
    settle(world)
    expect(heard(b)).toEqual({ heard: ['one', 'two'] })
    expect(world.links.filter(Boolean)).toEqual([])
  })

  it('lets messages of the old incarnation arrive behind those of the new', () => {
    const { world, left, right, b, heard } = pair({
      onStart: ({ friends: [to] }, context) => {
        tell(context, to, `from ${String(context.incarnation)}`)
      },
    })
    world.start(right)
    for (let i = 0; i < 3; i++) {
      world.crash(left)
      world.start(left)
    }
    const waiting = takeable(world)
    expect(waiting).toHaveLength(3)
    for (const pending of waiting.reverse()) world.deliver(pending)
    expect(heard(b)).toEqual({ heard: ['from 3', 'from 2', 'from 1'] })
  })

  it('does not bring spawned actors back', () => {
    const { world, left } = pair({
      onStart: (_, context) => {
        if (context.incarnation === 1) context.spawn(noteTaker(), 'child', friends())
      },
    })
    world.start(left)
    world.crash(left)
    world.start(left)
    expect(world.inspect(2)).toMatchObject({ name: 'child', alive: false, state: { durable: undefined } })
    expect(world.actors).toHaveLength(3)
  })

  it('tells the driver, once, and leaves a dead process as it is', () => {
    const { world, driver, left } = pair({})
    world.crash(left)
    world.start(left)
    world.start(left)
    world.crash(left)
    world.crash(left)
    expect(driver.log).toEqual(['crashed 0'])
  })

  it('lets the actors of one process start in the order of setting up, with all of them reachable', () => {
    const driver = new ManualDriver()
    const world = new World({ driver })
    const process = world.process('p')
    const behavior = noteTaker({
      onStart: ({ friends: [to] }, context) => {
        tell(context, to, 'early')
      },
    })
    const first = world.add(process, behavior, 'first', friends())
    const second = world.add(process, noteTaker(), 'second', friends())
    world.setDurable(behavior, first, friends(second))
    world.start(process)
    settle(world)
    expect(world.inspect(second).state.volatile).toEqual({ heard: ['early'] })
  })
})

describe('a watched peer', () => {
  const watching: Script = {
    onStart: ({ friends: [to] }, context) => {
      if (to !== undefined) context.watch(to, 0)
    },
  }

  it('is reported when its process dies, behind everything it had sent on that lane', () => {
    const { world, left, right, b, heard } = pair(
      {
        onNote: (_, context) => {
          tell(context, b, 'one', 'two')
        },
      },
      watching,
    )
    world.start(left)
    world.start(right)
    // a timer would do as well: anything that makes a talk
    world.send(b, 0, note('talk'), 0)
    settle(world)
    world.send(b, 0, note('talk'), 0)
    const [talk] = takeable(world)
    if (talk !== undefined) world.deliver(talk)
    world.crash(left)
    settle(world)
    expect(heard(b)).toEqual({ heard: ['one', 'two', 'one', 'two', 'down 0#1 crashed'] })
  })

  it('is reported as stopped when it ends in order', () => {
    const { world, left, right, b, heard } = pair(
      {
        onNote: (_, context) => {
          context.stop(context.self as never)
        },
      },
      watching,
    )
    world.start(left)
    world.start(right)
    world.send(b, 0, note('stop'), 0)
    settle(world)
    expect(heard(b)).toEqual({ heard: ['down 0#1 stopped'] })
  })

  it('is reported at once when it is dead already, with its last incarnation and how it ended', () => {
    const { world, left, right, b, heard } = pair({}, watching)
    world.start(left)
    world.crash(left)
    world.start(left)
    world.crash(left)
    world.start(right)
    settle(world)
    expect(heard(b)).toEqual({ heard: ['down 0#2 crashed'] })
    expect(world.links.filter(Boolean)).toEqual([])
  })

  it('is reported once, whoever else has restarted meanwhile', () => {
    const { world, left, right, b, heard } = pair({}, watching)
    world.start(left)
    world.start(right)
    world.crash(left)
    world.start(left)
    world.crash(left)
    settle(world)
    expect(heard(b)).toEqual({ heard: ['down 0#1 crashed'] })
  })

  it('is not reported to an actor that dies with it, nor to a later incarnation of the watcher', () => {
    const { world, left, right } = pair({}, {})
    world.start(left)
    world.start(right)
    world.watch(1, 0, 0)
    world.crash(right)
    world.start(right)
    world.crash(left)
    expect(takeable(world)).toEqual([])
  })

  it('is not reported within the process that dies, whichever of the two was set up first', () => {
    const world = new World({ driver: new ManualDriver() })
    const process = world.process('p')
    const watcher = noteTaker({
      onStart: ({ friends: [to] }, context) => {
        if (to !== undefined) context.watch(to, 0)
      },
    })
    const first = world.add(process, watcher, 'first', friends())
    const second = world.add(process, watcher, 'second', friends(first))
    world.setDurable(watcher, first, friends(second))
    world.start(process)
    world.crash(process)
    expect([takeable(world), world.links.filter(Boolean).length]).toEqual([[], 0])
  })

  it('is reported on the unordered lane, too', () => {
    const { world, left, right, b, heard } = pair(
      {},
      {
        onStart: ({ friends: [to] }, context) => {
          if (to !== undefined) context.watch(to, UNORDERED)
        },
      },
    )
    world.start(left)
    world.start(right)
    world.crash(left)
    settle(world)
    expect(heard(b)).toEqual({ heard: ['down 0#1 crashed'] })
  })
})

describe('a strike at a failpoint', () => {
  const speech: Script = {
    onNote: (_, context, state) => {
      const [to] = state.durable.friends
      state.durable.kept.push('written before')
      tell(context, to, 'said before')
      context.reach('between')
      state.durable.kept.push('written after')
      tell(context, to, 'said after')
      context.timer('after', 1)
    },
  }

  function struckAt(failpoint: string) {
    const parts = pair(speech)
    parts.world.start(parts.left)
    parts.world.start(parts.right)
    parts.world.send(parts.b, parts.a, note('talk'), 0)
    parts.driver.strikeAt = failpoint
    const [talk] = takeable(parts.world)
    if (talk !== undefined) parts.world.deliver(talk)
    return parts
  }

  it('lets stand what was done before, and nothing after it happens', () => {
    const { world, left, a, b, heard } = struckAt('between')
    expect(world.isAlive(left)).toBe(false)
    expect(world.inspect(a).state).toMatchObject({ volatile: undefined, durable: { kept: ['talk', 'written before'] } })
    expect(armedTimers(world)).toEqual([])
    settle(world)
    expect(heard(b)).toEqual({ heard: ['said before'] })
  })

  it('does nothing when it is meant for another failpoint', () => {
    const { world, left, a } = struckAt('elsewhere')
    expect(world.isAlive(left)).toBe(true)
    expect(world.inspect(a).state.durable).toMatchObject({ kept: ['talk', 'written before', 'written after'] })
  })

  it('ends a start, and the starts of those behind it in the same process', () => {
    const { world, driver, left, a } = pair({
      onStart: (durable, context) => {
        durable.kept.push('x')
        context.reach('starting')
        durable.kept.push('y')
      },
    })
    let started = false
    world.add(
      left,
      noteTaker({
        onStart: () => {
          started = true
        },
      }),
      'behind',
      friends(),
    )
    driver.strikeAt = 'starting'
    world.start(left)
    expect([world.isAlive(left), started]).toEqual([false, false])
    expect(world.inspect(a).state.durable).toMatchObject({ kept: ['x'] })
    world.start(left)
    expect([world.isAlive(left), started]).toEqual([true, true])
    expect(world.inspect(a).state.durable).toMatchObject({ kept: ['x', 'x', 'y'] })
  })

  it('in the start of a spawned actor ends the step of its parent, too', () => {
    const { world, driver, left, right, b, heard } = pair({
      onNote: (_, context, state) => {
        const [to] = state.durable.friends
        tell(context, to, 'before')
        context.spawn(
          noteTaker({
            onStart: (__, inner) => {
              tell(inner, to, 'child before')
              inner.reach('spawning')
              tell(inner, to, 'child after')
            },
          }),
          'child',
          friends(),
        )
        tell(context, to, 'after')
        context.stop(context.self as never)
      },
    })
    world.start(left)
    world.start(right)
    world.send(b, 0, note('spawn'), 0)
    driver.strikeAt = 'spawning'
    settle(world)
    expect(world.isAlive(left)).toBe(false)
    expect(heard(b)).toEqual({ heard: ['before', 'child before'] })
    expect(driver.log.filter((line) => line.startsWith('crashed'))).toEqual(['crashed 0'])
    expect(world.inspect(2)).toMatchObject({ alive: false, state: { volatile: undefined, durable: undefined } })
  })

  it('forgets what the struck step had stopped: the process died instead', () => {
    const { world, driver, left, right, b, heard } = pair(
      {
        onNote: (_, context) => {
          context.stop(context.self as never)
          context.reach('stopping')
        },
      },
      {
        onStart: ({ friends: [to] }, context) => {
          if (to !== undefined) context.watch(to, 0)
        },
      },
    )
    world.start(left)
    world.start(right)
    world.send(b, 0, note('stop'), 0)
    driver.strikeAt = 'stopping'
    settle(world)
    expect(heard(b)).toEqual({ heard: ['down 0#1 crashed'] })
    world.start(left)
    expect(world.inspect(0).alive).toBe(true)
  })
})
