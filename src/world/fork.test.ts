import { describe, expect, it } from 'vitest'
import { gossips, run } from './fixtures/gossip.js'
import { armedTimers, fire, ManualDriver, settle, takeable } from './fixtures/manual-driver.js'
import { friends, note, noteTaker } from './fixtures/note-taker.js'
import { World, type Chooser, type Interference, type TimedOptions } from './index.js'

describe('a forked timed run', () => {
  it.each([0, 1, 7, 100, 1000, 2500])('goes on as the original does, from step %i', (at) => {
    const whole = run(gossips({ seed: 'fork' }), 4_000)
    const original = gossips({ seed: 'fork' })
    run(original, at)
    const fork = original.driver.fork(original.world)
    const nested = run(fork, at + 500) && fork.driver.fork(fork.world)
    const ends = [fork, original, nested].map((each) => run(each, 4_000))
    for (const end of ends)
      expect([end.steps, end.traceHash(), end.fingerprint()]).toEqual([whole.steps, whole.traceHash(), whole.fingerprint()])
  })

  it('leaves the original untouched when only the fork goes on, and the other way round', () => {
    const original = gossips({ seed: 'apart' })
    run(original, 500)
    const before = [original.world.fingerprint(), original.world.traceHash()]
    const fork = original.driver.fork(original.world)
    expect([fork.world.fingerprint(), fork.world.traceHash()]).toEqual(before)
    run(fork, 1_500)
    expect([original.world.fingerprint(), original.world.traceHash()]).toEqual(before)
    const there = [fork.world.fingerprint(), fork.world.traceHash()]
    run(original, 2_500)
    expect([fork.world.fingerprint(), fork.world.traceHash()]).toEqual(there)
  })

  it('goes another way under another seed', () => {
    const original = gossips({ seed: 'a' })
    run(original, 500)
    const fork = original.driver.fork(original.world, { seed: 'b' })
    expect(run(fork, 1_500).traceHash()).not.toBe(run(original, 1_500).traceHash())
  })

  it('draws anew from all streams under another seed, and goes on with them under its own', () => {
    const original = gossips({ seed: 'a' })
    run(original, 500)
    const firstOrdinals = (changes: Partial<TimedOptions>): ReadonlyMap<string, number> => {
      const first = new Map<string, number>()
      const chooser: Chooser = (stream, ordinal, _n, drawn) => {
        if (!first.has(stream)) first.set(stream, ordinal)
        return drawn
      }
      run(original.driver.fork(original.world, { ...changes, chooser }), 1_000)
      return first
    }
    const [anew, on] = [firstOrdinals({ seed: 'b' }), firstOrdinals({})]
    for (const kind of ['link/', 'choose/']) {
      const ofKind = (all: ReadonlyMap<string, number>): number[] => [...all].flatMap(([name, at]) => (name.startsWith(kind) ? [at] : []))
      expect(new Set(ofKind(anew))).toEqual(new Set([0]))
      expect(Math.max(...ofKind(on))).toBeGreaterThan(0)
    }
  })

  it('has the latencies that it is given', () => {
    const original = gossips({ seed: 'a' })
    run(original, 500)
    const drawn = new Set<string>()
    const chooser: Chooser = (stream, _ordinal, _n, value) => {
      drawn.add(stream.split('/')[0] ?? '')
      return value
    }
    run(original.driver.fork(original.world, { chooser, latency: () => ({ minUs: 70, maxUs: 70 }) }), 1_000)
    expect([...drawn]).toEqual(['choose'])
  })

  it('copies a fault plan that keeps count, and records to its own recorder', () => {
    class EveryHundredth implements Interference {
      constructor(private asked = 0) {}
      strikes(): boolean {
        return ++this.asked % 100 === 0
      }
      fails(): boolean {
        return false
      }
      outcome() {
        return 'done' as const
      }
      transit(): number {
        return 0
      }
      restartAfter(): number {
        return 400
      }
      fork(): Interference {
        return new EveryHundredth(this.asked)
      }
    }
    const facts = { original: 0, fork: 0 }
    const whole = run(gossips({ seed: 'plan', interference: new EveryHundredth() }), 3_000)
    const original = gossips({ seed: 'plan', interference: new EveryHundredth() }, () => facts.original++)
    run(original, 777)
    const atFork = facts.original
    const fork = original.driver.fork(original.world, {}, () => facts.fork++)
    expect(run(fork, 3_000).traceHash()).toBe(whole.traceHash())
    expect(facts.original).toBe(atFork)
    expect(run(original, 3_000).traceHash()).toBe(whole.traceHash())
    expect(facts.original - atFork).toBe(facts.fork)
  })
})

describe.each([false, true])('a fork (drivers forgetful: %s)', (forgetful) => {
  /** A world in which an actor has a message of shared content under way to another. */
  function underWay() {
    const world = new World({ driver: new ManualDriver(forgetful) })
    const process = world.process('p')
    const load = Int32Array.of(1, 2, 3)
    const sender = noteTaker({
      onStart: ({ friends: [to] }, context) => {
        if (to !== undefined) context.send(to, { ...note('loaded'), load })
      },
    })
    const receiver = noteTaker({
      onNote: (message) => {
        if (message.load instanceof Int32Array) message.load[0] = (message.load[0] ?? 0) + 1
      },
    })
    const to = world.add(process, receiver, 'to', friends())
    world.add(process, sender, 'from', friends(to))
    world.start(process)
    return { world, process, to }
  }

  it('shares no message that one side may change', () => {
    const { world } = underWay()
    const fork = world.fork(new ManualDriver(forgetful))
    const before = fork.fingerprint()
    settle(world)
    expect(fork.fingerprint()).toBe(before)
    settle(fork)
    expect(fork.fingerprint()).toBe(world.fingerprint())
  })

  it('shares no message, timer, crash or start that comes later', () => {
    const { world, process, to } = underWay()
    const before = world.fingerprint()
    const changes: ((fork: World) => void)[] = [
      (fork) => {
        fork.crash(process)
      },
      (fork) => {
        fork.crash(process)
        fork.start(process)
      },
      (fork) => {
        fork.send(1, to, note('more'), 0)
      },
      (fork) => {
        fork.arm(to, 'tick', 3)
      },
      (fork) => {
        settle(fork)
      },
    ]
    for (const change of changes) {
      const fork = world.fork(new ManualDriver(forgetful))
      expect(fork.fingerprint()).toBe(before)
      change(fork)
      expect(fork.fingerprint()).not.toBe(before)
      expect(world.fingerprint()).toBe(before)
    }
    const fork = world.fork(new ManualDriver(forgetful))
    settle(world)
    expect(fork.fingerprint()).toBe(before)
    expect(takeable(fork)).toHaveLength(1)
  })

  it('shares no durable part that is completed later', () => {
    const world = new World({ driver: new ManualDriver(forgetful) })
    const behavior = noteTaker()
    const actor = world.add(world.process('p'), behavior, 'actor', friends())
    const fork = world.fork(new ManualDriver(forgetful))
    world.setDurable(behavior, actor, friends(actor))
    expect(world.fingerprint()).not.toBe(fork.fingerprint())
    expect([world, fork].map((each) => each.inspect(actor).state.durable)).toEqual([friends(actor), friends()])
  })

  it('keeps apart what is delivered, sent and crashed on all sides of several forks', () => {
    const { world, process, to } = underWay()
    const fork = () => world.fork(new ManualDriver(forgetful))
    const [delivered, more, crashed, untouched] = [fork(), fork(), fork(), fork()]
    const before = world.fingerprint()
    settle(delivered)
    more.send(1, to, note('more'), 0)
    more.send(1, to, note('loose'), -1)
    crashed.crash(process)
    for (const each of [world, untouched, untouched.fork(new ManualDriver(forgetful))]) expect(each.fingerprint()).toBe(before)
    const heard = [delivered, more, world].map((each) => {
      settle(each)
      return each.inspect(to).state.volatile
    })
    expect(heard).toEqual([{ heard: ['loaded'] }, { heard: ['loaded', 'more', 'loose'] }, { heard: ['loaded'] }])
  })

  it('knows its own timers', () => {
    const { world, to } = underWay()
    world.arm(to, 'tick', 5)
    const fork = world.fork(new ManualDriver(forgetful))
    fire(fork, 'tick')
    expect([armedTimers(world).length, armedTimers(fork).length]).toEqual([1, 0])
    world.cancel(to, 'tick')
    expect(fork.inspect(to).state.volatile).toEqual({ heard: ['timer tick'] })
  })

  it('keeps the order of an ordered lane across further sends', () => {
    const { world, to } = underWay()
    const fork = world.fork(new ManualDriver(forgetful))
    fork.send(1, to, note('second'), 0)
    settle(fork)
    expect(fork.inspect(to).state.volatile).toEqual({ heard: ['loaded', 'second'] })
    expect(fork.links.filter(Boolean)).toHaveLength(1)
  })
})
