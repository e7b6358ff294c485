import { describe, expect, it } from 'vitest'
import { gossips, run } from './fixtures/gossip.js'
import { friends, note, noteTaker, type Note, type Script } from './fixtures/note-taker.js'
import { TimedDriver, UNORDERED, World, type Context, type Interference, type Lane, type TimedOptions } from './index.js'

const harmless: Interference = { strikes: () => false, fails: () => false, outcome: () => 'done', transit: () => 0 }

/** A sender and a receiver; what the receiver hears, with times. */
function pair(script: Script, options: Partial<TimedOptions> = {}) {
  const heard: [word: string, at: number][] = []
  const driver = new TimedDriver({ seed: 'pair', latency: () => ({ minUs: 10, maxUs: 1000 }), ...options })
  const world = new World({ driver })
  const [left, right] = [world.process('left'), world.process('right')]
  const to = world.add(right, noteTaker({ onNote: ({ word }) => heard.push([word, driver.now()]) }), 'receiver', friends())
  world.add(left, noteTaker(script), 'sender', friends(to))
  world.start(right)
  world.start(left)
  while (driver.next(world));
  return { heard, words: heard.map(([word]) => word), driver, world, left, right }
}

function sending(count: number, lane: Lane): Script {
  return {
    onStart: ({ friends: [to] }, context) => {
      if (to !== undefined) for (let i = 0; i < count; i++) context.send(to, note(String(i)), lane)
    },
  }
}
const inOrder = (count: number) => Array.from({ length: count }, (_, i) => String(i))

describe('latency', () => {
  it('keeps the order of an ordered lane, and time never goes back', () => {
    const { heard, words } = pair(sending(50, 0))
    expect(words).toEqual(inOrder(50))
    expect(heard.every(([, at], i) => at >= (heard[i - 1]?.[1] ?? 10) && at <= 1000)).toBe(true)
  })

  it('lets messages of the unordered lane overtake', () => {
    const { words } = pair(sending(50, UNORDERED))
    expect(words).not.toEqual(inOrder(50))
    expect([...words].sort((a, b) => Number(a) - Number(b))).toEqual(inOrder(50))
  })

  it('is drawn per link from both ends of its range on', () => {
    const at: number[] = []
    for (let seed = 0; seed < 200; seed++)
      at.push(pair(sending(1, 0), { seed: String(seed), latency: () => ({ minUs: 3, maxUs: 6 }) }).heard[0]?.[1] ?? 0)
    expect(new Set(at)).toEqual(new Set([3, 4, 5, 6]))
  })

  it('needs no draw when it is fixed', () => {
    expect(pair(sending(2, 0), { latency: () => ({ minUs: 5, maxUs: 5 }) }).heard).toEqual([
      ['0', 5],
      ['1', 5],
    ])
  })

  it('of one link is shifted by no message on another', () => {
    const both = pair({
      onStart: (durable, context) => {
        sending(5, 1).onStart?.(durable, context)
        sending(5, 0).onStart?.(durable, context)
      },
    })
    const alone = pair(sending(5, 0)).heard
    expect(both.heard).toEqual(expect.arrayContaining(alone))
  })
})

describe('timers', () => {
  it('fire when due, in the order of time and then of arming; a replaced one at its new time only', () => {
    const fired: [string, number][] = []
    const { driver } = pair({
      onStart: (_, context) => {
        for (const [name, delay] of [
          ['c', 30],
          ['a', 10],
          ['b', 10],
          ['never', 5],
          ['late', 1],
        ] as const)
          context.timer(name, delay)
        context.cancel('never')
        context.timer('late', 40)
      },
      onWorld: (message, context) => {
        if (message.kind === 'timer') fired.push([message.name, context.now()])
      },
    })
    expect(fired).toEqual([
      ['a', 10],
      ['b', 10],
      ['c', 30],
      ['late', 40],
    ])
    expect(driver.now()).toBe(40)
  })
})

describe('time', () => {
  it('stops before what lies beyond the end, and can go on', () => {
    const { world, driver } = gossips({ seed: 'x' })
    while (driver.next(world, 1_000));
    const steps = world.steps
    expect(driver.now()).toBeLessThanOrEqual(1_000)
    expect(driver.next(world, 1_000)).toBe(false)
    expect(driver.next(world, 2_000)).toBe(true)
    expect(world.steps).toBe(steps + 1)
  })

  it('tells how much of it has passed', () => {
    const answers: boolean[] = []
    pair({
      onStart: (_, context) => {
        context.timer('later', 100)
      },
      onWorld: (_, context) => {
        answers.push(context.elapsed(0 as never, 100, 'w'), context.elapsed(0 as never, 101, 'w'))
      },
    })
    expect(answers).toEqual([true, false])
  })
})

describe('an interference', () => {
  it('delays and loses messages', () => {
    const transit: Interference['transit'] = (_, message) => ('word' in message && message.word === '1' ? -1 : 5_000)
    const { heard, words } = pair(sending(3, 0), { interference: { ...harmless, transit } })
    expect(words).toEqual(['0', '2'])
    expect(heard.every(([, at]) => at >= 5_010)).toBe(true)
  })

  it('repeats a message, or lets others overtake it, beside its lane', () => {
    const detoured = (repeated: boolean, incarnation = 1): string[] => {
      const transit: Interference['transit'] = (_, message) =>
        'word' in message && message.word === '1' ? { afterUs: 5_000, repeated, incarnation } : 0
      return pair(sending(3, 0), { interference: { ...harmless, transit } }).words
    }
    expect(detoured(true)).toEqual(['0', '1', '2', '1'])
    expect(detoured(false)).toEqual(['0', '2', '1'])
    // That incarnation of the receiver is gone.
    expect(detoured(true, 0)).toEqual(['0', '1', '2'])
  })

  it('holds a message beside its lane up while its way is closed', () => {
    const transit: Interference['transit'] = () => ({ afterUs: 5_000, repeated: false, incarnation: 1 })
    const { heard } = pair(sending(1, 0), { interference: { ...harmless, transit, heard: (_from, _to, now) => now > 20_000 } })
    expect(heard).toEqual([['0', 25_000]])
  })

  it('strikes at failpoints, fails them and decides the end of calls', () => {
    const asked: string[] = []
    const interference: Interference = {
      ...harmless,
      strikes: (actor, failpoint, now) => asked.push(`${String(actor)} ${failpoint} ${String(now)}`) === 2,
      fails: (_, failpoint) => failpoint === 'f',
      outcome: () => 'unknown-applied',
    }
    const answers: unknown[] = []
    const { world, left } = pair(
      {
        onStart: (_, context) => {
          answers.push(context.fails('f'), context.fails('g'), context.outcome('o'))
          context.reach('one')
          context.reach('two')
          context.reach('three')
        },
      },
      { interference },
    )
    expect(answers).toEqual([true, false, 'unknown-applied'])
    expect(asked).toEqual(['1 one 0', '1 two 0'])
    expect(world.isAlive(left)).toBe(false)
  })

  it('has a crashed process started again after its delay', () => {
    const interference: Interference = { ...harmless, restartAfter: (process) => (process === 0 ? 250 : undefined) }
    const starts: [number, number][] = []
    const { world, driver, left, right } = pair(
      { onStart: (_, context) => starts.push([context.incarnation, context.now()]) },
      { interference },
    )
    world.crash(left)
    world.crash(right)
    while (driver.next(world));
    expect(starts).toEqual([
      [1, 0],
      [2, 250],
    ])
    expect([world.isAlive(left), world.isAlive(right)]).toEqual([true, false])
  })
})

describe('planned strikes', () => {
  it('crash and start a process at their times', () => {
    const starts: number[] = []
    const { world, driver, left } = pair({ onStart: (_, context) => starts.push(context.now()) })
    driver.plan({ kind: 'crash', process: left }, 100)
    driver.plan({ kind: 'start', process: left }, 150)
    driver.plan({ kind: 'start', process: left }, 160)
    while (driver.next(world));
    expect(starts).toEqual([0, 150])
  })
})

describe('choices', () => {
  const drawing = (labels: readonly string[], drawn: number[][]): Script => ({
    onStart: (_, context) => {
      for (const label of labels) (drawn[labels.indexOf(label)] ??= []).push(context.choose(label, 1000))
    },
  })

  it('come from a stream for each label: one more elsewhere shifts nothing', () => {
    const alone: number[][] = []
    pair(drawing(['a', 'a', 'a'], alone))
    const mixed: number[][] = []
    pair(drawing(['a', 'b', 'a', 'b', 'c', 'a'], mixed))
    expect(mixed[0]).toEqual(alone[0])
    expect(mixed[1]).not.toEqual(alone[0]?.slice(0, 2))
  })

  it('come from a stream for each actor', () => {
    const choose = (context: Context) => context.choose('same', 1_000_000)
    const drawn: number[] = []
    const { world } = pair({
      onStart: (_, context) => {
        drawn.push(choose(context))
      },
    })
    const other = world.process('other')
    world.add(
      other,
      noteTaker({
        onStart: (_, context) => {
          drawn.push(choose(context))
        },
      }),
      'other',
      friends(),
    )
    world.start(other)
    expect(drawn[0]).not.toBe(drawn[1])
  })

  it('are replaced one by one by overrides, cut to their range; the draws after them stay', () => {
    const drawn: number[][] = []
    pair(drawing(['a', 'a', 'a', 'a'], drawn))
    const [base] = drawn
    const changed: number[][] = []
    const overrides = [
      { stream: 'choose/1/a', ordinal: 1, value: 77 },
      { stream: 'choose/1/a', ordinal: 2, value: 5_000 },
      { stream: 'choose/1/b', ordinal: 0, value: 1 },
    ]
    pair(drawing(['a', 'a', 'a', 'a'], changed), { overrides })
    expect(changed[0]).toEqual([base?.[0], 77, 999, base?.[3]])
  })

  it('are all decided by a chooser, which sees what was drawn; latencies, too', () => {
    const seen: string[] = []
    const drawn: number[][] = []
    const script = drawing(['a', 'a'], drawn)
    const { heard } = pair(
      {
        onStart: (durable, context) => {
          script.onStart?.(durable, context)
          sending(1, 0).onStart?.(durable, context)
        },
      },
      {
        chooser: (stream, ordinal, n, was) => {
          seen.push(`${stream}#${String(ordinal)} ${String(was < n)}`)
          return n - 1
        },
      },
    )
    expect(drawn).toEqual([[999, 999]])
    expect(seen).toEqual(['choose/1/a#0 true', 'choose/1/a#1 true', 'link/1/0/0#0 true'])
    expect(heard).toEqual([['0', 1000]])
  })
})

describe('a run', () => {
  it('is determined by its seed, in every process', () => {
    const world = run(gossips({ seed: 'pinned' }), 3_000)
    expect([world.steps, world.traceHash(), world.fingerprint()]).toEqual([3000, 'd0ca33cd7d778263', '3cc4e3b15f3ddfcb'])
    expect(run(gossips({ seed: 'other' }), 3_000).traceHash()).not.toBe(world.traceHash())
  })

  it('does not change when somebody records it', () => {
    let facts = 0
    const recorded = run(
      gossips({ seed: 'r' }, () => {
        facts++
      }),
      2_000,
    )
    expect(facts).toBeGreaterThan(100)
    expect(recorded.traceHash()).toBe(run(gossips({ seed: 'r' }), 2_000).traceHash())
  })

  it('does not change under the audit of messages', () => {
    const heard = (freeze: boolean) => {
      const driver = new TimedDriver({ seed: 'f', latency: () => ({ minUs: 1, maxUs: 9 }) })
      const world = new World({ driver, freeze })
      const process = world.process('p')
      const to = world.add(process, noteTaker(), 'to', friends())
      const words: Note[] = ['a', 'b', 'c'].map(note)
      world.add(
        process,
        noteTaker({
          onStart: ({ friends: [friend] }, context) => {
            if (friend !== undefined) for (const word of words) context.send(friend, word)
          },
        }),
        'from',
        friends(to),
      )
      world.start(process)
      while (driver.next(world));
      return world.traceHash()
    }
    expect(heard(true)).toBe(heard(false))
  })
})
