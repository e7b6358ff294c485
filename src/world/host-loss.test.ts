import { describe, expect, it } from 'vitest'
import { ManualDriver, settle, takeable } from './fixtures/manual-driver.js'
import { friends, note, noteTaker, type Script } from './fixtures/note-taker.js'
import { TimedDriver, World, type ActorRef, type Driver, type Interference } from './index.js'
import type { Note } from './fixtures/note-taker.js'

/** `a` follows the script on a host of its own; `b` and `c` watch it and write down what they hear. */
function watched(driver: Driver, script: Script = {}) {
  const world = new World({ driver })
  const [host, other] = [world.process('host'), world.process('other')]
  const behavior = noteTaker(script)
  const a: ActorRef<Note> = world.add(host, behavior, 'a', friends())
  const watching = noteTaker({
    onStart: (_, context) => {
      context.watch(a, 0)
    },
  })
  const [b, c] = [world.add(other, watching, 'b', friends()), world.add(other, watching, 'c', friends())]
  world.setDurable(behavior, a, friends(b, c))
  for (const process of [host, other]) world.start(process)
  return { world, host, other, a, b, c, heard: (ref: number) => (world.inspect(ref).state.volatile as { heard: string[] }).heard }
}

describe('a process that dies with its host', () => {
  it('loses what it had sent and nobody has received; whoever watches is told, and what others send goes on', () => {
    const driver = new ManualDriver()
    const { world, host, a, b, c, heard } = watched(driver)
    world.send(a, b, note('received'), 0)
    settle(world)
    for (const lane of [0, 1, -1]) world.send(a, b, note('on its way'), lane)
    world.send(b, c, note('from another host'), 0)
    driver.host = host
    world.crash(host)
    settle(world)
    expect(heard(b)).toEqual(['received', `down ${String(a)}#1 crashed`])
    expect(heard(c).toSorted()).toEqual([`down ${String(a)}#1 crashed`, 'from another host'])
  })

  it('loses what it had sent in the step in which it is struck', () => {
    const driver = new ManualDriver()
    const script: Script = {
      onNote: (_, context, { durable }) => {
        for (const friend of durable.friends) context.send(friend, note('before the strike'))
        context.reach('here')
      },
    }
    for (const isHostLost of [true, false]) {
      const run = watched(driver, script)
      driver.strikeAt = 'here'
      driver.host = isHostLost ? run.host : undefined
      run.world.send(run.b, run.a, note('go'), 0)
      settle(run.world)
      expect(run.world.isAlive(run.host)).toBe(false)
      expect(run.heard(run.b)).toEqual([...(isHostLost ? [] : ['before the strike']), `down ${String(run.a)}#1 crashed`])
    }
  })

  it('loses what its predecessor on that host had sent, but not the word that this one is down', () => {
    const driver = new ManualDriver()
    const { world, host, a, b, heard } = watched(driver)
    world.send(a, b, note('of the first'), 0)
    world.crash(host)
    world.start(host)
    world.send(a, b, note('of the second'), 0)
    driver.host = host
    world.crash(host)
    settle(world)
    expect(heard(b)).toEqual([`down ${String(a)}#1 crashed`])
  })

  it('leaves nothing behind: the world is as if nothing had been sent, on forks that share what is under way as well', () => {
    const ends = [true, false].map((sends) => {
      const driver = new ManualDriver(true)
      const { world, host, a, b, c } = watched(driver)
      if (sends) for (const to of [b, c]) world.send(a, to, note('on its way'), 0)
      const lost = new ManualDriver(true)
      lost.host = host
      const fork = world.fork(lost)
      fork.crash(host)
      expect(takeable(world)).toHaveLength(sends ? 2 : 0)
      settle(fork)
      world.crash(host)
      settle(world)
      return { lost: fork.fingerprint(), kept: world.fingerprint() }
    })
    expect(ends[0]?.lost).toBe(ends[1]?.lost)
    expect(ends[0]?.kept).not.toBe(ends[1]?.kept)
  })
})

describe('a timed driver', () => {
  const harmless: Interference = { strikes: () => false, fails: () => false, outcome: () => 'done', transit: () => 0 }
  const latency = () => ({ minUs: 100, maxUs: 100 })

  it('asks at each crash, and loses what is sent beside the lanes as well', () => {
    const asked: number[] = []
    const interference: Interference = {
      ...harmless,
      transit: (_, message) => ('word' in message && message.word === 'late' ? { afterUs: 500, repeated: false, incarnation: 1 } : 0),
      losesHost: (process, now) => {
        asked.push(process)
        return now === 50
      },
    }
    for (const atUs of [50, 51]) {
      const driver = new TimedDriver({ seed: 'host', latency, interference })
      const { world, host, a, b, heard } = watched(driver)
      world.send(a, b, note('late'), 0)
      world.send(a, b, note('in order'), 0)
      world.send(a, b, note('unordered'), -1)
      driver.plan({ kind: 'crash', process: host }, atUs)
      while (driver.next(world));
      const word = `down ${String(a)}#1 crashed`
      expect(heard(b).toSorted()).toEqual(atUs === 50 ? [word] : [word, 'in order', 'late', 'unordered'])
    }
    expect(asked).toEqual([0, 0])
  })

  it('loses what was sent behind the word that an earlier connection broke', () => {
    const connectsAnew: Script = {
      onWorld: (message, context, { durable: { friends: peers } }) => {
        const [peer] = peers
        if (message.kind !== 'peer-down' || peer === undefined) return
        context.watch(peer, 0)
        context.send(peer, note('over a new connection'))
      },
    }
    for (const isHostLost of [true, false]) {
      const interference: Interference = { ...harmless, losesHost: () => isHostLost }
      const driver = new TimedDriver({
        seed: 'host',
        latency: (_, to) => (to === 0 ? latency() : { minUs: 300, maxUs: 300 }),
        interference,
      })
      const { world, host, other, a, b, heard } = watched(driver, connectsAnew)
      world.watch(a, b, 0)
      driver.plan({ kind: 'disconnect', process: host, other }, 50)
      driver.plan({ kind: 'crash', process: host }, 200)
      while (driver.next(world, 200));
      // Nothing has arrived at b: the word that the old connection broke waits, and what was sent over the new one stands behind it.
      expect([heard(b), world.links.map((link) => link?.to === b && link.length).filter(Boolean)]).toEqual([[], [isHostLost ? 1 : 2]])
      while (driver.next(world));
      expect(heard(b)).toEqual([`down ${String(a)}#1 crashed`, ...(isHostLost ? [] : ['over a new connection'])])
    }
  })
})
