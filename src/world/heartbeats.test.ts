import { describe, expect, it } from 'vitest'
import { friends, noteTaker, type Note, type Script } from './fixtures/note-taker.js'
import {
  TimedDriver,
  World,
  type ActorRef,
  type Context,
  type Heartbeat,
  type Interference,
  type ProcessRef,
  type TimedOptions,
} from './index.js'

const INTERVAL_US = 100
const TIMEOUT_US = 500
const HOP_US = 10

/** `asker` and `asked` monitor each other from the start; what they hear of it, with the time. */
function exchange(options: { readonly airwaves?: Partial<Interference>; readonly seed?: string; readonly again?: boolean } = {}) {
  const heard: string[] = []
  const silent = new Set<string>()
  const names = ['asker', 'asked']
  const interference: Interference = {
    strikes: () => false,
    fails: () => false,
    outcome: () => 'done',
    transit: ({ from, to }) => (silent.has(`${names[from] ?? ''}>${names[to] ?? ''}`) ? -1 : 0),
    heard: (from, to) => !silent.has(`${names[from] ?? ''}>${names[to] ?? ''}`),
    ...options.airwaves,
  }
  const timed: TimedOptions = { seed: options.seed ?? 'beat', latency: () => ({ minUs: HOP_US, maxUs: HOP_US }), interference }
  const driver = new TimedDriver(timed)
  const world = new World({ driver })
  const processes = names.map((name) => world.process(name))
  const heartbeat = (asks: boolean): Heartbeat => ({ intervalUs: INTERVAL_US, timeoutUs: TIMEOUT_US, asks })
  const script = (asks: boolean): Script => ({
    onStart: (_, context) => {
      context.timer('watch', 1)
    },
    onWorld: (
      message,
      context,
      {
        durable: {
          friends: [peer],
        },
      },
    ) => {
      if (message.kind === 'peer-down')
        heard.push(`${asks ? 'asker' : 'asked'} ${message.silent === true ? 'silent' : 'down'} ${context.now()}`)
      const again = message.kind === 'timer' ? message.name === 'watch' : options.again === true
      if (peer !== undefined && again) watch(context, peer, heartbeat(asks))
    },
  })
  const behaviors = [noteTaker(script(true)), noteTaker(script(false))] as const
  const refs: ActorRef<Note>[] = behaviors.map((behavior, i) => world.add(processes[i] as ProcessRef, behavior, names[i] ?? '', friends()))
  behaviors.forEach((behavior, i) => {
    const [ref, peer] = [refs[i], refs[1 - i]]
    if (ref !== undefined && peer !== undefined) world.setDurable(behavior, ref, friends(peer))
  })
  for (const process of processes) world.start(process)
  const run = (untilUs: number, ...quiet: string[]) => {
    silent.clear()
    for (const way of quiet) silent.add(way)
    while (driver.next(world, untilUs));
    return heard
  }
  return { world, driver, run, heard, asker: processes[0] as ProcessRef, asked: processes[1] as ProcessRef }
}

function watch(context: Context, peer: ActorRef<Note>, heartbeat: Heartbeat): void {
  context.watch(peer, 0)
  context.monitor(peer, 0, heartbeat)
}

describe('heartbeats', () => {
  it('are heard while both ways are open, and a shorter silence than the timeout is not noticed', () => {
    const { run, world } = exchange()
    run(1000)
    run(1300, 'asker>asked', 'asked>asker')
    expect(run(5000)).toEqual([])
    expect(world.steps).toBe(2) // no messages
  })

  it('are missed on both sides when nobody asks any more', () => {
    const { run } = exchange()
    run(1050)
    // Asked last at 1001.
    expect(run(3000, 'asker>asked').toSorted()).toEqual(['asked silent 1511', 'asker silent 1511'])
  })

  it('are missed by who asks when no answer comes; the other misses the questions, which end with the suspicion', () => {
    const { run } = exchange()
    run(1050)
    expect(run(3000, 'asked>asker')).toEqual(['asker silent 1511', 'asked silent 2011'])
    expect(run(9000)).toHaveLength(2)
  })

  it('go on when both monitor each other anew', () => {
    const { run } = exchange({ again: true })
    run(1050)
    run(1600, 'asker>asked')
    expect(run(9000)).toHaveLength(2)
    expect(run(9900, 'asker>asked')).toHaveLength(4)
  })

  it('of a dead process are missed where the word of its death was lost', () => {
    const { run, world, asker } = exchange()
    run(1050)
    run(1060, 'asker>asked')
    world.crash(asker)
    expect(run(3000, 'asker>asked')).toEqual(['asked silent 1511'])
  })

  it('of a successor count for nothing', () => {
    const { run, world, asker } = exchange()
    run(1050)
    run(1060, 'asker>asked')
    world.crash(asker)
    run(1070, 'asker>asked')
    world.start(asker)
    expect(run(3000)).toEqual(['asked silent 1511'])
  })

  it('are not there in a run in which nobody is silenced', () => {
    const { run, driver } = exchange({ airwaves: { heard: undefined } })
    expect(run(3000, 'asker>asked')).toEqual([])
    expect(driver.upcoming()).toBeUndefined()
  })

  it('are the same in a fork', () => {
    const { run, driver, world, heard } = exchange()
    run(1050)
    const fork = driver.fork(world)
    run(3000, 'asked>asker')
    const before = heard.length
    while (fork.driver.next(fork.world, 3000));
    expect(heard.slice(before)).toEqual(heard.slice(0, before))
    expect(fork.world.traceHash()).toBe(world.traceHash())
  })
})

describe('a pause', () => {
  /** `asked` is paused at 1001 µs for so long. */
  function paused(forUs: number, seed: string) {
    let until = 0
    const airwaves: Partial<Interference> = {
      heard: (from, to, now) => (from !== 1 && to !== 1) || now >= until,
      transit: ({ to }, _message, now) => (to === 1 ? Math.max(0, until - now) : 0),
      paused: (_process, untilUs) => (until = untilUs),
    }
    const bench = exchange({ airwaves, seed })
    bench.run(1050)
    const now = bench.driver.now()
    bench.driver.plan({ kind: 'pause', process: bench.asked, forUs }, now)
    bench.world.arm(1, 'due meanwhile', 20)
    bench.world.send(0, 1, { kind: 'note' }, 0)
    return bench
  }

  it('holds up timers and messages of the process, those on their way and those that are sent', () => {
    const { run, world } = paused(300, '1')
    run(1100)
    const steps = world.steps
    world.send(0, 1, { kind: 'note' }, 0)
    run(1300)
    expect(world.steps).toBe(steps)
    run(1400)
    expect(world.steps).toBe(steps + 3)
    expect(run(3000)).toEqual([])
  })

  it('beyond the timeout is noticed by the other, and by the paused process at once or another timeout later', () => {
    const heard = new Set<string>()
    for (let seed = 0; seed < 20; seed++) {
      const { run } = paused(2000, String(seed))
      const [first, second] = run(9000)
      expect(first).toBe('asker silent 1511')
      heard.add(second ?? '')
    }
    expect(heard).toEqual(new Set(['asked silent 3011', 'asked silent 3511']))
  })

  it('is none of a dead process', () => {
    const { run, world, driver, asked } = exchange({ airwaves: { paused: () => expect.unreachable() } })
    run(1050)
    world.crash(asked)
    driver.plan({ kind: 'pause', process: asked, forUs: 100 }, 1100)
    run(2000)
  })
})
