/** What symmetry takes for granted of the world around the actors, and of images of images, is looked at where it matters. */
import { describe, expect, it } from 'vitest'
import { UNORDERED, World, type ActorRef, type Behavior, type Context, type WorldOptions } from '../../../world/index.js'
import { expectSame } from '../../../../test/world/explored-pair.js'
import { exploreBreadthFirst, exploreWorld, type Exploration, type Fold, type LinkEnds, type WorldResult } from '../../index.js'

interface Word {
  readonly kind: 'word'
  readonly what: string
  readonly from: number
}

/** What anybody of these remembers. */
interface Memory {
  phase: string
  count: number
  companion: number
}

type Actor = Behavior<Memory, { readonly salt: number }, Word>
type Receive = Actor['receive']

const HOST = 0
const GUESTS = ['guest-0', 'guest-1']
/** So many that no step from an image is looked at any more where it matters. */
const NAPS = 20

function actor(kind: string, receive: Receive, start: (context: Context, memory: Memory) => void): Actor {
  return {
    kind,
    start: (_, context) => {
      const memory = { phase: '', count: 0, companion: -1 }
      start(context, memory)
      return memory
    },
    receive,
    digest: () => 0,
  }
}

const ref = (address: number): ActorRef<Word> => address as unknown as ActorRef<Word>

function tell(context: Context, to: number, what: string, lane = 0): void {
  context.send(ref(to), { kind: 'word', what, from: context.self }, lane)
}

/** A host at place 0 and two guests. */
function world(host: Actor, guest: Actor, salt = 0): (options: WorldOptions) => World {
  return (options) => {
    const built = new World(options)
    const house = built.process('house')
    built.add(house, host, 'host', { salt })
    const processes = GUESTS.map((name) => built.process(name))
    processes.forEach((process, i) => built.add(process, guest, `guest ${String(i)}`, { salt }))
    for (const process of [...processes, house]) built.start(process)
    return built
  }
}

/** All that was noted, in order. */
const noted: Fold<{ readonly all: string[] }> = {
  init: () => ({ all: [] }),
  step: ({ all }, fact) => {
    if ('what' in fact) all.push(String(fact.what))
  },
  verdict: () => undefined,
  outcome: ({ all }) => all.join(),
}

type Noted = Exploration<{ readonly all: string[] }>

const explored = (exploration: Noted): WorldResult => exploreWorld({ ...exploration, interchangeable: GUESTS }, { symmetry: true })

/** Naps, then does it. */
function afterNaps(
  naps: number,
  act: (context: Context, memory: Memory) => void,
  start: (context: Context, memory: Memory) => void,
): Actor {
  const receive: Receive = ({ volatile }, message, context) => {
    if (message.kind !== 'timer') return
    if (volatile.count === naps) return act(context, volatile)
    volatile.count++
    context.timer('nap', 1)
  }
  return actor('guest', receive, (context, memory) => {
    context.timer('nap', 1)
    start(context, memory)
  })
}

const hears = actor(
  'host',
  (_, message, context) => {
    if (message.kind === 'word')
      context.record?.({ kind: 'note', what: `${message.what}${String(message.from)}` } as { readonly kind: string })
  },
  () => undefined,
)

const says = afterNaps(
  NAPS,
  (context) => {
    tell(context, HOST, 'h')
  },
  () => undefined,
)

describe('the image of an image', () => {
  /** Grants the first wish, in one of two ways that each by itself look alike for both guests. */
  const host = actor(
    'host',
    ({ volatile }, message, context) => {
      if (message.kind === 'timer') {
        volatile.phase = context.choose('which', 2) === 0 ? 'P' : 'Q'
        for (const guest of volatile.phase === 'P' ? [2, 1] : [1, 2]) tell(context, guest, 'offer')
      }
      if (message.kind !== 'word' || volatile.phase === 'given') return
      tell(context, message.from, volatile.phase)
      volatile.phase = 'given'
    },
    (context) => {
      context.timer('begin', 1)
    },
  )
  const guest = actor(
    'guest',
    ({ volatile }, message, context) => {
      if (message.kind === 'timer' && volatile.count === 1) throw new Error('one')
      if (message.kind !== 'word') return
      if (message.what === 'offer') return tell(context, HOST, 'wish')
      const isFirst = context.self === 1
      volatile.count = message.what === 'P' ? (isFirst ? 3 : 2) : isFirst ? 1 : 2
      context.timer('go', 1)
    },
    () => undefined,
  )

  it('is what it is the image of, or there is no symmetry', () => {
    expect(exploreWorld({ build: world(host, guest) }).violation?.reason).toContain('one')
    for (let salt = 0; salt < 40; salt++) {
      const { exhausted, bound, violation } = explored({ build: world(host, guest, salt) })
      expect([exhausted, violation?.reason ?? bound]).toEqual([
        false,
        expect.stringMatching(/one|does not stand for guest [01] alone/) as unknown,
      ])
    }
  })
})

describe('rules that are given', () => {
  const guests = { build: world(hears, says), fold: noted }

  it('do not matter where they are the same for all', () => {
    const whole = exploreWorld({ ...guests, budgets: { losses: 1 }, losable: () => true })
    const reduced = explored({ ...guests, budgets: { losses: 1 }, losable: () => true })
    expect(reduced).toMatchObject({ exhausted: true, outcomes: whole.outcomes })
    expect(reduced.distinct).toBeLessThan(0.6 * whole.distinct)
  })

  it('do not matter where they only seem to differ, by the order in which they are asked', () => {
    const orderly = { budgets: { disconnects: 1 }, mayDisconnect: (one: string) => one === 'guest-0' }
    expect(explored({ build: world(hears, says), fold: noted, ...orderly }).exhausted).toBe(true)
  })

  it.each([
    ['may lose the words of one only', { budgets: { losses: 1 }, losable: ({ from }: LinkEnds) => from === 1 }, /what may be lost/],
    ['let those of one arrive at once', { eager: ({ from }: LinkEnds) => from === 1 }, /must not wait on a link waits on its image/],
    [
      'let one crash',
      { budgets: { crashes: 1 }, mayCrash: (name: string) => name === 'guest-0' },
      /only one of guest-0 and guest-1 may crash/,
    ],
    [
      'let the connection of one break',
      { budgets: { disconnects: 1 }, mayDisconnect: (one: string, other: string) => [one, other].includes('guest-0') },
      /breaks otherwise than its image/,
    ],
  ] as const)('are found out where they %s', (_, more, reason) => {
    expect(explored({ ...guests, ...more }).bound).toMatch(reason)
  })
})

describe('the world between the actors', () => {
  it('knows who ends as soon as he is there', () => {
    const ends = afterNaps(
      NAPS,
      (context, { companion }) => {
        tell(context, companion, 'go')
      },
      (context, memory) => {
        const companion = context.spawn(says, 'companion', { salt: 0 })
        memory.companion = Number(companion)
        if (context.self === 1) context.stop(companion)
      },
    )
    expect(explored({ build: world(hears, ends), fold: noted }).bound).toMatch(
      /^no symmetry: (companion|guest [01]) (does not|has)|no image/,
    )
  })

  it('delivers what must not wait and has no order in that of its images', () => {
    const bounds = Array.from({ length: 10 }, (_, salt) => {
      // The order of messages without one is that of their hashes: another word for each salt, another order.
      const saysBoth = afterNaps(
        NAPS,
        (context) => {
          for (const what of ['a', 'b']) tell(context, HOST, `${what}${String(salt)}-`, UNORDERED)
        },
        () => undefined,
      )
      const set = { build: world(hears, saysBoth), fold: noted, eager: () => true }
      const [whole, reduced] = [exploreWorld(set), explored(set)]
      if (reduced.exhausted) expect(reduced.outcomes).toEqual(whole.outcomes)
      return reduced.bound ?? ''
    })
    expect(bounds).toContain('no symmetry: of what must not wait and has no order, the images come in another one')
    expect(bounds).toContain('')
  })

  it('mends a connection both ways, so that it matters what is done first', () => {
    const watches = actor(
      'host',
      (_, message, context) => {
        if (message.kind !== 'word') return
        if (message.from === 1) context.watch(ref(1), 0)
        tell(context, message.from, 'hello')
        if (message.from !== 1) context.watch(ref(message.from), 0)
      },
      () => undefined,
    )
    expect(explored({ build: world(watches, says), fold: noted, budgets: { disconnects: 1 } }).bound).toMatch(/has no image$/)
  })

  it.each([
    ['watches one and has an ear for the others', (context: Context, from: number) => (from === 1 ? 30 : 0)],
    ['has a longer ear for one', (context: Context, from: number) => (from === 1 ? 30 : 40)],
  ] as const)('is told by each in the same way: the host %s', (_, timeoutOf) => {
    const listens = actor(
      'host',
      (__, message, context) => {
        if (message.kind !== 'word') return
        const timeoutUs = timeoutOf(context, message.from)
        if (timeoutUs === 0) context.watch(ref(message.from), 0)
        else context.monitor(ref(message.from), 0, { intervalUs: 10, timeoutUs, asks: true })
      },
      () => undefined,
    )
    expect(explored({ build: world(listens, says), fold: noted }).bound).toMatch(/^no symmetry: host on .* has no image$/)
  })

  /** Brings two companions, and ends one of them later, as often as is said. */
  const brings = (ends: (self: number, second: number) => readonly number[]): Actor =>
    afterNaps(
      NAPS,
      (context, memory) => {
        if (memory.companion < 0) {
          context.spawn(hears, 'first', { salt: 0 })
          memory.companion = Number(context.spawn(hears, 'second', { salt: 0 }))
          return context.timer('nap', 1)
        }
        for (const address of ends(context.self, memory.companion)) context.stop(ref(address))
        if (memory.phase === '') context.timer('nap', 1)
        memory.phase = 'ended one'
      },
      () => undefined,
    )

  it('ends who is meant', () => {
    expect(
      explored({
        build: world(
          hears,
          brings((self, second) => [self === 1 ? second : second - 1]),
        ),
        fold: noted,
      }).bound,
    ).toMatch(/^no symmetry: guest [01] on .*: stop has no image$/)
  })

  /** Turns to a child before or behind its birth: where one guest was heard first so, where the other one was otherwise. */
  const parent = (early: number, turn: (context: Context) => void): Actor =>
    actor(
      'host',
      ({ volatile }, message, context) => {
        if (message.kind === 'word' && volatile.phase === '') {
          volatile.phase = 'expects'
          volatile.companion = message.from
          context.timer('nap', 1)
        }
        if (message.kind !== 'timer') return
        if (volatile.count++ < NAPS) return context.timer('nap', 1)
        if (volatile.companion === early) turn(context)
        context.spawn(hears, 'child', { salt: 0 })
        if (volatile.companion !== early) turn(context)
      },
      () => undefined,
    )
  const CHILD = 3

  it.each([1, 2])('loses what is sent to somebody before he is spawned, if the guest at %i was heard', (early) => {
    const turns: ((context: Context) => void)[] = [
      (context) => {
        tell(context, CHILD, 'child')
      },
      (context) => {
        context.watch(ref(CHILD), 0)
      },
      (context) => {
        context.stop(ref(CHILD))
      },
    ]
    for (const turn of turns) {
      const { bound } = explored({ build: world(parent(early, turn), says), fold: noted })
      expect(bound).toMatch(/it turns to somebody before it has spawned him$/)
    }
  })

  it('tells of silence at once to all or to none', () => {
    const monitors = afterNaps(
      NAPS,
      (context) => {
        context.monitor(ref(HOST), 0, { intervalUs: 10, timeoutUs: 30, asks: true })
      },
      () => undefined,
    )
    const eager = ({ from, to }: LinkEnds): boolean => from === 1 && to === 1
    const { bound } = explored({ build: world(hears, monitors), fold: noted, budgets: { suspicions: 1 }, eager })
    expect(bound).toMatch(/must not wait on a link waits on its image/)
  })

  it('ends the dead once more, wherever they were', () => {
    const build = world(
      hears,
      brings((_, second) => [second]),
    )
    expectSame(exploreWorld({ build }), exploreBreadthFirst({ build }))
    expect(explored({ build })).toMatchObject({ exhausted: true, terminals: 1 })
  })

  it.each([
    [
      'may bring somebody',
      (context: Context): void => {
        if (context.choose('company', 2) === 1) context.spawn(hears, 'companion', { salt: 0 })
      },
    ],
    [
      'ends',
      (context: Context): void => {
        context.stop(ref(context.self))
      },
    ],
  ] as const)('is its own image as it is set up, and not where one %s', (_, start) => {
    const guest = actor(
      'guest',
      () => undefined,
      (context) => {
        if (context.self === 1) start(context)
      },
    )
    expect(explored({ build: world(hears, guest), fold: noted }).bound).toMatch(/does not live as/)
  })

  it('comes back to its start, which is the same state then', () => {
    const ticks = actor(
      'guest',
      ({ volatile }, message, context) => {
        if (message.kind !== 'timer') return
        volatile.count = 1 - volatile.count
        context.timer('tick', 1)
      },
      (context) => {
        context.timer('tick', 1)
      },
    )
    for (let salt = 0; salt < 10; salt++) {
      expect(exploreWorld({ build: world(hears, ticks, salt) }).distinct).toBe(4)
      expect(explored({ build: world(hears, ticks, salt) }).distinct).toBe(3)
    }
  })
})

describe('the probability that states were taken for one', () => {
  it('is larger where each is known by the least of several hashes', () => {
    const { distinct, collisionProbability } = explored({ build: world(hears, says), fold: noted })
    expect(collisionProbability / (distinct ** 2 / 2 ** 65)).toBeCloseTo(4 / 3)
  })
})
