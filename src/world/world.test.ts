import { describe, expect, it } from 'vitest'
import { armedTimers, fire, ManualDriver, settle, takeable } from './fixtures/manual-driver.js'
import { friends, note, noteTaker, type Note, type NoteTaker } from './fixtures/note-taker.js'
import { processRef, TimedDriver, UNORDERED, World, type ActorRef, type Lane } from './index.js'

function words(world: World): string[] {
  return takeable(world).map(({ message }) => ('word' in message ? String(message.word) : message.kind))
}

/** A world of one sender that runs `send` when it starts, and one receiver. */
function pair(send: NonNullable<Parameters<typeof noteTaker>[0]>, driver = new ManualDriver()) {
  const world = new World({ driver })
  const processes = [world.process('left'), world.process('right')] as const
  const behavior = noteTaker(send)
  const right = world.add(processes[1], noteTaker(), 'receiver', friends())
  const left = world.add(processes[0], behavior, 'sender', friends(right))
  world.start(processes[1])
  return { world, driver, left, right, processes, start: () => world.start(processes[0]) }
}

function sendTo(to: ActorRef<Note> | undefined, lane: Lane, ...texts: string[]) {
  return (context: Parameters<NonNullable<NoteTaker['start']>>[1]) => {
    if (to !== undefined) for (const text of texts) context.send(to, note(text), lane)
  }
}

describe('links', () => {
  it('deliver in order within a lane, and lanes do not wait for each other', () => {
    const { world, right, start } = pair({
      onStart: ({ friends: [to] }, context) => {
        sendTo(to, 0, 'a', 'b')(context)
        sendTo(to, 1, 'x')(context)
      },
    })
    start()
    expect(words(world)).toEqual(['a', 'x'])
    const [a, x] = takeable(world)
    if (a === undefined || x === undefined) throw new Error('nothing to take')
    world.deliver(x)
    world.deliver(a)
    settle(world)
    expect(world.inspect(right).state.volatile).toEqual({ heard: ['x', 'a', 'b'] })
    expect(world.steps).toBe(3)
  })

  it('let messages of the unordered lane overtake each other, and refuse it on an ordered one', () => {
    for (const [lane, offered] of [[UNORDERED, ['a', 'b', 'c']] as const, [2, ['a']] as const]) {
      const { world, right, start } = pair({
        onStart: ({ friends: [to] }, context) => {
          sendTo(to, lane, 'a', 'b', 'c')(context)
        },
      })
      start()
      expect(words(world)).toEqual(offered)
      const last = world.links[0]?.last
      if (last === undefined) throw new Error('nothing was sent')
      if (lane !== UNORDERED) {
        expect(() => {
          world.deliver(last)
        }).toThrow('cannot be taken yet')
        continue
      }
      world.deliver(last)
      settle(world)
      expect(world.inspect(right).state.volatile).toEqual({ heard: ['c', 'a', 'b'] })
    }
  })

  it('lose what the driver loses', () => {
    const { world, driver, start } = pair({
      onStart: ({ friends: [to] }, context) => {
        sendTo(to, 0, 'a')(context)
      },
    })
    driver.losing = true
    start()
    expect(takeable(world)).toEqual([])
  })

  it('lose what is sent to an actor that is not alive', () => {
    const { world, processes, start } = pair({
      onStart: ({ friends: [to] }, context) => {
        sendTo(to, 0, 'a')(context)
      },
    })
    world.crash(processes[1])
    start()
    expect(world.links.filter(Boolean)).toEqual([])
  })
})

describe('timers', () => {
  it('fire once, as a message to the actor itself', () => {
    const { world, left, start } = pair({
      onStart: (_, context) => {
        context.timer('tick', 5)
      },
    })
    start()
    fire(world, 'tick')
    expect(world.inspect(left).state.volatile).toEqual({ heard: ['timer tick'] })
    expect(armedTimers(world)).toEqual([])
  })

  it('are replaced when armed again, and cancelled by name', () => {
    const { world, driver, start } = pair({
      onStart: (_, context) => {
        context.timer('tick', 5)
        context.timer('tick', 9)
        context.timer('tock', 7)
        context.cancel('tock')
        context.cancel('tock')
        context.cancel('unheard of')
      },
    })
    start()
    expect(armedTimers(world).map(({ name, delayUs }) => [name, delayUs])).toEqual([['tick', 9]])
    expect(driver.log).toEqual(['armed tick 5', 'disarmed tick', 'armed tick 9', 'armed tock 7', 'disarmed tock'])
  })

  it('fire in the future only: time never goes back', () => {
    const { start } = pair({
      onStart: (_, context) => {
        context.timer('tick', -1)
      },
    })
    expect(start).toThrow('timer tick of actor 1 would fire 1 µs ago; allowed: 0 µs and more')
  })

  it('fire at some time', () => {
    const { start } = pair({
      onStart: (_, context) => {
        context.timer('tick', NaN)
      },
    })
    expect(start).toThrow('timer tick of actor 1 is armed with NaN µs; allowed: 0 µs and more')
  })

  it('may be armed again while they fire', () => {
    const { world, start } = pair({
      onStart: (_, context) => {
        context.timer('tick', 5)
      },
      onWorld: (_, context) => {
        context.timer('tick', 6)
      },
    })
    start()
    for (let i = 0; i < 3; i++) fire(world, 'tick')
    expect(armedTimers(world).map(({ delayUs }) => delayUs)).toEqual([6])
  })
})

describe('spawned actors', () => {
  it('start within the step, live in the same process, and talk like any other', () => {
    const { world, right, start } = pair({
      onStart: ({ friends: [to] }, context) => {
        const child = context.spawn(
          noteTaker({
            onStart: (_, inner) => {
              sendTo(to, 0, `child of ${String(inner.process)}`)(inner)
            },
          }),
          'child',
          friends(),
        )
        context.send(child, note('welcome'))
        sendTo(to, 0, `parent ${String(context.self)}`)(context)
      },
    })
    start()
    settle(world)
    expect(world.inspect(right).state.volatile).toEqual({ heard: ['child of 0', 'parent 1'] })
    expect(world.inspect(2)).toMatchObject({ name: 'child', alive: true, state: { volatile: { heard: ['welcome'] } } })
  })

  it('end with the step in which they are stopped; what they had sent arrives, what was sent to them is lost', () => {
    const { world, right, start } = pair({
      onStart: ({ friends: [to] }, context) => {
        const child = context.spawn(
          noteTaker({
            onStart: (_, inner) => {
              sendTo(to, 0, 'last words')(inner)
              inner.timer('never', 1)
            },
          }),
          'child',
          friends(),
        )
        context.send(child, note('lost'))
        context.stop(child)
        context.send(child, note('lost too'))
      },
    })
    start()
    expect(words(world)).toEqual(['last words'])
    expect(armedTimers(world)).toEqual([])
    settle(world)
    expect(world.inspect(right).state.volatile).toEqual({ heard: ['last words'] })
    expect(world.inspect(2)).toMatchObject({ alive: false, state: { volatile: undefined, durable: undefined } })
  })

  it('may stop themselves, even in their start, and finish what they are doing', () => {
    const { world, right, start } = pair({
      onStart: ({ friends: [to] }, context) => {
        context.spawn(
          noteTaker({
            onStart: (_, inner) => {
              inner.stop(inner.self as never)
              sendTo(to, 0, 'done')(inner)
            },
          }),
          'child',
          friends(),
        )
      },
    })
    start()
    settle(world)
    expect(world.inspect(2).alive).toBe(false)
    expect(world.inspect(right).state.volatile).toEqual({ heard: ['done'] })
  })

  it('cannot be stopped from another process', () => {
    const { start } = pair({
      onStart: ({ friends: [to] }, context) => {
        if (to !== undefined) context.stop(to)
      },
    })
    expect(start).toThrow('actor receiver is of another process')
  })
})

describe('questions', () => {
  it('go to the driver', () => {
    const answers: unknown[] = []
    const { driver, start } = pair({
      onStart: (_, context) => {
        answers.push(context.choose('one', 1), context.choose('many', 5), context.fails('f'), context.fails('g'), context.outcome('call'))
        answers.push(
          context.now(),
          context.elapsed(context.now(), 1, 'wait'),
          context.elapsed(context.now(), 0, 'wait'),
          context.incarnation,
        )
      },
    })
    Object.assign(driver, { answer: 3, failAt: 'g', ending: 'unknown-lost', time: 42 })
    start()
    expect(answers).toEqual([0, 3, false, true, 'unknown-lost', 42, false, true, 1])
  })

  it('cost nothing when nobody listens to facts, and carry the time when somebody does', () => {
    const facts: unknown[] = []
    const script = {
      onStart: (_: unknown, context: Parameters<NoteTaker['start']>[1]) => {
        context.record?.({ kind: 'started', on: 7 })
      },
    }
    pair(script).start()
    const driver = new ManualDriver()
    driver.time = 9
    const world = new World({
      driver,
      recorder: (fact, at) => {
        facts.push([fact, at])
      },
    })
    const process = world.process('p')
    world.add(process, noteTaker(script), 'a', friends())
    world.start(process)
    expect(facts).toEqual([[{ kind: 'started', on: 7 }, 9]])
  })
})

describe('setting up', () => {
  it('completes durable parts with addresses that came later', () => {
    const world = new World({ driver: new ManualDriver() })
    const process = world.process('p')
    const behavior = noteTaker()
    const first = world.add(process, behavior, 'first', friends())
    world.setDurable(behavior, first, friends(first))
    expect(world.inspect(first).state.durable).toEqual({ kept: [], friends: [first] })
    expect(() => {
      world.setDurable(noteTaker(), first, friends())
    }).toThrow('actor first is no note-taker')
  })

  it('names what does not exist', () => {
    const world = new World({ driver: new ManualDriver() })
    expect(() => world.inspect(3)).toThrow('there is no actor 3')
    expect(() => {
      world.start(4 as never)
    }).toThrow('there is no process 4')
  })

  it('lets a defect of an actor through', () => {
    const { start } = pair({
      onStart: () => {
        throw new RangeError('a defect')
      },
    })
    expect(start).toThrow(RangeError)
  })
})

describe('what cannot be', () => {
  it.each([0, -1, NaN])('is a choice among %d', (n) => {
    const { start } = pair({
      onStart: (_, context) => {
        context.choose('way', n)
      },
    })
    expect(start).toThrow(`way: a choice among ${String(n)}; allowed: 1 and more`)
  })

  it('is a message to an actor that there is not', () => {
    const { start } = pair({
      onStart: (_, context) => {
        context.send(7 as never, note('a'))
      },
    })
    expect(start).toThrow('actor 1 sends note to actor 7, which there is not; allowed: 0 to 1')
  })

  it.each([
    [-1, 5],
    [NaN, 5],
    [5, 4],
    [0, NaN],
  ])('is a latency of %d to %d µs', (minUs, maxUs) => {
    const world = new World({ driver: new TimedDriver({ seed: 'latency', latency: () => ({ minUs, maxUs }) }) })
    const to = world.add(world.process('right'), noteTaker(), 'receiver', friends())
    world.add(world.process('left'), noteTaker({ onStart: (_, context) => sendTo(to, 0, 'a')(context) }), 'sender', friends(to))
    world.start(processRef(0))
    expect(() => world.start(processRef(1))).toThrow(
      `the latency from actor 1 to actor 0, lane 0, is ${String(minUs)} to ${String(maxUs)} µs; allowed: minUs from 0 on, and maxUs from minUs on`,
    )
  })
})
