import { describe, expect, it } from 'vitest'
import { ManualDriver, settle, takeable } from './fixtures/manual-driver.js'
import { friends, note, noteTaker, type Note, type Script } from './fixtures/note-taker.js'
import { areConnected, TimedDriver, World, type ActorRef, type Driver, type Interference, type ProcessRef, type Strike } from './index.js'

/** Three processes with an actor each: `a` follows the script, `b` answers every note but answers, `c` is a bystander. */
function three(script: Script, driver: Driver) {
  const world = new World({ driver })
  const processes: ProcessRef[] = ['a', 'b', 'c'].map((name) => world.process(name))
  const [left, right, other] = processes as [ProcessRef, ProcessRef, ProcessRef]
  const behavior = noteTaker(script)
  const a: ActorRef<Note> = world.add(left, behavior, 'a', friends())
  const answering = noteTaker({
    onNote: ({ word }, context) => {
      if (!word.startsWith('re ')) context.send(a, note(`re ${word}`))
    },
  })
  const b = world.add(right, answering, 'b', friends())
  const c = world.add(other, answering, 'c', friends())
  world.setDurable(behavior, a, friends(b, c))
  for (const process of [right, other, left]) world.start(process)
  return { world, left, right, other, a, b, c, heard: (ref: number) => (world.inspect(ref).state.volatile as { heard: string[] }).heard }
}

const asks: Script = {
  onStart: ({ friends: [b, c] }, context) => {
    for (const peer of [b, c]) {
      if (peer === undefined) continue
      context.watch(peer, 0)
      context.send(peer, note('one'))
    }
  },
}

describe('a broken connection', () => {
  it('loses what is on its way in both directions, and tells who watches; no other connection is touched', () => {
    const { world, left, right, a, b, c, heard } = three(asks, new ManualDriver())
    const [toB] = takeable(world)
    if (toB !== undefined) world.deliver(toB) // the answer is on its way
    world.send(a, b, note('two'), 0)
    expect(world.disconnect(left, right)).toBe(true)
    settle(world)
    expect(heard(b)).toEqual(['one'])
    expect(heard(c)).toEqual(['one'])
    expect(heard(a).toSorted()).toEqual([`down ${String(b)}#1 crashed`, 're one'])
  })

  it('loses what is sent later, until somebody who was told watches anew', () => {
    const { world, left, right, a, b, heard } = three(asks, new ManualDriver())
    world.disconnect(left, right)
    world.send(a, b, note('into the void'), 0)
    world.watch(a, b, 0) // not told yet: what was asked over the old connection is not answered
    world.send(a, b, note('as well'), 0)
    settle(world)
    world.send(a, b, note('still'), 0)
    world.send(b, a, note('nor back'), 0)
    settle(world)
    expect(heard(b)).toEqual([])
    world.watch(a, b, 0)
    world.send(a, b, note('over a new one'), 0)
    settle(world)
    expect(heard(b)).toEqual(['over a new one'])
    expect(heard(a)).toEqual([`down ${String(b)}#1 crashed`, 're one', 're over a new one'])
  })

  it('is told once, also when its peer dies afterwards', () => {
    const { world, left, right, a, b, heard } = three(asks, new ManualDriver())
    world.disconnect(left, right)
    settle(world)
    world.crash(right)
    settle(world)
    expect(heard(a).filter((word) => word.startsWith('down'))).toEqual([`down ${String(b)}#1 crashed`])
  })

  it('is none where nothing was sent, nobody watches, or one of them is dead', () => {
    const { world, left, right, other } = three(asks, new ManualDriver())
    expect(world.disconnect(right, other)).toBe(false)
    world.crash(right)
    expect(world.disconnect(left, right)).toBe(false)
    expect(areConnected(world, left, other)).toBe(true)
    expect(world.disconnect(left, other)).toBe(true)
    expect(world.disconnect(left, other)).toBe(false)
  })

  it('leaves the word of a dead peer on its way', () => {
    const { world, left, right, a, b, heard } = three(asks, new ManualDriver())
    world.crash(right)
    world.disconnect(left, right)
    settle(world)
    expect(heard(a)).toContain(`down ${String(b)}#1 crashed`)
  })

  it('is part of the content of a world, and of its forks', () => {
    const [one, two] = [three(asks, new ManualDriver(true)), three(asks, new ManualDriver(true))]
    expect(one.world.fingerprint()).toBe(two.world.fingerprint())
    settle(one.world)
    settle(two.world)
    one.world.disconnect(one.left, one.right)
    expect(one.world.traceHash()).not.toBe(two.world.traceHash())
    settle(one.world)
    const fork = one.world.fork(new ManualDriver(true))
    fork.send(one.a, one.b, note('lost'), 0)
    expect(takeable(fork)).toEqual([])
    fork.watch(one.a, one.b, 0)
    expect(fork.fingerprint()).not.toBe(one.world.fingerprint())
    fork.send(one.a, one.b, note('not lost'), 0)
    one.world.send(one.a, one.b, note('lost'), 0)
    expect([takeable(fork).length, takeable(one.world).length]).toEqual([1, 0])
  })
})

describe('a timed driver', () => {
  /** `a` asks, and reaches a step 100 µs later. */
  function timed(strikes: Interference['strikes']) {
    const broken: number[] = []
    const interference: Interference = {
      strikes,
      fails: () => false,
      outcome: () => 'done',
      transit: () => 0,
      disconnected: (_one, _other, now) => broken.push(now),
    }
    const driver = new TimedDriver({ seed: 'links', latency: () => ({ minUs: 200, maxUs: 200 }), interference })
    const script: Script = {
      onStart: (durable, context) => {
        asks.onStart?.(durable, context)
        context.timer('step', 100)
      },
      onWorld: (message, context) => {
        if (message.kind === 'timer') context.reach('step')
      },
    }
    return { ...three(script, driver), driver, broken }
  }

  const broken: Strike = { kind: 'disconnect', process: 0, other: 1 }

  it('breaks a connection at a time, and tells who asked for it, when there was one', () => {
    const run = timed(() => false)
    run.driver.plan(broken, 150)
    run.driver.plan(broken, 160)
    while (run.driver.next(run.world));
    expect(run.broken).toEqual([150])
    expect(run.heard(run.a)).toEqual(['timer step', `down ${String(run.b)}#1 crashed`, 're one'])
    expect(run.heard(run.b)).toEqual([])
  })

  it('breaks a connection right behind a step', () => {
    const run = timed((_actor, failpoint) => (failpoint === 'step' ? broken : false))
    while (run.driver.next(run.world));
    expect(run.broken).toEqual([100])
    expect(run.heard(run.b)).toEqual([])
    expect(run.heard(run.c)).toEqual(['one'])
  })
})
